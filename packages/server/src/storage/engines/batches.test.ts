import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Batches } from './batches.ts';

describe('batches', () => {
  const recorded = (largest = 64) => {
    const ran: string[][] = [];
    const batches = new Batches<string>(async (batch) => void ran.push(batch), largest);
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

  test('no batch is larger than the largest, and a full one waits for nothing', async () => {
    const { batches, ran } = recorded(2);
    for (const letter of 'abcde') batches.add(letter);
    await turn();
    expect(ran).toEqual([['a', 'b']]);
    await batches.idle();
    expect(ran).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('however many each turn brings, the same number is left waiting', async () => {
    const { batches, ran } = recorded(2);
    const left = [];
    for (let turns = 1; turns <= 10; turns += 1) {
      for (const letter of 'abcdef') batches.add(letter);
      await turn();
      left.push(turns * 6 - ran.flat().length);
    }
    expect(Math.max(...left)).toBeLessThanOrEqual(8);
    await batches.idle();
    expect(ran.flat()).toHaveLength(60);
  });

  test('a batch begins after the one before it', async () => {
    const events: string[] = [];
    const batches = new Batches<string>(async (batch) => {
      events.push(`begin ${batch}`);
      await turn();
      events.push(`end ${batch}`);
    }, 1);
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
