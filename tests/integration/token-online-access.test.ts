// Online refresh tokens: bound to the session of the browser in which they were granted.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import { DpopKey } from '../setup/dpop.ts';
import {
  audience,
  authorizationUrl,
  configureRefreshToken,
  getCode,
  getTokens,
  newPkce,
  refreshRequest,
  refusalOf,
  responseOf,
  sampleTenant,
  type Tokens,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const hour = 3600;
const online = 'https://online.example/';
const web = { client_id: 'web', client_secret: webSecret };
let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant({
    tenant: {
      session_lifetime: 10,
      idle_session_lifetime: 2,
      default_directory: 'Username-Password-Authentication',
    },
  });
  tenant.resourceServers = [
    ...(tenant.resourceServers as unknown[]),
    { identifier: online, allow_online_access: true, skip_consent_for_verifiable_first_party_clients: true },
  ];
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());

const unknownToken = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
};

/** A browser of its own, and what the confidential client got in it. */
async function grant(scope = 'openid online_access', authorize: Record<string, string> = {}) {
  return getTokens(freehold, { authorize: { client_id: 'web', scope, ...authorize }, token: web });
}

const refresh = (agent: Agent, { refresh_token }: Tokens) =>
  agent.postForm('/oauth/token', refreshRequest(refresh_token, web));
const revoke = (agent: Agent, { refresh_token = '' }: Tokens) =>
  agent.postForm('/oauth/revoke', { ...web, token: refresh_token });
const isSignedIn = async (agent: Agent) =>
  'code' in responseOf(await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' })));

describe('RT-20: what is granted', () => {
  test('RT-20: a refresh token for online_access; an API has to allow it', async () => {
    const { tokens } = await grant('openid online_access', { audience: online });
    expect(tokens).toMatchObject({ scope: 'openid online_access', refresh_token: expect.any(String) });
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'seacft',
      details: { refresh_token: { access: 'online' } },
    });
    const elsewhere = (await grant('openid online_access', { audience })).tokens;
    expect(elsewhere).toMatchObject({ scope: 'openid' });
    expect(elsewhere).not.toHaveProperty('refresh_token');
  });

  test('RT-20: both kinds of access at once are refused', async () => {
    const { agent } = await grant();
    const scope = 'openid online_access offline_access';
    const answer = await agent.open(authorizationUrl(freehold, newPkce(), { scope }));
    expect(responseOf(answer)).toMatchObject({
      error: 'invalid_request',
      error_description: 'Cannot request both online_access and offline_access scopes',
    });
  });

  test('RT-20: a public client has to prove a key', async () => {
    const authorize = { scope: 'openid online_access' };
    const { agent } = await grant();
    const without = await getCode(freehold, { agent, authorize });
    const refused = await agent.postForm('/oauth/token', tokenRequest(without.pkce, without.code));
    expect(refusalOf(refused)).toMatchObject({ status: 400, error: 'invalid_dpop_proof' });
    const { code, pkce } = await getCode(freehold, { agent, authorize });
    const key = new DpopKey(freehold);
    const send = async (fields: Record<string, string>) =>
      agent.postForm('/oauth/token', fields, { dpop: await key.proof() });
    const answer = await send(tokenRequest(pkce, code));
    expect(answer.status).toBe(200);
    const again = await send(refreshRequest(String(answer.json().refresh_token)));
    expect([again.status, 'refresh_token' in again.json()]).toEqual([200, false]);
  });

  test('RT-20, TK-14: without a code there is none', async () => {
    const password = 'Correct-horse-1';
    const { agent } = await grant();
    await freehold.composed.unitOfWork.transaction(async ({ clients }) => {
      const client = await clients.find('web');
      if (client === undefined) throw new Error('No client web');
      await clients.upsert({ ...client, grant_types: [...client.grant_types, 'password'] });
    });
    const fields = {
      grant_type: 'password',
      username: 'ada@example.com',
      password,
      scope: 'openid online_access',
    };
    const answer = await agent.postForm('/oauth/token', { ...fields, ...web });
    expect([answer.status, answer.json().scope]).toEqual([200, 'openid']);
    expect(answer.json()).not.toHaveProperty('refresh_token');
  });
});

describe('RT-20: it lives and dies with the session', () => {
  test('RT-20: it does not rotate, whatever the client’s settings', async () => {
    const before = await configureRefreshToken(freehold, 'web', {
      rotation_type: 'rotating',
      expiration_type: 'expiring',
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
      token_lifetime: 60,
      idle_token_lifetime: 60,
    });
    const { tokens, agent } = await grant();
    freehold.clock.advance(hour);
    for (let count = 0; count < 3; count += 1) {
      const answer = await refresh(agent, tokens);
      expect([answer.status, 'refresh_token' in answer.json()]).toEqual([200, false]);
    }
    await configureRefreshToken(freehold, 'web', before);
  });

  test('RT-20: its use extends the idle end of the session, and not the absolute one', async () => {
    const { tokens, agent } = await grant();
    for (let passed = 1.5; passed < 10; passed += 1.5) {
      freehold.clock.advance(1.5 * hour);
      expect((await refresh(agent, tokens)).status).toBe(200);
    }
    expect(await isSignedIn(agent)).toBe(true);
    freehold.clock.advance(1.1 * hour);
    expect(refusalOf(await refresh(agent, tokens))).toEqual(unknownToken);
  });

  test('RT-20: it ends with an idle session', async () => {
    const { tokens, agent } = await grant();
    freehold.clock.advance(2 * hour);
    expect(refusalOf(await refresh(agent, tokens))).toEqual(unknownToken);
  });

  test('RT-20: it ends with a logout, where an offline one does not (RT-25)', async () => {
    const { tokens, agent } = await grant();
    const offline = await getTokens(freehold, {
      agent,
      authorize: { client_id: 'web', scope: 'openid offline_access' },
      token: web,
    });
    const introspect = async () =>
      (await agent.postForm('/oauth/introspect', { ...web, token: tokens.refresh_token ?? '' })).json();
    expect(await introspect()).toMatchObject({ active: true });
    await agent.send('/v2/logout');
    expect(await introspect()).toEqual({ active: false });
    expect(refusalOf(await refresh(agent, tokens))).toEqual(unknownToken);
    expect((await refresh(agent, offline.tokens)).status).toBe(200);
  });

  test('RT-20: a login that renews the session renews it too', async () => {
    const { tokens, agent } = await grant();
    freehold.clock.advance(1.9 * hour);
    const page = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login' }));
    const fields = { username: 'ada@example.com', password: 'Correct-horse-1', action: 'default' };
    await agent.follow(await agent.submit(page, fields));
    for (let count = 0; count < 6; count += 1) {
      freehold.clock.advance(1.5 * hour);
      expect((await refresh(agent, tokens)).status).toBe(200);
    }
  });
});

test('RV-8: to revoke it is to end the session', async () => {
  const { tokens, agent } = await grant();
  expect(await isSignedIn(agent)).toBe(true);
  expect((await revoke(agent, tokens)).status).toBe(200);
  expect(await isSignedIn(agent)).toBe(false);
  expect(refusalOf(await refresh(agent, tokens))).toEqual(unknownToken);
});

test('RV-8: an offline one leaves it alone', async () => {
  const { tokens, agent } = await grant('openid offline_access');
  await revoke(agent, tokens);
  expect(await isSignedIn(agent)).toBe(true);
});
