// The library that most of the others stand on: every answer goes through its own strict checks.
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { activate, television } from '../setup/device.ts';
import { accessTokenType, exchangeGrant } from '../setup/exchange.ts';
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
} from '../setup/flow.ts';
import { type HttpsFreehold, startHttpsFreehold } from '../setup/https-server.ts';

const scope = 'openid profile email offline_access read:orders';
const es256 = { ...spa, name: 'ES256', client_id: 'es256', jwt_configuration: { alg: 'ES256' } };
const profiled = 'https://profiled.example/';
const resourceServers = [
  orders,
  { ...orders, name: 'Profiled', identifier: profiled, token_dialect: 'rfc9068_profile' },
];
const ordersClient = {
  name: 'Orders, as a client',
  client_id: 'orders-api',
  client_secret: 'orders-secret-'.repeat(5),
  app_type: 'resource_server',
  resource_server_identifier: audience,
  grant_types: [exchangeGrant],
  token_exchange: { allow_any_profile_of_type: ['on_behalf_of_token_exchange'] },
};
const withSecret = oauth.ClientSecretPost(confidential.client_secret);
let freehold: HttpsFreehold;
let server: oauth.AuthorizationServer;

beforeAll(async () => {
  const tenant = sampleTenant({
    clients: [spa, confidential, es256, television, ordersClient],
    resourceServers,
  });
  freehold = await startHttpsFreehold({ tenant, users });
  const issuer = new URL(freehold.issuer);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
});
afterAll(() => freehold.stop());

/** From the authorization URL through the login page to the checked token response. */
async function logIn(client: oauth.Client, proof: oauth.ClientAuth, api = audience) {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const url = new URL(server.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: client.client_id,
    response_type: 'code',
    redirect_uri: callback,
    scope,
    audience: api,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString();
  const { location } = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password);
  if (location === undefined) throw new Error('The callback was not reached');
  const parameters = oauth.validateAuthResponse(server, client, location, state);
  const request = oauth.authorizationCodeGrantRequest;
  const response = await request(server, client, proof, parameters, callback, verifier);
  return oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
}

describe('oauth4webapi', () => {
  test('discovery by OpenID Connect and by RFC 8414', async () => {
    const issuer = new URL(freehold.issuer);
    const response = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2' });
    expect((await oauth.processDiscoveryResponse(issuer, response)).token_endpoint).toBe(
      server.token_endpoint,
    );
  });

  test('a public client: Authorization Code Flow with PKCE, userinfo', async () => {
    const client = { client_id: 'spa' };
    const tokens = await logIn(client, oauth.None());
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: ada, aud: 'spa' });
    const response = await oauth.userInfoRequest(server, client, tokens.access_token);
    const claims = await oauth.processUserInfoResponse(server, client, ada, response);
    expect(claims.email).toBe('ada@example.com');
  });

  test('an ID token signed with ES256', async () => {
    const client = { client_id: 'es256', id_token_signed_response_alg: 'ES256' };
    expect(oauth.getValidatedIdTokenClaims(await logIn(client, oauth.None()))?.sub).toBe(ada);
  });

  test('a confidential client refreshes, and revokes the refresh token', async () => {
    const client = { client_id: 'web' };
    const { refresh_token = '' } = await logIn(client, withSecret);
    const refresh = (token: string) => oauth.refreshTokenGrantRequest(server, client, withSecret, token);
    const response = await refresh(refresh_token);
    const tokens = await oauth.processRefreshTokenResponse(server, client, response);
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe(ada);
    const newest = tokens.refresh_token ?? refresh_token;
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, withSecret, newest));
    await expect(
      oauth.processRefreshTokenResponse(server, client, await refresh(newest)),
    ).rejects.toMatchObject({ name: 'ResponseBodyError', error: 'invalid_grant' });
  });

  test('an access token of RFC 9068, as an API checks it', async () => {
    const tokens = await logIn({ client_id: 'spa' }, oauth.None(), profiled);
    const request = new Request(profiled, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    const claims = await oauth.validateJwtAccessToken(server, request, profiled);
    expect(claims).toMatchObject({
      sub: ada,
      client_id: 'spa',
      scope: expect.stringContaining('read:orders'),
    });
  });

  test('token exchange: an API gets a token for another one, on its user’s behalf', async () => {
    const { access_token } = await logIn({ client_id: 'spa' }, oauth.None());
    const client = { client_id: ordersClient.client_id };
    const proof = oauth.ClientSecretPost(ordersClient.client_secret);
    const parameters = {
      subject_token: access_token,
      subject_token_type: accessTokenType,
      audience: profiled,
    };
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      proof,
      exchangeGrant,
      parameters,
    );
    const tokens = await oauth.processGenericTokenEndpointResponse(server, client, response);
    expect(tokens.issued_token_type).toBe(accessTokenType);
    const request = new Request(profiled, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(await oauth.validateJwtAccessToken(server, request, profiled)).toMatchObject({
      sub: ada,
      client_id: 'orders-api',
      act: { sub: 'orders-api' },
    });
    const asked = await oauth.introspectionRequest(server, client, proof, access_token);
    expect(await oauth.processIntrospectionResponse(server, client, asked)).toMatchObject({ active: true });
  });

  test('the device flow: pending, then the tokens', async () => {
    const client = { client_id: television.client_id };
    const asked = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), { scope: 'openid' });
    const codes = await oauth.processDeviceAuthorizationResponse(server, client, asked);
    const poll = async () => {
      const response = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), codes.device_code);
      return oauth.processDeviceCodeResponse(server, client, response);
    };
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' });
    const { verification_uri_complete = '' } = codes;
    await activate(new Agent(freehold.issuer), { verification_uri_complete });
    freehold.clock.advance(codes.interval ?? 5);
    expect(oauth.getValidatedIdTokenClaims(await poll())).toMatchObject({ sub: ada, aud: 'tv' });
  });
});
