import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { releaseUnusedMemory } from './memory.ts';

const megabyte = 2 ** 20;

test('what was garbage is held no more', () => {
  const before = heldAfter(() =>
    Array.from({ length: 500_000 }, (_, index) => ({ index, text: `${index}` })),
  );
  releaseUnusedMemory();
  expect(getHeapStatistics().total_physical_size).toBeLessThan(before - 20 * megabyte);
});

function heldAfter(makeGarbage: () => unknown): number {
  makeGarbage();
  return getHeapStatistics().total_physical_size;
}
