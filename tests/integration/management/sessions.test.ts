// Sessions, refresh tokens and grants in the Management API (§3.5, §3.7), and what their end means (AT-14, BC-1).
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { Agent } from '../../setup/agent.ts';
import { activate, getCodes, poll, television } from '../../setup/device.ts';
import {
  audience,
  authorizationUrl,
  codeOf,
  consentAudience,
  getTokens,
  newPkce,
  refreshRequest,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../../setup/flow.ts';
import { hasSession } from '../../setup/logout.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type RelyingParty, startRelyingParty } from '../../setup/relying-party.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let party: RelyingParty;
let freehold: Freehold;
let api: ManagementApi;
let people = 0;

beforeAll(async () => {
  party = await startRelyingParty();
  const tenant = sampleTenant();
  const oidc_logout = {
    backchannel_logout_urls: [`${party.origin}/ended`],
    backchannel_logout_initiators: { mode: 'all' },
  };
  const persons = Array.from({ length: 30 }, (_, index) => ({
    ...users[0],
    email: `person${index}@example.com`,
    user_id: String(index).padStart(24, '0'),
  }));
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    { ...spa, name: 'Told', client_id: 'told', oidc_logout },
    television,
  ];
  freehold = await startFreehold({
    tenant,
    users: persons,
    flags: ['--insecure-allow-private-outbound'],
  });
  api = await managementApi(freehold);
});
afterAll(async () => {
  await freehold.stop();
  await party.stop();
});
beforeEach(() => {
  party.received.length = 0;
});

/** Somebody new, who has logged in and holds a refresh token and an access token for /userinfo. */
async function somebody(authorize: Record<string, string> = {}) {
  const index = people++;
  const user_id = `auth0|${String(index).padStart(24, '0')}`;
  const signIn = async (agent = new Agent(freehold.issuer)) => {
    const client_id = authorize.client_id ?? 'spa';
    const { tokens } = await getTokens(freehold, {
      agent,
      username: `person${index}@example.com`,
      authorize: { scope: 'openid offline_access', ...authorize },
      token: { client_id },
    });
    const refresh = async () => {
      const answer = await agent.postForm(
        '/oauth/token',
        refreshRequest(tokens.refresh_token, { client_id }),
      );
      return answer.status;
    };
    const userinfo = async () => {
      const headers = { authorization: `Bearer ${tokens.access_token}` };
      return (await agent.send('/userinfo', { headers })).status;
    };
    return { agent, refresh, userinfo, hasSession: () => hasSession(freehold, agent) };
  };
  const path = `/users/${encodeURIComponent(user_id)}`;
  return { user_id, path, signIn };
}

/** What a code for it is redeemed with. */
async function consentTo(agent: Agent, overrides: Record<string, string>) {
  const pkce = newPkce();
  const page = await agent.open(authorizationUrl(freehold, pkce, overrides));
  const code = codeOf(await agent.follow(await agent.submit(page, { action: 'accept' })));
  return tokenRequest(pkce, code, overrides);
}

async function consent(agent: Agent, overrides: Record<string, string>) {
  const answer = await agent.postForm('/oauth/token', await consentTo(agent, overrides));
  return String(answer.json().access_token);
}

const sessionsOf = async (path: string) => {
  const { body } = await api.get(`${path}/sessions`);
  return body.sessions as Record<string, unknown>[];
};
const tokensOf = async (path: string) => {
  const { body } = await api.get(`${path}/refresh-tokens`);
  return body.tokens as Record<string, unknown>[];
};
const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);

