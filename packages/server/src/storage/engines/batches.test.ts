import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Batches } from './batches.ts';

describe('batches', () => {
  const recorded = (limits = { largest: 64, mostTurns: 10 }) => {
    const ran: string[][] = [];
    const batches = new Batches<string>(async (batch) => void ran.push(batch), limits);
    return { batches, ran };
  };

  test('who is alone waits for no other turn', async () => {
    const { batches, ran } = recorded();
    batches.add('a');
    await turn();
    expect(ran).toEqual([['a']]);
  });

  test('as long as turns bring more, what they bring runs together', async () => {
    const { batches, ran } = recorded();
    for (const letters of ['ab', 'c', 'd']) {
      for (const letter of letters) batches.add(letter);
      expect(ran).toEqual([]);
      await turn();
    }
    await batches.idle();
    batches.add('e');
    await batches.idle();
    expect(ran).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  test('no batch is larger than the largest, and a full one waits for no turn', async () => {
    const { batches, ran } = recorded({ largest: 2, mostTurns: 10 });
    for (const letter of 'abcde') batches.add(letter);
    await turn();
    expect(ran).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    await batches.idle();
    expect(ran.at(-1)).toEqual(['e']);
  });

  test('who was answered goes on before the next batch', async () => {
    const events: string[] = [];
    const batches = new Batches<() => void>(
      async (batch) => {
        events.push('batch');
        for (const resolve of batch) resolve();
      },
      { largest: 1, mostTurns: 1 },
    );
    const answered = async () => {
      await new Promise<void>((resolve) => batches.add(resolve));
      await Promise.resolve();
      events.push('answered');
    };
    await Promise.all([answered(), answered()]);
    expect(events).toEqual(['batch', 'answered', 'batch', 'answered']);
  });

  test('no batch is gathered over more turns than the most', async () => {
    const { batches, ran } = recorded({ largest: 64, mostTurns: 2 });
    for (const letter of 'abcd') {
      batches.add(letter);
      batches.add(letter.toUpperCase());
      await turn();
    }
    expect(ran).toEqual([
      ['a', 'A', 'b', 'B'],
      ['c', 'C', 'd', 'D'],
    ]);
  });

  test('a batch begins after the one before it', async () => {
    const events: string[] = [];
    const batches = new Batches<string>(
      async (batch) => {
        events.push(`begin ${batch}`);
        await turn();
        events.push(`end ${batch}`);
      },
      { largest: 1, mostTurns: 1 },
    );
    for (const letter of 'ab') batches.add(letter);
    await batches.idle();
    expect(events).toEqual(['begin a', 'end a', 'begin b', 'end b']);
  });

  test('idle is who was asked for nothing', async () => {
    const { batches, ran } = recorded();
    await batches.idle();
    expect(ran).toEqual([]);
  });
});
