import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  ada,
  audience,
  callback,
  confidential,
  password,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';

const scope = 'openid profile email offline_access read:orders';
const basic = { name: 'Basic', client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' };
let freehold: HttpsFreehold;

beforeAll(async () => {
  const clients = [spa, confidential, { ...confidential, ...basic }];
  freehold = await startHttpsFreehold({ tenant: sampleTenant({ clients }), users });
});
afterAll(() => freehold.stop());

/** From the authorization URL to the tokens. */
async function logIn(config: client.Configuration, agent = new Agent(freehold.issuer)) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope,
    audience,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const { location } = await agent.logIn(url, 'ada@example.com', password);
  if (location === undefined) throw new Error('The callback was not reached');
  return client.authorizationCodeGrant(config, location, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    idTokenExpected: true,
  });
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