describe('sessions', () => {
  test('SE-10: a session is told with its device, its clients and how the user logged in', async () => {
    const { path, user_id, signIn } = await somebody();
    await signIn();
    const [session] = await sessionsOf(path);
    const device = { initial_ip: '127.0.0.1', last_ip: '127.0.0.1' };
    expect(session).toEqual({
      id: expect.stringMatching(/^[\w-]{32}$/),
      user_id,
      created_at: time,
      updated_at: time,
      authenticated_at: time,
      idle_expires_at: time,
      expires_at: time,
      last_interacted_at: time,
      device: { ...device, initial_user_agent: expect.any(String), last_user_agent: expect.any(String) },
      clients: [{ client_id: 'spa' }],
      authentication: { methods: [{ name: 'pwd', timestamp: session?.authenticated_at }] },
      cookie: { mode: 'persistent' },
    });
    expect((await api.get(`/sessions/${session?.id}`)).body).toEqual(session);
  });

  test('session_metadata is set, told, and taken away', async () => {
    const { path, signIn } = await somebody();
    await signIn();
    const [session] = await sessionsOf(path);
    const patch = (session_metadata: unknown) => api.patch(`/sessions/${session?.id}`, { session_metadata });
    expect((await patch({ till: '7' })).body).toMatchObject({ session_metadata: { till: '7' } });
    expect((await sessionsOf(path))[0]?.session_metadata).toEqual({ till: '7' });
    expect((await patch({})).body.session_metadata).toBeUndefined();
    expect((await api.get(`/sessions/${session?.id}`)).body.session_metadata).toBeUndefined();
    for (const bad of [
      { a: 1 },
      { a: 'x'.repeat(256) },
      Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`k${at}`, 'v'])),
      'text',
    ])
      expect((await patch(bad)).status).toBe(400);
  });

  test('DELETE ends the session and leaves refresh tokens; who was served hears of it', async () => {
    const { path, signIn } = await somebody({ client_id: 'told' });
    const { agent, refresh } = await signIn();
    const [session] = await sessionsOf(path);
    expect(await api.delete(`/sessions/${session?.id}`)).toMatchObject({ status: 202, body: {} });
    expect(await hasSession(freehold, agent)).toBe(false);
    expect(await refresh()).toBe(200);
    await freehold.composed.deliverDue();
    expect(party.received.map(({ url }) => url)).toEqual(['/ended']);
    expect((await api.get(`/sessions/${session?.id}`)).status).toBe(404);
    expect((await api.delete(`/sessions/${session?.id}`)).status).toBe(202);
  });

  test('AT-14: revoke ends the session and everything that was given in it, and nothing else', async () => {
    const { path, signIn } = await somebody({ client_id: 'told' });
    const one = await signIn();
    const other = await signIn();
    const withoutRefresh = await getTokens(freehold, { agent: one.agent, authorize: { scope: 'openid' } });
    const sessions = await sessionsOf(path);
    expect(sessions).toHaveLength(2);
    const id = sessions.find(({ clients }) => (clients as unknown[]).length === 2)?.id;
    expect(await api.post(`/sessions/${id}/revoke`)).toMatchObject({ status: 202, body: {} });
    expect([await one.refresh(), await one.userinfo(), await one.hasSession()]).toEqual([403, 401, false]);
    const headers = { authorization: `Bearer ${withoutRefresh.tokens.access_token}` };
    expect((await one.agent.send('/userinfo', { headers })).status).toBe(401);
    expect([await other.refresh(), await other.userinfo(), await other.hasSession()]).toEqual([
      200,
      200,
      true,
    ]);
    await freehold.composed.deliverDue();
    expect(party.received.map(({ url }) => url)).toEqual(['/ended']);
    expect(await api.post(`/sessions/${id}/revoke`)).toMatchObject({
      status: 404,
      body: { message: 'The session does not exist.' },
    });
  });

  test('AT-14: and what a device has yet to fetch, or has', async () => {
    const { path, signIn } = await somebody();
    const { agent } = await signIn();
    const [fetched, waiting] = [await getCodes(freehold), await getCodes(freehold)];
    for (const codes of [fetched, waiting]) await activate(agent, codes);
    const headers = { authorization: `Bearer ${(await poll(freehold, fetched)).json().access_token}` };
    expect((await agent.send('/userinfo', { headers })).status).toBe(200);
    const [session] = await sessionsOf(path);
    await api.post(`/sessions/${session?.id}/revoke`);
    expect((await agent.send('/userinfo', { headers })).status).toBe(401);
    expect(await poll(freehold, waiting)).toMatchObject({
      status: 403,
      text: expect.stringContaining('Invalid or expired device code.'),
    });
  });

  test('an ended session is not told', async () => {
    const { path, signIn } = await somebody();
    await signIn();
    const [session] = await sessionsOf(path);
    const expires_at = Date.parse(String(session?.idle_expires_at)) / 1000;
    freehold.clock.advance(expires_at - freehold.clock.now());
    api = await managementApi(freehold, undefined, 'later');
    expect(await sessionsOf(path)).toEqual([]);
    expect((await api.get(`/sessions/${session?.id}`)).status).toBe(404);
  });

  test('§2.1: the list goes on from a checkpoint; DELETE ends them all', async () => {
    const { path, signIn } = await somebody();
    for (let count = 0; count < 3; count++) await signIn();
    const first = (await api.get(`${path}/sessions?take=2&include_totals=true`)).body;
    expect(Object.keys(first)).toEqual(['sessions', 'next']);
    const second = (await api.get(`${path}/sessions?take=2&from=${first.next}`)).body;
    const ids = [first, second].flatMap(({ sessions }) => (sessions as { id: string }[]).map(({ id }) => id));
    expect([ids.length, new Set(ids).size, second.next]).toEqual([3, 3, undefined]);
    expect(await api.delete(`${path}/sessions`)).toMatchObject({ status: 202, body: {} });
    expect(await sessionsOf(path)).toEqual([]);
    for (const call of [api.get, api.delete])
      expect((await call('/users/auth0%7Cnobody/sessions')).status).toBe(404);
  });
});

