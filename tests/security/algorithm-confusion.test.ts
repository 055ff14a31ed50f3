// Mirrors jsonwebtoken CVE-2022-23539, CVE-2022-23540, CVE-2022-23541 and RFC 8725 §2: whoever cannot sign with our
// keys cannot make a token of ours, whatever the header says: as an access token at /userinfo, as a token to introspect or to
// exchange, and as an id_token_hint.
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { accessTokenType, exchangeGrant } from '../setup/exchange.ts';
import {
  audience,
  authorizationUrl,
  claimsOf,
  getTokens,
  newPkce,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { isIdTokenHint } from '../setup/logout.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

type Members = Record<string, unknown>;

let freehold: Freehold;
/** A second tenant, with the same ids and other keys. */
let other: Freehold;
let access_token = '';
let id_token = '';
beforeAll(async () => {
  [freehold, other] = await Promise.all([
    startFreehold({ tenant: tenant(), users }),
    startFreehold({ tenant: tenant(), users }),
  ]);
  ({ access_token, id_token = '' } = (await getTokens(freehold, { authorize: { audience } })).tokens);
});
afterAll(() => Promise.all([freehold.stop(), other.stop()]));

async function acceptsAccessToken(token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await new Agent(freehold.issuer).send('/userinfo', { headers });
  if (answer.status === 200) return true;
  const error_description = 'The access token is invalid or has expired';
  expect([answer.status, answer.json()]).toEqual([401, { error: 'invalid_token', error_description }]);
  return false;
}

const api = { client_id: 'api', client_secret: 'api-secret-'.repeat(6) };

/** With a client that is the API of the access token. */
function tenant(): Record<string, unknown> {
  const sample = sampleTenant();
  const client = {
    ...api,
    name: 'API',
    app_type: 'resource_server',
    resource_server_identifier: audience,
    grant_types: [exchangeGrant],
    token_exchange: { allow_any_profile_of_type: ['on_behalf_of_token_exchange'] },
  };
  return { ...sample, clients: [...(sample.clients as unknown[]), client] };
}

async function acceptsIntrospected(token: string): Promise<boolean> {
  const answer = await new Agent(freehold.issuer).postForm('/oauth/introspect', { ...api, token });
  expect(answer.status).toBe(200);
  const { active, ...others } = answer.json();
  if (active === true) return true;
  expect([active, others]).toEqual([false, {}]);
  return false;
}

async function acceptsSubjectToken(subject_token: string): Promise<boolean> {
  const fields = { ...api, grant_type: exchangeGrant, subject_token, audience };
  const agent = new Agent(freehold.issuer);
  const answer = await agent.postForm('/oauth/token', { ...fields, subject_token_type: accessTokenType });
  if (answer.status === 200) return true;
  const error_description = 'The subject token is not valid for this client';
  expect([answer.status, answer.json()]).toEqual([400, { error: 'invalid_request', error_description }]);
  return false;
}

async function acceptsIdTokenHint(id_token_hint: string): Promise<boolean> {
  const isHint = await isIdTokenHint(freehold, id_token_hint);
  const url = authorizationUrl(freehold, newPkce(), { prompt: 'none', id_token_hint });
  const error = (await new Agent(freehold.issuer).send(url)).location?.searchParams.get('error');
  expect(error).toBe(isHint ? 'login_required' : 'invalid_request');
  return isHint;
}

const encoded = (value: Members) => Buffer.from(JSON.stringify(value)).toString('base64url');
const headerOf = (jws: string): Members =>
  JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString());

