import { defineConfig } from 'vitest/config';
import { contract, contractIsHere } from './tests/setup/derive-management-api.ts';

const suites = ['integration', 'conformance', 'storage', 'security', 'compatibility', 'faults'];

/** They read Auth0's description and recordings, which are not kept here. */
const againstContract = [
  'tests/management-contract.test.ts',
  'tests/integration/management/recordings.test.ts',
];
if (!contractIsHere)
  console.log(`${contract} is not here: nothing is held against it (${againstContract.join(', ')})`);

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: [
      'packages/**/*.test.{ts,tsx}',
      `tests/{${suites.join(',')}}/**/*.test.{ts,tsx}`,
      'tests/*.test.ts',
    ],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      'tests/browser/**',
      ...(contractIsHere ? [] : againstContract),
    ],
    globalSetup: ['tests/setup/global.ts'],
    allowOnly: false,
    // By itself it would leave one processor out: half of them, where there are two.
    maxWorkers: '100%',
    // None of them is about how fast the machine is: they are for what never ends.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
