import { expect, test } from 'vitest';
import { parseValue, problemsOf, warningsOf } from '../testing/parsed.ts';

test('AZ-25: databases name their clients; options are resolved', () => {
  const file = parseValue({ databases: [{ name: 'users', enabled_clients: ['A'] }] });
  expect(file.databases).toMatchObject([
    {
      enabled_clients: [{ name: 'A', path: ['databases', 0, 'enabled_clients', 0] }],
      settings: {
        name: 'users',
        strategy: 'auth0',
        options: { passwordPolicy: 'good', brute_force_protection: true },
        realms: ['users'],
      },
    },
  ]);
});

test('CX-1: connections of other strategies are kept, with a warning; a database among them is a problem', () => {
  const options = { client_id: 'google', client_secret: 'sealed', scope: ['email'], anything: 1 };
  const file = parseValue({ connections: [{ name: 'google', strategy: 'google-oauth2', options }] });
  expect(warningsOf(file)).toEqual([
    expect.stringContaining(
      'google-oauth2 is not supported yet: the connection is kept, and nobody logs in by it',
    ),
  ]);
  expect(file.connections).toMatchObject([
    {
      settings: {
        strategy: 'google-oauth2',
        options: { client_id: 'google', scope: ['email'], anything: 1 },
      },
      secrets: { client_secret: 'sealed' },
    },
  ]);
  expect(JSON.stringify(file.connections[0]?.settings)).not.toContain('sealed');
  expect(problemsOf({ connections: [{ name: 'users', strategy: 'auth0' }] }).join()).toContain(
    'under databases',
  );
  expect(problemsOf({ connections: [{ name: 'a', strategy: 'facelook' }] }).join()).toContain(
    'connections[0].strategy must be one of',
  );
});

test.each<[Record<string, unknown>, string]>([
  [{ metadata: Object.fromEntries([...'abcdefghijk'].map((n) => [n, n])) }, 'must have at most 10 keys'],
  [{ metadata: { a: 'x'.repeat(256) } }, 'at most 255 characters'],
  [{ realms: ['a', 'a'] }, 'repeats "a"'],
  [{ options: { pasword_history: {} } }, 'is no known key'],
  [{ options: { password_history: { enable: true, size: 25 } } }, 'at most 24'],
  [{ options: { validation: { username: { min: 1, max: 129 } } } }, 'at most 128'],
  [
    { options: { requires_username: true, attributes: { email: { identifier: { active: true } } } } },
    'Cannot set both options.attributes and options.requires_username',
  ],
  [{ options: { attributes: { email: {} } } }, 'attributes must contain one active identifier'],
])('CX-1: a database with %j is a problem', (members, problem) => {
  expect(problemsOf({ databases: [{ name: 'users', ...members }] }).join()).toContain(problem);
});

test('each realm leads to one connection', () => {
  const databases = [{ name: 'users', realms: ['people'] }, { name: 'people' }];
  expect(problemsOf({ databases }).join()).toContain('databases[1].realms[0] repeats "people"');
});
