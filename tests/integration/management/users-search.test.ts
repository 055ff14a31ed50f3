// GET /users of the Management API (§3.5): pages, order, `q`. What `q` finds, field by field: tests/storage.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const people = ['ada', 'bob', 'cleo', 'dora', 'emil'].map((name, index) => ({
  user_id: String(index + 1).padStart(24, '0'),
  connection: 'Username-Password-Authentication',
  email: `${name}@example.com`,
  name: `${name} the ${index + 1}.`,
  user_metadata: { place: { row: index } },
  password: 'Correct-Horse-7!',
}));

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant() });
  api = await managementApi(freehold);
  for (const person of people) {
    freehold.clock.advance(60);
    expect((await api.post('/users', { ...person, verify_email: false })).status).toBe(201);
  }
});
afterAll(() => freehold.stop());

const names = (body: ArrayLike<Record<string, unknown>>) =>
  Array.from(body, ({ name }) => String(name).split(' ')[0]);

test('the list is an array of users as they are told alone', async () => {
  const { status, body } = await api.get('/users');
  expect([status, names(body)]).toEqual([200, ['ada', 'bob', 'cleo', 'dora', 'emil']]);
  const first = Array.from(body)[0];
  expect((await api.get(`/users/${encodeURIComponent(String(first?.user_id))}`)).body).toEqual(first);
});

test('§2.1: with totals it tells start, limit, length and total; a page beyond the last is empty', async () => {
  const page = async (query: string) => {
    const { body } = await api.get(`/users?include_totals=true&fields=user_id&${query}`);
    const { users, ...counts } = body;
    return { counts, users };
  };
  expect(await page('per_page=2&page=2')).toEqual({
    counts: { start: 4, limit: 2, length: 1, total: 5 },
    users: [{ user_id: 'auth0|000000000000000000000005' }],
  });
  expect(await page('per_page=100&page=1000')).toEqual({
    counts: { start: 100_000, limit: 100, length: 0, total: 5 },
    users: [],
  });
  expect((await page('per_page=0')).counts).toEqual({ start: 0, limit: 0, length: 0, total: 5 });
  expect((await page('q=name:b*')).counts).toEqual({ start: 0, limit: 50, length: 1, total: 1 });
});

test.each([
  ['created_at:-1', ['emil', 'dora', 'cleo', 'bob', 'ada']],
  ['email:1', ['ada', 'bob', 'cleo', 'dora', 'emil']],
  ['updated_at:-1', ['emil', 'dora', 'cleo', 'bob', 'ada']],
])('sort=%s', async (sort, expected) => {
  expect(names((await api.get(`/users?sort=${sort}`)).body)).toEqual(expected);
});

describe('q', () => {
  test.each([
    ['email:"ADA@example.com"', ['ada']],
    ['name:c*', ['cleo']],
    ['bob', ['bob']],
    ['user_metadata.place.row:(1 OR 3)', ['bob', 'dora']],
    [
      'identities.connection:"Username-Password-Authentication" AND NOT name:(a* OR b*)',
      ['cleo', 'dora', 'emil'],
    ],
    ['identities.connection:"elsewhere"', []],
    ['email.domain:example.com -_exists_:username', ['ada', 'bob', 'cleo', 'dora', 'emil']],
  ])('%s', async (q, expected) => {
    const { status, body } = await api.get(`/users?search_engine=v3&q=${encodeURIComponent(q)}`);
    expect([status, names(body)]).toEqual([200, expected]);
  });

  test('connection narrows what is found', async () => {
    expect(names((await api.get('/users?connection=elsewhere')).body)).toEqual([]);
    const database = 'connection=Username-Password-Authentication';
    expect(names((await api.get(`/users?${database}&q=name:d*`)).body)).toEqual(['dora']);
  });
});

test('a change is found at once, and what it replaced is not', async () => {
  const path = '/users/auth0%7C000000000000000000000005';
  const find = async (q: string) => names((await api.get(`/users?q=${encodeURIComponent(q)}`)).body);
  const renamed = { name: 'Zoë', given_name: 'ZOË', nickname: 'zo', user_metadata: { place: { row: 99 } } };
  expect((await api.patch(path, { ...renamed, blocked: true })).status).toBe(200);
  for (const q of [
    'name:zoë',
    'given_name:zoë',
    'nickname:Z*',
    'user_metadata.place.row:99',
    'blocked:true',
  ]) {
    expect([q, await find(q)]).toEqual([q, ['Zoë']]);
  }
  for (const q of ['name:emil*', 'user_metadata.place.row:4']) expect([q, await find(q)]).toEqual([q, []]);
});

test.each([
  ['search_engine=v1', 'You are not allowed to use search_engine=v1.'],
  ['search_engine=v2&q=a', 'You are not allowed to use search_engine=v2. Use search_engine=v3 instead.'],
  ['search_engine=v4', "Query validation error: 'No enum match for: v4' on property search_engine."],
  [
    'q=name:"ada',
    "Query validation error: 'Failed to parse the query: a quotation mark is not closed' on property q.",
  ],
  [
    'q=nane:ada',
    "Query validation error: 'Failed to parse the query: there is no field nane to search' on property q.",
  ],
  [
    'q=name:*da',
    "Query validation error: 'Failed to parse the query: a wildcard at the beginning needs three other characters' on property q.",
  ],
  ['per_page=101', "Query validation error: 'Value 101 is greater than maximum 100' on property per_page."],
  ['fields=nane', "Query validation error: 'Invalid fields: nane' on property fields."],
  ['search=x', "Query validation error: 'Additional properties not allowed: search'."],
])('%s is refused', async (query, message) => {
  expect(await api.get(`/users?${query}`)).toMatchObject({
    status: 400,
    body: { statusCode: 400, error: 'Bad Request', message, errorCode: 'invalid_query_string' },
  });
});

test('sort names a field and a direction', async () => {
  for (const sort of ['name', 'name:0', 'user_metadata.place:1', 'identities:1']) {
    const { status, body } = await api.get(`/users?sort=${sort}`);
    expect([status, body.message]).toEqual([400, expect.stringMatching(/on property sort\.$/)]);
  }
});
