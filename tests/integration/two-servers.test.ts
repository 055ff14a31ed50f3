// Two servers on one PostgreSQL are one tenant: what one does, the other knows at once.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { DpopKey } from '../setup/dpop.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  getCode,
  getTokens,
  newPkce,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { clientAssertion, newKeyPair } from '../setup/keys.ts';
import { createDatabase, type TestDatabase } from '../setup/postgres.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const key = newKeyPair('ES256');
const signer = {
  ...spa,
  name: 'Signer',
  client_id: 'signer',
  app_type: 'regular_web',
  client_authentication_methods: {
    private_key_jwt: { credentials: [{ alg: key.alg, pem: key.pem }] },
  },
};

function tenant() {
  const sample = sampleTenant({ tenant: { pushed_authorization_requests_supported: true } });
  return { ...sample, clients: [...(sample.clients as unknown[]), signer] };
}

let database: TestDatabase;
let one: Freehold;
let other: Freehold;
/** Logged in once, at the first server. */
let agent: Agent;

beforeAll(async () => {
  database = await createDatabase();
  const shared = { tenant: tenant(), users, databaseUrl: database.url };
  const masterKey = { FREEHOLD_MASTER_KEY: randomBytes(32).toString('base64') };
  one = await startFreehold({ ...shared, environment: masterKey });
  // Both stand behind one address.
  other = await startFreehold({
    ...shared,
    environment: { ...masterKey, FREEHOLD_ISSUER: one.issuer },
    clock: one.clock,
  });
  ({ agent } = await getTokens(one));
});
afterAll(async () => {
  await other?.stop();
  await one?.stop();
  await database?.drop();
});

/** The same browser, sent to the second server. */
function atOther(from: Agent = new Agent(one.issuer)): Agent {
  const moved = new Agent(one.issuer, other.port);
  for (const [name, value] of from.cookies) moved.cookies.set(name, value);
  return moved;
}

function userinfoAtOther(access_token: string) {
  return atOther().send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
}

test('SE-1: a session of one server is a session of the other', async () => {
  const url = authorizationUrl(one, newPkce(), { prompt: 'none' });
  expect(codeOf(await atOther(agent).open(url))).toMatch(/^[\w-]{52}$/);
});

test('SD-50, AC-10: a code of one is redeemed at the other, once', async () => {
  const { code, pkce } = await getCode(one, { agent });
  const redeemed = await atOther().postForm('/oauth/token', tokenRequest(pkce, code));
  expect(redeemed.status).toBe(200);
  expect(claimsOf(String(redeemed.json().id_token)).iss).toBe(one.issuer);
  expect((await agent.postForm('/oauth/token', tokenRequest(pkce, code))).status).toBe(403);
});

test('AT-1, AT-14: an opaque token of one opens at the other, until it is revoked at the first', async () => {
  const { tokens } = await getTokens(one, { agent, authorize: { scope: 'openid offline_access' } });
  expect((await userinfoAtOther(tokens.access_token)).status).toBe(200);
  await agent.postForm('/oauth/revoke', { client_id: 'spa', token: tokens.refresh_token ?? '' });
  expect((await userinfoAtOther(tokens.access_token)).status).toBe(401);
  expect(refusalOf(await atOther().postForm('/oauth/token', refreshRequest(tokens.refresh_token)))).toEqual({
    status: 403,
    error: 'invalid_grant',
    error_description: 'Unknown or invalid refresh token.',
  });
});

test('RR-3, RR-4: one refresh token at both servers at once gets one successor', async () => {
  const { tokens } = await getTokens(one, { agent, authorize: { scope: 'openid offline_access' } });
  const request = refreshRequest(tokens.refresh_token);
  const answers = await Promise.all(
    [agent, atOther(), agent, atOther(), agent, atOther()].map((at) => at.postForm('/oauth/token', request)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
});

test('CA-7: of one assertion at both servers at once one use succeeds', async () => {
  const whose = { client_id: 'signer', issuer: one.issuer, now: one.clock.now() };
  const request = { token: 'x', ...(await clientAssertion(key, whose)) };
  const answers = await Promise.all(
    [agent, atOther(), agent, atOther(), agent, atOther()].map((at) => at.postForm('/oauth/revoke', request)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
});

test('DP-11: of one DPoP proof with two codes, at both servers at once, one use succeeds', async () => {
  const dpop = await new DpopKey(one).proof();
  const [first, second] = [await getCode(one, { agent }), await getCode(one, { agent })];
  const answers = await Promise.all([
    agent.postForm('/oauth/token', tokenRequest(first.pkce, first.code), { dpop }),
    atOther().postForm('/oauth/token', tokenRequest(second.pkce, second.code), { dpop }),
  ]);
  expect(answers.map((answer) => answer.json().error ?? 'none').sort()).toEqual([
    'invalid_dpop_proof',
    'none',
  ]);
});

test('PA-4: a request that was pushed to one is answered by the other, once', async () => {
  const parameters = Object.fromEntries(
    authorizationUrl(one, newPkce(), { client_id: 'signer' }).searchParams,
  );
  const whose = { client_id: 'signer', issuer: one.issuer, now: one.clock.now() };
  const pushed = await agent.postForm('/oauth/par', {
    ...parameters,
    ...(await clientAssertion(key, whose)),
  });
  const query = new URLSearchParams({
    client_id: 'signer',
    request_uri: String(pushed.json().request_uri),
  });
  const answers = await Promise.all(
    [atOther(agent), agent, atOther(agent), agent].map((at) => at.send(`/authorize?${query}`)),
  );
  expect(answers.filter(({ location }) => location?.searchParams.has('code'))).toHaveLength(1);
});

test('DP-3: a nonce of one is good at the other', async () => {
  const dpop = await new DpopKey(one).proof();
  const { code, pkce } = await getCode(one, { agent });
  expect((await atOther().postForm('/oauth/token', tokenRequest(pkce, code), { dpop })).status).toBe(200);
});

test('LO-1: logging out at one ends the session at the other', async () => {
  const { agent: leaver } = await getTokens(one);
  const copy = atOther(leaver);
  await leaver.send('/v2/logout');
  const url = authorizationUrl(one, newPkce(), { prompt: 'none' });
  expect((await copy.open(url)).location?.searchParams.get('error')).toBe('login_required');
});

test('SG-5, SG-6: a rotation at one is published by the other; its new tokens are good there at once', async () => {
  const published = async (from: Agent) => (await from.send('/.well-known/jwks.json')).json();
  expect(await published(atOther())).toEqual(await published(agent));
  await one.composed.tenant.keys.rotate('RS256');
  const { tokens } = await getTokens(one, { agent, authorize: { audience: 'https://orders.example/' } });
  // SG-5: the key that signs now had been published as the next one.
  expect((await userinfoAtOther(tokens.access_token)).status).toBe(200);
  one.clock.advance(1);
  expect(await published(atOther())).toEqual(await published(agent));
});

test('SG-6: a key revoked at one is refused by the other within seconds', async () => {
  const { tokens } = await getTokens(one, { agent, authorize: { audience: 'https://orders.example/' } });
  const [head = ''] = tokens.access_token.split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
  await one.composed.tenant.keys.revoke(kid);
  one.clock.advance(1);
  expect((await userinfoAtOther(tokens.access_token)).status).toBe(401);
});
