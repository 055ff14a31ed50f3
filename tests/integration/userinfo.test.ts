// /userinfo: who may ask, how the token may come, what is told, and what takes the right to ask away.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer, Sending } from '../setup/agent.ts';
import {
  audience,
  getCode,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
const open = { scopes: [{ value: 'read:orders' }], skip_consent_for_verifiable_first_party_clients: true };
let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [...(tenant.clients as unknown[]), { ...spa, name: 'Doomed', client_id: 'doomed' }];
  tenant.resourceServers = [
    ...(tenant.resourceServers as unknown[]),
    { ...open, name: 'Elliptic', identifier: 'https://es.example/', signing_alg: 'ES256' },
    { ...open, name: '9068', identifier: 'https://9068.example/', token_dialect: 'rfc9068_profile' },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const invalidToken = {
  status: 401,
  error: 'invalid_token',
  error_description: 'The access token is invalid or has expired',
};

function bearer(access_token: string): Sending {
  return { headers: { authorization: `Bearer ${access_token}` } };
}

function userinfo(access_token: string): Promise<Answer> {
  return agent.send('/userinfo', bearer(access_token));
}

async function tokenOf(authorize: Record<string, string | undefined> = {}): Promise<string> {
  const token = { client_id: authorize.client_id ?? 'spa' };
  return (await getTokens(freehold, { agent, authorize, token })).tokens.access_token;
}

test('UI-1, UI-2, UI-3, SD-81: the claims of the granted scopes', async () => {
  const answer = await userinfo(await tokenOf());
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({
    sub: ada,
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    nickname: 'ada',
    picture: 'https://example.com/ada.png',
    updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    email: 'ada@example.com',
    email_verified: true,
  });
});

test('UI-2: scope openid alone tells sub alone', async () => {
  expect((await userinfo(await tokenOf({ scope: 'openid' }))).json()).toEqual({ sub: ada });
});

test.each([
  ['RS256', audience],
  ['ES256', 'https://es.example/'],
  ['RFC 9068', 'https://9068.example/'],
])('AT-3, UI-1: the JWT of an API serves too where openid was granted: %s', async (_what, api) => {
  const answer = await userinfo(await tokenOf({ audience: api, scope: 'openid email' }));
  expect([answer.status, answer.json()]).toEqual([
    200,
    { sub: ada, email: 'ada@example.com', email_verified: true },
  ]);
});

describe('RFC 6750 §2: how the token may come', () => {
  test('UI-9, OpenID Connect Core §5.3.1: POST with the header', async () => {
    const answer = await agent.send('/userinfo', { method: 'POST', ...bearer(await tokenOf()) });
    expect([answer.status, answer.json().sub]).toEqual([200, ada]);
  });

  test('UI-9, RFC 6750 §2.2: POST with a form', async () => {
    const answer = await agent.postForm('/userinfo', { access_token: await tokenOf() });
    expect([answer.status, answer.json().sub]).toEqual([200, ada]);
  });

  test('RFC 7235 §2.1: the scheme is compared without case', async () => {
    const headers = { authorization: `bearer ${await tokenOf()}` };
    expect((await agent.send('/userinfo', { headers })).status).toBe(200);
  });

  test('RFC 6750 §2: in more than one way is 400 invalid_request', async () => {
    const access_token = await tokenOf();
    const expected = {
      status: 400,
      error: 'invalid_request',
      error_description: 'The request carries the access token in more than one way',
    };
    const { headers } = bearer(access_token);
    expect(refusalOf(await agent.postForm('/userinfo', { access_token }, headers))).toEqual(expected);
    expect(
      refusalOf(await agent.send(`/userinfo?access_token=${access_token}`, { ...(headers && { headers }) })),
    ).toEqual(expected);
  });
});

test.each([
  ['none', undefined],
  ['an empty header', 'Bearer'],
  ['another scheme', `Basic ${Buffer.from('spa:').toString('base64')}`],
  ['nonsense', 'Bearer nonsense'],
  ['five parts of nonsense', 'Bearer a..b.c.d'],
  ['three parts of nonsense', 'Bearer a.b.c'],
  ['two tokens', 'Bearer a b'],
])('UI-4, RFC 6750 §3: %s is 401 with a Bearer challenge', async (_what, authorization) => {
  const answer = await agent.send('/userinfo', {
    headers: authorization === undefined ? {} : { authorization },
  });
  expect(refusalOf(answer)).toEqual(invalidToken);
  expect(answer.headers['www-authenticate']).toBe(
    'Bearer error="invalid_token", error_description="The access token is invalid or has expired"',
  );
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('UI-4, AT-1: an expired token', async () => {
  const opaque = await tokenOf();
  const jwt = await tokenOf({ audience });
  freehold.clock.advance(86_399);
  expect([(await userinfo(opaque)).status, (await userinfo(jwt)).status]).toEqual([200, 200]);
  freehold.clock.advance(1);
  expect(refusalOf(await userinfo(opaque))).toEqual(invalidToken);
  expect(refusalOf(await userinfo(jwt))).toEqual(invalidToken);
});

test('UI-5, UI-6, RFC 6750 §3.1: a token without openid is 403 insufficient_scope', async () => {
  const answer = await userinfo(await tokenOf({ scope: 'profile email' }));
  expect(refusalOf(answer)).toEqual({
    status: 403,
    error: 'insufficient_scope',
    error_description: 'The access token was not granted the scope openid',
  });
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer error="insufficient_scope"/);
});

test("AT-3, AT-16: without openid an API's JWT is for the API alone", async () => {
  expect(refusalOf(await userinfo(await tokenOf({ audience, scope: 'read:orders' })))).toEqual(invalidToken);
});

test('AT-16: neither an ID token nor a refresh token nor a code is an access token', async () => {
  const { tokens } = await getTokens(freehold, { agent, authorize: { scope: 'openid offline_access' } });
  const { code } = await getCode(freehold, { agent });
  for (const token of [tokens.id_token, tokens.refresh_token, code]) {
    expect(refusalOf(await userinfo(String(token)))).toEqual(invalidToken);
  }
});

test('UI-2: values are those of today', async () => {
  const access_token = await tokenOf();
  freehold.execute(`update "user" set nickname = 'countess', family_name = null where user_id = ?`, ada);
  const claims = (await userinfo(access_token)).json();
  freehold.execute(`update "user" set nickname = 'ada', family_name = 'Lovelace' where user_id = ?`, ada);
  expect(claims.nickname).toBe('countess');
  expect(claims).not.toHaveProperty('family_name');
});

test('TK-4: other methods are 405', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const answer = await agent.send('/userinfo', { method });
    expect([answer.status, answer.json().error, answer.headers.allow]).toEqual([
      405,
      'method_not_allowed',
      'GET, POST, OPTIONS',
    ]);
  }
});

describe('AT-14: what takes a token back, opaque or JWT', () => {
  const both = [{}, { audience }];

  async function tokensThat(client_id = 'spa') {
    const scope = 'openid offline_access';
    return Promise.all(
      both.map(
        async (api) =>
          (
            await getTokens(freehold, {
              agent,
              authorize: { ...api, scope, client_id },
              token: { client_id },
            })
          ).tokens,
      ),
    );
  }

  async function expectDead(tokens: { access_token: string }[]): Promise<void> {
    for (const { access_token } of tokens)
      expect(refusalOf(await userinfo(access_token))).toEqual(invalidToken);
  }

  test('AT-14: the user is blocked; unblocked, it lives again', async () => {
    const tokens = await tokensThat();
    freehold.execute('update "user" set blocked = 1 where user_id = ?', ada);
    await expectDead(tokens);
    freehold.execute('update "user" set blocked = 0 where user_id = ?', ada);
    for (const { access_token } of tokens) expect((await userinfo(access_token)).status).toBe(200);
  });

  test("AT-14: the user's epoch rises; tokens issued after it are good", async () => {
    const tokens = await tokensThat();
    freehold.execute('update "user" set epoch = epoch + 1 where user_id = ?', ada);
    await expectDead(tokens);
    expect((await userinfo(await tokenOf())).status).toBe(200);
  });

  test('AT-14: the user is deleted', async () => {
    const { tokens } = await getTokens(freehold, { username: 'bob@example.com' });
    freehold.execute(`delete from "user" where email = 'bob@example.com'`);
    await expectDead([tokens]);
  });

  test('AT-14: the client is deleted', async () => {
    const tokens = await tokensThat('doomed');
    freehold.execute("delete from client where client_id = 'doomed'");
    await expectDead(tokens);
  });

  test('AT-14, RV-7: the refresh token of its authorization is revoked; others live', async () => {
    const tokens = await tokensThat();
    const others = await tokensThat();
    for (const { refresh_token = '' } of tokens)
      await agent.postForm('/oauth/revoke', { client_id: 'spa', token: refresh_token });
    await expectDead(tokens);
    for (const { access_token } of others) expect((await userinfo(access_token)).status).toBe(200);
  });

  test('AT-14: a refresh token is reused: the access tokens of every generation die', async () => {
    const first = await tokensThat();
    const later: { access_token: string }[] = [];
    for (const { refresh_token } of first) {
      let next = refresh_token;
      for (const _ of [2, 3]) {
        const answer = (await agent.postForm('/oauth/token', refreshRequest(next))).json();
        later.push({ access_token: String(answer.access_token) });
        next = String(answer.refresh_token);
      }
      expect((await agent.postForm('/oauth/token', refreshRequest(refresh_token))).status).toBe(403);
    }
    await expectDead([...first, ...later]);
  });

  test('AT-14: its code is replayed', async () => {
    const { code, pkce, tokens } = await getTokens(freehold, { agent, authorize: { audience } });
    expect((await agent.postForm('/oauth/token', tokenRequest(pkce, code))).status).toBe(403);
    await expectDead([tokens]);
  });

  test('AT-14, LO-13: logging out takes nothing back', async () => {
    const { tokens, agent: other } = await getTokens(freehold);
    await other.send('/v2/logout');
    expect((await userinfo(tokens.access_token)).status).toBe(200);
  });
});
