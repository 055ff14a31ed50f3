// The refresh token grant: what an exchange needs, gives, narrows and records.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  ada,
  audience,
  claimsOf,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { refreshing, unknownToken } from '../setup/refreshing.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const day = 86_400;
let freehold: Freehold;
/** Logged in once; each test gets a family of its own from its session. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    {
      ...spa,
      app_type: 'native',
      name: 'Still',
      client_id: 'still',
      refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' },
    },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const { family, refresh, renew } = refreshing(() => ({ freehold, agent }));

test('RT-1, RT-2, RT-7, SD-94, DIS-18: a rotating client gets every token anew', async () => {
  const first = await family();
  const answer = await refresh(first.refresh_token);
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({
    access_token: expect.stringMatching(/./),
    refresh_token: expect.stringMatching(/^[\w-]{52}$/),
    id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    scope: 'openid profile email offline_access',
    expires_in: day,
    token_type: 'Bearer',
  });
  expect(answer.json().refresh_token).not.toBe(first.refresh_token);
  expect(answer.json().access_token).not.toBe(first.access_token);
});

test('RT-2, TK-1: a non-rotating client keeps its token; JSON bodies are read too', async () => {
  const { refresh_token } = await family('still');
  for (let n = 0; n < 3; n += 1) {
    const answer = await agent.postJson(
      '/oauth/token',
      refreshRequest(refresh_token, { client_id: 'still' }),
    );
    expect([answer.status, 'refresh_token' in answer.json()]).toEqual([200, false]);
  }
});

test('RT-2, AC-14: no ID token where openid was not granted', async () => {
  const { refresh_token } = await family('spa', { scope: 'offline_access' });
  expect(await renew(refresh_token)).not.toHaveProperty('id_token');
});

test('RT-1: a missing refresh_token is 400 invalid_request', async () => {
  expect(refusalOf(await refresh(undefined))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: 'Missing required parameter: refresh_token',
  });
});

test('RT-1, CA-5: a confidential client authenticates', async () => {
  const { tokens } = await getTokens(freehold, {
    agent,
    authorize: { client_id: 'web', scope: 'openid offline_access' },
    token: { client_id: 'web', client_secret: webSecret },
  });
  expect((await refresh(tokens.refresh_token, { client_id: 'web' })).status).toBe(401);
  await renew(tokens.refresh_token, { client_id: 'web', client_secret: webSecret });
});

describe('RT-3, RFC 6749 §6, RR-10: scope may narrow the access token, never the family', () => {
  test('RT-3: fewer scopes are granted, and the next refresh has them all again', async () => {
    const first = await family('spa', { audience, scope: 'openid read:orders write:orders offline_access' });
    const narrowed = await renew(first.refresh_token, { scope: 'read:orders' });
    expect(narrowed).toMatchObject({ scope: 'read:orders' });
    expect(narrowed).not.toHaveProperty('id_token');
    expect(claimsOf(narrowed.access_token)).toMatchObject({ scope: 'read:orders', aud: audience });
    const full = await renew(narrowed.refresh_token);
    expect(full.scope).toBe('openid read:orders write:orders offline_access');
  });

  test('RT-3, RR-1: more scopes are 400 invalid_scope, and cost nothing', async () => {
    const { refresh_token } = await family('spa', { audience, scope: 'openid read:orders offline_access' });
    expect(refusalOf(await refresh(refresh_token, { scope: 'openid write:orders' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
      error_description: 'The requested scope exceeds the scope granted to the refresh token',
    });
    await renew(refresh_token);
  });
});

test("RT-4, TK-90, RR-2: unknown and another client's tokens are refused, the family is untouched", async () => {
  const { refresh_token } = await family();
  expect(refusalOf(await refresh('x'.repeat(43)))).toEqual(unknownToken);
  expect(refusalOf(await refresh(refresh_token, { client_id: 'native' }))).toEqual(unknownToken);
  await renew(refresh_token);
});

test('RT-5, TK-94: the token of a user who was deleted', async () => {
  const { tokens } = await getTokens(freehold, {
    username: 'bob@example.com',
    authorize: { scope: 'openid offline_access' },
  });
  const { sub } = claimsOf(tokens.id_token);
  await freehold.composed.unitOfWork.transaction(({ users: store }) => store.delete(String(sub)));
  expect(refusalOf(await refresh(tokens.refresh_token))).toEqual({
    status: 403,
    error: 'invalid_grant',
    error_description: "The refresh_token was generated for a user who doesn't exist anymore.",
  });
});

test('RT-6, TK-90: the token of a blocked user; it lives again with its user', async () => {
  const { refresh_token } = await family();
  freehold.execute('update "user" set blocked = 1 where user_id = ?', ada);
  const answer = await refresh(refresh_token);
  freehold.execute('update "user" set blocked = 0 where user_id = ?', ada);
  expect(refusalOf(answer)).toEqual({
    status: 403,
    error: 'invalid_grant',
    error_description: 'user is blocked',
  });
  await renew(refresh_token);
});

test('AT-14: a higher epoch of the user ends every family', async () => {
  const { refresh_token } = await family();
  freehold.execute('update "user" set epoch = epoch + 1 where user_id = ?', ada);
  expect(refusalOf(await refresh(refresh_token))).toEqual(unknownToken);
});

test('RT-22: the log: sertft, fertft', async () => {
  const { refresh_token } = await family('spa', { audience });
  await renew(refresh_token);
  expect((await freehold.logEntries()).at(-1)).toMatchObject({
    type: 'sertft',
    client_id: 'spa',
    client_name: 'Single page',
    user_id: ada,
    audience,
    scope: ['openid', 'profile', 'email', 'offline_access'],
  });
  await refresh('unknown');
  expect((await freehold.logEntries()).at(-1)).toMatchObject({
    type: 'fertft',
    client_id: 'spa',
    description: 'Unknown or invalid refresh token.',
  });
});

describe('RT-23, OpenID Connect Core §12.2: the ID token of a refresh', () => {
  test('RT-23: same iss, sub, aud and sid, later iat, no nonce, no amr', async () => {
    const first = await family('spa', { nonce: 'n-0S6_WzA2Mj' });
    freehold.clock.advance(100);
    const second = await renew(first.refresh_token);
    const before = claimsOf(first.id_token);
    const after = claimsOf(second.id_token);
    for (const name of ['iss', 'sub', 'aud', 'sid']) expect(after[name]).toBe(before[name]);
    expect(Number(after.iat) - Number(before.iat)).toBe(100);
    expect(before.nonce).toBe('n-0S6_WzA2Mj');
    for (const name of ['nonce', 'amr', 'acr', 'auth_time']) expect(after).not.toHaveProperty(name);
  });

  test('RT-23, ID-12: auth_time keeps the time of the login, where the first ID token had one', async () => {
    const first = await family('spa', { max_age: '1000000' });
    freehold.clock.advance(100);
    const second = await renew(first.refresh_token);
    expect(claimsOf(first.id_token).auth_time).toEqual(expect.any(Number));
    expect(claimsOf(second.id_token).auth_time).toBe(claimsOf(first.id_token).auth_time);
  });

  test('UI-2: profile claims are those of today', async () => {
    const { refresh_token } = await family();
    freehold.execute(`update "user" set name = 'Countess of Lovelace' where user_id = ?`, ada);
    expect(claimsOf((await renew(refresh_token)).id_token).name).toBe('Countess of Lovelace');
  });

  test('AT-5: gty of the access token is refresh_token', async () => {
    const first = await family('spa', { audience });
    expect(claimsOf(first.access_token)).not.toHaveProperty('gty');
    expect(claimsOf((await renew(first.refresh_token)).access_token).gty).toBe('refresh_token');
  });
});
