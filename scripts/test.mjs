// `npm test [filter…]`: builds, runs Vitest (architecture, unit, integration and the rest), then Playwright (tests/browser),
// and ends with the one line that sums both reports. A crash, a missing report and a skipped test count as failed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, '.build/reports');

/** @typedef {{ passed: number, failed: number, skipped: number }} Sum */

const runners = {
  vitest: {
    command: join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs'),
    parameters: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reports}/vitest.json`],
    sum: sumVitest,
  },
  playwright: {
    command: require.resolve('@playwright/test/cli'),
    parameters: ['test'],
    sum: sumPlaywright,
  },
};

const isBrowserFilter = (/** @type {string} */ filter) => /browser|\.spec\./.test(filter);

/**
 * Vitest's JSON. A file that fails before its first test has no failed test of its own.
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Sum}
 */
function sumVitest(report) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Playwright's JSON. A test that passed only when tried again is a failed test.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} report
 * @returns {Sum}
 */
function sumPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/** @param {keyof typeof runners} name @param {string[]} filters @returns {Promise<Sum>} */
async function run(name, filters) {
  const { command, parameters, sum } = runners[name];
  const report = join(reports, `${name}.json`);
  rmSync(report, { force: true });
  const child = spawn(process.execPath, [command, ...parameters, ...filters], {
    cwd: root,
    stdio: 'inherit',
  });
  running = child;
  const [exitCode] = await once(child, 'exit');
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = sum(JSON.parse(readFileSync(report, 'utf8')));
  // Whatever the report does not show (an error outside of any test, an unclean end) is in the exit code.
  return exitCode === 0 || result.failed > 0 ? result : { ...result, failed: 1 };
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
let interrupted = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    interrupted = true;
    // The terminal has sent its SIGINT to the runner too.
    if (signal === 'SIGTERM') running?.kill(signal);
  });
}

await build();
const filters = process.argv.slice(2);
const [forPlaywright, forVitest] = [
  filters.filter(isBrowserFilter),
  filters.filter((it) => !isBrowserFilter(it)),
];
const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, own] of /** @type {const} */ ([
  ['vitest', forVitest],
  ['playwright', forPlaywright],
])) {
  if (interrupted || (filters.length > 0 && own.length === 0)) continue;
  const { passed, failed, skipped } = await run(name, own);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
if (interrupted) total.failed += 1;
if (total.skipped > 0)
  console.log(`${total.skipped} skipped, which counts as failed: every test runs or goes.`);
const failed = total.failed + total.skipped;
console.log(`${total.passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
