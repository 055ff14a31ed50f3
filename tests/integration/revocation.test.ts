// /oauth/revoke (RFC 7009): what ends, what stays, and that the answer tells nobody anything.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import { activate, deviceTenant, getCodes, getDeviceTokens, poll } from '../setup/device.ts';
import {
  audience,
  getCode,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  type Tokens,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

async function family(
  authorize: Record<string, string> = {},
  token: Record<string, string> = {},
): Promise<Tokens> {
  const scope = 'openid offline_access';
  return (await getTokens(freehold, { agent, authorize: { scope, ...authorize }, token })).tokens;
}

function revoke(token: string | undefined, more: Record<string, string> = {}) {
  return agent.postForm('/oauth/revoke', { client_id: 'spa', ...(token && { token }), ...more });
}

async function isLive(
  refresh_token: string | undefined,
  more: Record<string, string> = {},
): Promise<boolean> {
  const answer = await agent.postForm('/oauth/token', refreshRequest(refresh_token, more));
  if (answer.status !== 200)
    expect(answer.json().error_description).toBe('Unknown or invalid refresh token.');
  return answer.status === 200;
}

test('RV-1, RV-2: a form or JSON; 200 with an empty body; the token is dead', async () => {
  for (const send of ['postForm', 'postJson'] as const) {
    const { refresh_token = '' } = await family();
    const answer = await agent[send]('/oauth/revoke', { client_id: 'spa', token: refresh_token });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await isLive(refresh_token)).toBe(false);
  }
});

test('RV-3, DIS-8, RFC 7009 §2.2: unknown, revoked and foreign tokens are answered alike; a foreign one lives', async () => {
  const { refresh_token } = await family();
  const asNative = { client_id: 'native' };
  for (const answer of [
    await revoke('unknown'),
    await revoke(refresh_token, asNative),
    await revoke(refresh_token, { client_id: 'web', client_secret: webSecret }),
  ]) {
    expect([answer.status, answer.text]).toEqual([200, '']);
    // oidc-client-ts refuses an answer that has a type other than JSON.
    expect(answer.headers['content-type']).toBeUndefined();
  }
  expect(await isLive(refresh_token)).toBe(true);
  await revoke(refresh_token);
  const again = await revoke(refresh_token);
  expect([again.status, again.text]).toEqual([200, '']);
});

test('RV-4: a missing parameter is 400 invalid_request', async () => {
  const expected = { status: 400, error: 'invalid_request' };
  expect(refusalOf(await revoke(undefined))).toEqual({
    ...expected,
    error_description: 'Missing required parameter: token',
  });
  expect(refusalOf(await agent.postForm('/oauth/revoke', { token: 'x' }))).toEqual({
    ...expected,
    error_description: 'Missing required parameter: client_id',
  });
});

test('RV-4: an unknown client and a confidential one without its secret are 401 invalid_client', async () => {
  for (const client_id of ['nobody', 'web']) {
    expect(refusalOf(await revoke('x', { client_id }))).toEqual({
      status: 401,
      error: 'invalid_client',
      error_description: 'Client authentication failed',
    });
  }
});

test('TK-4: every method but POST is 405', async () => {
  const answer = await agent.send('/oauth/revoke');
  expect([answer.status, answer.json().error, answer.headers.allow]).toEqual([
    405,
    'method_not_allowed',
    'POST, OPTIONS',
  ]);
});

test('RV-6, RR-14: any token of a rotating family, spent or not, ends it', async () => {
  const first = await family();
  const second = (await agent.postForm('/oauth/token', refreshRequest(first.refresh_token))).json();
  await revoke(first.refresh_token);
  expect(await isLive(String(second.refresh_token))).toBe(false);
});

