// Mirrors Keycloak CVE-2020-10770, CVE-2026-1180; ZITADEL CVE-2025-67494; Logto CVE-2026-56739; Casdoor CVE-2026-108572:
// no address that a request names is ever asked for anything.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, newPkce, responseOf, sampleTenant, spa, users } from '../setup/flow.ts';
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
