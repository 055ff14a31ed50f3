// Mirrors Ory GHSA-r9w3-57w2-gch2 (CVE-2026-33505), Casdoor CVE-2022-24124 and CVE-2026-6815: at every route of the
// Management API, no text of a query, a path or a body becomes a statement, a pattern, a path or a member that nobody
// sends, and no made-up checkpoint opens a page.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../packages/server/src/management/index.ts';
import type { Route } from '../../packages/server/src/management/route.ts';
import { confidential, orders, sampleTenant, spa, users } from '../setup/flow.ts';
import { apiWith, type ManagementApi, managementApi } from '../setup/management.ts';
import { operations } from '../setup/management-api.ts';
import { membersOf } from '../setup/schema-members.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({ clients: [spa, confidential], resourceServers: [orders] }),
    users,
  });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const texts = [
  "' or '1'='1",
  "'; drop table user; --",
  "x' union select hash from password --",
  '1; attach database ":memory:" as x',
  '$1',
  '?',
  '%',
  '_',
  '*',
  '\\',
  '"',
  '(((((((((((',
  'user_id:*',
  'password:*',
  'hash:[* TO *]',
  'user_metadata.a:b" or "1"="1',
  '{"$gt":""}',
  '[object Object]',
  '__proto__',
  '../../../etc/passwd',
  '..%2f..%2fclients',
  'a\0b',
  '\ud800',
  'x'.repeat(2100),
  '-1',
  '1e309',
  '99999999999999999999',
];

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const lists = routes.filter(({ method }) => method === 'GET');
const filled = (path: string, value = 'unknown') => path.replace(/\{\w+\}/g, encodeURIComponent(value));

/** Everything that is stored, but for what refusals leave in the log. */
function stored(): Record<string, unknown> {
  const tables = freehold.execute(
    "select name from sqlite_master where type = 'table' and name not like '%log%'",
  );
  return Object.fromEntries(tables.map(({ name }) => [name, freehold.execute(`select * from "${name}"`)]));
}

describe('a text stays a text', () => {
  test.each(lists.map((route) => [nameOf(route), route] as const))(
    'in the query of %s',
    async (_name, route) => {
      const parameters = new Set([...membersOf(route.query)].map(({ path }) => path[0] ?? ''));
      const before = stored();
      for (const parameter of parameters) {
        for (const text of texts) {
          const query = new URLSearchParams({ [parameter]: text });
          const answer = await api.get(`${filled(route.path)}?${query}`);
          expect({ query: String(query), status: answer.status }).toEqual({
            query: String(query),
            status: expect.toBeOneOf([200, 400, 404]),
          });
          expect(answer.text).not.toContain('$argon2');
        }
      }
      expect(stored()).toEqual(before);
    },
  );

  test.each(routes.filter(({ path }) => path.includes('{')).map((route) => [nameOf(route), route] as const))(
    'in the path of %s',
    async (_name, { method, path, status }) => {
      const before = stored();
      for (const text of texts) {
        const target = filled(path, text.toWellFormed());
        const send = method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete';
        const answer = await (send === 'get' ? api.get(target) : api[send](target, {}));
        // To delete what is not there is to have it so.
        const expected = [status, 400, 404, ...(method === 'DELETE' ? [204] : [])];
        expect({ target, status: answer.status }).toEqual({ target, status: expect.toBeOneOf(expected) });
      }
      expect(stored()).toEqual(before);
    },
  );
});

describe('a checkpoint', () => {
  const paged = lists.filter((route) => [...membersOf(route.query)].some(({ path }) => path[0] === 'from'));

  test.each(paged.map((route) => [nameOf(route), route] as const))(
    'that nobody was given opens nothing in %s',
    async (_name, route) => {
      const forged = [
        'x',
        Buffer.from("' or 1=1 --").toString('base64url'),
        Buffer.from('{"offset":0}').toString('base64url'),
        Buffer.from('\0').toString('base64url'),
        Buffer.from([0xff, 0xfe]).toString('base64url'),
        '='.repeat(40),
      ];
      for (const from of forged) {
        const { status } = await api.get(`${filled(route.path)}?${new URLSearchParams({ from, take: '2' })}`);
        // /logs goes on from the id of an entry, as Auth0 has it; /stats begins at a day.
        const expected = route.byCheckpoint ? 400 : expect.toBeOneOf([200, 400]);
        expect({ from, status }).toEqual({ from, status: expected });
      }
    },
  );
});

