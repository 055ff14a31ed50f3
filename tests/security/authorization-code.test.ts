// Mirrors authentik CVE-2023-48228, CVE-2024-23647; Spring Authorization Server CVE-2024-22258; Cloudflare
// workers-oauth-provider CVE-2025-4144; Keycloak CVE-2026-4282: PKCE skipped or talked down, and a code in other hands.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  getCode,
  newPkce,
  refusalOf,
  responseOf,
  sampleTenant,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});
afterAll(() => freehold.stop());

const web = { client_id: 'web', client_secret: webSecret };
const invalidCode = { status: 403, error: 'invalid_grant', error_description: 'Invalid authorization code' };
const wrongVerifier = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Failed to verify code verifier',
};

const redeem = (fields: Record<string, string>) =>
  new Agent(freehold.issuer).postForm('/oauth/token', fields);

async function lastEntry() {
  const entry = (await freehold.logEntries()).at(-1);
  return { type: entry?.type, description: entry?.description };
}

describe('PKCE skipped at the token endpoint', () => {
  test.each([
    ['spa', { client_id: 'spa' }],
    ['web', web],
  ])(
    'AC-7, AC-12: a code of %s with a challenge, without a verifier: refused, recorded and burnt',
    async (client_id, client) => {
      const { code, pkce } = await getCode(freehold, { authorize: { client_id } });
      const refused = await redeem(tokenRequest(pkce, code, { ...client, code_verifier: undefined }));
      const error_description = "Parameter 'code_verifier' is required";
      expect(refusalOf(refused)).toEqual({ status: 400, error: 'invalid_request', error_description });
      expect(await lastEntry()).toEqual({ type: 'feacft', description: error_description });
      expect(refusalOf(await redeem(tokenRequest(pkce, code, client)))).toEqual(invalidCode);
    },
  );

  test.each([
    ['an empty one', ''],
    ['the challenge itself', undefined],
    ['another', 'x'.repeat(43)],
    ['one too short', 'x'.repeat(42)],
    ['one too long', 'x'.repeat(129)],
    ['one with other characters', `${'x'.repeat(42)}!`],
  ])('AC-6, AC-9: %s is no verifier: refused, recorded and burnt', async (_name, verifier) => {
    const { code, pkce } = await getCode(freehold);
    const refused = await redeem(
      tokenRequest(pkce, code, { code_verifier: verifier ?? pkce.code_challenge }),
    );
    // GL-11: an empty one is none.
    expect(refused.status).toBe(verifier === '' ? 400 : 403);
    if (verifier !== '') expect(refusalOf(refused)).toEqual(wrongVerifier);
    expect(await lastEntry()).toMatchObject({ type: 'feacft' });
    expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
  });

  test('AC-6: what reads as the verifier after normalization is another', async () => {
    for (const change of [
      (text: string) => `${text}=`,
      (text: string) => `${text} `,
      (text: string) => text.toUpperCase(),
    ]) {
      const { code, pkce } = await getCode(freehold);
      const refused = await redeem(tokenRequest(pkce, code, { code_verifier: change(pkce.code_verifier) }));
      expect(refusalOf(refused)).toEqual(wrongVerifier);
    }
  });
});

