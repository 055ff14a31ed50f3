// The authorization code grant: what a code is bound to, what burns it, what a second use of it costs.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  callback,
  consentAudience,
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
  const noRefresh = {
    ...spa,
    name: 'No refresh',
    client_id: 'no-refresh',
    grant_types: ['authorization_code'],
  };
  const two = { ...spa, name: 'Two callbacks', client_id: 'two', callbacks: [callback, `${callback}/two`] };
  tenant.clients = [...(tenant.clients as unknown[]), noRefresh, two];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const invalidCode = { status: 403, error: 'invalid_grant', error_description: 'Invalid authorization code' };
const wrongVerifier = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Failed to verify code verifier',
};

function redeem(request: Record<string, string>) {
  return agent.postForm('/oauth/token', request);
}

function userinfo(access_token: string) {
  return agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
}

describe('RFC 7636 §4.1 and §4.2: verifier and challenge', () => {
  const challengeOf = (code_verifier: string) =>
    createHash('sha256').update(code_verifier).digest('base64url');

  async function redeemWith(code_verifier: string, code_challenge = challengeOf(code_verifier)) {
    const { code } = await getCode(freehold, { agent, authorize: { code_challenge } });
    return redeem(tokenRequest({ code_verifier }, code));
  }

  test('SD-9, AZ-10: appendix B', async () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect((await redeemWith(verifier, 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')).status).toBe(200);
  });

  test.each([43, 44, 127, 128])('SD-7, SD-8: a verifier of %i characters is accepted', async (length) => {
    expect((await redeemWith('A-z_0.9~'.repeat(16).slice(0, length))).status).toBe(200);
  });

  test.each([
    ['42 characters', 'a'.repeat(42)],
    ['129 characters', 'a'.repeat(129)],
    ['padding', `${'a'.repeat(43)}=`],
    ['+ and /', `+/${'a'.repeat(43)}`],
    ['a space', ` ${'a'.repeat(43)}`],
    ['a letter beyond ASCII', `é${'a'.repeat(43)}`],
  ])(
    'AC-9, SD-7, SD-8: a verifier with %s is refused, even where its hash is the challenge',
    async (_what, verifier) => {
      expect(refusalOf(await redeemWith(verifier))).toEqual(wrongVerifier);
    },
  );

  test('SD-10: challenges with - and _ are as good as any', async () => {
    const verifier = Array.from({ length: 200 }, (_, n) => `${n}`.padStart(43, 'v')).find((candidate) =>
      /-.*_|_.*-/.test(challengeOf(candidate)),
    );
    expect((await redeemWith(verifier ?? '')).status).toBe(200);
  });
});

test.each([
  ['another verifier', { code_verifier: 'w'.repeat(43) }],
  ['the challenge itself', undefined],
])('AC-6, TK-99, SD-60, RFC 7636 §4.6: %s is refused with invalid_grant', async (_what, override) => {
  const { code, pkce } = await getCode(freehold, { agent });
  const request = tokenRequest(pkce, code, override ?? { code_verifier: pkce.code_challenge });
  expect(refusalOf(await redeem(request))).toEqual(wrongVerifier);
});

test('SD-12, SD-25: of two codes each needs its own verifier', async () => {
  const first = await getCode(freehold, { agent });
  const second = await getCode(freehold, { agent });
  expect(refusalOf(await redeem(tokenRequest(second.pkce, first.code)))).toEqual(wrongVerifier);
  expect(refusalOf(await redeem(tokenRequest(first.pkce, second.code)))).toEqual(wrongVerifier);
});

test('AC-7, SD-60: no verifier for a code with a challenge', async () => {
  const { code, pkce } = await getCode(freehold, { agent });
  expect(refusalOf(await redeem(tokenRequest(pkce, code, { code_verifier: undefined })))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: "Parameter 'code_verifier' is required",
  });
  expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
});

const asWeb = { client_id: 'web', client_secret: webSecret };
const withoutChallenge = { client_id: 'web', code_challenge: undefined, code_challenge_method: undefined };

test('AC-8, RFC 9700 §4.8.2: a verifier for a code without a challenge is refused, and the code is burnt', async () => {
  const { code, pkce } = await getCode(freehold, { agent, authorize: withoutChallenge });
  expect(refusalOf(await redeem(tokenRequest(pkce, code, asWeb)))).toEqual(wrongVerifier);
  const without = tokenRequest(pkce, code, { ...asWeb, code_verifier: undefined });
  expect(refusalOf(await redeem(without))).toEqual(invalidCode);
});

test('AZ-16, AC-1: a confidential client redeems with its secret, with and without PKCE', async () => {
  const bound = await getCode(freehold, { agent, authorize: { client_id: 'web' } });
  expect((await redeem(tokenRequest(bound.pkce, bound.code, asWeb))).status).toBe(200);
  const unbound = await getCode(freehold, { agent, authorize: withoutChallenge });
  const request = tokenRequest(unbound.pkce, unbound.code, { ...asWeb, code_verifier: undefined });
  expect((await redeem(request)).status).toBe(200);
});

describe('AC-2, AC-3, SD-61: redirect_uri must be the one sent to /authorize', () => {
  test.each([
    `${callback}/`,
    `${callback}?a=b`,
    `${callback}/two`,
    'HTTPS://app.example/callback',
    'https://app.example:443/callback',
    'https://evil.example/',
    'https://app.example/%63allback',
  ])('SD-61, AC-2: %s is refused', async (redirect_uri) => {
    const { code, pkce } = await getCode(freehold, { agent, authorize: { client_id: 'two' } });
    expect(refusalOf(await redeem(tokenRequest(pkce, code, { client_id: 'two', redirect_uri })))).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: `The redirect URI is wrong. You sent ${redirect_uri}, and we expected ${callback}`,
    });
  });

  test('AC-2: a fragment counts on neither side', async () => {
    const { code, pkce } = await getCode(freehold, { agent, authorize: { redirect_uri: `${callback}#a` } });
    expect((await redeem(tokenRequest(pkce, code, { redirect_uri: `${callback}#b` }))).status).toBe(200);
  });

  test('AC-4, SD-62: sent to /authorize and left out here is a mismatch', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    expect(refusalOf(await redeem(tokenRequest(pkce, code, { redirect_uri: undefined })))).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: `The redirect URI is wrong. You sent , and we expected ${callback}`,
    });
  });

  test('AC-2, SD-62, AZ-56: never sent to /authorize, it may be absent here, or be the one used', async () => {
    for (const redirect_uri of [undefined, callback]) {
      const { code, pkce } = await getCode(freehold, { agent, authorize: { redirect_uri: undefined } });
      expect((await redeem(tokenRequest(pkce, code, { redirect_uri }))).status).toBe(200);
    }
  });

  test('GL-14: what was sent is repeated without control characters and quotes, and cut', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const redirect_uri = `https://a.example/"\\\n<é>${'x'.repeat(300)}`;
    const { error_description } = (await redeem(tokenRequest(pkce, code, { redirect_uri }))).json();
    const shown = `https://a.example/???<?>${'x'.repeat(300)}`.slice(0, 200);
    expect(error_description).toBe(
      `The redirect URI is wrong. You sent ${shown}, and we expected ${callback}`,
    );
  });
});

