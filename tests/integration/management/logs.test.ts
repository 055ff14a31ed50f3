// /logs and /users/{id}/logs of the Management API (§3.7).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../../setup/agent.ts';
import { authorizationUrl, newPkce, password, sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  const logIn = async (email: string, typed: string) => {
    freehold.clock.advance(60);
    await new Agent(freehold.issuer).logIn(authorizationUrl(freehold, newPkce()), email, typed);
  };
  await logIn('ada@example.com', 'wrong');
  await logIn('ada@example.com', password);
  await logIn('eve@example.com', 'wrong');
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const typesAt = async (path: string) => {
  const { status, body } = await api.get(path);
  expect(status).toBe(200);
  return Array.from(body, ({ type }) => type);
};
const search = (q: string, more = '') => typesAt(`/logs?q=${encodeURIComponent(q)}${more}`);

test('an entry has every member, null where nothing is known, and is found by its id', async () => {
  const [entry] = Array.from((await api.get('/logs?q=type:fp')).body);
  expect(entry).toEqual({
    _id: entry?.log_id,
    log_id: expect.stringMatching(/^\d{21}[A-Za-z0-9]{15}$/),
    date: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    type: 'fp',
    description: expect.any(String),
    connection: 'Username-Password-Authentication',
    connection_id: expect.stringMatching(/^con_/),
    organization_id: null,
    organization_name: null,
    client_id: 'spa',
    client_name: 'Single page',
    ip: expect.any(String),
    hostname: expect.any(String),
    user_id: ada,
    user_name: 'ada@example.com',
    user_agent: expect.any(String),
    audience: null,
    scope: null,
    strategy: 'auth0',
    strategy_type: 'database',
    isMobile: false,
    location_info: null,
    details: null,
  });
  expect((await api.get(`/logs/${entry?.log_id}`)).body).toEqual(entry);
  expect(await api.get('/logs/nothing')).toMatchObject({ status: 404, body: { message: 'Log not found.' } });
});

test('the newest come first, or the oldest', async () => {
  const types = await typesAt('/logs?q=type:(s OR fp OR fu)');
  expect(types).toEqual(['fu', 's', 'fp']);
  expect(await search('type:(s OR fp OR fu)', '&sort=date:1')).toEqual(['fp', 's', 'fu']);
  expect(await search('type:(s OR fp OR fu)', '&sort=date:-1&per_page=1&page=1')).toEqual(['s']);
});

describe('q and search', () => {
  test.each([
    [`user_id:"${ada}"`, ['s', 'fp']],
    ['user_name:"ada@example.com" AND NOT type:s', ['fp']],
    ['client_name:"Single page"', ['fu', 's', 'fp']],
    ['eve', ['fu']],
    ['"Single page" AND fp', ['fp']],
    ['date:[* TO 2001-01-01]', []],
  ])('%s', async (q, types) => {
    expect(await search(q)).toEqual(types);
    expect(await typesAt(`/logs?search=${encodeURIComponent(q)}`)).toEqual(types);
  });

  test('both at once narrow each other', async () => {
    expect(await search('type:fp', '&search=type:s')).toEqual([]);
    expect(await search('type:fp', `&search=${encodeURIComponent(`user_id:"${ada}"`)}`)).toEqual(['fp']);
  });

  test.each([
    ['q=type:"s', `'Failed to parse the query: a quotation mark is not closed' on property q.`],
    ['q=colour:red', `'Failed to parse the query: there is no field colour to search' on property q.`],
    ['search=(a', `'Failed to parse the query: it ends too early' on property search.`],
    ['sort=ip:1', `'String does not match pattern ^(?:date|log_id):(?:1|-1)$: ip:1' on property sort.`],
    ['take=0', `'Value 0 is less than minimum 1' on property take.`],
    ['fields=colour', `'Invalid fields: colour' on property fields.`],
  ])('%s is refused', async (query, reason) => {
    expect(await api.get(`/logs?${query}`)).toMatchObject({
      status: 400,
      body: { message: `Query validation error: ${reason}`, errorCode: 'invalid_query_string' },
    });
  });
});

test('§2.1: with totals a page tells its own length; fields choose members', async () => {
  const { body } = await api.get('/logs?q=type:(s OR fp OR fu)&include_totals=true&per_page=2&fields=type');
  expect(body).toEqual({ start: 0, limit: 2, length: 2, total: 2, logs: [{ type: 'fu' }, { type: 's' }] });
});

test('§2.1: from and take go on behind an entry, the oldest first, whatever else is asked', async () => {
  const all = Array.from((await api.get('/logs?take=100')).body);
  expect(all.length).toBeGreaterThan(3);
  expect(all.map(({ log_id }) => log_id)).toEqual(all.map(({ log_id }) => log_id).toSorted());
  const { body } = await api.get(`/logs?from=${all[0]?.log_id}&take=2&q=type:none&include_totals=true`);
  expect(body).toEqual(all.slice(1, 3));
  expect((await api.get(`/logs?from=${all.at(-1)?.log_id}`)).body).toEqual([]);
});

test('§3.7: /users/{id}/logs has the entries of one user', async () => {
  const path = `/users/${encodeURIComponent(ada)}/logs`;
  expect(await typesAt(path)).toEqual(['s', 'fp']);
  expect(await typesAt(`${path}?sort=date:1&per_page=1&page=1`)).toEqual(['s']);
  expect((await api.get(`${path}?include_totals=true`)).body).toMatchObject({
    start: 0,
    length: 2,
    total: 2,
  });
  expect((await api.get('/users/auth0%7Cnobody/logs')).body).toEqual([]);
});