describe('PKCE talked down at the start', () => {
  test.each([
    [
      'no challenge',
      { code_challenge: undefined, code_challenge_method: undefined },
      'code challenge required',
    ],
    ['an empty challenge', { code_challenge: '', code_challenge_method: 'S256' }, 'code challenge required'],
    ['a method alone', { code_challenge: undefined }, 'code challenge required'],
    ['plain', { code_challenge_method: 'plain' }, 'transform algorithm not supported'],
    ['no method', { code_challenge_method: undefined }, 'transform algorithm not supported'],
    ['an empty method', { code_challenge_method: '' }, 'transform algorithm not supported'],
    ['s256', { code_challenge_method: 's256' }, 'transform algorithm not supported'],
    ['S512', { code_challenge_method: 'S512' }, 'transform algorithm not supported'],
  ])(
    'AZ-11, AZ-12, AZ-13, AZ-15: %s is refused at the callback, also with a session',
    async (_name, parameters, error_description) => {
      const { agent } = await getCode(freehold);
      const entries = (await freehold.logEntries()).length;
      for (const client_id of ['spa', 'native', 'third']) {
        const answer = await agent.send(authorizationUrl(freehold, newPkce(), { client_id, ...parameters }));
        expect(answer.headers.location?.startsWith(`${callback}?`)).toBe(true);
        expect(responseOf(answer)).toEqual({
          error: 'invalid_request',
          error_description,
          state: 'xyzABC123',
        });
      }
      expect((await freehold.logEntries()).length).toBe(entries + 3);
    },
  );

  test('AC-8, RFC 9700 §4.8.2: a verifier for a code without a challenge: refused and burnt', async () => {
    const authorize = { client_id: 'web', code_challenge: undefined, code_challenge_method: undefined };
    const { code, pkce } = await getCode(freehold, { authorize });
    expect(refusalOf(await redeem(tokenRequest(pkce, code, web)))).toEqual(wrongVerifier);
    const without = tokenRequest(pkce, code, { ...web, code_verifier: undefined });
    expect(refusalOf(await redeem(without))).toEqual(invalidCode);
  });
});

describe('a code in other hands', () => {
  test('AC-22: of another client, public or confidential, is worth nothing and stays the owner’s', async () => {
    const { code, pkce } = await getCode(freehold);
    for (const client of [web, { client_id: 'native' }, { client_id: 'third' }]) {
      expect(refusalOf(await redeem(tokenRequest(pkce, code, client)))).toEqual(invalidCode);
    }
    expect((await redeem(tokenRequest(pkce, code))).status).toBe(200);
  });

  test('AC-18, CA-5: of a confidential client is worth nothing without its secret', async () => {
    const { code, pkce } = await getCode(freehold, { authorize: { client_id: 'web' } });
    const wrong = [
      { client_id: 'web' },
      { client_id: 'web', client_secret: '' },
      { client_id: 'web', client_secret: 'x' },
    ];
    for (const client of wrong) {
      expect(refusalOf(await redeem(tokenRequest(pkce, code, client)))).toMatchObject({
        status: 401,
        error: 'invalid_client',
      });
    }
    expect((await redeem(tokenRequest(pkce, code, web))).status).toBe(200);
  });

  test('AC-3, AC-12: redeemed with another callback: refused and burnt', async () => {
    for (const redirect_uri of [`${callback}/`, 'https://evil.example/', callback.toUpperCase(), '']) {
      const { code, pkce } = await getCode(freehold);
      const refused = await redeem(tokenRequest(pkce, code, { redirect_uri }));
      expect(refusalOf(refused)).toMatchObject({ status: 403, error: 'unauthorized_client' });
      expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
    }
  });

  test('AC-13: after its minute: refused', async () => {
    const { code, pkce } = await getCode(freehold);
    freehold.clock.advance(60);
    expect(refusalOf(await redeem(tokenRequest(pkce, code)))).toEqual(invalidCode);
  });

  test('RFC 9700 §4.5: injected into another person’s flow fails by the verifier, and logs nobody out', async () => {
    const stolen = await getCode(freehold);
    const own = await getCode(freehold, { username: 'bob@example.com' });
    const redeemed = await redeem(tokenRequest(stolen.pkce, stolen.code));
    const { access_token } = redeemed.json();
    // AC-11: the replay does not prove possession, so it is no reason to revoke.
    expect(refusalOf(await redeem(tokenRequest(own.pkce, stolen.code)))).toEqual(invalidCode);
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await new Agent(freehold.issuer).send('/userinfo', { headers })).status).toBe(200);
  });
});
