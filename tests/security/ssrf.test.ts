// Mirrors Keycloak CVE-2020-10770, CVE-2026-1180; ZITADEL CVE-2025-67494; Logto CVE-2026-56739; Casdoor CVE-2026-108572:
// no address that a request names is ever asked for anything.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { newKeyPair } from '../setup/keys.ts';
import { exchangePartnerToken, mobile, partnerProfile, partnerToken } from '../setup/partner.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let listener: Server;
let inside = '';
let connections = 0;
beforeAll(async () => {
  listener = createServer((_request, response) => response.end('{}'));
  listener.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  inside = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/inside`;
  const clients = [
    {
      ...spa,
      callbacks: [...spa.callbacks, inside],
      allowed_logout_urls: [inside],
      initiate_login_uri: inside,
    },
  ];
  const tenant = {
    error_page: { url: inside },
    picture_url: 'https://app.example/logo.png',
  };
  freehold = await startFreehold({ tenant: sampleTenant({ tenant, clients }), users });
});
afterAll(async () => {
  await freehold.stop();
  await new Promise((resolve) => listener.close(resolve));
});

/** A request object or assertion whose header names where its key is. */
function jwtFrom(members: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', ...members })}.${part({ iss: inside, aud: inside, sub: inside })}.c2lnbmF0dXJl`;
}

test.each(['request_uri', 'request', 'registration'])(
  'OpenID Connect Core §3.1.2.6: %s is refused at the callback, unread',
  async (name) => {
    const value =
      name === 'request'
        ? jwtFrom({ jku: inside })
        : name === 'request_uri'
          ? inside
          : `{"jwks_uri":"${inside}"}`;
    const answer = await new Agent(freehold.issuer).send(
      authorizationUrl(freehold, newPkce(), { [name]: value }),
    );
    expect(responseOf(answer)).toMatchObject({ error: `${name}_not_supported` });
    expect(connections).toBe(0);
  },
);

test('no address in any parameter or header is asked', async () => {
  const agent = new Agent(freehold.issuer);
  const names = [
    'login_hint',
    'resource',
    'audience',
    'connection',
    'iss',
    'target_link_uri',
    'sector_identifier_uri',
  ];
  for (const name of names) await agent.open(authorizationUrl(freehold, newPkce(), { [name]: inside }));
  for (const header of ['jku', 'x5u', 'kid', 'iss']) {
    const token = jwtFrom({ [header]: inside, kid: inside });
    await agent.send('/userinfo', { headers: { authorization: `Bearer ${token}` } });
    await agent.send(`/oidc/logout?id_token_hint=${token}`);
    await agent.send(authorizationUrl(freehold, newPkce(), { id_token_hint: token }));
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const fields = {
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_assertion: token,
      client_assertion_type,
    };
    const answer = await agent.postForm('/oauth/token', fields);
    expect([answer.status, answer.json()]).toMatchObject([401, { error: 'invalid_client' }]);
  }
  const headers = {
    referer: inside,
    origin: inside,
    'x-forwarded-host': inside,
    forwarded: `host=${inside}`,
  };
  await agent.send('/', { headers });
  expect(connections).toBe(0);
});

test('an address that is registered is where browsers are sent, and nothing that we ask', async () => {
  const agent = new Agent(freehold.issuer);
  const callback = await agent.send(
    authorizationUrl(freehold, newPkce(), { redirect_uri: inside, prompt: 'none' }),
  );
  expect(callback.headers.location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/inside\?error=login_required/);
  const errorPage = await agent.send('/authorize');
  expect(errorPage.headers.location).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/inside\?lang=en&error=invalid_request/,
  );
  const logout = await agent.send(`/v2/logout?client_id=spa&returnTo=${encodeURIComponent(inside)}`);
  expect(logout.headers.location).toBe(inside);
  expect(connections).toBe(0);
});

