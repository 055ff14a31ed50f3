import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  ada,
  audience,
  callback,
  confidential,
  orders,
  password,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';
import { newKeyPair } from '../setup/keys.ts';

const scope = 'openid profile email offline_access read:orders';
const basic = { name: 'Basic', client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' };
const hybrid = { name: 'Hybrid', client_id: 'hybrid', grant_types: ['authorization_code', 'implicit'] };
const machine = { name: 'Machine', client_id: 'machine', grant_types: ['client_credentials'] };
const key = newKeyPair('RS256');
const signing = {
  name: 'Signing',
  client_id: 'signing',
  client_secret: undefined,
  token_endpoint_auth_method: undefined,
  client_authentication_methods: {
    private_key_jwt: { credentials: [{ alg: 'RS256', pem: key.pem }] },
  },
  signed_request_object: { credentials: [{ alg: 'RS256', pem: key.pem }] },
};
const bound = {
  ...orders,
  name: 'Bound',
  identifier: 'https://bound.example/',
  proof_of_possession: { mechanism: 'dpop', required: false },
};
let freehold: HttpsFreehold;

beforeAll(async () => {
  const clients = [spa, ...[{}, basic, hybrid, machine, signing].map((one) => ({ ...confidential, ...one }))];
  const resourceServers = [orders, bound];
  const clientGrants = [{ client_id: 'machine', audience, scope: ['read:orders'] }];
  freehold = await startHttpsFreehold({
    tenant: sampleTenant({
      tenant: {
        pushed_authorization_requests_supported: true,
        flags: { enable_dynamic_client_registration: true },
      },
      clients,
      resourceServers,
      clientGrants,
    }),
    users,
  });
});
afterAll(() => freehold.stop());

/** From the authorization URL to the tokens. */
async function logIn(
  config: client.Configuration,
  agent = new Agent(freehold.issuer),
  api = audience,
  proof: client.DPoPOptions = {},
) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope,
    audience: api,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const { location } = await agent.logIn(url, 'ada@example.com', password);
  if (location === undefined) throw new Error('The callback was not reached');
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
  return client.authorizationCodeGrant(config, location, checks, {}, proof);
}

/** As the Web Cryptography API has it. */
function privateKey(): Promise<CryptoKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pkcs8 = key.privateKey.export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}

const discover = (...rest: [string, string?, client.ClientAuth?]) =>
  client.discovery(new URL(freehold.issuer), rest[0], rest[1], rest[2]);

