// The authorization code grant: what a code is bound to, and what it gives.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  callback,
  consentAudience,
  getCode,
  getTokens,
  refusalOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
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

function redeem(request: Record<string, string>) {
  return agent.postForm('/oauth/token', request);
}

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

test('AC-13, AC-5: a code lives 60 seconds', async () => {
  const first = await getCode(freehold, { agent });
  freehold.clock.advance(59);
  expect((await redeem(tokenRequest(first.pkce, first.code))).status).toBe(200);
  const second = await getCode(freehold, { agent });
  freehold.clock.advance(60);
  expect(refusalOf(await redeem(tokenRequest(second.pkce, second.code)))).toEqual(invalidCode);
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
  expect(tokens.refresh_token).toEqual(issued ? expect.stringMatching(/^[\w-]{52}$/) : undefined);
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