test('AC-20, SD-59: a missing or empty code is 400 invalid_request', async () => {
  for (const code of [undefined, '']) {
    expect(refusalOf(await redeem(tokenRequest({ code_verifier: 'v'.repeat(43) }, 'x', { code })))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: 'Missing required parameter: code',
    });
  }
});

test('AC-5, TK-99, SD-59: an unknown code is 403 invalid_grant', async () => {
  for (const code of ['x', 'x'.repeat(43), '\u{1f600}', "' or 1=1 --"]) {
    expect(refusalOf(await redeem(tokenRequest({ code_verifier: 'v'.repeat(43) }, code)))).toEqual(
      invalidCode,
    );
  }
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

test('AC-13, AC-5: a code lives 60 seconds', async () => {
  const first = await getCode(freehold, { agent });
  freehold.clock.advance(59);
  expect((await redeem(tokenRequest(first.pkce, first.code))).status).toBe(200);
  const second = await getCode(freehold, { agent });
  freehold.clock.advance(60);
  expect(refusalOf(await redeem(tokenRequest(second.pkce, second.code)))).toEqual(invalidCode);
});

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
    const { code, pkce } = await getCode(freehold, { agent, authorize: { client_id: 'two' } });
    const [before] = freehold.execute("select grant_types from client where client_id = 'two'");
    freehold.execute("update client set grant_types = '[]' where client_id = 'two'");
    expect((await redeem(tokenRequest(pkce, code, { client_id: 'two' }))).json().error).toBe(
      'unauthorized_client',
    );
    freehold.execute(
      "update client set grant_types = ? where client_id = 'two'",
      String(before?.grant_types),
    );
  });

  test('AC-22: only the hash of the code is stored', async () => {
    const { code } = await getCode(freehold, { agent });
    const rows = freehold.execute('select * from authorization_code');
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(rows.map(({ hash }) => hash)).toContain(createHash('sha256').update(code).digest('base64url'));
  });
});

test('AC-14, SD-66: an ID token comes only where openid was granted', async () => {
  expect(
    (await getTokens(freehold, { agent, authorize: { scope: 'profile' } })).tokens.id_token,
  ).toBeUndefined();
  const { tokens } = await getTokens(freehold, { agent, authorize: { scope: 'openid' } });
  expect(tokens.id_token?.split('.')).toHaveLength(3);
});

test.each([
  ['no API, asked for', {}, 'openid offline_access', true],
  ['no API, not asked for', {}, 'openid', false],
  ['an API that allows it', { audience }, 'openid offline_access', true],
  ['an API that allows it, not asked for', { audience }, 'openid', false],
  ['an API that does not', { audience: consentAudience }, 'openid offline_access', false],
  ['a client without the refresh grant', { client_id: 'no-refresh' }, 'openid offline_access', false],
])('AC-15, AC-16, SD-35, SD-65, SD-71: refresh token with %s', async (_what, parameters, scope, issued) => {
  if ('audience' in parameters && parameters.audience === consentAudience) await consent();
  const { client_id } = { client_id: 'spa', ...parameters };
  const { tokens } = await getTokens(freehold, {
    agent,
    authorize: { ...parameters, scope },
    token: { client_id },
  });
  expect(tokens.refresh_token).toEqual(issued ? expect.stringMatching(/^[\w-]{43}$/) : undefined);
  expect(tokens.scope).toBe(issued ? 'openid offline_access' : 'openid');
});

async function consent(): Promise<void> {
  await freehold.composed.unitOfWork.transaction(({ userGrants }) =>
    userGrants.add({
      id: 'consent-of-ada',
      user_id: 'auth0|0123456789abcdef01234567',
      client_id: 'spa',
      audience: consentAudience,
      scope: ['openid'],
      created_at: freehold.clock.now(),
    }),
  );
}