describe('POST /users/{id}/revoke-access', () => {
  const state = async ({
    refresh,
    userinfo,
    hasSession,
  }: Awaited<ReturnType<Awaited<ReturnType<typeof somebody>>['signIn']>>) => [
    await refresh(),
    await userinfo(),
    await hasSession(),
  ];

  test('AT-14: whatever the user was given ends', async () => {
    const { path, signIn } = await somebody();
    const both = [await signIn(), await signIn()];
    expect(await api.post(`${path}/revoke-access`)).toMatchObject({ status: 202, body: {} });
    for (const one of both) expect(await state(one)).toEqual([403, 401, false]);
    expect([await sessionsOf(path), await tokensOf(path)]).toEqual([[], []]);
  });

  test('preserve_refresh_tokens ends the sessions alone', async () => {
    const { path, signIn } = await somebody();
    const one = await signIn();
    expect((await api.post(`${path}/revoke-access`, { preserve_refresh_tokens: true })).status).toBe(202);
    expect(await state(one)).toEqual([200, 200, false]);
  });

  test('of a user who is not there, nothing', async () => {
    expect((await api.post('/users/auth0%7Cnobody/revoke-access')).status).toBe(404);
  });

  test('session_id ends what belongs to that session, and to no other user', async () => {
    const { path, signIn } = await somebody();
    const one = await signIn();
    const session_id = (await sessionsOf(path))[0]?.id;
    const other = await signIn();
    const stranger = await somebody();
    await stranger.signIn();
    expect((await api.post(`${stranger.path}/revoke-access`, { session_id })).status).toBe(202);
    expect(await one.hasSession()).toBe(true);
    expect((await api.post(`${path}/revoke-access`, { session_id })).status).toBe(202);
    expect(await state(one)).toEqual([403, 401, false]);
    expect(await state(other)).toEqual([200, 200, true]);
  });
});

