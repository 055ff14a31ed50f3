// docs/compatibility-receipts.md against the tests that it is the receipt of. `npm run receipts` makes it anew.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface Receipt {
  sdk: string | undefined;
  version: string | undefined;
  scenario: string | undefined;
}

/** In a file of tests/compatibility the `describe` names the package, or its alias, and a test is a scenario. */
function scenariosIn(file: string): Receipt[] {
  const text = readFileSync(file, 'utf8');
  const [sdk, ...others] = [...text.matchAll(/^describe\(\s*'([^']+)'/gm)].map(([, name]) => name);
  if (sdk === undefined || others.length > 0) throw new Error(`${file} does not describe one SDK`);
  const { name, version } = JSON.parse(readFileSync(`node_modules/${sdk}/package.json`, 'utf8')) as {
    name: string;
    version: string;
  };
  return [...text.matchAll(/^ +test\(\s*'([^']+)'/gm)].map(([, scenario]) => ({
    sdk: name,
    version,
    scenario,
  }));
}

test('SD-100: the receipts name exactly the scenarios and versions that exist, and all have passed', () => {
  const table = readFileSync('docs/compatibility-receipts.md', 'utf8');
  const rows = [...table.matchAll(/^\| (\S+) \| (\d\S*) \| (.+) \| (yes|no) \|$/gm)];
  expect(rows.filter(([, , , , passed]) => passed !== 'yes')).toEqual([]);
  const receipts = rows.map(([, sdk, version, scenario]): Receipt => ({ sdk, version, scenario }));
  const inOrder = (one: Receipt, other: Receipt) =>
    JSON.stringify(one) < JSON.stringify(other) ? -1 : Number(JSON.stringify(one) > JSON.stringify(other));
  const scenarios = globSync('tests/compatibility/*.test.ts').flatMap(scenariosIn);
  expect(receipts.sort(inOrder)).toEqual(scenarios.sort(inOrder));
});

test('the SDKs are pinned exactly and come from the registry as they are', () => {
  const { devDependencies } = JSON.parse(readFileSync('tests/compatibility/package.json', 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  expect(
    Object.values(devDependencies).filter((version) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version)),
  ).toEqual([]);
});
