// docs/compatibility.md against the tests that it promises.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { authenticationApiExceptions } from './setup/authentication-api-exceptions.ts';

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

const tests = globSync(['packages/**/*.test.{ts,tsx}', 'tests/**/*.{test,spec}.ts'], {
  exclude: (path) => path.includes('node_modules'),
});
/** The rows that tests name. What a comment says proves nothing. */
const named = new Set(
  tests.flatMap((file) => {
    const text = readFileSync(file, 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    return text.match(/\b[A-Z]{2,3}-\d+\b/g) ?? [];
  }),
);

describe('docs/compatibility.md', () => {
  test('a row is done, later or different, and listed once', () => {
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['done', 'later', 'different']));
    expect(rows.length).toBe(new Set(rows.map(({ id }) => id)).size);
  });

  test('what is done is named in a test', () => {
    const unproved = rows.filter(({ id, status }) => status === 'done' && !named.has(id)).map(({ id }) => id);
    expect(unproved).toEqual([]);
  });

  test('an exception from Auth0’s OpenAPI names a row that is done', () => {
    const done = new Set(rows.filter(({ status }) => status !== 'later').map(({ id }) => id));
    expect(authenticationApiExceptions.map(({ row }) => row).filter((row) => !done.has(row))).toEqual([]);
  });

  test('what a test names is listed', () => {
    const subjects = new Set(rows.map(({ id }) => id.split('-')[0]));
    const listed = new Set(rows.map(({ id }) => id));
    const unlisted = [...named].filter((id) => subjects.has(id.split('-')[0]) && !listed.has(id));
    expect(unlisted).toEqual([]);
  });
});