describe('refresh tokens', () => {
  test('a refresh token is told with what it is good for, and keeps its name when it is exchanged', async () => {
    const { path, user_id, signIn } = await somebody({
      audience,
      scope: 'openid offline_access read:orders',
    });
    const { refresh } = await signIn();
    const [token] = await tokensOf(path);
    const [session] = await sessionsOf(path);
    expect(token).toEqual({
      id: expect.stringMatching(/^[\w-]{1,30}$/),
      user_id,
      created_at: time,
      idle_expires_at: time,
      expires_at: time,
      client_id: 'spa',
      session_id: session?.id,
      rotating: true,
      resource_servers: [{ audience, scopes: 'openid offline_access read:orders' }],
      device: session?.device,
    });
    expect((await api.get(`/refresh-tokens/${token?.id}`)).body).toEqual(token);
    freehold.clock.advance(60);
    expect(await refresh()).toBe(200);
    expect((await api.get(`/refresh-tokens/${token?.id}`)).body.last_exchanged_at).toEqual(time);
    expect((await api.get('/refresh-tokens/nothing')).status).toBe(404);
  });

  test('refresh_token_metadata is set, told, and taken away', async () => {
    const { path, signIn } = await somebody();
    await signIn();
    const [token] = await tokensOf(path);
    const patch = (refresh_token_metadata: unknown) =>
      api.patch(`/refresh-tokens/${token?.id}`, { refresh_token_metadata });
    expect((await patch({ name: 'phone' })).body).toMatchObject({
      refresh_token_metadata: { name: 'phone' },
    });
    expect((await tokensOf(path))[0]?.refresh_token_metadata).toEqual({ name: 'phone' });
    expect((await patch(null)).body).toEqual(token);
  });

  test('AT-14: DELETE revokes it with its access tokens, and is content with what is not there', async () => {
    const { path, signIn } = await somebody();
    const one = await signIn();
    const [token] = await tokensOf(path);
    const other = await signIn();
    expect(await api.delete(`/refresh-tokens/${token?.id}`)).toMatchObject({ status: 202, body: {} });
    expect([await one.refresh(), await one.userinfo(), await one.hasSession()]).toEqual([403, 401, true]);
    expect(await other.refresh()).toBe(200);
    expect((await tokensOf(path)).map(({ id }) => id)).not.toContain(token?.id);
    expect((await api.delete(`/refresh-tokens/${token?.id}`)).status).toBe(202);
  });

  test('§2.1: lists by user and client go on from a checkpoint; totals where they are asked for', async () => {
    const { path, user_id, signIn } = await somebody();
    for (let count = 0; count < 3; count++) await signIn();
    const list = async (query: string) =>
      (await api.get(`/refresh-tokens?user_id=${encodeURIComponent(user_id)}&${query}`)).body;
    const first = await list('take=2&fields=id');
    expect(first.refresh_tokens).toHaveLength(2);
    const second = await list(`take=2&from=${first.next}`);
    expect([(second.refresh_tokens as unknown[]).length, second.next]).toEqual([1, undefined]);
    expect(await list('client_id=native')).toEqual({ refresh_tokens: [] });
    const counted = (await api.get(`${path}/refresh-tokens?include_totals=true&per_page=2`)).body;
    expect(counted).toMatchObject({ total: 3, next: expect.any(String) });
    expect(await api.get('/refresh-tokens?user_id=nobody')).toMatchObject({ status: 404 });
    expect(await api.get('/refresh-tokens')).toMatchObject({ status: 400 });
    expect(await list('client_id=nobody')).toMatchObject({ message: 'The client does not exist.' });
  });

  test('DELETE /users/{id}/refresh-tokens revokes all of them', async () => {
    const { path, signIn } = await somebody();
    const both = [await signIn(), await signIn()];
    expect(await api.delete(`${path}/refresh-tokens`)).toMatchObject({ status: 202, body: {} });
    for (const { refresh, hasSession } of both)
      expect([await refresh(), await hasSession()]).toEqual([403, true]);
    expect(await tokensOf(path)).toEqual([]);
  });

  test('POST /refresh-tokens/revoke: by id, by user, by client, by audience', async () => {
    const { path, user_id, signIn } = await somebody({ audience, scope: 'openid offline_access' });
    const revoke = (body: unknown) => api.post('/refresh-tokens/revoke', body);
    const live = async () => (await tokensOf(path)).length;
    for (let count = 0; count < 4; count++) await signIn();
    const [first] = await tokensOf(path);
    expect(await revoke({ ids: [first?.id, 'nothing'] })).toMatchObject({ status: 202, body: {} });
    expect(await live()).toBe(3);
    await revoke({ user_id, client_id: 'native' });
    await revoke({ user_id, client_id: 'spa', audience: consentAudience });
    await revoke({ user_id, client_id: 'spa', audience: `${freehold.issuer}userinfo` });
    expect(await live()).toBe(3);
    await revoke({ user_id, client_id: 'spa', audience });
    expect(await live()).toBe(0);
    await signIn();
    await revoke({ user_id });
    expect(await live()).toBe(0);
  });

  test.each([
    [{}, 'Invalid combination of parameters.'],
    [{ client_id: 'spa' }, 'Invalid combination of parameters.'],
    [{ user_id: 'x', audience }, 'Invalid combination of parameters.'],
    [{ ids: ['x'], user_id: 'x' }, 'Invalid combination of parameters.'],
    [{ user_id: 'auth0|nobody' }, 'User not found.'],
    [{ user_id: 'auth0|000000000000000000000000', client_id: 'nobody' }, 'Client not found.'],
    [
      { user_id: 'auth0|000000000000000000000000', client_id: 'spa', audience: 'https://nowhere.example/' },
      'Resource server not found.',
    ],
  ])('POST /refresh-tokens/revoke refuses %j', async (body, message) => {
    expect(await api.post('/refresh-tokens/revoke', body)).toMatchObject({ status: 400, body: { message } });
  });
});

