// A DPoP proof at /userinfo and at /oauth/token: whoever does not hold the key has nothing of a bound token, whatever
// the proof says. The cases are those of FAPI 2.0's `dpop-negative-tests`, with those of RFC 8725 §2 and §3.
import { createHmac } from 'node:crypto';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { DpopKey, type ProofDifferences } from '../setup/dpop.ts';
import { getCode, refusalOf, sampleTenant, tokenRequest, users } from '../setup/flow.ts';
import { newKeyPair, signJwt } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let agent: Agent;
let key: DpopKey;
let access_token = '';
beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant({ tenant: { dialect: 'oidc' } }), users });
  key = new DpopKey(freehold);
  const got = await getCode(freehold);
  agent = got.agent;
  const request = tokenRequest(got.pkce, got.code);
  const answer = await agent.postForm('/oauth/token', request, { dpop: await key.proof() });
  access_token = String(answer.json().access_token);
});
afterAll(() => freehold.stop());

const send = (authorization: string, dpop?: string, more: Record<string, string> = {}) =>
  new Agent(freehold.issuer).send('/userinfo', {
    headers: { authorization, ...(dpop === undefined ? {} : { dpop }), ...more },
  });
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('UI-7, DP-10, dpop-negative-tests: a bound token at /userinfo', () => {
  test('with its proof is accepted, whatever the case of the scheme', async () => {
    for (const scheme of ['DPoP', 'dpop', 'DPOP']) {
      expect((await send(`${scheme} ${access_token}`, await key.proofFor(access_token))).status).toBe(200);
    }
  });

  test.each<[string, (now: number) => ProofDifferences]>([
    ['issued ten seconds ago', (now) => ({ claims: { iat: now - 10 } })],
    ['issued in ten seconds', (now) => ({ claims: { iat: now + 10 } })],
    ['with nbf and exp', (now) => ({ claims: { nbf: now - 10, exp: now + 60 } })],
    ['with members that nobody knows', () => ({ claims: { more: 1 }, header: { more: 1 } })],
    ['with a query in htu', () => ({ claims: { htu: `${freehold.issuer}userinfo?a=b` } })],
  ])('FAPI 2.0: a proof %s is accepted', async (_what, differs) => {
    const dpop = await key.proofFor(access_token, differs(freehold.clock.now()));
    expect((await send(`DPoP ${access_token}`, dpop)).status).toBe(200);
  });

  test.each<[string, (now: number) => ProofDifferences]>([
    ['without typ', () => ({ header: { typ: undefined } })],
    ['of another typ', () => ({ header: { typ: 'JWT' } })],
    ['without jwk', () => ({ header: { jwk: undefined } })],
    ['with a jwk that is no key', () => ({ header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } })],
    ['with a symmetric key', () => ({ header: { jwk: { kty: 'oct', k: 'AA' } } })],
    ['with crit', () => ({ header: { crit: ['more'], more: 1 } })],
    ['without jti', () => ({ claims: { jti: undefined } })],
    ['with an empty jti', () => ({ claims: { jti: '' } })],
    ['without htm', () => ({ claims: { htm: undefined } })],
    ['for another method', () => ({ claims: { htm: 'POST' } })],
    ['without htu', () => ({ claims: { htu: undefined } })],
    ['for another path', () => ({ claims: { htu: `${freehold.issuer}oauth/token` } })],
    ['for another host', () => ({ claims: { htu: 'https://evil.example/userinfo' } })],
    ['for a path in other case', () => ({ claims: { htu: `${freehold.issuer}USERINFO` } })],
    ['for no URL', () => ({ claims: { htu: '/userinfo' } })],
    ['without iat', () => ({ claims: { iat: undefined } })],
    ['with a wordy iat', () => ({ claims: { iat: 'now' } })],
    ['of an hour ago', (now) => ({ claims: { iat: now - 3600 } })],
    ['of the next hour', (now) => ({ claims: { iat: now + 3600 } })],
    ['that has expired', (now) => ({ claims: { exp: now - 3600 } })],
    ['that is not valid yet', (now) => ({ claims: { nbf: now + 3600 } })],
    ['without ath', () => ({ claims: { ath: undefined } })],
    ['for another token', () => ({ claims: { ath: 'x'.repeat(43) } })],
  ])('DP-2, DP-5: a proof %s is 401 invalid_dpop_proof', async (_what, differs) => {
    const dpop = await key.proofFor(access_token, differs(freehold.clock.now()));
    const answer = await send(`DPoP ${access_token}`, dpop);
    expect(refusalOf(answer)).toMatchObject({ status: 401, error: 'invalid_dpop_proof' });
    expect(answer.headers['www-authenticate']).toMatch(/^DPoP error="invalid_dpop_proof", .*algs="ES256"$/);
  });

  test('DP-10: a nonce that is not ours is 401 use_dpop_nonce, with the one to use', async () => {
    const differs = { claims: { nonce: 'made-up' } };
    const answer = await send(`DPoP ${access_token}`, await key.proofFor(access_token, differs));
    expect(refusalOf(answer)).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
    expect(answer.headers['www-authenticate']).toContain('DPoP error="use_dpop_nonce"');
    const claims = { nonce: answer.headers['dpop-nonce'] };
    expect((await send(`DPoP ${access_token}`, await key.proofFor(access_token, { claims }))).status).toBe(
      200,
    );
  });

  test.each<[string, () => Promise<[string, string | undefined]>]>([
    ['without a proof', async () => [`DPoP ${access_token}`, undefined]],
    ['RFC 9449 §7.2: as a Bearer token', async () => [`Bearer ${access_token}`, undefined]],
    [
      'as a Bearer token with a proof',
      async () => [`Bearer ${access_token}`, await key.proofFor(access_token)],
    ],
    [
      'with the proof of another key',
      async () => [`DPoP ${access_token}`, await new DpopKey(freehold).proofFor(access_token)],
    ],
  ])('%s is 401 invalid_token', async (_what, presented) => {
    const answer = await send(...(await presented()));
    expect(refusalOf(answer)).toMatchObject({ status: 401, error: 'invalid_token' });
    expect(answer.headers['www-authenticate']).toMatch(/^DPoP error="invalid_token"/);
  });

  test('in the query or the body it is a Bearer token, which a bound one is not', async () => {
    const body = await new Agent(freehold.issuer).postForm('/userinfo', { access_token });
    expect(refusalOf(body)).toMatchObject({ status: 401, error: 'invalid_token' });
  });

  test('two proofs are none', async () => {
    const dpop = `${await key.proofFor(access_token)}, ${await key.proofFor(access_token)}`;
    const answer = await send(`DPoP ${access_token}`, dpop);
    expect(refusalOf(answer)).toMatchObject({ status: 401, error: 'invalid_dpop_proof' });
  });

  test('a token that is bound to nothing is not presented by DPoP', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const bearer = String(
      (await agent.postForm('/oauth/token', tokenRequest(pkce, code))).json().access_token,
    );
    expect((await send(`Bearer ${bearer}`)).status).toBe(200);
    expect((await send(`DPoP ${bearer}`, await key.proofFor(bearer))).status).toBe(401);
  });
});

