// docs/compatibility.md against the contract it speaks of, and against the tests that it promises.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exceptions } from './setup/authentication-api-exceptions.ts';

const shared = process.env.FREEHOLD_SHARED ?? join(import.meta.dirname, '../../shared');
const contract = join(shared, 'contract/authentication-api.md');

interface Row {
  id: string;
  status: string;
}

const table = readFileSync('docs/compatibility.md', 'utf8');
const rows: Row[] = [...table.matchAll(/^\| ((?:[A-Z]+-\d+ ?)+)\|[^|]*\| (\w+) \|/gm)].flatMap(
  ([, ids = '', status = '']) =>
    ids
      .trim()
      .split(' ')
      .map((id) => ({ id, status })),
);

describe('docs/compatibility.md', () => {
  test('a row is done, later or different, and listed once', () => {
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['done', 'later', 'different']));
    expect(rows.length).toBe(new Set(rows.map(({ id }) => id)).size);
  });

  test('what is done is named in a test', () => {
    const tests = globSync(['packages/**/*.test.{ts,tsx}', 'tests/**/*.{test,spec}.ts'], {
      exclude: (path) => path.includes('node_modules'),
    });
    // What a comment says proves nothing.
    const named = new Set(
      tests.flatMap((file) => {
        const text = readFileSync(file, 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
        return text.match(/\b[A-Z]{2,3}-\d+\b/g) ?? [];
      }),
    );
    const unproved = rows.filter(({ id, status }) => status === 'done' && !named.has(id)).map(({ id }) => id);
    expect(unproved).toEqual([]);
  });

  test('an exception from Auth0’s OpenAPI names a row that is done', () => {
    const done = new Set(rows.filter(({ status }) => status !== 'later').map(({ id }) => id));
    expect(exceptions.map(({ row }) => row).filter((row) => !done.has(row))).toEqual([]);
  });

  if (existsSync(contract)) {
    test('every row of the contract is listed, and no other', () => {
      const ids = [...readFileSync(contract, 'utf8').matchAll(/^\| ([A-Z]+-\d+) \|/gm)].map(([, id]) => id);
      expect(rows.map(({ id }) => id).sort()).toEqual(ids.sort());
    });
  } else {
    console.log(
      'left out: docs/compatibility.md is compared with the contract only where that lies beside the clone',
    );
  }
});