describe('§3.7: grants', () => {
  test('CN-8: what a user consented to is listed, and deleted with what came of it', async () => {
    const { user_id, signIn } = await somebody();
    const { agent, refresh } = await signIn();
    await consent(agent, { audience: consentAudience, scope: 'read:payments' });
    const access_token = await consent(agent, { client_id: 'third', scope: 'openid profile' });
    const list = async (query = '') =>
      (await api.get(`/grants?user_id=${encodeURIComponent(user_id)}${query}`)).body;
    const id = expect.any(String);
    const payments = { id, clientID: 'spa', user_id, audience: consentAudience, scope: ['read:payments'] };
    const userinfo = `${freehold.issuer}userinfo`;
    const third = { id, clientID: 'third', user_id, audience: userinfo, scope: ['openid', 'profile'] };
    expect(Array.from(await list())).toEqual(expect.arrayContaining([payments, third]));
    expect(await list(`&audience=${encodeURIComponent(userinfo)}`)).toEqual([third]);
    expect(await list('&client_id=spa&include_totals=true')).toEqual({
      start: 0,
      limit: 50,
      total: 1,
      grants: [payments],
    });
    const [grant] = Array.from(await list('&client_id=third'));
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await agent.send('/userinfo', { headers })).status).toBe(200);
    expect((await api.delete(`/grants/${grant?.id}`)).status).toBe(204);
    expect((await agent.send('/userinfo', { headers })).status).toBe(401);
    expect((await api.delete(`/grants/${grant?.id}`)).status).toBe(204);
    expect(await list()).toEqual([payments]);
    expect((await api.delete(`/grants?user_id=${encodeURIComponent(user_id)}`)).status).toBe(204);
    expect([await list(), await refresh()]).toEqual([[], 200]);
    expect((await api.delete('/grants')).status).toBe(400);
  });

  test('AT-14: a code that nobody has redeemed yet is taken back as well', async () => {
    const { user_id, signIn } = await somebody();
    const { agent } = await signIn();
    const request = await consentTo(agent, { client_id: 'third', scope: 'openid profile' });
    expect((await api.delete(`/grants?user_id=${encodeURIComponent(user_id)}`)).status).toBe(204);
    const answer = await agent.postForm('/oauth/token', request);
    expect([answer.status, answer.json().error_description]).toEqual([403, 'Invalid authorization code']);
  });
});

test('whoever may do less than an administrator takes nothing from them', async () => {
  const { path, user_id, signIn } = await somebody({ audience, scope: 'openid offline_access' });
  const permission_name = 'delete:users';
  const resource_server_identifier = systemAudience(freehold.issuer);
  const permissions = [{ permission_name, resource_server_identifier }];
  expect((await api.post(`${path}/permissions`, { permissions })).status).toBe(201);
  const { agent, refresh } = await signIn();
  await consent(agent, { audience: consentAudience, scope: 'read:payments' });
  const [session] = await sessionsOf(path);
  const [token] = await tokensOf(path);
  const [grant] = Array.from((await api.get(`/grants?user_id=${encodeURIComponent(user_id)}`)).body);
  const scopes = ['sessions', 'refresh_tokens'].flatMap((of) => [`delete:${of}`, `update:${of}`]);
  const lesser = await managementApi(freehold, [...scopes, 'delete:grants'], 'lesser');
  const refused = [
    await lesser.delete(`/sessions/${session?.id}`),
    await lesser.patch(`/sessions/${session?.id}`, { session_metadata: {} }),
    await lesser.post(`/sessions/${session?.id}/revoke`),
    await lesser.delete(`${path}/sessions`),
    await lesser.post(`${path}/revoke-access`),
    await lesser.delete(`/refresh-tokens/${token?.id}`),
    await lesser.patch(`/refresh-tokens/${token?.id}`, { refresh_token_metadata: {} }),
    await lesser.post('/refresh-tokens/revoke', { user_id }),
    await lesser.post('/refresh-tokens/revoke', { ids: [token?.id] }),
    await lesser.delete(`${path}/refresh-tokens`),
    await lesser.delete(`/grants/${grant?.id}`),
    await lesser.delete(`/grants?user_id=${encodeURIComponent(user_id)}`),
  ];
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
  expect([await refresh(), await hasSession(freehold, agent)]).toEqual([200, true]);
  expect((await api.get(`/grants?user_id=${encodeURIComponent(user_id)}`)).body).toHaveLength(1);
});
