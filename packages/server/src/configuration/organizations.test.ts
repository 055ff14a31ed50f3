import { expect, test } from 'vitest';
import { parseValue, problemsOf } from './testing/parsed.ts';

test('OR-1: an organization names its connections, and says how each lets people in', () => {
  const organizations = [{ name: 'acme', connections: [{ name: 'users', show_as_button: false }] }];
  const file = parseValue({ organizations });
  expect(file.organizations[0]?.connections).toEqual([
    { name: 'users', path: ['organizations', 0, 'connections', 0], settings: { show_as_button: false } },
  ]);
  expect(problemsOf({ organizations: [{ name: 'Acme Inc' }] }).join()).toContain('lower-case');
  expect(problemsOf({ organizations: [{ name: 'acme', connections: [{}] }] }).join()).toContain(
    'must name a connection',
  );
});

test.each([
  ['branding', { logo_url: 'http://acme.example/logo.svg' }, 'must be an https:// URL'],
  ['branding', { colors: { primary: 'red', page_background: '#ffffff' } }, 'must be a colour'],
  ['branding', { colors: { primary: '#fff' } }, 'is missing: give a string'],
  ['metadata', Object.fromEntries(Array.from({ length: 26 }, (_, n) => [n, ''])), 'at most 25 keys'],
  ['display_name', '', 'must not be empty'],
])('OR-1: of an organization %s is refused if it is %j', (key, value, problem) => {
  expect(problemsOf({ organizations: [{ name: 'acme', [key]: value }] }).join()).toContain(problem);
});
