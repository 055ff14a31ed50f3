import { beforeEach, describe, expect, test } from 'vitest';
import { deviceCode, insertClientAndUser } from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

const approval = { scope: ['openid'], user_id: 'auth0|1', epoch: 3, sid: 'sid-1' };

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
    await opened.write(({ deviceCodes }) => deviceCodes.insert(deviceCode()));
  });

  const approve = (now: number, at = opened) =>
    at.write(({ deviceCodes }) => deviceCodes.approve('device-1', approval, now));
  const deny = (now: number, at = opened) => at.write(({ deviceCodes }) => deviceCodes.deny('device-1', now));
  const end = (client_id: string, now: number, at = opened) =>
    at.write(({ deviceCodes }) => deviceCodes.end('device-1', client_id, now));
  const poll = (now: number) => opened.write(({ deviceCodes }) => deviceCodes.recordPoll('device-1', now));
  const find = () => opened.read.deviceCodes.find('device-1');

  test('DV-10: an approved code is ended once, with everything that was approved', async () => {
    expect(await approve(start + 10)).toBe(true);
    const ended = deviceCode({ ...approval, approved_at: start + 10, ended_at: start + 11 });
    expect(await end('spa', start + 11)).toEqual(ended);
    expect(await end('spa', start + 12)).toBeUndefined();
    expect(await find()).toEqual(ended);
  });

  test('DV-7: an expired code is ended once, approved or not', async () => {
    expect(await end('spa', start + 899)).toBeUndefined();
    expect(await end('spa', start + 900)).toEqual(deviceCode({ ended_at: start + 900 }));
    expect(await end('spa', start + 901)).toBeUndefined();
  });

  test('another client neither ends the code nor learns of it', async () => {
    await approve(start);
    expect(await end('other', start)).toBeUndefined();
    expect(await end('spa', start)).toBeDefined();
  });

  test('DV-8: it is decided once, and not after its end; a denied code is not ended', async () => {
    expect(await deny(start + 1)).toBe(true);
    expect([await approve(start + 2), await deny(start + 3)]).toEqual([false, false]);
    expect(await end('spa', start + 1000)).toBeUndefined();
    expect(await find()).toEqual(deviceCode({ denied_at: start + 1 }));

    const late = deviceCode({ hash: 'device-2', user_code: 'user-code-2' });
    await opened.write(({ deviceCodes }) => deviceCodes.insert(late));
    const decide = opened.write(({ deviceCodes }) => deviceCodes.approve('device-2', approval, start + 900));
    expect(await decide).toBe(false);
  });

  test('of approvals and denials at once, through two handles, one succeeds; of fifty ends, one', async () => {
    const handles = [opened, await databases.open()];
    const decisions = Array.from({ length: 20 }, (_, index) =>
      (index % 3 === 0 ? deny : approve)(start, handles[index % 2]),
    );
    expect((await Promise.all(decisions)).filter(Boolean)).toHaveLength(1);

    await opened.write(({ deviceCodes }) =>
      deviceCodes.insert(deviceCode({ hash: 'device-2', user_code: 'user-code-2' })),
    );
    await opened.write(({ deviceCodes }) => deviceCodes.approve('device-2', approval, start));
    const ends = Array.from({ length: 50 }, (_, index) =>
      handles[index % 2]?.write(({ deviceCodes }) => deviceCodes.end('device-2', 'spa', start)),
    );
    expect((await Promise.all(ends)).filter((ended) => ended !== undefined)).toHaveLength(1);
  });

  test('DV-9: only what nobody has decided on is found by its user code', async () => {
    const findUndecided = (now: number) => opened.read.deviceCodes.findUndecided('user-code-1', now);
    expect(await findUndecided(start + 899)).toEqual(deviceCode());
    expect(await findUndecided(start + 900)).toBeUndefined();
    expect(await opened.read.deviceCodes.findUndecided('device-1', start)).toBeUndefined();
    await approve(start);
    expect(await findUndecided(start)).toBeUndefined();
  });

  test('two devices never show the same user code', async () => {
    const same = deviceCode({ hash: 'device-2' });
    expect(await opened.write(({ deviceCodes }) => deviceCodes.insert(same))).toBe(false);
    expect(await opened.read.deviceCodes.find('device-2')).toBeUndefined();
  });

  test('DV-6: a poll is noted when the interval has passed since the last that was', async () => {
    expect(await poll(start)).toBe(true);
    expect([await poll(start + 4), await poll(start + 5), await poll(start + 9)]).toEqual([
      false,
      true,
      false,
    ]);
    await opened.write(({ deviceCodes }) => deviceCodes.lengthenInterval('device-1', 5));
    expect([await poll(start + 14), await poll(start + 15)]).toEqual([false, true]);
    expect(await find()).toEqual(deviceCode({ interval: 10, polled_at: start + 15 }));
  });

  test('a client’s devices go with it', async () => {
    await opened.database.transaction((executor) =>
      executor.changes({ sql: `delete from client where client_id = 'spa'`, parameters: [] }),
    );
    expect(await find()).toBeUndefined();
  });
});
