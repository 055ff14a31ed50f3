// A subject token of another issuer's (TX-2). Mirrors what forged-jws.ts mirrors, and RFC 8725 §3: who does not hold the
// issuer's key names nobody, and what the issuer signed for another use, for somebody else or long ago names nobody either.
import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, audience, getTokens, refusalOf, sampleTenant, users } from '../setup/flow.ts';
import { newKeyPair, signJwt } from '../setup/keys.ts';
import {
  exchangePartnerToken,
  mobile,
  partnerClaims,
  partnerProfile,
  partnerTokenType,
  publicJwk,
} from '../setup/partner.ts';
import { findFreePort } from '../setup/ports.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { byRsa, ec, forgeJws, rsa, testForgeries } from './forged-jws.ts';

const second = 'urn:partner:second-profile';
const rival = 'urn:rival:token';
const rivalIssuer = 'https://rival.example/';
const ours = 'urn:ours:token';
const unused = newKeyPair('PS256');

let freehold: Freehold;
beforeAll(async () => {
  const port = await findFreePort();
  const keyOf = (jwk: Record<string, unknown>) => ({ jwks: { keys: [jwk] } });
  const key = keyOf(publicJwk(rsa, 'kid-of-signer-rsa'));
  const own = `http://localhost:${port}/`;
  const tenant = sampleTenant({
    tokenExchangeProfiles: [
      partnerProfile({ ...key, algorithms: ['RS256', 'PS256', 'ES256'] }),
      { ...partnerProfile(key), name: 'Second', subject_token_type: second },
      {
        ...partnerProfile({ ...keyOf(publicJwk(ec, 'kid-of-signer-ec')), issuer: rivalIssuer }),
        name: 'Rival',
        subject_token_type: rival,
      },
      {
        ...partnerProfile({ issuer: own, audience: 'spa', jwks_uri: `${own}.well-known/jwks.json` }),
        name: 'Ours',
        subject_token_type: ours,
      },
    ],
  });
  tenant.clients = [...(tenant.clients as unknown[]), mobile];
  freehold = await startFreehold({ tenant, users, port, flags: ['--insecure-allow-private-outbound'] });
});
afterAll(() => freehold.stop());

const claims = (more: Record<string, unknown> = {}) => ({ ...partnerClaims(freehold.clock.now()), ...more });

async function isAccepted(subject_token: string, subject_token_type = partnerTokenType): Promise<boolean> {
  const answer = await exchangePartnerToken(freehold, subject_token, { subject_token_type });
  if (answer.status === 200) return true;
  expect(refusalOf(answer)).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: 'The subject token is not valid',
  });
  return false;
}

async function faultOf(subject_token: string, subject_token_type = partnerTokenType): Promise<unknown> {
  expect(await isAccepted(subject_token, subject_token_type)).toBe(false);
  const { type, details } = (await freehold.logEntries()).at(-1) ?? {};
  expect(type).toBe('fecte');
  return (details as { fault?: unknown }).fault;
}

describe('TX-2: what somebody else has signed', () => {
  testForgeries({ forge: (header, signature) => forgeJws(header, claims(), signature), isAccepted });

  test('RFC 8725 §3.1: a key serves the algorithm that it names, though the profile knows others', async () => {
    for (const alg of ['PS256', 'RS384', 'ES256', 'RS512', 'EdDSA'])
      expect(await isAccepted(forgeJws({ alg }, claims(), byRsa))).toBe(false);
    const genuine = await signJwt({ alg: 'PS256', privateKey: rsa.privateKey }, claims());
    expect(await isAccepted(genuine)).toBe(false);
  });

  test('CVE-2022-21449: an ECDSA signature of zeros, or in DER, is refused', async () => {
    const said = claims({ iss: rivalIssuer });
    expect(
      await isAccepted(
        forgeJws({ alg: 'ES256' }, said, () => Buffer.alloc(64)),
        rival,
      ),
    ).toBe(false);
    const der = (bytes: Buffer) => sign('sha256', bytes, ec.privateKey);
    expect(await isAccepted(forgeJws({ alg: 'ES256' }, said, der), rival)).toBe(false);
    expect(await isAccepted(await signJwt(ec, said), rival)).toBe(true);
  });

  test('RFC 8725 §3.8: one issuer does not speak for another, with its own key or its own name', async () => {
    expect(await isAccepted(await signJwt(ec, claims()))).toBe(false);
    expect(await isAccepted(await signJwt(ec, claims({ iss: rivalIssuer })))).toBe(false);
    expect(await isAccepted(await signJwt(rsa, claims({ iss: rivalIssuer })), rival)).toBe(false);
    expect(await isAccepted(await signJwt(rsa, claims()), rival)).toBe(false);
    expect(await isAccepted(await signJwt(unused, claims()))).toBe(false);
  });

  test('with another payload, parts too few or too many, or of a great length', async () => {
    const genuine = await signJwt(rsa, claims());
    const [header, said, signature] = genuine.split('.');
    const other = Buffer.from(JSON.stringify(claims({ sub: 'admin' }))).toString('base64url');
    const variants = [
      `${header}.${other}.${signature}`,
      `${header}.${said}`,
      `${header}.${said}.`,
      `${header}..${signature}`,
      `${genuine}.`,
      `${genuine}=`,
      `${genuine}.${signature}`,
      JSON.stringify({ payload: said, protected: header, signature }),
      'nonsense',
      '"><svg>',
      await signJwt(rsa, claims({ padding: 'x'.repeat(16 * 1024) })),
    ];
    for (const variant of variants) expect(await isAccepted(variant), variant.slice(0, 80)).toBe(false);
    expect(await isAccepted(genuine)).toBe(true);
  });
});

