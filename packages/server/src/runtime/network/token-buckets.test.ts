import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { TurnableClock } from '../clock.ts';
import { TokenBuckets } from './token-buckets.ts';

let clock: TurnableClock;

beforeEach(() => {
  clock = new TurnableClock();
});

/** How many are taken before one is refused. */
function drain(buckets: TokenBuckets, key = 'one'): number {
  let taken = 0;
  while (buckets.take(key).allowed) taken += 1;
  return taken;
}

test('RL-3: as many at once as the bucket is large, then one in each interval', () => {
  const buckets = new TokenBuckets({ size: 5, interval: 1000 }, clock);
  expect([drain(buckets), buckets.has('one')]).toEqual([5, false]);
  clock.advance(0.999);
  expect(drain(buckets)).toBe(0);
  clock.advance(0.001);
  expect([buckets.has('one'), drain(buckets)]).toEqual([true, 1]);
  clock.advance(3.5);
  expect(drain(buckets)).toBe(3);
  clock.advance(1000);
  expect(drain(buckets)).toBe(5);
});

test('a refusal takes nothing, and other keys have buckets of their own', () => {
  const buckets = new TokenBuckets({ size: 2, interval: 1000 }, clock);
  drain(buckets);
  for (let tries = 0; tries < 100; tries += 1) buckets.take('one');
  expect(drain(buckets, 'other')).toBe(2);
  clock.advance(1);
  expect(drain(buckets)).toBe(1);
});

test('what is given back can be taken again, and a full bucket gets no fuller', () => {
  const buckets = new TokenBuckets({ size: 2, interval: 1000 }, clock);
  drain(buckets);
  buckets.giveBack('one');
  expect(drain(buckets)).toBe(1);
  clock.advance(10);
  buckets.giveBack('one');
  buckets.giveBack('other');
  expect([drain(buckets), drain(buckets, 'other')]).toEqual([2, 2]);
});

test('what is left, when there is one again, and when the bucket is full', () => {
  const now = clock.milliseconds();
  const buckets = new TokenBuckets({ size: 3, interval: 1000 }, clock);
  expect(buckets.take('one')).toEqual({
    allowed: true,
    remaining: 2,
    fullAt: now + 1000,
    nextAt: now - 1000,
  });
  buckets.take('one');
  expect(buckets.take('one')).toEqual({
    allowed: true,
    remaining: 0,
    fullAt: now + 3000,
    nextAt: now + 1000,
  });
  expect(buckets.take('one')).toEqual({
    allowed: false,
    remaining: 0,
    fullAt: now + 3000,
    nextAt: now + 1000,
  });
});

test('RL-3: over any time no more is taken than the bucket holds and the intervals give back', () => {
  const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 3000 }), tries: fc.nat(20) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }),
      fc.integer({ min: 1, max: 2000 }),
      steps,
      (size, interval, walk) => {
        clock = new TurnableClock();
        const started = clock.milliseconds();
        const buckets = new TokenBuckets({ size, interval }, clock);
        let taken = 0;
        for (const { wait, tries } of walk) {
          clock.advance(wait / 1000);
          for (let index = 0; index < tries; index += 1) taken += Number(buckets.take('one').allowed);
        }
        expect(taken).toBeLessThanOrEqual(size + Math.floor((clock.milliseconds() - started) / interval));
      },
    ),
  );
});

test('memory is bounded: whoever was silent while very many came is forgotten, and nobody earlier', () => {
  const buckets = new TokenBuckets({ size: 1, interval: 1_000_000 }, clock);
  buckets.take('one');
  for (let other = 0; other < 9_999; other += 1) buckets.take(`other ${other}`);
  expect(buckets.has('one')).toBe(false);
  for (let other = 0; other < 20_000; other += 1) buckets.take(`further ${other}`);
  expect(buckets.has('one')).toBe(true);
});
