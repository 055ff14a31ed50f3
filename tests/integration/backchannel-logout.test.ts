// OpenID Connect Back-Channel Logout, as an application sees it.
import { rm } from 'node:fs/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  getTokens,
  newPkce,
  password,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { isIdTokenHint } from '../setup/logout.ts';
import { managementApi } from '../setup/management.ts';
import { linkSentTo } from '../setup/outbox.ts';
import { type RelyingParty, startRelyingParty } from '../setup/relying-party.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let party: RelyingParty;
let freehold: Freehold;
let clients: Record<string, unknown>[];

const bye = 'https://app.example/bye';
const allowPrivate = '--insecure-allow-private-outbound';

beforeAll(async () => {
  party = await startRelyingParty();
  const at = (...paths: string[]) => paths.map((path) => `${party.origin}${path}`);
  const client = (client_id: string, oidc_logout: Record<string, unknown>) => ({
    ...spa,
    name: client_id,
    client_id,
    allowed_logout_urls: [bye],
    oidc_logout,
  });
  clients = [
    spa,
    client('one', { backchannel_logout_urls: at('/one') }),
    client('two', { backchannel_logout_urls: at('/two/a', '/two/b') }),
    client('all', {
      backchannel_logout_urls: at('/all'),
      backchannel_logout_initiators: { mode: 'all' },
    }),
    client('some', {
      backchannel_logout_urls: at('/some'),
      backchannel_logout_initiators: { selected_initiators: ['session-revoked'] },
    }),
  ];
  freehold = await startFreehold({ tenant: sampleTenant({ clients }), users, flags: [allowPrivate] });
});
afterAll(async () => {
  await freehold.stop();
  await party.stop();
});
beforeEach(() => {
  party.received.length = 0;
  party.status = 200;
});

async function signIn(client_id: string, agent = new Agent(freehold.issuer), at = freehold) {
  return getTokens(at, { agent, authorize: { client_id, scope: 'openid' }, token: { client_id } });
}

const logOut = (agent: Agent) => agent.send('/v2/logout');
const tokenOf = ({ body }: { body: string }) => new URLSearchParams(body).get('logout_token') ?? '';
const heardAt = () => party.received.map(({ url }) => url).sort();

async function lastEntry(type: string, at = freehold) {
  return (await at.logEntries()).filter((entry) => entry.type === type).at(-1);
}

/** Throws if it is not. */
async function assertGenuine(jws: string, at = freehold): Promise<void> {
  const keySet = createRemoteJWKSet(new URL('.well-known/jwks.json', at.issuer));
  const currentDate = new Date(at.clock.now() * 1000);
  await jwtVerify(jws, keySet, { issuer: at.issuer, audience: 'one', algorithms: ['RS256'], currentDate });
}

describe('BC-1: who hears of it', () => {
  test('every client of the session that registered an address, at each of them', async () => {
    const { agent } = await signIn('one');
    await signIn('two', agent);
    await signIn('spa', agent);
    await logOut(agent);
    expect(party.received).toEqual([]);
    await freehold.composed.deliverDue();
    expect(heardAt()).toEqual(['/one', '/two/a', '/two/b']);
  });

  test('no client of another session of the same user', async () => {
    await signIn('one');
    const { agent } = await signIn('two');
    await logOut(agent);
    await freehold.composed.deliverDue();
    expect(heardAt()).toEqual(['/two/a', '/two/b']);
  });

  test('nobody where there was no session, and nobody twice', async () => {
    const { agent } = await signIn('one');
    await logOut(agent);
    await logOut(agent);
    await logOut(new Agent(freehold.issuer));
    await freehold.composed.deliverDue();
    await freehold.composed.deliverDue();
    expect(heardAt()).toEqual(['/one']);
  });

  test('backchannel_logout_initiators: another person at the same browser ends the session', async () => {
    const { agent } = await signIn('one');
    await signIn('all', agent);
    await signIn('some', agent);
    const again = authorizationUrl(freehold, newPkce(), { prompt: 'login' });
    await agent.logIn(again, 'bob@example.com', 'Correct-horse-1');
    await freehold.composed.deliverDue();
    expect(heardAt()).toEqual(['/all', '/some']);
  });

  test('backchannel_logout_initiators: a logout is told to all of them', async () => {
    const { agent } = await signIn('all');
    await signIn('some', agent);
    await logOut(agent);
    await freehold.composed.deliverDue();
    expect(heardAt()).toEqual(['/all', '/some']);
  });
});

