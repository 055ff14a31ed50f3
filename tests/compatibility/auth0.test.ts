// Auth0's SDK for Node: the Authentication API's half of it.
import { AuthenticationClient, UserInfoClient } from 'auth0';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, callback, confidential, getCode, sampleTenant, users, webSecret } from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';

const scope = 'openid profile email offline_access';
let freehold: HttpsFreehold;
let auth0: AuthenticationClient;

beforeAll(async () => {
  freehold = await startHttpsFreehold({ tenant: sampleTenant({ clients: [confidential] }), users });
  auth0 = new AuthenticationClient({ domain: freehold.domain, clientId: 'web', clientSecret: webSecret });
});
afterAll(() => freehold.stop());

async function logIn() {
  const authorize = { client_id: 'web', scope, nonce: 'a-nonce-of-the-application' };
  const { code, pkce } = await getCode(freehold, { authorize });
  const { data } = await auth0.oauth.authorizationCodeGrantWithPKCE(
    { code, code_verifier: pkce.code_verifier, redirect_uri: callback },
    { idTokenValidateOptions: { nonce: authorize.nonce } },
  );
  return data;
}

describe('auth0', () => {
  test('the code with PKCE, its ID token validated', async () => {
    expect(await logIn()).toMatchObject({ token_type: 'Bearer', expires_in: 86_400 });
  });

  test('the code of a confidential client without PKCE', async () => {
    const authorize = { client_id: 'web', code_challenge: undefined, code_challenge_method: undefined };
    const { code } = await getCode(freehold, { authorize });
    const { data } = await auth0.oauth.authorizationCodeGrant({ code, redirect_uri: callback });
    expect(data.id_token).toEqual(expect.any(String));
  });

  test('userinfo', async () => {
    const userinfo = new UserInfoClient({ domain: freehold.domain });
    const { data } = await userinfo.getUserInfo((await logIn()).access_token);
    expect(data).toMatchObject({ sub: ada, email: 'ada@example.com', name: 'Ada Lovelace' });
  });

  test('refreshes, and revokes the refresh token', async () => {
    const { refresh_token = '' } = await logIn();
    const { data } = await auth0.oauth.refreshTokenGrant({ refresh_token });
    const newest = data.refresh_token ?? refresh_token;
    await auth0.oauth.revokeRefreshToken({ token: newest });
    await expect(auth0.oauth.refreshTokenGrant({ refresh_token: newest })).rejects.toMatchObject({
      name: 'AuthApiError',
      error: 'invalid_grant',
      statusCode: 403,
    });
  });

  test('a wrong secret is an AuthApiError', async () => {
    const stranger = new AuthenticationClient({
      domain: freehold.domain,
      clientId: 'web',
      clientSecret: 'not it',
    });
    await expect(stranger.oauth.refreshTokenGrant({ refresh_token: 'x' })).rejects.toMatchObject({
      name: 'AuthApiError',
      statusCode: 401,
    });
  });
});