describe('TX-2: what the issuer did sign', () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  test.each([
    ['for somebody else', { aud: 'https://other.example/' }, 'its aud is another'],
    ['for nobody', { aud: undefined }, 'its aud is another'],
    [
      'for what only begins so',
      { aud: ['https://acme.example', 'https://acme.example/x'] },
      'its aud is another',
    ],
    ['as another', { iss: 'https://partner.example' }, 'its iss is another'],
    ['as nobody', { iss: undefined }, 'its iss is another'],
    ['as a list', { iss: ['https://partner.example/'] }, 'its iss is another'],
    ['without an end', { exp: undefined }, 'it has no exp'],
    ['until a word', { exp: '9999999999' }, 'it has no exp'],
    ['for ever', { exp: 1e300 }, 'it has no exp'],
    ['as a logout token', { events }, 'it is a security event token'],
    [
      'for whoever acts for its user',
      { act: { sub: 'support@partner.example' } },
      'somebody else acts for its user',
    ],
    ['for whoever holds a key', { cnf: { jkt: 'x' } }, 'it is bound to a key'],
    ['with a jti that is none', { jti: 7 }, 'its jti is no identifier'],
    ['with an empty jti', { jti: '' }, 'its jti is no identifier'],
    ['with a long jti', { jti: 'x'.repeat(256) }, 'its jti is no identifier'],
    ['of nobody', { sub: undefined }, 'it names no user of the connection'],
    ['of a number', { sub: 7 }, 'it names no user of the connection'],
    ['of many', { sub: [ada] }, 'it names no user of the connection'],
    ['of a NUL', { sub: 'a\0b' }, 'it names no user of the connection'],
  ])('%s', async (_what, more, fault) => {
    expect(await faultOf(await signJwt(rsa, claims(more)))).toBe(fault);
  });

  test('for another time', async () => {
    const now = freehold.clock.now();
    const at = (more: Record<string, unknown>) => signJwt(rsa, claims(more));
    expect(await faultOf(await at({ exp: now }))).toBe('it has expired');
    expect(await faultOf(await at({ nbf: now + 11 }))).toBe('it is not valid yet');
    expect(await faultOf(await at({ nbf: 'now' }))).toBe('it is not valid yet');
    expect(await faultOf(await at({ iat: now + 11 }))).toBe('its iat is in the future');
    expect(await isAccepted(await at({ nbf: now + 10, iat: now + 10, exp: now + 11 }))).toBe(true);
    expect(await isAccepted(await at({ nbf: undefined, iat: undefined }))).toBe(true);
  });

  test.each(['dpop+jwt', 'logout+jwt', 'secevent+jwt', 'oauth-authz-req+jwt', 'JWE', '', 7])(
    'RFC 8725 §3.11: as %j',
    async (typ) => {
      expect(await faultOf(forgeJws({ alg: 'RS256', typ }, claims(), byRsa))).toBe('its typ is another');
    },
  );

  test.each(['JWT', 'jwt', 'at+jwt', 'application/at+jwt'])('as %j it is taken', async (typ) => {
    expect(await isAccepted(forgeJws({ alg: 'RS256', typ }, claims(), byRsa))).toBe(true);
  });
});

describe('RFC 7519 §4.1.7: a jti', () => {
  test('is good once, at whichever profile of its issuer; without one a token may come again', async () => {
    const token = await signJwt(rsa, claims());
    expect(await isAccepted(token)).toBe(true);
    expect(await faultOf(token)).toBe('its jti was used before');
    expect(await faultOf(token, second)).toBe('its jti was used before');
    const same = claims({ jti: 'the-same-everywhere' });
    expect(await isAccepted(await signJwt(rsa, same))).toBe(true);
    expect(await isAccepted(await signJwt(ec, { ...same, iss: rivalIssuer }), rival)).toBe(true);
    const without = await signJwt(rsa, claims({ jti: undefined }));
    expect(await isAccepted(without)).toBe(true);
    expect(await isAccepted(without)).toBe(true);
  });

  test('of 12 requests at once is one’s', async () => {
    const token = await signJwt(rsa, claims());
    const taken = await Promise.all(Array.from({ length: 12 }, () => isAccepted(token)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test('is not spent by who cannot sign for it', async () => {
    const said = claims();
    expect(await isAccepted(await signJwt(unused, said))).toBe(false);
    expect(await isAccepted(forgeJws({ alg: 'RS256' }, said, () => Buffer.alloc(256)))).toBe(false);
    expect(await isAccepted(await signJwt(rsa, said))).toBe(true);
  });
});

test('TX-2: a token of ours is nobody else’s, though a profile named us and our keys', async () => {
  const { tokens } = await getTokens(freehold, { authorize: { audience } });
  for (const type of [partnerTokenType, ours]) {
    expect(await faultOf(tokens.id_token ?? '', type)).toBe('it is one of our own');
    expect(await faultOf(tokens.access_token, type)).toBe('it is one of our own');
  }
});