test('RV-7: access and ID tokens cannot be revoked here; token_type_hint is ignored', async () => {
  const { access_token, id_token = '', refresh_token } = await family();
  for (const token of [access_token, id_token]) {
    const answer = await revoke(token, { token_type_hint: 'access_token' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    // oidc-client-ts refuses an answer that has a type other than JSON.
    expect(answer.headers['content-type']).toBeUndefined();
  }
  const headers = { authorization: `Bearer ${access_token}` };
  expect((await agent.send('/userinfo', { headers })).status).toBe(200);
  await revoke(refresh_token, { token_type_hint: 'access_token' });
  expect(await isLive(refresh_token)).toBe(false);
});

test('RV-7, LG-2: the log says srrt, for a token that was revoked', async () => {
  const { refresh_token } = await family();
  await revoke(refresh_token);
  expect((await freehold.logEntries()).at(-1)).toMatchObject({
    type: 'srrt',
    client_id: 'spa',
    client_name: 'Single page',
    user_id: 'auth0|0123456789abcdef01234567',
  });
  const before = (await freehold.logEntries()).length;
  await revoke('unknown');
  expect(await freehold.logEntries()).toHaveLength(before);
});

test('RV-5: without revoke_refresh_token_grant the consent and the other families stay', async () => {
  const [one, other] = [await family({ audience }), await family({ audience })];
  await revoke(one.refresh_token);
  expect(await isLive(other.refresh_token)).toBe(true);
});

describe('RV-5: with revoke_refresh_token_grant', () => {
  let strict: Freehold;

  beforeAll(async () => {
    strict = await startFreehold({
      tenant: deviceTenant({ flags: { revoke_refresh_token_grant: true } }),
      users,
    });
  });
  afterAll(() => strict.stop());

  test('the consent goes, and every family of the same user, client and audience', async () => {
    const scope = 'openid offline_access';
    const first = await getTokens(strict, { authorize: { scope, audience } });
    const same = { agent: first.agent, authorize: { scope, audience } };
    const { tokens: sibling } = await getTokens(strict, same);
    const { tokens: elsewhere } = await getTokens(strict, { agent: first.agent, authorize: { scope } });
    const add = { user_id: 'auth0|0123456789abcdef01234567', client_id: 'spa', audience };
    await strict.composed.unitOfWork.transaction(({ userGrants }) =>
      userGrants.add({ ...add, id: 'consent', scope: ['openid'], created_at: strict.clock.now() }),
    );
    const token = first.tokens.refresh_token ?? '';
    await first.agent.postForm('/oauth/revoke', { client_id: 'spa', token });
    expect(await strict.stores.userGrants.find(add.user_id, 'spa', audience)).toBeUndefined();
    const refreshed = (tokens: Tokens) =>
      first.agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
    expect((await refreshed(sibling)).status).toBe(403);
    expect((await refreshed(elsewhere)).status).toBe(200);
  });

  test('AT-14: a code that waits gives nothing any more; that of another audience does', async () => {
    const scope = 'openid offline_access';
    const { tokens, agent } = await getTokens(strict, { authorize: { scope, audience } });
    const waiting = await getCode(strict, { agent, authorize: { scope, audience } });
    const elsewhere = await getCode(strict, { agent, authorize: { scope } });
    await agent.postForm('/oauth/revoke', { client_id: 'spa', token: tokens.refresh_token ?? '' });
    const redeemed = ({ pkce, code }: typeof waiting) =>
      agent.postForm('/oauth/token', tokenRequest(pkce, code));
    expect(refusalOf(await redeemed(waiting))).toMatchObject({ status: 403, error: 'invalid_grant' });
    expect((await redeemed(elsewhere)).status).toBe(200);
  });

  test('AT-14: nor does the approval of a device that waits', async () => {
    const asked = { scope: 'openid offline_access' };
    const { tokens, agent } = await getDeviceTokens(strict, asked);
    const waiting = await getCodes(strict, asked);
    await activate(agent, waiting);
    await agent.postForm('/oauth/revoke', { client_id: 'tv', token: tokens.refresh_token ?? '' });
    expect((await poll(strict, waiting)).text).toContain('Invalid or expired device code.');
  });
});
