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
      // Their files share processes, and the modules that are loaded there, for speed: the server keeps no state in a
      // module, and neither may they.
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
      // Each file has a process of its own: they change globals, or bring a published SDK that keeps state in its modules.
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
    // For what never ends: no test is about how fast the machine is.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
