import { exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issuedNow, key, Provider } from '../test/provider.ts';
import { IdTokenInvalid, TokenError } from './index.ts';

let provider: Provider;

beforeEach(async () => {
  provider = await Provider.start();
});
afterEach(() => provider.stop());

async function login(parameters: Record<string, string | number> = {}) {
  const client = provider.client();
  const callback = await provider.callback(client, parameters);
  const outcome = await client.handleCallback(callback).catch((thrown: unknown) => thrown);
  return { outcome, client };
}

async function expectRefused(claim?: string, parameters: Record<string, string | number> = {}) {
  const { outcome, client } = await login(parameters);
  expect(outcome).toBeInstanceOf(IdTokenInvalid);
  if (claim !== undefined) expect(outcome).toHaveProperty('claim', claim);
  expect(client.tokens).toBeUndefined();
}

test('OIDC Core §3.1.3.7: a right ID token is accepted and its claims are those of the token', async () => {
  const { client } = await login();
  expect(client.tokens?.claims).toMatchObject({
    iss: provider.issuer,
    aud: provider.client_id,
    sub: 'auth0|1',
  });
});

describe('OIDC Core §3.1.3.7: a wrong claim is refused and no token is kept', () => {
  const wrong: [requirement: string, claim: string, value: JWTPayload[string]][] = [
    ['2: iss of another issuer', 'iss', 'https://attacker.example/'],
    ['2: iss without its trailing slash', 'iss', 'http://127.0.0.1'],
    ['3: aud of another client', 'aud', 'client-2'],
    ['3: aud list without this client', 'aud', ['client-2', 'client-3']],
    ['4: several audiences without azp', 'aud', ['client-1', 'client-2']],
    ['5: azp of another client', 'azp', 'client-2'],
    ['9: exp in the past', 'exp', 1],
    ['9: exp that is not a number', 'exp', '9999999999'],
    ['10: iat that is not a number', 'iat', 'now'],
    ['11: nonce of another request', 'nonce', 'another'],
  ];
  test.each(wrong)('%s', async (_requirement, claim, value) => {
    provider.claims = { [claim]: value };
    await expectRefused(claim);
  });
});

describe('OIDC Core §2: a missing claim is refused', () => {
  test.each(['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'])('%s', async (claim) => {
    provider.claims = { [claim]: undefined };
    await expectRefused(claim);
  });
});

test('OIDC Core §3.1.3.7 5: azp of this client is accepted, alone and beside further audiences', async () => {
  for (const aud of ['client-1', ['client-1', 'client-2']]) {
    provider.claims = { aud, azp: 'client-1' };
    expect((await login()).outcome).toHaveProperty('claims.azp', 'client-1');
  }
});

describe('OIDC Core §3.1.3.7 13: with max_age', () => {
  test('a login longer ago than max_age is refused', async () => {
    provider.claims = { auth_time: issuedNow() - 3600 };
    await expectRefused('auth_time', { max_age: 600 });
  });

  test('an ID token without auth_time is refused', async () => {
    await expectRefused('auth_time', { max_age: 600 });
  });

  test('max_age=0 asks for auth_time too', async () => {
    await expectRefused('auth_time', { max_age: 0 });
  });

  test('a login within max_age is accepted', async () => {
    provider.claims = { auth_time: issuedNow() - 60 };
    expect((await login({ max_age: 600 })).outcome).toHaveProperty('claims');
  });
});

describe('OIDC Core §3.1.3.7 6 to 8: the signature', () => {
  test('of another key under the same kid is refused', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    provider.sign = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(privateKey);
    await expectRefused();
  });

  test('over other claims is refused', async () => {
    const { sign } = provider;
    provider.sign = async (claims) => {
      const [header, , signature] = (await sign(claims)).split('.');
      const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'auth0|admin' })).toString('base64url');
      return [header, forged, signature].join('.');
    };
    await expectRefused();
  });

  test('under a kid that the JWKS does not hold is refused', async () => {
    provider.sign = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'unknown' }).sign(key.privateKey);
    await expectRefused();
  });

  test('alg none is refused, even where the discovery document allows it', async () => {
    provider.metadata = { id_token_signing_alg_values_supported: ['none', 'RS256'] };
    provider.sign = async (claims) => new UnsecuredJWT(claims).encode();
    await expectRefused();
  });

  test('HS256 keyed with the public key is refused, even where the discovery document allows it', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(key.publicKey));
    provider.metadata = { id_token_signing_alg_values_supported: ['HS256', 'RS256'] };
    provider.sign = (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret);
    await expectRefused();
  });

  test('an alg that the discovery document does not name is refused', async () => {
    provider.metadata = { id_token_signing_alg_values_supported: ['ES256'] };
    await expectRefused();
  });

  test('something that is no JWT is refused', async () => {
    provider.sign = async () => 'not.a-token';
    await expectRefused();
  });
});

test('OIDC Core §3.1.3.3: a token response without an ID token is refused', async () => {
  provider.tokenAnswer = async () => ({ body: { access_token: 'a', token_type: 'Bearer' } });
  const { outcome, client } = await login();
  expect(outcome).toBeInstanceOf(IdTokenInvalid);
  expect(client.tokens).toBeUndefined();
});

test('RFC 6749 §5.2: a 401 with a challenge is a TokenError invalid_client', async () => {
  provider.tokenAnswer = async () => ({
    status: 401,
    headers: { 'www-authenticate': 'Basic realm="tenant"' },
    body: { error: 'invalid_client' },
  });
  const { outcome } = await login();
  expect(outcome).toBeInstanceOf(TokenError);
  expect(outcome).toHaveProperty('error', 'invalid_client');
});
