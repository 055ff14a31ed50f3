// What is to be sent after a commit: never lost, never by two at once, and never on behalf of what was rolled back.
import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryRunner } from '../../packages/server/src/deliveries/runner.ts';
import {
  type Delivery,
  type DeliveryKind,
  type DeliveryOutcome,
  longestAttempt,
  newDelivery,
} from '../../packages/server/src/model/delivery.ts';
import { createLog } from '../../packages/server/src/runtime/log.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import { requester } from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

const log = createLog({ level: 'silent' });

function letter(content: Record<string, unknown> = {}, kind = 'letter'): Delivery {
  return newDelivery({ kind, content, requester }, { now: start, random: systemRandom });
}

const sent: DeliveryOutcome = { outcome: 'sent', event: { type: 's', description: 'sent' } };
const failed: DeliveryOutcome = { outcome: 'failed', event: { type: 'f', description: 'given up' } };

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(() => {
    opened = databases.current;
  });

  /** A kind of which the test says how each attempt ends, and a runner over it. */
  function carrying(attempt: DeliveryKind['attempt'], kind = 'letter', at = opened) {
    const tried: Delivery[] = [];
    const kinds: DeliveryKind[] = [
      {
        kind,
        retries: [10, 100],
        attempt: (delivery) => {
          tried.push(delivery);
          return attempt(delivery);
        },
      },
    ];
    return { tried, runner: createDeliveryRunner({ unitOfWork: at.unit, clock: at.clock, log, kinds }) };
  }
  const add = (...letters: Delivery[]) =>
    opened.write(async ({ deliveries }) => {
      for (const each of letters) await deliveries.add(each);
    });
  const logged = async () => (await opened.read.log.list()).map(({ description }) => description);
  const rows = () =>
    opened.database.read.rows<{ content: string }>({ sql: 'select * from delivery', parameters: [] });

  test('what is due is sent once, with what it holds, and leaves its entry and nothing else', async () => {
    await add(letter({ to: 'ada', lines: ['one', 'two'] }));
    const { tried, runner } = carrying(async () => sent);
    await runner.deliverDue();
    await runner.deliverDue();
    expect(tried).toMatchObject([{ content: { to: 'ada', lines: ['one', 'two'] }, attempts: 1, requester }]);
    expect(await logged()).toEqual(['sent']);
    expect(await rows()).toEqual([]);
  });

  test('what a transaction that failed wanted sent is not sent', async () => {
    const failing = opened.write(async ({ deliveries }) => {
      await deliveries.add(letter());
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const { tried, runner } = carrying(async () => sent);
    await runner.deliverDue();
    expect(tried).toEqual([]);
  });

  test('a failure is tried again when the wait is over, and given up when the waits are used up', async () => {
    await add(letter());
    const { tried, runner } = carrying(async () => failed);
    for (const [wait, attempts] of [
      [0, 1],
      [9, 1],
      [1, 2],
      [99, 2],
      [1, 3],
      [1000, 3],
    ] as const) {
      opened.clock.advance(wait);
      await runner.deliverDue();
      expect([wait, tried.length]).toEqual([wait, attempts]);
    }
    expect(tried.map(({ attempts }) => attempts)).toEqual([1, 2, 3]);
    expect(await logged()).toEqual(['given up']);
    expect(await rows()).toEqual([]);
  });

  test('what was refused is not tried again', async () => {
    await add(letter());
    const { tried, runner } = carrying(async () => ({ ...failed, outcome: 'refused' }));
    await runner.deliverDue();
    opened.clock.advance(1000);
    await runner.deliverDue();
    expect(tried).toHaveLength(1);
    expect(await logged()).toEqual(['given up']);
  });

  test('a mistake of ours counts as a failure, and takes nothing else with it', async () => {
    await add(letter({ first: true }), letter());
    const { tried, runner } = carrying(async ({ content }) => {
      if (content.first) throw new Error('a mistake');
      return sent;
    });
    await runner.deliverDue();
    expect(tried).toHaveLength(2);
    expect(await logged()).toEqual(['sent']);
    expect(await rows()).toHaveLength(1);
  });

  test('a process that ends while it sends: another tries again once an attempt cannot last', async () => {
    await add(letter());
    await opened.write(({ deliveries }) => deliveries.claim('letter', start, start + longestAttempt));
    const { tried, runner } = carrying(async () => sent);
    await runner.deliverDue();
    opened.clock.advance(longestAttempt - 1);
    await runner.deliverDue();
    expect(tried).toEqual([]);
    opened.clock.advance(1);
    await runner.deliverDue();
    expect(tried).toMatchObject([{ attempts: 2 }]);
  });

  test('two processes share the work, and no delivery is tried by both', async () => {
    const other = await databases.open();
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    await add(...numbers.map((number) => letter({ number })));
    const carriers = [carrying(async () => sent), carrying(async () => sent, 'letter', other)];
    await Promise.all(carriers.map(({ runner }) => runner.deliverDue()));
    const tried = carriers.flatMap((carrier) => carrier.tried.map(({ content }) => Number(content.number)));
    expect(tried.sort((a, b) => a - b)).toEqual(numbers);
    expect(await rows()).toEqual([]);
  });

  test('the latest claim counts: who was slower than an attempt may last changes nothing', async () => {
    await add(letter());
    const claim = (now: number) =>
      opened.write(({ deliveries }) => deliveries.claim('letter', now, now + longestAttempt));
    const [slow, second] = [await claim(start), await claim(start + longestAttempt)];
    if (slow === undefined || second === undefined) throw new Error('Nothing was claimed');
    await opened.write(async ({ deliveries }) => {
      await deliveries.postpone(slow, start);
      expect(await deliveries.remove(slow)).toBe(false);
      expect(await deliveries.claim('letter', start + longestAttempt, start)).toBeUndefined();
      expect(await deliveries.remove(second)).toBe(true);
    });
  });

  test('a kind whose receivers are slow keeps no other waiting', async () => {
    await add(...Array.from({ length: 9 }, () => letter({}, 'slow')), letter({}, 'quick'));
    const released = Promise.withResolvers<void>();
    const quick = Promise.withResolvers<void>();
    let inFlight = 0;
    const runner = createDeliveryRunner({
      unitOfWork: opened.unit,
      clock: opened.clock,
      log,
      kinds: [
        {
          kind: 'slow',
          retries: [],
          attempt: async () => {
            inFlight += 1;
            await released.promise;
            return sent;
          },
        },
        {
          kind: 'quick',
          retries: [],
          attempt: async () => {
            quick.resolve();
            return sent;
          },
        },
      ],
    });
    const delivering = runner.deliverDue();
    await quick.promise;
    expect(inFlight).toBeLessThanOrEqual(4);
    released.resolve();
    await delivering;
    expect(await rows()).toEqual([]);
  });

  test('closing waits for the attempts that run and begins no other', async () => {
    await add(...Array.from({ length: 9 }, () => letter()));
    const released = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { tried, runner } = carrying(async () => {
      begun.resolve();
      await released.promise;
      return sent;
    });
    const delivering = runner.deliverDue();
    await begun.promise;
    const closing = runner.close();
    released.resolve();
    await Promise.all([closing, delivering]);
    const left = await rows();
    expect(tried.length).toBeLessThanOrEqual(4);
    expect(left).toHaveLength(9 - tried.length);
    await runner.deliverDue();
    expect(await rows()).toHaveLength(left.length);
  });

  test('at rest the content is sealed', async () => {
    await add(letter({ code: '123456' }));
    const [row] = await rows();
    expect(JSON.stringify(row)).not.toContain('123456');
    await opened.database.transaction((executor) =>
      executor.changes({ sql: `update delivery set id = 'another'`, parameters: [] }),
    );
    const claim = opened.write(({ deliveries }) => deliveries.claim('letter', start, start));
    await expect(claim).rejects.toThrow();
  });

  test('a kind that nobody knows is swept after a week', async () => {
    await add(letter({}, 'unknown'));
    await carrying(async () => sent).runner.deliverDue();
    const week = 7 * 86_400;
    const retention = { log_retention_days: 30 };
    expect(await sweep(opened.database, start + week - 1, retention)).toBe(0);
    expect(await sweep(opened.database, start + week, retention)).toBe(1);
  });
});