describe('OUT-1: what an application registers by itself is nothing that we ask behind the firewall', () => {
  let open: Freehold;
  let https = '';
  beforeAll(async () => {
    https = inside.replace('http:', 'https:');
    const tenant = { flags: { enable_dynamic_client_registration: true } };
    const sample = sampleTenant({
      tenant,
      tokenExchangeProfiles: [partnerProfile({ jwks_uri: https })],
    });
    const clients = [...(sample.clients as unknown[]), mobile];
    open = await startFreehold({ tenant: { ...sample, clients }, users });
  });
  afterAll(() => open.stop());

  async function register(metadata: Record<string, unknown>) {
    const answer = await new Agent(open.issuer).postJson('/oidc/register', {
      redirect_uris: [callback],
      ...metadata,
    });
    return { status: answer.status, information: answer.json() as Record<string, string> };
  }

  test('no address is asked when it is registered', async () => {
    const addresses = {
      logo_uri: https,
      client_uri: https,
      policy_uri: https,
      tos_uri: https,
      initiate_login_uri: https,
      post_logout_redirect_uris: [https],
      backchannel_logout_uri: https,
      sector_identifier_uri: https,
      request_uris: [https],
      jwks_uri: https,
    };
    const method = { token_endpoint_auth_method: 'private_key_jwt' };
    expect((await register({ ...addresses, ...method })).status).toBe(201);
    expect(connections).toBe(0);
  });

  test.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/',
    'http://169.254.169.254/',
    'http://10.0.0.1/',
    'data:,x',
  ])('jwks_uri and backchannel_logout_uri %s are not registered', async (url) => {
    const method = { token_endpoint_auth_method: 'private_key_jwt' };
    for (const metadata of [{ jwks_uri: url, ...method }, { backchannel_logout_uri: url }]) {
      const { status, information } = await register(metadata);
      expect([status, information.error]).toEqual([400, 'invalid_client_metadata']);
    }
  });

  test.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1'])(
    'jwks_uri at %s is not asked',
    async (host) => {
      const jwks_uri = https.replace('127.0.0.1', host);
      const { status, information } = await register({
        jwks_uri,
        token_endpoint_auth_method: 'private_key_jwt',
      });
      // Some of these spellings are not even taken; the others lead nowhere.
      if (status === 400) return expect(information.error).toBe('invalid_client_metadata');
      const { client_id = '' } = information;
      const now = open.clock.now();
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = { iss: client_id, sub: client_id, aud: open.issuer, iat: now, exp: now + 60, jti: host };
      const answer = await new Agent(open.issuer).postForm('/oauth/token', {
        grant_type: 'authorization_code',
        code: 'x',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${part({ alg: 'RS256', kid: 'x' })}.${part(claims)}.c2lnbmF0dXJl`,
      });
      expect([answer.status, answer.json().error, connections]).toEqual([401, 'invalid_client', 0]);
      const entry = (await open.logEntries()).at(-1);
      expect(entry).toMatchObject({
        client_id,
        details: { fault: 'it is signed by no credential of the client' },
      });
    },
  );

  test('TX-2: nor is the jwks_uri of a profile, though the tenant file says it', async () => {
    const token = await partnerToken({ key: newKeyPair('ES256') }, open);
    const answer = await exchangePartnerToken(open, token);
    expect([answer.status, answer.json().error, connections]).toEqual([400, 'invalid_request', 0]);
    expect((await open.logEntries()).at(-1)).toMatchObject({
      type: 'fecte',
      details: { fault: 'no key of the issuer is to be had' },
    });
  });

  test('backchannel_logout_uri is not asked, and the log says why', async () => {
    const { information } = await register({
      backchannel_logout_uri: https,
      token_endpoint_auth_method: 'none',
    });
    const { client_id = '' } = information;
    const agent = new Agent(open.issuer);
    const page = await agent.logIn(
      authorizationUrl(open, newPkce(), { client_id }),
      'ada@example.com',
      password,
    );
    await agent.follow(await agent.submit(page, { action: 'accept' }));
    await agent.send('/v2/logout');
    await open.composed.deliverDue();
    expect(connections).toBe(0);
    const entry = (await open.logEntries()).findLast(({ type }) => type === 'oidc_backchannel_logout_failed');
    expect(entry).toMatchObject({
      client_id,
      description: '127.0.0.1 is not a public address: --insecure-allow-private-outbound would allow it',
    });
  });
});
