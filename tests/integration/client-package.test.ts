// The project's own client package in Node, from discovery to logout, against the server.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FreeholdClient, TokenError } from '../../packages/client/src/index.ts';
import { Agent } from '../setup/agent.ts';
import { audience, callback, password, sampleTenant, spa, users, webSecret } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
let freehold: Freehold;

beforeAll(async () => {
  const tenant = sampleTenant();
  const es256 = { ...spa, name: 'ES256', client_id: 'es256', jwt_configuration: { alg: 'ES256' } };
  tenant.clients = [...(tenant.clients as unknown[]), es256];
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());

describe.each([
  ['public', { client_id: 'spa' }],
  ['public, ES256', { client_id: 'es256' }],
  ['confidential', { client_id: 'web', client_secret: webSecret }],
])('a %s client', (_what, credentials) => {
  test('SD-50, SD-80, SD-81, SD-93, SD-94: the whole flow', async () => {
    const client = new FreeholdClient({
      issuer: freehold.issuer,
      ...credentials,
      redirect_uri: callback,
      audience,
      scope: 'openid profile email offline_access read:orders',
    });
    const agent = new Agent(freehold.issuer);
    const answer = await agent.logIn(
      await client.authorizationUrl({ max_age: 3600 }),
      'ada@example.com',
      password,
    );
    const tokens = await client.handleCallback(answer.location ?? '');
    expect(tokens.claims).toMatchObject({ iss: freehold.issuer, sub: ada, aud: credentials.client_id });
    expect(await client.userinfo()).toMatchObject({ sub: ada, email: 'ada@example.com' });

    const [one, other] = await Promise.all([client.refresh(), client.refresh()]);
    expect(one).toBe(other);
    expect(one.access_token).not.toBe(tokens.access_token);
    expect(one.claims.auth_time).toBe(tokens.claims.auth_time);

    const url = client.logoutUrl({ returnTo: 'https://app.example/' });
    expect((await agent.follow(await agent.send(url))).location?.href).toBe('https://app.example/');
    const silent = await agent.open(await client.authorizationUrl({ prompt: 'none' }));
    await expect(client.handleCallback(silent.location ?? '')).rejects.toMatchObject({
      error: 'login_required',
    });
  });
});

test('DP-3, DP-6, DP-7: with dpop the tokens are bound to its key, and a nonce is fetched on the way', async () => {
  const scope = 'openid offline_access';
  const settings = { issuer: freehold.issuer, client_id: 'spa', redirect_uri: callback, scope };
  const client = new FreeholdClient({ ...settings, dpop: true });
  const agent = new Agent(freehold.issuer);
  const answer = await agent.logIn(await client.authorizationUrl(), 'ada@example.com', password);
  const { token_type, access_token } = await client.handleCallback(answer.location ?? '');
  expect(token_type).toBe('dpop');
  expect(await client.userinfo()).toMatchObject({ sub: ada });
  const headers = { authorization: `Bearer ${access_token}` };
  expect((await agent.send('/userinfo', { headers })).status).toBe(401);
  expect((await client.refresh()).token_type).toBe('dpop');
  expect(await client.userinfo()).toMatchObject({ sub: ada });
});

test('DP-8: a token that the API does not want bound is a Bearer token', async () => {
  const settings = { issuer: freehold.issuer, client_id: 'spa', redirect_uri: callback, audience };
  const client = new FreeholdClient({ ...settings, dpop: true });
  const agent = new Agent(freehold.issuer);
  const answer = await agent.logIn(await client.authorizationUrl(), 'ada@example.com', password);
  expect((await client.handleCallback(answer.location ?? '')).token_type).toBe('bearer');
  expect(await client.userinfo()).toMatchObject({ sub: ada });
});

test('TK-90: a refusal of the token endpoint comes as TokenError, with the words that SDKs match', async () => {
  const client = new FreeholdClient({
    issuer: freehold.issuer,
    client_id: 'spa',
    redirect_uri: callback,
    scope: 'openid offline_access',
  });
  const agent = new Agent(freehold.issuer);
  const answer = await agent.logIn(await client.authorizationUrl(), 'ada@example.com', password);
  const { refresh_token = '' } = await client.handleCallback(answer.location ?? '');
  await agent.postForm('/oauth/revoke', { client_id: 'spa', token: refresh_token });
  const refused = await client.refresh().catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(TokenError);
  expect(refused).toMatchObject({
    error: 'invalid_grant',
    error_description: 'Unknown or invalid refresh token.',
  });
});