/** The genuine token's claims under another header, signed by whatever `signature` makes of them. */
function forge(
  jws: string,
  header: Members,
  signature: (signed: string) => Buffer,
  claims: Members = claimsOf(jws),
) {
  const signed = `${encoded(header)}.${encoded(claims)}`;
  return `${signed}.${signature(signed).toString('base64url')}`;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signedBy = (key: KeyObject) => (signed: string) =>
  sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
const mac = (key: string | Buffer) => (signed: string) => createHmac('sha256', key).update(signed).digest();

async function publishedKeys(): Promise<Members[]> {
  const { keys } = (await new Agent(freehold.issuer).send('/.well-known/jwks.json')).json();
  return keys as Members[];
}

const kinds = [
  { kind: 'access token', genuine: () => access_token, accepts: acceptsAccessToken },
  { kind: 'introspected token', genuine: () => access_token, accepts: acceptsIntrospected },
  { kind: 'subject_token', genuine: () => access_token, accepts: acceptsSubjectToken },
  { kind: 'id_token_hint', genuine: () => id_token, accepts: acceptsIdTokenHint },
];

describe.each(kinds)('AT-16, RFC 8725 §3.1: an $kind', ({ genuine, accepts }) => {
  test('that is genuine is accepted', async () => {
    expect(await accepts(genuine())).toBe(true);
  });

  test.each(['none', 'None', 'NONE', 'nOnE', '', null, undefined])('with alg %j is refused', async (alg) => {
    const header = { ...headerOf(genuine()), alg };
    expect(await accepts(forge(genuine(), header, () => Buffer.alloc(0)))).toBe(false);
    expect(await accepts(forge(genuine(), header, () => Buffer.from('x')))).toBe(false);
    const [, claims, signature] = genuine().split('.');
    expect(await accepts(`${encoded(header)}.${claims}.${signature}`)).toBe(false);
  });

  test('with HS256 over any writing of our public keys is refused', async () => {
    for (const { x5c, x5t, n, x, kid } of await publishedKeys()) {
      const certificate = String(x5c);
      const keys = [
        Buffer.from(certificate, 'base64'),
        certificate,
        `-----BEGIN CERTIFICATE-----\n${certificate.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
        Buffer.from(String(n ?? x), 'base64url'),
        String(n ?? x),
        String(x5t),
        String(kid),
        '',
      ];
      for (const key of keys) {
        expect(await accepts(forge(genuine(), { alg: 'HS256', typ: 'JWT', kid }, mac(key)))).toBe(false);
      }
    }
  });

  test.each([
    ['jwk', () => ({ jwk: rsa.publicKey.export({ format: 'jwk' }) })],
    ['jku', () => ({ jku: `${other.issuer}.well-known/jwks.json` })],
    ['x5u', () => ({ x5u: 'https://evil.example/x5u.pem' })],
    ['x5c', () => ({ x5c: [rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] })],
    ['crit', () => ({ crit: ['kid'] })],
  ])('with a key of its own by %s is refused', async (_name, member) => {
    const header = { ...headerOf(genuine()), ...member() };
    expect(await accepts(forge(genuine(), header, signedBy(rsa.privateKey)))).toBe(false);
    const { kid: _kid, ...withoutKid } = header as Members;
    expect(await accepts(forge(genuine(), withoutKid, signedBy(rsa.privateKey)))).toBe(false);
  });

  test.each([
    '../../../../dev/null',
    '/dev/null',
    "' or 1=1--",
    '',
    '__proto__',
    'constructor',
    0,
    null,
    ['x'],
    {},
  ])('with kid %j is refused', async (kid) => {
    const header = { ...headerOf(genuine()), kid };
    expect(await accepts(forge(genuine(), header, signedBy(rsa.privateKey)))).toBe(false);
    expect(await accepts(forge(genuine(), { ...header, alg: 'HS256' }, mac('')))).toBe(false);
  });

  test('with RS256 and ES256 changed about is refused', async () => {
    for (const { kid } of await publishedKeys()) {
      for (const alg of ['RS256', 'ES256', 'PS256', 'RS512', 'ES384', 'EdDSA']) {
        expect(await accepts(forge(genuine(), { alg, typ: 'JWT', kid }, signedBy(rsa.privateKey)))).toBe(
          false,
        );
        expect(await accepts(forge(genuine(), { alg, typ: 'JWT', kid }, signedBy(ec.privateKey)))).toBe(
          false,
        );
      }
    }
  });

  test('CVE-2022-21449: with an ECDSA signature of zeros is refused', async () => {
    for (const { kid } of await publishedKeys()) {
      const zeros = () => Buffer.alloc(64);
      expect(await accepts(forge(genuine(), { alg: 'ES256', typ: 'JWT', kid }, zeros))).toBe(false);
    }
  });

  test('of another tenant with the same ids is refused', async () => {
    const { tokens } = await getTokens(other, { authorize: { audience } });
    expect(await accepts(tokens.access_token)).toBe(false);
    expect(await accepts(tokens.id_token ?? '')).toBe(false);
  });

  test('whose kid names the genuine key, of another tenant, is refused', async () => {
    const foreign = await other.composed.tenant.keys.sign(claimsOf(genuine()), 'RS256', 'JWT');
    const [, claims, signature] = foreign.split('.');
    expect(await accepts(`${encoded(headerOf(genuine()))}.${claims}.${signature}`)).toBe(false);
  });

  test('with a second signature, a payload of its own or parts too few or too many is refused', async () => {
    const [header, claims, signature] = genuine().split('.');
    const variants = [
      `${header}.${claims}`,
      `${header}.${claims}.`,
      `${header}..${signature}`,
      `.${claims}.${signature}`,
      `${header}.${claims}.${signature}.`,
      `${header}.${claims}.${signature}.${signature}`,
      `${header}.${claims}.${signature}=`,
      `${header}.${encoded({ ...claimsOf(genuine()), sub: 'auth0|admin' })}.${signature}`,
      JSON.stringify({ payload: claims, protected: header, signature }),
    ];
    for (const variant of variants) expect(await accepts(variant), variant).toBe(false);
  });
});

describe('AT-16: a genuine JWT of ours of another kind', () => {
  test('an ID token is no access token, an access token is no id_token_hint', async () => {
    expect(await acceptsAccessToken(id_token)).toBe(false);
    expect(await acceptsIdTokenHint(access_token)).toBe(false);
  });

  test('an access token for an API alone is not one for /userinfo', async () => {
    const { tokens } = await getTokens(freehold, { authorize: { audience, scope: 'read:orders' } });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: audience });
    expect(await acceptsAccessToken(tokens.access_token)).toBe(false);
  });

  test.each([
    ['a logout token', { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }],
    ['a token with a scope', { scope: 'openid' }],
    ['a token with a jti', { jti: 'x' }],
    ['a token of another issuer', { iss: 'https://evil.example/' }],
    ['a token without a user', { sub: undefined }],
    ['a token for many', { aud: ['spa', 'web'] }],
  ])('%s is no id_token_hint', async (_name, claims) => {
    const signed = await freehold.composed.tenant.keys.sign(
      { ...claimsOf(id_token), ...claims },
      'RS256',
      'JWT',
    );
    expect(await acceptsIdTokenHint(signed)).toBe(false);
  });

  test.each([
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['for another audience', { aud: 'https://api.example/' }],
    ['that has expired', { exp: 1 }],
    ['that never expires', { exp: undefined }],
    ['that expires in words', { exp: '9999999999' }],
    ['without an authorization', { jti: undefined }],
    ['of an unknown authorization and epoch', { jti: 'x.99.y' }],
    ['of an unknown user', { sub: 'auth0|nobody' }],
    ['of an unknown client', { azp: 'nobody' }],
    ['without a scope', { scope: undefined }],
  ])('a JWT %s is no access token', async (_name, claims) => {
    const genuine = { ...claimsOf(access_token), ...claims };
    expect(await acceptsAccessToken(await freehold.composed.tenant.keys.sign(genuine, 'RS256', 'JWT'))).toBe(
      false,
    );
  });

  test('SG-6: what a revoked key has signed is refused', async () => {
    const tenant = await startFreehold({ tenant: sampleTenant(), users });
    const { tokens } = await getTokens(tenant, { authorize: { audience } });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const agent = new Agent(tenant.issuer);
    expect((await agent.send('/userinfo', { headers })).status).toBe(200);
    const { kid } = headerOf(tokens.access_token);
    await tenant.composed.tenant.keys.revoke(String(kid));
    expect((await agent.send('/userinfo', { headers })).status).toBe(401);
    expect(await isIdTokenHint(tenant, tokens.id_token ?? '')).toBe(false);
    await tenant.stop();
  });
});