test('backchannel_logout_initiators, SE-5: another password ends every session of the user', async () => {
  const agents = [new Agent(freehold.issuer), new Agent(freehold.issuer)];
  for (const [index, agent] of agents.entries()) {
    for (const client_id of ['one', 'all', 'some']) {
      const authorize = { client_id, scope: 'openid' };
      const username = index === 0 ? 'bob@example.com' : 'ada@example.com';
      await getTokens(freehold, { agent, username, authorize, token: { client_id } });
    }
  }
  const asked = { client_id: 'one', email: 'bob@example.com', connection: defaultDatabaseName };
  await agents[0]?.postJson('/dbconnections/change_password', asked);
  const link = await linkSentTo(freehold, 'bob@example.com');
  const stranger = new Agent(freehold.issuer);
  await stranger.submit(await stranger.open(link), { password });
  await freehold.composed.deliverDue();
  expect(heardAt()).toEqual(['/all']);
  expect(claimsOf(tokenOf(party.received[0] ?? { body: '' })).sub).toMatch(/^auth0\|/);
  const rows = freehold.execute('select distinct user_id from session');
  expect(rows).toContainEqual({ user_id: 'auth0|0123456789abcdef01234567' });
  const bob = await freehold.stores.users.findByIdentifier(
    (await freehold.stores.connections.findByName(defaultDatabaseName))?.id ?? '',
    'bob@example.com',
  );
  expect(rows).not.toContainEqual({ user_id: bob?.user.user_id });
});

test.each([
  ['email-identifier-changed', { email: 'renamed@example.com' }, ['/all']],
  ['session-revoked', { phone_number: '+15550002' }, ['/all', '/some']],
])('backchannel_logout_initiators, SE-5: %s', async (_initiator, changes, heard) => {
  const api = await managementApi(freehold);
  const username = `${Object.keys(changes)[0]}@example.com`;
  const person = { connection: defaultDatabaseName, email: username, phone_number: '+15550001', password };
  const { user_id } = (await api.post('/users', person)).body;
  const agent = new Agent(freehold.issuer);
  for (const client_id of ['all', 'some']) {
    const authorize = { client_id, scope: 'openid' };
    await getTokens(freehold, { agent, username, authorize, token: { client_id } });
  }
  expect((await api.patch(`/users/${encodeURIComponent(String(user_id))}`, changes)).status).toBe(200);
  await freehold.composed.deliverDue();
  expect(heardAt()).toEqual(heard);
});

test('BC-2: the logout token', async () => {
  const { agent, tokens } = await signIn('one');
  await logOut(agent);
  await freehold.composed.deliverDue();
  const [received] = party.received;
  if (received === undefined) throw new Error('Nothing was received');
  expect([received.method, received.headers['content-type']]).toEqual([
    'POST',
    'application/x-www-form-urlencoded',
  ]);
  expect([...new URLSearchParams(received.body).keys()]).toEqual(['logout_token']);
  const logout_token = tokenOf(received);
  const header = JSON.parse(Buffer.from(logout_token.split('.')[0] ?? '', 'base64url').toString());
  expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
  const { sub, sid } = claimsOf(tokens.id_token);
  const now = freehold.clock.now();
  expect(claimsOf(logout_token)).toEqual({
    iss: freehold.issuer,
    sub,
    aud: 'one',
    iat: now,
    exp: now + 120,
    jti: expect.stringMatching(/^[\w-]{22}$/),
    sid,
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    trace_id: expect.any(String),
  });
  await assertGenuine(logout_token);
});

test('AT-16: a logout token is no hint and no access token', async () => {
  const { agent } = await signIn('one');
  await logOut(agent);
  await freehold.composed.deliverDue();
  const logout_token = tokenOf(party.received[0] ?? { body: '' });
  await assertGenuine(logout_token);
  expect(await isIdTokenHint(freehold, logout_token, [bye])).toBe(false);
  const headers = { authorization: `Bearer ${logout_token}` };
  expect((await agent.send('/userinfo', { headers })).status).toBe(401);
});

