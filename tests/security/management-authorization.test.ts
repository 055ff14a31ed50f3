// From the registry of the Management API: every route, met by everybody who may not use it. Refused, each in its words,
// and nothing has changed. A route is in this matrix by being in the registry.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../packages/server/src/management/index.ts';
import type { Route } from '../../packages/server/src/management/route.ts';
import { managementScopes } from '../../packages/server/src/model/management-scopes.ts';
import { isCurrentUserScope, systemAudience } from '../../packages/server/src/model/resource-server.ts';
import { apiOf, grantSystemApi } from '../setup/administrators.ts';
import { Agent } from '../setup/agent.ts';
import {
  ada,
  audience,
  confidential,
  getTokens,
  orders,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type ApiAnswer, apiWith, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const owned = { ...spa, name: 'Gone', client_id: 'gone' };
const machine = { ...confidential, grant_types: ['client_credentials'] };
const tenant = sampleTenant({
  clients: [spa, owned, machine],
  resourceServers: [orders],
  clientGrants: [{ client_id: machine.client_id, audience, scope: ['read:orders'] }],
});
/** Everybody's tokens ask for all there is. */
const everything = ['openid', 'offline_access', ...managementScopes].join(' ');

let freehold: Freehold;
let bob: string;

beforeAll(async () => {
  freehold = await startFreehold({ tenant, users });
  const [row] = freehold.execute("select user_id from user where email = 'bob@example.com'");
  bob = String(row?.user_id);
  freehold.execute(
    "insert into user_role (user_id, role_id) select ?, id from role where name = 'owner'",
    ada,
  );
});
afterAll(() => freehold.stop());

/** What a route's path is filled in with: things that there are, where the tenant has one. */
function pathOf({ path }: Route, user_id: string): string {
  const [, collection = ''] = path.split('/');
  const ids: Record<string, string> = {
    'users id': user_id,
    'user-blocks id': user_id,
    'clients id': spa.client_id,
    'resource-servers id': audience,
  };
  return path.replace(/\{(\w+)\}/g, (_braces, name: string) =>
    encodeURIComponent(name === 'user_id' ? user_id : (ids[`${collection} ${name}`] ?? 'unknown')),
  );
}

function call(route: Route, token: string, user_id = bob): Promise<ApiAnswer> {
  const api = apiWith(freehold, token);
  const path = pathOf(route, user_id);
  if (route.method === 'GET') return api.get(path);
  const method = route.method.toLowerCase() as 'post' | 'patch' | 'put' | 'delete';
  return api[method](path, route.body === undefined ? undefined : {});
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/** The routes that answer in another way than `expected`, each with its answer. */
async function deviations(
  token: (route: Route) => string | Promise<string>,
  expected: (route: Route) => { status: number; message: string },
  among: readonly Route[] = routes,
): Promise<Record<string, unknown>> {
  const deviating: Record<string, unknown> = {};
  for (const route of among) {
    const { status, body } = await call(route, await token(route));
    const { message } = body;
    const wanted = expected(route);
    if (status !== wanted.status || message !== wanted.message)
      deviating[nameOf(route)] = { status, message, wanted };
  }
  return deviating;
}

const refusedAs = (message: string) => () => ({ status: 401, message });
const scopesOf = ({ scopes, currentUser }: Route) => [...scopes, ...(currentUser?.scopes ?? [])];
const lacking = (route: Route) => ({
  status: 403,
  message: `Insufficient scope, expected any of: ${scopesOf(route).join(',')}`,
});

/** Everything that is stored, but for what refusals leave in the log. */
function stored(): Record<string, unknown> {
  const tables = freehold.execute(
    "select name from sqlite_master where type = 'table' and name not like '%log%'",
  );
  return Object.fromEntries(tables.map(({ name }) => [name, freehold.execute(`select * from "${name}"`)]));
}

async function machineToken(): Promise<string> {
  const answer = await new Agent(freehold.issuer).postForm('/oauth/token', {
    grant_type: 'client_credentials',
    client_id: machine.client_id,
    client_secret: webSecret,
    audience,
  });
  return String(answer.json().access_token);
}

/** An owner's, by an application that is not the dashboard. */
async function personal(client_id = spa.client_id, username = 'ada@example.com') {
  const authorize = { client_id, audience: systemAudience(freehold.issuer), scope: everything };
  const { tokens } = await getTokens(freehold, { username, authorize, token: { client_id } });
  return tokens;
}

describe('every route of the Management API refuses', () => {
  test('each has its scope, of those that there are', () => {
    const unknown = routes.filter(
      (route) => !scopesOf(route).every((scope) => managementScopes.includes(scope)),
    );
    expect(unknown.map(nameOf)).toEqual([]);
    expect(routes.filter((route) => scopesOf(route).length === 0).map(nameOf)).toEqual([]);
  });

  test('who shows no token, and one who has only a cookie', async () => {
    const { agent } = await getTokens(freehold, { authorize: { scope: 'openid' } });
    const before = stored();
    expect(await deviations(() => '', refusedAs('Missing authentication'))).toEqual({});
    for (const route of routes) {
      const { status } = await agent.send(`/api/v2${pathOf(route, ada)}`, { method: route.method });
      expect({ route: nameOf(route), status }).toEqual({ route: nameOf(route), status: 401 });
    }
    expect(stored()).toEqual(before);
  });

  test('what is no token for it: garbage, one for another API, an opaque one, an ID token, a refresh token', async () => {
    const forOrders = await machineToken();
    const { tokens } = await getTokens(freehold, { authorize: { scope: 'openid offline_access' } });
    const before = stored();
    const none = [
      'garbage',
      'eyJhbGciOiJub25lIn0.e30.',
      forOrders,
      tokens.access_token,
      String(tokens.id_token),
      String(tokens.refresh_token),
    ];
    for (const token of none) expect(await deviations(() => token, refusedAs('Invalid token'))).toEqual({});
    expect(stored()).toEqual(before);
  });

  test('a client that may do everything but this', async () => {
    const tokens = new Map<string, string>();
    for (const route of routes) {
      const without = scopesOf(route);
      const key = without.toSorted().join();
      if (tokens.has(key)) continue;
      const others = managementScopes.filter((scope) => !without.includes(scope));
      tokens.set(key, (await managementApi(freehold, others, `under${tokens.size}`)).token);
    }
    const before = stored();
    expect(await deviations((route) => tokens.get(scopesOf(route).toSorted().join()) ?? '', lacking)).toEqual(
      {},
    );
    expect(stored()).toEqual(before);
  });

  test('AT-10: an owner who came by another application than the dashboard', async () => {
    const { access_token, scope } = await personal();
    expect(
      scope.split(' ').filter((name) => managementScopes.includes(name) && !isCurrentUserScope(name)),
    ).toEqual([]);
    const before = stored();
    const own = (route: Route) =>
      route.currentUser === undefined
        ? lacking(route)
        : { status: 403, message: 'User to be acted on does not match subject in bearer token.' };
    expect(await deviations(() => access_token, own)).toEqual({});
    expect(stored()).toEqual(before);
  });

  test('§3.1: who may change themselves, where somebody else is meant', async () => {
    const { access_token } = await personal(spa.client_id, 'bob@example.com');
    const theirs = routes.filter(({ currentUser }) => currentUser !== undefined);
    const before = stored();
    for (const route of theirs) {
      const { status, body } = await call(route, access_token, ada);
      expect({ route: nameOf(route), status, message: body.message }).toEqual({
        route: nameOf(route),
        status: 403,
        message: 'User to be acted on does not match subject in bearer token.',
      });
    }
    expect(stored()).toEqual(before);
  });

  test('the token of a client that has been deleted, and of one whose grant was taken away', async () => {
    const manager = await managementApi(freehold, managementScopes, 'leaving');
    const granted = await managementApi(freehold, managementScopes, 'ungranted');
    const { access_token } = await personal(owned.client_id);
    freehold.execute("delete from client_grant where client_id in ('leaving', 'ungranted')");
    freehold.execute("delete from client where client_id in ('leaving', 'gone')");
    const before = stored();
    for (const token of [manager.token, granted.token, access_token])
      expect(await deviations(() => token, refusedAs('Invalid token'))).toEqual({});
    expect(stored()).toEqual(before);
  });

  test('the token of a person who has been blocked since, and of one who is no more', async () => {
    const { access_token } = await personal(spa.client_id, 'bob@example.com');
    freehold.execute('update user set blocked = 1 where user_id = ?', bob);
    expect(await deviations(() => access_token, refusedAs('Invalid token'))).toEqual({});
    freehold.execute('update user set blocked = 0 where user_id = ?', bob);
  });

  test('RFC 9470: an administrator who logged in a while ago, where it cannot be undone', async () => {
    await grantSystemApi(freehold);
    const { token } = await apiOf(freehold, 'ada@example.com');
    freehold.clock.advance(301);
    const before = stored();
    const delicate = routes.filter(({ freshLogin }) => freshLogin === true);
    const refusal = { status: 401, message: 'Log in again to do this' };
    // What is not well-formed is refused before: an empty body is well-formed where none is needed.
    const asked = delicate.filter(({ body }) => body === undefined || body.safeParse({}).success);
    expect(
      await deviations(
        () => token,
        () => refusal,
        asked,
      ),
    ).toEqual({});
    expect(stored()).toEqual(before);
  });

  test('a token that has expired', async () => {
    const { token } = await managementApi(freehold, managementScopes, 'late');
    freehold.clock.advance(86_401);
    const before = stored();
    const message = 'Expired token received for JSON Web Token validation';
    expect(await deviations(() => token, refusedAs(message))).toEqual({});
    expect(stored()).toEqual(before);
  });
});