describe('openid-client', () => {
  test('a public client: discovery, Authorization Code Flow with PKCE, ID token, userinfo', async () => {
    const config = await discover('spa', undefined, client.None());
    const tokens = await logIn(config);
    expect(tokens.claims()).toMatchObject({ iss: freehold.issuer, aud: 'spa', sub: ada });
    expect(await client.fetchUserInfo(config, tokens.access_token, ada)).toMatchObject({
      sub: ada,
      email: 'ada@example.com',
    });
  });

  test('a confidential client with client_secret_post', async () => {
    const tokens = await logIn(await discover('web', webSecret, client.ClientSecretPost(webSecret)));
    expect(tokens.claims()).toMatchObject({ aud: 'web', sub: ada });
  });

  test('a confidential client with client_secret_basic', async () => {
    const tokens = await logIn(await discover('basic', webSecret, client.ClientSecretBasic(webSecret)));
    expect(tokens.claims()).toMatchObject({ aud: 'basic', sub: ada });
  });

  test('a confidential client with private_key_jwt', async () => {
    const tokens = await logIn(
      await discover('signing', undefined, client.PrivateKeyJwt(await privateKey())),
    );
    expect(tokens.claims()).toMatchObject({ aud: 'signing', sub: ada });
  });

  test('a pushed authorization request', async () => {
    const config = await discover('web', webSecret);
    const url = await client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: callback,
      scope: 'openid',
    });
    expect(url.searchParams.get('request_uri')).toMatch(/^urn:ietf:params:oauth:request_uri:/);
    const { location } = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password);
    const tokens = await client.authorizationCodeGrant(config, location ?? new URL(callback));
    expect(tokens.claims()).toMatchObject({ sub: ada });
  });

  test('a signed request object', async () => {
    const config = await discover('signing', undefined, client.PrivateKeyJwt(await privateKey()));
    const parameters = { redirect_uri: callback, scope: 'openid', state: 'of-the-request-object' };
    const url = await client.buildAuthorizationUrlWithJAR(config, parameters, await privateKey());
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request']);
    const { location } = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password);
    const checks = { expectedState: parameters.state };
    const tokens = await client.authorizationCodeGrant(config, location ?? new URL(callback), checks);
    expect(tokens.claims()).toMatchObject({ sub: ada });
  });

  test('client credentials', async () => {
    const tokens = await client.clientCredentialsGrant(await discover('machine', webSecret), { audience });
    expect(tokens).toMatchObject({ token_type: 'bearer', scope: 'read:orders' });
  });

  test('DPoP: code, refresh and userinfo with bound tokens and nonces', async () => {
    const config = await discover('spa', undefined, client.None());
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    const agent = new Agent(freehold.issuer);
    const first = await logIn(config, agent, bound.identifier, { DPoP });
    expect(first.token_type).toBe('dpop');
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? '', {}, { DPoP });
    expect(second.token_type).toBe('dpop');
    const userinfo = await client.fetchUserInfo(config, second.access_token, ada, { DPoP });
    expect(userinfo.email).toBe('ada@example.com');
  });

  test('the implicit flow: an ID token alone, its nonce checked', async () => {
    const config = await discover('hybrid', webSecret);
    client.useIdTokenResponseType(config);
    const nonce = client.randomNonce();
    const parameters = { redirect_uri: callback, scope: 'openid email', nonce, response_mode: 'fragment' };
    const url = client.buildAuthorizationUrl(config, parameters);
    const { location } = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password);
    const claims = await client.implicitAuthentication(config, location ?? new URL(callback), nonce);
    expect(claims).toMatchObject({ sub: ada, email: 'ada@example.com' });
  });

  test('the hybrid flow code id_token: c_hash and s_hash of the front channel', async () => {
    const config = await discover('hybrid', webSecret);
    client.useCodeIdTokenResponseType(config);
    const [expectedNonce, expectedState] = [client.randomNonce(), client.randomState()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid email',
      nonce: expectedNonce,
      state: expectedState,
      response_mode: 'fragment',
    });
    const { location } = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password);
    const checks = { expectedNonce, expectedState };
    const tokens = await client.authorizationCodeGrant(config, location ?? new URL(callback), checks);
    expect(tokens.claims()).toMatchObject({ sub: ada });
  });

  test('refreshes, and revokes the refresh token', async () => {
    const config = await discover('web', webSecret);
    const first = await logIn(config);
    const second = await client.refreshTokenGrant(config, first.refresh_token ?? '');
    expect(second.access_token).not.toBe(first.access_token);
    expect(second.claims()).toMatchObject({ sub: ada });
    const refreshToken = second.refresh_token ?? first.refresh_token ?? '';
    await client.tokenRevocation(config, refreshToken);
    await expect(client.refreshTokenGrant(config, refreshToken)).rejects.toMatchObject({
      name: 'ResponseBodyError',
      error: 'invalid_grant',
    });
  });

  test('registers itself, and a person consents to it', async () => {
    const metadata = { redirect_uris: [callback], client_name: 'Notes' };
    const config = await client.dynamicClientRegistration(new URL(freehold.issuer), metadata);
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    const agent = new Agent(freehold.issuer);
    const question = await agent.logIn(url, 'ada@example.com', password);
    expect(question.text).toContain('Notes');
    const { location } = await agent.follow(await agent.submit(question, { action: 'accept' }));
    const tokens = await client.authorizationCodeGrant(config, location ?? url, { pkceCodeVerifier });
    expect(tokens).toMatchObject({ access_token: expect.any(String), token_type: 'bearer' });
  });

  test('asks what is true of a token now', async () => {
    const config = await discover('web', webSecret);
    const { access_token } = await logIn(config);
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({ active: true, sub: ada });
    expect(await client.tokenIntrospection(config, 'unknown')).toEqual({ active: false });
  });

  test('logs out at the end session endpoint', async () => {
    const config = await discover('web', webSecret);
    const agent = new Agent(freehold.issuer);
    const tokens = await logIn(config, agent);
    const url = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'https://app.example/',
      state: 'after-logout',
    });
    const answer = await agent.open(url);
    expect(answer.location?.href).toBe('https://app.example/?state=after-logout');
    expect((await agent.open(client.buildAuthorizationUrl(config, silent))).location?.search).toContain(
      'error=login_required',
    );
  });

  test('understands a refusal at the token endpoint', async () => {
    const config = await discover('web', 'not-the-secret');
    await expect(client.refreshTokenGrant(config, 'unknown')).rejects.toMatchObject({ status: 401 });
  });
});

const silent = { redirect_uri: callback, scope: 'openid', prompt: 'none', state: 'silent' };
