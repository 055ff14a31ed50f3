// A code is redeemed once: what burns it, what a second use costs, what ends it before its time.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderedHash } from '../../packages/server/src/runtime/cryptography/ordered-token.ts';
import type { Agent } from '../setup/agent.ts';
import {
  callback,
  getCode,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Logged in once; each test gets a code of its own from its session. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    { ...spa, name: 'Restricted', client_id: 'restricted' },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());
const invalidCode = { status: 403, error: 'invalid_grant', error_description: 'Invalid authorization code' };

function redeem(request: Record<string, string>) {
  return agent.postForm('/oauth/token', request);
}

function userinfo(access_token: string) {
  return agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
}

const asWeb = { client_id: 'web', client_secret: webSecret };
const withoutChallenge = { client_id: 'web', code_challenge: undefined, code_challenge_method: undefined };

describe('AC-10, AC-11, SD-72, RFC 6749 §4.1.2: a code is redeemed once', () => {
  async function redeemed() {
    const authorize = { scope: 'openid profile email offline_access' };
    const { code, pkce, tokens } = await getTokens(freehold, { agent, authorize });
    return { code, pkce, access_token: tokens.access_token, refresh_token: tokens.refresh_token };
  }

  test('AC-11, SD-72, AT-14: the owner with the right verifier: every token of the first use is revoked', async () => {
    const { code, pkce, access_token, refresh_token } = await redeemed();
    expect((await userinfo(access_token)).status).toBe(200);
    expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
    expect((await userinfo(access_token)).status).toBe(401);
    expect(refusalOf(await redeem(refreshRequest(refresh_token)))).toMatchObject({
      status: 403,
      error: 'invalid_grant',
    });
    expect(
      (await freehold.logEntries()).find(({ details }) => (details as { replayed?: true })?.replayed),
    ).toMatchObject({
      type: 'feacft',
      client_id: 'spa',
      user_id: 'auth0|0123456789abcdef01234567',
    });
  });

  test('AC-11: without the verifier, or with a wrong one, a replay is refused and revokes nothing', async () => {
    const { code, pkce, access_token, refresh_token } = await redeemed();
    for (const code_verifier of [undefined, 'w'.repeat(43)]) {
      expect(refusalOf(await redeem(tokenRequest(pkce, code, { code_verifier })))).toEqual(invalidCode);
    }
    expect((await userinfo(access_token)).status).toBe(200);
    expect((await redeem(refreshRequest(refresh_token))).status).toBe(200);
  });

  test('AC-11: where no challenge was bound, authentication alone makes the owner', async () => {
    const { code, pkce } = await getCode(freehold, { agent, authorize: withoutChallenge });
    const request = tokenRequest(pkce, code, { ...asWeb, code_verifier: undefined });
    const { access_token } = (await redeem(request)).json();
    expect((await redeem({ ...request, client_secret: 'wrong' })).status).toBe(401);
    expect((await userinfo(String(access_token))).status).toBe(200);
    expect(refusalOf(await redeem(request))).toEqual(invalidCode);
    expect((await userinfo(String(access_token))).status).toBe(401);
  });

  test('AC-11: a replay is noticed long after the code has expired', async () => {
    const { code, pkce, refresh_token } = await redeemed();
    freehold.clock.advance(3600);
    await freehold.composed.sweep();
    expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
    expect((await redeem(refreshRequest(refresh_token))).status).toBe(403);
  });

  test('AC-10: of twenty at once one succeeds', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(tokenRequest(pkce, code))));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(403)]);
  });
});

test("AC-5, AC-18, AC-22, SD-58: another client's code is refused, and neither burnt nor its tokens revoked", async () => {
  const { code, pkce } = await getCode(freehold, { agent });
  const foreign = { client_id: 'native' };
  expect(refusalOf(await redeem(tokenRequest(pkce, code, foreign)))).toEqual(invalidCode);
  const redeemed = await redeem(tokenRequest(pkce, code));
  expect(redeemed.status).toBe(200);
  expect(refusalOf(await redeem(tokenRequest(pkce, code, foreign)))).toEqual(invalidCode);
  expect((await userinfo(String(redeemed.json().access_token))).status).toBe(200);
});

test('AC-13: a tenant may say how long a code lives', async () => {
  const brief = await startFreehold({
    tenant: sampleTenant({ tenant: { authorization_code_lifetime: 5 } }),
    users,
  });
  try {
    const { code, pkce, agent: other } = await getCode(brief);
    brief.clock.advance(5);
    expect(refusalOf(await other.postForm('/oauth/token', tokenRequest(pkce, code)))).toEqual(invalidCode);
  } finally {
    await brief.stop();
  }
});

test.each([
  ['a wrong verifier', { code_verifier: 'w'.repeat(43) }],
  ['a wrong redirect_uri', { redirect_uri: `${callback}/` }],
  ['no redirect_uri', { redirect_uri: undefined }],
  ['no verifier', { code_verifier: undefined }],
])('AC-12, DB-1: an exchange refused for %s burns the code', async (_what, override) => {
  const { code, pkce } = await getCode(freehold, { agent });
  expect((await redeem(tokenRequest(pkce, code, override))).status).toBeGreaterThanOrEqual(400);
  expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
});

describe('AC-22: what ended since /authorize ends the code', () => {
  test('AC-22: the session, by logging out', async () => {
    const { code, pkce, agent: other } = await getCode(freehold);
    await other.send('/v2/logout');
    expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
  });

  test("AC-22: the user's epoch, and blocking", async () => {
    for (const [statement, back] of [
      ['update "user" set epoch = epoch + 1 where user_id = ?', undefined],
      ['update "user" set blocked = 1 where user_id = ?', 'update "user" set blocked = 0 where user_id = ?'],
    ] as const) {
      const { code, pkce } = await getCode(freehold, { agent });
      freehold.execute(statement, 'auth0|0123456789abcdef01234567');
      expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
      if (back !== undefined) freehold.execute(back, 'auth0|0123456789abcdef01234567');
    }
  });

  test('AC-22, TK-10: the grant type of the client', async () => {
    const { code, pkce } = await getCode(freehold, { agent, authorize: { client_id: 'restricted' } });
    const [before] = freehold.execute("select grant_types from client where client_id = 'restricted'");
    freehold.execute("update client set grant_types = '[]' where client_id = 'restricted'");
    expect((await redeem(tokenRequest(pkce, code, { client_id: 'restricted' }))).json().error).toBe(
      'unauthorized_client',
    );
    freehold.execute(
      "update client set grant_types = ? where client_id = 'restricted'",
      String(before?.grant_types),
    );
  });

  test('AC-22: only the hash of the code is stored', async () => {
    const { code } = await getCode(freehold, { agent });
    const rows = freehold.execute('select * from authorization_code');
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(rows.map(({ hash }) => hash)).toContain(orderedHash(code));
  });
});
