// PKCE at the token endpoint (RFC 7636 §4.5 and §4.6): the verifier against the challenge of the code.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  getCode,
  getTokens,
  refusalOf,
  sampleTenant,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Logged in once; each test gets a code of its own from its session. */
let agent: Agent;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
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

  test('SD-10: a challenge with - and _ is like every other', async () => {
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
