import { getHeapStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { releaseUnusedMemory } from '../../packages/server/src/runtime/memory.ts';

const megabyte = 2 ** 20;

test('garbage is collected, and its room is given back', () => {
  Array.from({ length: 500_000 }, (_, index) => ({ index, text: `${index}` }));
  const { used_heap_size: usedBefore } = getHeapStatistics();
  releaseUnusedMemory();
  const { used_heap_size: used, total_physical_size: held } = getHeapStatistics();
  expect(used).toBeLessThan(usedBefore - 20 * megabyte);
  expect(held).toBeLessThan(used + 15 * megabyte);
});

test('V8’s flags are as they were', () => {
  releaseUnusedMemory();
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
