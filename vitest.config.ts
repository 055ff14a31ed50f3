import { defineConfig } from 'vitest/config';

const suites = ['integration', 'conformance', 'storage', 'security', 'compatibility', 'golden', 'faults'];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: [
      'packages/**/*.test.{ts,tsx}',
      `tests/{${suites.join(',')}}/**/*.test.{ts,tsx}`,
      'tests/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', 'tests/browser/**'],
    globalSetup: ['tests/setup/global.ts'],
    allowOnly: false,
    // By itself it would leave one processor out: half of them, where there are two.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
