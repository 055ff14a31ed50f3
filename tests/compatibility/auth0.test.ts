// Auth0's SDK for Node: the Authentication API's half of it, which version 6 is the last to have; auth0-auth-js follows it.
import { AuthenticationClient, UserInfoClient } from 'auth0';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import {
  accessTokenType,
  apiClient,
  identifierOf,
  resourceServer,
  secretOf,
  userToken,
} from '../setup/exchange.ts';
import {
  ada,
  audience,
  callback,
  claimsOf,
  confidential,
  getCode,
  orders,
  password,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';
import { newKeyPair } from '../setup/keys.ts';
import { codeSentTo, linkSentTo } from '../setup/outbox.ts';
import { mobile, partnerProfile, partnerToken, partnerTokenType, publicJwk } from '../setup/partner.ts';

const scope = 'openid profile email offline_access';
const key = newKeyPair('RS256');
const directClient = {
  ...confidential,
  name: 'Direct',
  client_id: 'direct',
  token_exchange: mobile.token_exchange,
  grant_types: [
    'client_credentials',
    'password',
    'http://auth0.com/oauth/grant-type/password-realm',
    'http://auth0.com/oauth/grant-type/passwordless/otp',
  ],
};
const signing = {
  ...directClient,
  name: 'Signing',
  client_id: 'signing',
  client_secret: undefined,
  token_endpoint_auth_method: undefined,
  client_authentication_methods: {
    private_key_jwt: { credentials: [{ alg: 'RS256', pem: key.pem }] },
  },
};
const tenant = sampleTenant({
  tenant: { default_directory: defaultDatabaseName, pushed_authorization_requests_supported: true },
  clients: [confidential, directClient, signing, apiClient('a'), spa],
  resourceServers: [orders, resourceServer('a'), resourceServer('b')],
  connections: (['email', 'sms'] as const).map((strategy) => ({
    name: strategy,
    strategy,
    enabled_clients: ['direct'],
  })),
  tokenExchangeProfiles: [partnerProfile({ jwks: { keys: [publicJwk(key, 'partner-key')] } })],
  clientGrants: ['direct', 'signing'].map((client_id) => ({ client_id, audience, scope: ['read:orders'] })),
});
let freehold: HttpsFreehold;
let auth0: AuthenticationClient;

beforeAll(async () => {
  freehold = await startHttpsFreehold({ tenant, users });
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

const direct = () =>
  new AuthenticationClient({ domain: freehold.domain, clientId: 'direct', clientSecret: webSecret });

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

  test('pushes an authorization request', async () => {
    const { data } = await auth0.oauth.pushedAuthorization({
      client_id: 'web',
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid',
    });
    expect(data).toEqual({ request_uri: expect.stringMatching(/^urn:ietf:/), expires_in: 30 });
  });

  test('client credentials', async () => {
    const { data } = await direct().oauth.clientCredentialsGrant({ audience });
    expect(claimsOf(data.access_token)).toMatchObject({ sub: 'direct@clients', scope: 'read:orders' });
  });

  test('client credentials, by private_key_jwt', async () => {
    const machine = new AuthenticationClient({
      domain: freehold.domain,
      clientId: 'signing',
      clientAssertionSigningKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
    const { data } = await machine.oauth.clientCredentialsGrant({ audience });
    expect(claimsOf(data.access_token)).toMatchObject({ sub: 'signing@clients' });
  });

  test('the password grant, with a realm and without', async () => {
    const trusted = direct();
    const person = { username: 'ada@example.com', password, scope: 'openid' };
    const plain = await trusted.oauth.passwordGrant(person);
    const withRealm = await trusted.oauth.passwordGrant({ ...person, realm: defaultDatabaseName });
    for (const { data } of [plain, withRealm]) expect(claimsOf(data.id_token)).toMatchObject({ sub: ada });
    await expect(trusted.oauth.passwordGrant({ ...person, password: 'wrong' })).rejects.toMatchObject({
      error: 'invalid_grant',
      error_description: 'Wrong email or password.',
      statusCode: 403,
    });
  });

  test('a login without a password: the code goes by mail', async () => {
    const { passwordless } = direct();
    await passwordless.sendEmail({ email: 'grace@example.com', send: 'code' });
    const code = await codeSentTo(freehold, 'grace@example.com');
    const { data } = await passwordless.loginWithEmail({
      email: 'grace@example.com',
      code,
      scope: 'openid email',
    });
    expect(claimsOf(data.id_token)).toMatchObject({ email: 'grace@example.com', email_verified: true });
  });

  test('a login without a password: the code goes by SMS', async () => {
    const { passwordless } = direct();
    const phone_number = '+15550100';
    await passwordless.sendSMS({ phone_number });
    const code = await codeSentTo(freehold, phone_number);
    const { data } = await passwordless.loginWithSMS({ phone_number, code, scope: 'openid phone' });
    expect(claimsOf(data.id_token)).toMatchObject({ phone_number, phone_number_verified: true });
  });

  test('a token of a user, exchanged for one for another API', async () => {
    const api = new AuthenticationClient({
      domain: freehold.domain,
      clientId: 'client-a',
      clientSecret: secretOf('a'),
    });
    const exchanged = await api.tokenExchange.exchangeToken({
      subject_token: (await userToken(freehold, 'a')).access_token,
      subject_token_type: accessTokenType,
      audience: identifierOf('b'),
      scope: 'read:it',
    });
    expect(claimsOf(exchanged.access_token)).toMatchObject({ sub: ada, act: { sub: 'client-a' } });
  });

  test('a token of a partner, exchanged for one of a user', async () => {
    const exchanged = await direct().tokenExchange.exchangeToken({
      subject_token: await partnerToken({ key }, freehold),
      subject_token_type: partnerTokenType,
      audience,
      scope: 'openid read:orders',
    });
    expect(claimsOf(exchanged.access_token)).toMatchObject({ sub: ada, azp: 'direct' });
    expect(claimsOf(exchanged.id_token)).toMatchObject({ sub: ada, aud: 'direct' });
  });

  test('signs somebody up, who then logs in', async () => {
    const person = { email: 'grace.hopper@example.com', password };
    const { data } = await auth0.database.signUp({ ...person, connection: defaultDatabaseName });
    expect(data).toMatchObject({ email: person.email, email_verified: false });
    const { email: username } = person;
    const tokens = await direct().oauth.passwordGrant({ username, password, scope: 'openid email' });
    expect(claimsOf(tokens.data.id_token)).toMatchObject({ email: username, email_verified: false });
    const weak = { email: 'weak@example.com', password: 'short', connection: defaultDatabaseName };
    await expect(auth0.database.signUp(weak)).rejects.toMatchObject({ statusCode: 400 });
  });

  test('a forgotten password: a link by mail', async () => {
    const { data } = await auth0.database.changePassword({
      email: 'ada@example.com',
      connection: defaultDatabaseName,
    });
    expect(data).toBe("We've just sent you an email to reset your password.");
    const link = await linkSentTo(freehold, 'ada@example.com');
    expect(link.href).toMatch(`${freehold.issuer}u/reset-password?ticket=`);
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
