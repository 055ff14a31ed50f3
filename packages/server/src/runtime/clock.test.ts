import { expect, test } from 'vitest';
import { systemClock, TurnableClock } from './clock.ts';

test('the system clock tells whole seconds of the same instant as its milliseconds', () => {
  const before = systemClock.milliseconds();
  const now = systemClock.now();
  const after = systemClock.milliseconds();
  expect(Number.isInteger(now)).toBe(true);
  expect(now).toBeGreaterThanOrEqual(Math.floor(before / 1000));
  expect(now).toBeLessThanOrEqual(Math.floor(after / 1000));
});

test('a turnable clock stands still until it is turned', () => {
  const clock = new TurnableClock(1_000);
  expect([clock.now(), clock.now(), clock.milliseconds()]).toEqual([1_000, 1_000, 1_000_000]);
  clock.advance(60);
  expect([clock.now(), clock.milliseconds()]).toEqual([1_060, 1_060_000]);
});

test('fractions of a second add up, and now() is never ahead of them', () => {
  const clock = new TurnableClock(0);
  clock.advance(0.6);
  expect(clock.now()).toBe(0);
  clock.advance(0.6);
  expect([clock.now(), clock.milliseconds()]).toEqual([1, 1_200]);
});
