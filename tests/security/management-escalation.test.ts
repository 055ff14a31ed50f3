// Ways from less to more in the Management API, and around a fresh login: each was open once, or looks as if it were.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { systemAudience } from '../../packages/server/src/model/resource-server.ts';
import { apiOf, giveRole, grantSystemApi } from '../setup/administrators.ts';
import { Agent } from '../setup/agent.ts';
import { ada, claimsOf, getTokens, password, refreshRequest, sampleTenant, users } from '../setup/flow.ts';
import { apiWith, type ManagementApi, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let machine: ManagementApi;
let owner: ManagementApi;
const adasPath = `/users/${encodeURIComponent(ada)}`;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  await grantSystemApi(freehold);
  await giveRole(freehold, ada, 'owner');
  machine = await managementApi(freehold);
});
beforeEach(async () => {
  owner = await apiOf(freehold, 'ada@example.com');
});
afterAll(() => freehold.stop());

/** Longer than a login is fresh. */
function leaveTheDesk(): void {
  freehold.clock.advance(301);
}

async function createUser(email: string): Promise<string> {
  const { body } = await machine.post('/users', { connection: defaultDatabaseName, email, password });
  return String(body.user_id);
}

async function connectionId(): Promise<string> {
  const { body } = await machine.get(`/connections?name=${defaultDatabaseName}`);
  return String(body[0]?.id);
}

async function asksForPassword(ticket: string): Promise<boolean> {
  return (await new Agent(freehold.issuer).send(ticket)).text.includes('type="password"');
}