describe('RFC 8725: the algorithm of a proof', () => {
  /** At the token endpoint, where a proof is all that it takes to bind. */
  async function isAccepted(dpop: string): Promise<boolean> {
    const { code, pkce } = await getCode(freehold, { agent });
    const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code), { dpop });
    if (answer.status === 200) return true;
    expect(answer.json().error).toBe('invalid_dpop_proof');
    return false;
  }
  const claims = async () => {
    const [, genuine = ''] = (await key.proof()).split('.');
    return JSON.parse(Buffer.from(genuine, 'base64url').toString()) as Record<string, unknown>;
  };
  const jwk = () => exportJWK(key.pair.publicKey);

  test('none, in any case, is refused', async () => {
    const [, payload, signature] = (await key.proof()).split('.');
    for (const alg of ['none', 'None', '', null]) {
      const header = encoded({ typ: 'dpop+jwt', alg, jwk: await jwk() });
      for (const last of ['', 'eA', signature])
        expect(await isAccepted(`${header}.${payload}.${last}`)).toBe(false);
    }
  });

  test('HS256 over any writing of the key is refused', async () => {
    for (const secret of [key.pair.pem, JSON.stringify(await jwk()), String((await jwk()).x), '']) {
      for (const alg of ['HS256', 'ES256']) {
        const signed = `${encoded({ typ: 'dpop+jwt', alg, jwk: await jwk() })}.${encoded(await claims())}`;
        const mac = createHmac('sha256', secret).update(signed).digest('base64url');
        expect(await isAccepted(`${signed}.${mac}`)).toBe(false);
      }
    }
  });

  test('RS256 and PS256, which are not advertised, are refused', async () => {
    for (const alg of ['RS256', 'PS256']) {
      const rsa = newKeyPair(alg);
      const header = { typ: 'dpop+jwt', jwk: await exportJWK(rsa.publicKey) };
      expect(await isAccepted(await signJwt(rsa, await claims(), header))).toBe(false);
    }
  });

  test('RFC 9449 §4.3: a private key in jwk is refused', async () => {
    const header = { jwk: await exportJWK(key.pair.privateKey) };
    expect(await isAccepted(await key.proof({ header }))).toBe(false);
  });

  test('a signature by another key, of zeros, or changed is refused', async () => {
    const [header, payload = '', signature = ''] = (await key.proof()).split('.');
    const [, , foreign] = (await new DpopKey(freehold).proof()).split('.');
    for (const forged of [
      foreign,
      Buffer.alloc(64).toString('base64url'),
      `${signature.slice(0, -4)}AAAA`,
      '',
    ]) {
      expect(await isAccepted(`${header}.${payload}.${forged}`)).toBe(false);
    }
    expect(await isAccepted(`${header}.${encoded({ ...(await claims()), htm: 'GET' })}.${signature}`)).toBe(
      false,
    );
  });

  test('our own tokens, and assertions, are no proofs', async () => {
    expect(await isAccepted(access_token)).toBe(false);
    const { keys } = freehold.composed.tenant;
    expect(await isAccepted(await keys.sign(await claims(), 'ES256', 'dpop+jwt'))).toBe(false);
    expect(await isAccepted(await key.proof({ header: { typ: 'JWT' } }))).toBe(false);
  });
});