test('§4: a checkpoint is good for its list alone', async () => {
  for (const name of ['one', 'two']) await api.post('/organizations', { name });
  const { body } = await api.get('/organizations?take=1');
  const from = String(body.next);
  expect(await api.get(`/organizations?${new URLSearchParams({ from, take: '1' })}`)).toMatchObject({
    status: 200,
    body: { organizations: [{ name: expect.any(String) }] },
  });
  const changed = `${from.slice(0, -1)}${from.endsWith('A') ? 'B' : 'A'}`;
  for (const path of [`/clients?from=${from}`, `/organizations?from=${changed}`]) {
    const { status, body } = await api.get(path);
    const message = "Query validation error: 'Invalid checkpoint' on property from.";
    expect([path, status, body.message]).toEqual([path, 400, message]);
  }
});

/** Names of columns and of members that only the server writes. */
const internal = [
  'is_system',
  'created_at',
  'updated_at',
  'tenant',
  'global',
  'deleted_at',
  'registration_access_token',
  'password_hash',
  'hash',
  'epoch',
  'logins_count',
  'last_login',
  'blocked_set_at',
  'search_text',
  'unused',
  '__proto__',
  'constructor',
];

describe('a body', () => {
  const changes = routes.filter(({ body }) => body !== undefined);

  test.each(changes.map((route) => [nameOf(route), route] as const))(
    'cannot set what only the server sets: %s',
    async (name, route) => {
      const known = JSON.stringify(operations[name]?.body ?? '');
      const before = stored();
      for (const member of internal) {
        // Of those names that Auth0's description has at all, the tests of wrong bodies see to.
        if (known.includes(`"${member}`)) continue;
        const send = route.method.toLowerCase() as 'post' | 'patch' | 'put' | 'delete';
        const { status } = await api[send](
          filled(route.path),
          `{"${member}":{"prototype":{"is_system":true}}}`,
        );
        expect({ member, status }).toEqual({ member, status: 400 });
      }
      expect(Reflect.get({}, 'is_system')).toBeUndefined();
      expect(stored()).toEqual(before);
    },
  );

  test('is JSON or a form, of some depth and some size', async () => {
    const deep = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`;
    const refused: [body: string, type: string][] = [
      ['{', 'application/json'],
      ['{"friendly_name":"a"} x', 'application/json'],
      ['<a/>', 'application/xml'],
      [`{"user_metadata":${deep}}`, 'application/json'],
      ['x'.repeat(300_000), 'application/json'],
    ];
    for (const [body, type] of refused) {
      const { status } = await api.patch('/users/unknown', body, { 'content-type': type });
      expect({ body: body.slice(0, 30), status }).toEqual({
        body: body.slice(0, 30),
        status: expect.toBeOneOf([400, 413, 415]),
      });
    }
  });

  test('is not what a header says that the method is', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', _method: 'DELETE' };
    const { status } = await api.post('/users-by-email?_method=DELETE', {}, headers);
    expect(status).toBe(404);
  });
});

test('§3.1: what is nested deeper than any log entry can be is refused, to whom it may concern', async () => {
  const depth = 20_000;
  const body = `{"user_metadata":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  const answers = [
    await api.patch('/users/nobody', body),
    await apiWith(freehold, '').patch('/users/nobody', body),
  ];
  expect(answers.map(({ status, body: { message } }) => [status, message])).toEqual([
    [400, "Payload validation error: 'Nested deeper than 50 levels'."],
    [401, 'Missing authentication'],
  ]);
});