async function isGood(access_token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${access_token}` };
  return (await new Agent(freehold.issuer).send('/userinfo', { headers })).status === 200;
}

test('RFC 9470: no client is given the Management API by an old login: it would outlive that', async () => {
  const { body } = await machine.post('/clients', { name: 'Backdoor', app_type: 'non_interactive' });
  const grant = {
    client_id: body.client_id,
    audience: systemAudience(freehold.issuer),
    scope: ['read:users'],
  };
  leaveTheDesk();
  const refused = await owner.post('/client-grants', grant);
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([
    401,
    expect.stringContaining('max_age'),
  ]);
  expect((await (await apiOf(freehold, 'ada@example.com')).post('/client-grants', grant)).status).toBe(201);
});

test('RFC 9068 §2.2.1: a token is as old as the login that it came of, however it is renewed', async () => {
  const authorize = {
    audience: systemAudience(freehold.issuer),
    scope: 'openid offline_access create:client_grants',
    prompt: 'login',
  };
  const { agent, tokens } = await getTokens(freehold, { authorize });
  const { auth_time } = claimsOf(tokens.access_token);
  expect(auth_time).toBe(freehold.clock.now());
  leaveTheDesk();
  // The same person elsewhere, and somebody else here.
  await getTokens(freehold, { authorize });
  await getTokens(freehold, { username: 'bob@example.com', authorize });
  const silent = (await getTokens(freehold, { agent, authorize: { ...authorize, prompt: 'none' } })).tokens;
  const refreshed = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
  for (const access_token of [silent.access_token, String(refreshed.json().access_token)]) {
    expect(claimsOf(access_token).auth_time).toBe(auth_time);
    const grant = {
      client_id: 'web',
      audience: systemAudience(freehold.issuer),
      scope: ['create:client_grants'],
    };
    expect((await apiWith(freehold, access_token).post('/client-grants', grant)).status).toBe(401);
  }
});

test('RFC 9470: nor are administrators deleted with their connection, or its logins switched off', async () => {
  const id = await connectionId();
  leaveTheDesk();
  expect((await owner.delete(`/connections/${id}`)).status).toBe(401);
  expect((await owner.patch(`/connections/${id}`, { authentication: { active: false } })).status).toBe(401);
});

test('the last owner is not locked out by switching logins off, nor the dashboard by disabling it', async () => {
  const id = await connectionId();
  const off = await machine.patch(`/connections/${id}`, { authentication: { active: false } });
  expect([off.status, off.body.message]).toEqual([400, expect.stringContaining('last owner')]);
  const disabled = await machine.patch(`/connections/${id}/clients`, [
    { client_id: 'freehold-dashboard', status: false },
  ]);
  expect(disabled.status).toBe(404);
  expect(await freehold.stores.connections.listClients(id)).toContain('freehold-dashboard');
});

test('RFC 9470: the secret that an API’s tokens are signed with is not replaced by an old login', async () => {
  const { body } = await machine.post('/resource-servers', {
    identifier: 'https://hmac.example/',
    signing_alg: 'HS256',
    signing_secret: 'a-secret-that-is-long-enough-for-sha-256',
  });
  leaveTheDesk();
  const chosen = { signing_secret: 'another-secret-that-is-long-enough-0123' };
  expect((await owner.patch(`/resource-servers/${body.id}`, chosen)).status).toBe(401);
});

test('whoever may not change an administrator learns nothing of earlier passwords', async () => {
  const connection = await connectionId();
  const options = { password_history: { enable: true, size: 5 } };
  expect((await machine.patch(`/connections/${connection}`, { options })).status).toBe(200);
  const support = await managementApi(freehold, ['update:users', 'read:users'], 'support');
  for (const guess of [password, 'Another-guess-1']) {
    const { status, body } = await support.patch(adasPath, { password: guess });
    expect([status, body.message]).toEqual([403, expect.stringContaining('administrator')]);
  }
});

test('what was prepared before somebody became an administrator is no way in afterwards', async () => {
  const user_id = await createUser('later@example.com');
  const { body } = await machine.post('/tickets/password-change', { user_id, ttl_sec: 3600 });
  const ticket = String(body.ticket);
  expect(await asksForPassword(ticket)).toBe(true);
  const roles = await machine.get('/roles?type=system&name_filter=owner');
  const give = () =>
    machine.post(`/users/${encodeURIComponent(user_id)}/roles`, { roles: [roles.body[0]?.id] });

  const puppet = await createUser('puppet@example.com');
  const identities = `/users/${encodeURIComponent(user_id)}/identities`;
  await machine.post(identities, { provider: 'auth0', user_id: puppet.slice('auth0|'.length) });
  const refused = await give();
  expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('linked')]);
  await machine.delete(`${identities}/auth0/${puppet.slice('auth0|'.length)}`);
  expect((await give()).status).toBe(204);
  expect(await asksForPassword(ticket)).toBe(false);
});

test('a list of users leaves by the link of a job only with read:users', async () => {
  const { body } = await machine.post('/jobs/users-exports', {});
  const creator = await managementApi(freehold, ['create:users'], 'creator');
  expect((await machine.get(`/jobs/${body.id}`)).body.location).toBeDefined();
  expect((await creator.get(`/jobs/${body.id}`)).body.location).toBeUndefined();
});

test('who has no permission fills no log with refusals', async () => {
  const bob = await apiOf(freehold, 'bob@example.com', ['read:current_user']);
  const count = async () => (await freehold.logEntries()).filter(({ type }) => type === 'fapi').length;
  const before = await count();
  for (let tries = 0; tries < 5; tries += 1) expect((await bob.get('/users')).status).toBe(403);
  expect(await count()).toBe(before + 1);
});

test('a role that becomes one of administrators promotes whoever has it already', async () => {
  const user_id = await createUser('member@example.com');
  const { body: role } = await machine.post('/roles', { name: 'Members' });
  const permissions = [
    { resource_server_identifier: systemAudience(freehold.issuer), permission_name: 'read:logs' },
  ];
  const at = `/roles/${role.id}/permissions`;
  await machine.post(`/roles/${role.id}/users`, { users: [user_id, ada] });
  const { body } = await machine.post('/tickets/password-change', { user_id });
  const { tokens } = await getTokens(freehold, { username: 'member@example.com' });

  const reader = await managementApi(freehold, ['update:roles', 'read:logs'], 'reader');
  const refused = await reader.post(at, { permissions });
  expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining('administrator')]);
  expect(await isGood(tokens.access_token)).toBe(true);
  expect((await machine.post(at, { permissions })).status).toBe(201);
  expect([await asksForPassword(String(body.ticket)), await isGood(tokens.access_token)]).toEqual([
    false,
    false,
  ]);
  // An owner before: nothing of theirs ends.
  expect((await owner.get('/users')).status).toBe(200);
});

test('RFC 9470: whom a connection believes is not changed by an old login', async () => {
  const options = { client_id: 'x', client_secret: 'secret', issuer: 'https://idp.example/' };
  const { body } = await machine.post('/connections', { name: 'upstream', strategy: 'oidc', options });
  const told = (await owner.get(`/connections/${body.id}`)).body.options as Record<string, unknown>;
  leaveTheDesk();
  const change = (members: Record<string, unknown>) =>
    owner.patch(`/connections/${body.id}`, { options: { ...told, ...members } });
  // The secret, which they were not told, stays.
  expect((await change({})).status).toBe(200);
  expect((await owner.patch(`/connections/${body.id}`, { display_name: 'Upstream' })).status).toBe(200);
  for (const members of [
    { client_secret: 'another' },
    { issuer: 'https://evil.example/' },
    { jwks_uri: 'https://evil.example/keys' },
    { discovery_url: 'https://evil.example/.well-known/openid-configuration' },
    { tokenURL: 'https://evil.example/token' },
  ]) {
    expect([members, (await change(members)).status]).toEqual([members, 401]);
  }
});
