// `npm run receipts`: runs the published SDKs against the server (tests/compatibility) and writes what came of it to
// docs/compatibility-receipts.md. A file there is one SDK: its `describe` names the package, or its alias, and a test is a scenario.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const report = join(root, '.build/reports/receipts.json');
const table = join(root, 'docs/compatibility-receipts.md');

rmSync(report, { force: true });
const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const parameters = ['run', 'tests/compatibility/', '--reporter=default', '--reporter=json'];
const { status } = spawnSync(process.execPath, [vitest, ...parameters, `--outputFile.json=${report}`], {
  cwd: root,
  stdio: 'inherit',
});

/** @type {{ testResults: { assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} */
const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
const rows = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .map(({ ancestorTitles: [sdk = ''], title, status }) => ({ sdk, title, passed: status === 'passed' }));
// The sort is stable: the scenarios of one SDK stay in the order of its file.
rows.sort((one, other) => (one.sdk < other.sdk ? -1 : Number(one.sdk > other.sdk)));

const heading = `# Receipts

The published SDKs, unmodified, run against this server: each row is a test in [tests/compatibility](../tests/compatibility)
that passed with exactly that version. \`npm test\` runs them; \`npm run receipts\` runs them and writes this table.

| SDK | version | scenario | passed |
|---|---|---|---|
`;
writeFileSync(
  table,
  heading +
    rows
      .map(({ sdk, title, passed }) => `| ${receiptOf(sdk)} | ${title} | ${passed ? 'yes' : 'no'} |\n`)
      .join(''),
);
process.exitCode = status ?? 1;

/**
 * Its name and version.
 * @param {string} sdk
 */
function receiptOf(sdk) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'node_modules', sdk, 'package.json'), 'utf8'));
  return `${name} | ${version}`;
}
