// What Auth0's newer SDKs for servers are built on.
import { AuthClient, type BuildAuthorizationUrlOptions } from '@auth0/auth0-auth-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent } from '../setup/agent.ts';
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
  orders,
  password,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';
import { codeSentTo, linkSentTo } from '../setup/outbox.ts';

const direct = {
  ...confidential,
  name: 'Direct',
  client_id: 'direct',
  grant_types: ['client_credentials', 'password', 'http://auth0.com/oauth/grant-type/passwordless/otp'],
};
const tenant = sampleTenant({
  tenant: { default_directory: defaultDatabaseName, pushed_authorization_requests_supported: true },
  clients: [confidential, direct, apiClient('a'), spa],
  resourceServers: [orders, resourceServer('a'), resourceServer('b')],
  connections: [{ name: 'email', strategy: 'email', enabled_clients: ['direct'] }],
  clientGrants: [{ client_id: 'direct', audience, scope: ['read:orders'] }],
});
let freehold: HttpsFreehold;
let client: AuthClient;

beforeAll(async () => {
  freehold = await startHttpsFreehold({ tenant: tenant, users });
  client = new AuthClient({
    domain: freehold.domain,
    clientId: 'web',
    clientSecret: webSecret,
    authorizationParams: {
      redirect_uri: callback,
      audience,
      scope: 'openid profile email offline_access read:orders',
    },
  });
});
afterAll(() => freehold.stop());

async function logIn(agent = new Agent(freehold.issuer), options: BuildAuthorizationUrlOptions = {}) {
  const { authorizationUrl, codeVerifier } = await client.buildAuthorizationUrl(options);
  const { location } = await agent.logIn(authorizationUrl, 'ada@example.com', password);
  if (location === undefined) throw new Error('The callback was not reached');
  return client.getTokenByCode(location, { codeVerifier });
}

const newDirectClient = () =>
  new AuthClient({ domain: freehold.domain, clientId: 'direct', clientSecret: webSecret });

describe('@auth0/auth0-auth-js', () => {
  test('reads the server metadata', async () => {
    expect(await client.getServerMetadata()).toMatchObject({ issuer: freehold.issuer });
  });

  test('logs in by code with PKCE: ID token claims', async () => {
    const { claims, accessToken } = await logIn();
    expect(claims).toMatchObject({ sub: ada, aud: 'web' });
    expect(await client.getUserInfo({ accessToken })).toMatchObject({ sub: ada, email: 'ada@example.com' });
  });

  test('refreshes, and revokes the refresh token', async () => {
    const { refreshToken = '' } = await logIn();
    const renewed = await client.getTokenByRefreshToken({ refreshToken });
    const newest = renewed.refreshToken ?? refreshToken;
    await client.revokeToken({ token: newest });
    await expect(client.getTokenByRefreshToken({ refreshToken: newest })).rejects.toMatchObject({
      code: 'token_by_refresh_token_error',
      cause: { error: 'invalid_grant' },
    });
  });

  test('logs in with a pushed authorization request', async () => {
    const { claims } = await logIn(undefined, { pushedAuthorizationRequests: true });
    expect(claims).toMatchObject({ sub: ada });
  });

  test('client credentials, and the password of a person', async () => {
    const trusted = newDirectClient();
    const { scope } = await trusted.getTokenByClientCredentials({ audience });
    expect(scope).toBe('read:orders');
    const { claims } = await trusted.getTokenByPassword({
      username: 'ada@example.com',
      password,
      scope: 'openid',
    });
    expect(claims).toMatchObject({ sub: ada });
  });

  test('a login without a password: the code goes by mail', async () => {
    const trusted = newDirectClient();
    const email = 'grace@example.com';
    await trusted.passwordless.sendEmail({ email, send: 'code' });
    const code = await codeSentTo(freehold, email);
    const { claims } = await trusted.getTokenByPasswordlessEmail({ email, code, scope: 'openid email' });
    expect(claims).toMatchObject({ email, email_verified: true });
  });

  test('a token of a user, exchanged for one for another API', async () => {
    const settings = { domain: freehold.domain, clientId: 'client-a', clientSecret: secretOf('a') };
    const { accessToken } = await new AuthClient(settings).exchangeToken({
      subjectToken: (await userToken(freehold, 'a')).access_token,
      subjectTokenType: accessTokenType,
      audience: identifierOf('b'),
      scope: 'read:it',
    });
    expect(claimsOf(accessToken)).toMatchObject({ sub: ada, act: { sub: 'client-a' } });
  });

  test('signs somebody up', async () => {
    const person = { email: 'lin@example.com', password, connection: defaultDatabaseName };
    expect(await client.database.signUp(person)).toMatchObject({ email: 'lin@example.com' });
    await expect(client.database.signUp({ ...person, password: 'short' })).rejects.toMatchObject({
      cause: { error: 'invalid_password' },
    });
  });

  test('a forgotten password: a link by mail', async () => {
    await client.database.changePassword({ email: 'ada@example.com', connection: defaultDatabaseName });
    expect((await linkSentTo(freehold, 'ada@example.com')).pathname).toBe('/u/reset-password');
  });

  test('logs out, once the person has confirmed it', async () => {
    const agent = new Agent(freehold.issuer);
    await logIn(agent);
    const page = await agent.open(await client.buildLogoutUrl({ returnTo: 'https://app.example/' }));
    const answer = await agent.follow(await agent.submit(page, {}));
    expect(answer.location?.href).toBe('https://app.example/');
  });
});
