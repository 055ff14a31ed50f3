import { defineConfig } from 'vitest/config';
import { contract, contractIsHere } from './tests/setup/derive-management-api.ts';

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
    projects: [
      // Their files share a process, and what is loaded into it: nothing that they use is kept in a module.
      {
        test: {
          name: 'together',
          isolate: false,
          include: [
            'packages/{server,dashboard,try}/**/*.test.{ts,tsx}',
            'tests/{integration,conformance,storage,security}/**/*.test.{ts,tsx}',
          ],
        },
      },
      // What changes the globals, or brings a published SDK that keeps a state of its own.
      {
        test: {
          name: 'alone',
          include: [
            'packages/client/**/*.test.ts',
            'tests/{compatibility,faults}/**/*.test.{ts,tsx}',
            'tests/*.test.ts',
          ],
        },
      },
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