describe('BC-3: what the application answers', () => {
  async function logOutAnswered(status: number) {
    const { agent } = await signIn('one');
    party.status = status;
    await logOut(agent);
    await freehold.composed.deliverDue();
  }

  test.each([200, 204])('%i: it is done, and logged', async (status) => {
    await logOutAnswered(status);
    freehold.clock.advance(7200);
    await freehold.composed.deliverDue();
    expect(party.received).toHaveLength(1);
    expect(await lastEntry('oidc_backchannel_logout_succeeded')).toMatchObject({
      client_id: 'one',
      client_name: 'one',
      user_id: 'auth0|0123456789abcdef01234567',
      description: `answered with ${status}`,
      details: { backchannel_logout_url: `${party.origin}/one`, attempts: 1 },
    });
  });

  test('400: it is refused, is logged and not tried again', async () => {
    await logOutAnswered(400);
    freehold.clock.advance(7200);
    await freehold.composed.deliverDue();
    expect(party.received).toHaveLength(1);
    expect(await lastEntry('oidc_backchannel_logout_failed')).toMatchObject({
      client_id: 'one',
      description: 'answered with 400',
    });
  });

  test.each([500, 503, 302, 0])(
    '%i: it is tried again, with a token of its own, until it succeeds',
    async (status) => {
      await logOutAnswered(status);
      await freehold.composed.deliverDue();
      expect(party.received).toHaveLength(1);
      freehold.clock.advance(10);
      await freehold.composed.deliverDue();
      party.status = 200;
      freehold.clock.advance(60);
      await freehold.composed.deliverDue();
      expect(heardAt()).toEqual(['/one', '/one', '/one']);
      const tokens = party.received.map((received) => claimsOf(tokenOf(received)));
      expect(new Set(tokens.map(({ jti }) => jti)).size).toBe(3);
      expect(new Set(tokens.map(({ sid }) => sid)).size).toBe(1);
      expect(tokens.at(-1)?.iat).toBe(freehold.clock.now());
      expect(await lastEntry('oidc_backchannel_logout_succeeded')).toMatchObject({
        details: { attempts: 3 },
      });
    },
  );

  test('an application that stays away is given up, and that is logged', async () => {
    const before = await lastEntry('oidc_backchannel_logout_failed');
    await logOutAnswered(500);
    for (const wait of [10, 60, 600]) {
      freehold.clock.advance(wait);
      await freehold.composed.deliverDue();
    }
    expect(await lastEntry('oidc_backchannel_logout_failed')).toEqual(before);
    freehold.clock.advance(3600);
    await freehold.composed.deliverDue();
    expect(party.received).toHaveLength(5);
    expect(await lastEntry('oidc_backchannel_logout_failed')).toMatchObject({ details: { attempts: 5 } });
    freehold.clock.advance(100_000);
    await freehold.composed.deliverDue();
    expect(party.received).toHaveLength(5);
  });
});

test('BC-3, OUT-1: without the setting no private address is asked', async () => {
  const strict = await startFreehold({ tenant: sampleTenant({ clients }), users });
  try {
    const { agent } = await signIn('one', new Agent(strict.issuer), strict);
    await agent.send('/v2/logout');
    await strict.composed.deliverDue();
    expect(party.received).toEqual([]);
    expect(await lastEntry('oidc_backchannel_logout_failed', strict)).toMatchObject({
      description: 'The URL is not an https URL',
    });
  } finally {
    await strict.stop();
  }
});

test('BC-1: an address that was taken from the client meanwhile is not asked', async () => {
  const { agent } = await signIn('one');
  await logOut(agent);
  const before = freehold.execute(`select oidc_logout from client where client_id = 'one'`);
  freehold.execute(`update client set oidc_logout = null where client_id = 'one'`);
  // A client that was read is kept for a second.
  freehold.clock.advance(2);
  await freehold.composed.deliverDue();
  freehold.execute(
    `update client set oidc_logout = ? where client_id = 'one'`,
    String(before[0]?.oidc_logout),
  );
  freehold.clock.advance(2);
  expect(party.received).toEqual([]);
  expect(await lastEntry('oidc_backchannel_logout_failed')).toMatchObject({
    description: 'the address is no longer registered',
  });
});

test('BC-1: what was to be told before a restart is told after it', async () => {
  const first = await startFreehold({ tenant: sampleTenant({ clients }), users, flags: [allowPrivate] });
  const { agent } = await signIn('one', new Agent(first.issuer), first);
  await agent.send('/v2/logout');
  await first.composed.close();
  const environment = { FREEHOLD_DATA_DIR: first.folder };
  const second = await startFreehold({ port: first.port, environment, flags: [allowPrivate] });
  await second.composed.deliverDue();
  expect(heardAt()).toEqual(['/one']);
  await assertGenuine(tokenOf(party.received[0] ?? { body: '' }), second);
  await second.stop();
  await rm(first.folder, { recursive: true });
});
