// The OpenID Foundation's plans oidcc-dynamic-certification-test-plan (response_type=code, private_key_jwt, a client that
// registers itself for each module) and oidcc-3rdparty-init-login-certification-test-plan, in dialect `oidc`. What a
// module asks for that this server does not offer is not advertised either: the suite skips it.
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  type JWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import { callback, expectErrorPage, type Provider, startProvider, suite } from '../setup/conformance.ts';
import { password } from '../setup/flow.ts';

let provider: Provider;
let keyServer: Server;
/** What answers at the jwks_uri of every client of these tests. */
let published: { keys: JWK[] } = { keys: [] };
let jwks_uri = '';

beforeAll(async () => {
  keyServer = createServer((_request, response) => response.end(JSON.stringify(published)));
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  jwks_uri = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`;
  const tenant = {
    dynamic_client_registration_security_mode: 'permissive',
    flags: { enable_dynamic_client_registration: true },
  };
  provider = await startProvider({ tenant }, ['--insecure-allow-private-outbound']);
});
afterAll(async () => {
  await provider.freehold.stop();
  await new Promise((resolve) => keyServer.close(resolve));
});

const clock = () => provider.freehold.clock;

interface Key {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

async function newKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = randomBytes(8).toString('hex');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' } };
}

function post(metadata: object): Promise<Answer> {
  return provider.newBrowser().postJson(String(provider.discovery.registration_endpoint), metadata);
}

/** A client that has registered itself, with its key and its browser. */
class DynamicClient {
  readonly information: Record<string, unknown>;
  readonly browser: Agent = provider.newBrowser();
  key: Key;

  private constructor(information: Record<string, unknown>, key: Key) {
    this.information = information;
    this.key = key;
  }

  static async register(metadata: object = {}): Promise<DynamicClient> {
    const key = await newKey();
    const keys = 'jwks_uri' in metadata ? {} : { jwks: { keys: [key.jwk] } };
    if ('jwks_uri' in metadata) {
      published = { keys: [key.jwk] };
      // The suite's own modules follow one another no faster.
      clock().advance(5);
    }
    const answer = await post({
      client_name: 'Dynamic client',
      redirect_uris: [callback],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt',
      ...keys,
      ...metadata,
    });
    expect([answer.status, answer.headers['content-type']]).toEqual([201, 'application/json; charset=utf-8']);
    return new DynamicClient(answer.json(), key);
  }

  get client_id(): string {
    return String(this.information.client_id);
  }

  authorizationUrl(overrides: Record<string, string | undefined> = {}): URL {
    const url = new URL(String(provider.discovery.authorization_endpoint));
    const parameters: Record<string, string | undefined> = {
      client_id: this.client_id,
      redirect_uri: callback,
      scope: 'openid',
      state: randomBytes(10).toString('hex'),
      nonce: randomBytes(10).toString('hex'),
      response_type: 'code',
      ...overrides,
    };
    for (const [name, value] of Object.entries(parameters))
      if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  async consentPage(url: URL): Promise<Answer> {
    return this.browser.logIn(url, 'ada@example.com', password);
  }

  async authorize(overrides: Record<string, string | undefined> = {}) {
    const url = this.authorizationUrl(overrides);
    const page = await this.consentPage(url);
    const answer = await this.browser.follow(await this.browser.submit(page, { action: 'accept' }));
    const response = Object.fromEntries(answer.location?.searchParams ?? []);
    expect(response).toMatchObject({
      state: url.searchParams.get('state'),
      iss: provider.discovery.issuer,
      code: expect.any(String),
    });
    return { url, answer, code: String(response.code) };
  }

  /** RFC 7523 §3 */
  async token(fields: Record<string, string>): Promise<Answer> {
    const now = clock().now();
    const client_assertion = await new SignJWT({ jti: randomBytes(10).toString('hex') })
      .setProtectedHeader({ alg: 'RS256', kid: this.key.kid })
      .setIssuer(this.client_id)
      .setSubject(this.client_id)
      .setAudience(String(provider.discovery.issuer))
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(this.key.privateKey);
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    return this.browser.postForm('/oauth/token', { ...fields, client_assertion, client_assertion_type });
  }

  async logIn(overrides: Record<string, string | undefined> = {}) {
    const { url, code } = await this.authorize(overrides);
    const redirect_uri = url.searchParams.get('redirect_uri') ?? callback;
    const answer = await this.token({ grant_type: 'authorization_code', code, redirect_uri });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('access_token')]);
    const tokens = answer.json() as Record<string, string>;
    return { tokens, nonce: url.searchParams.get('nonce') };
  }
}

async function publishedKeys(): Promise<JSONWebKeySet> {
  const answer = await provider.newBrowser().send(String(provider.discovery.jwks_uri));
  return JSON.parse(answer.text) as JSONWebKeySet;
}

async function verify(id_token: string | undefined, audience: string) {
  const { payload, protectedHeader } = await jwtVerify(
    id_token ?? '',
    createLocalJWKSet(await publishedKeys()),
    {
      issuer: String(provider.discovery.issuer),
      audience,
      currentDate: new Date(clock().now() * 1000),
    },
  );
  return { claims: payload, header: protectedHeader };
}

async function expectLogin(client: DynamicClient): Promise<void> {
  const { tokens, nonce } = await client.logIn();
  const { claims } = await verify(tokens.id_token, client.client_id);
  expect(claims.nonce).toBe(nonce);
}

function expectRefused(answer: Answer, error: string): void {
  expect([answer.status, answer.headers['content-type'], answer.json().error]).toEqual([
    400,
    'application/json; charset=utf-8',
    error,
  ]);
}

describe('oidcc-dynamic-certification-test-plan', () => {
  test('oidcc-discovery-endpoint-verification: a registration endpoint by https', () => {
    expect(provider.discovery.registration_endpoint).toBe('https://op.example/oidc/register');
    expect(provider.discovery.token_endpoint_auth_methods_supported).toContain('private_key_jwt');
  });

  test('oidcc-server: an application registers itself, and logs somebody in', async () => {
    await expectLogin(await DynamicClient.register());
  });

  test('oidcc-idtoken-rs256', async () => {
    const client = await DynamicClient.register({ id_token_signed_response_alg: 'RS256' });
    expect(client.information.id_token_signed_response_alg).toBe('RS256');
    const { tokens } = await client.logIn();
    expect((await verify(tokens.id_token, client.client_id)).header).toMatchObject({
      alg: 'RS256',
      kid: expect.any(String),
    });
  });

  test('oidcc-idtoken-unsigned: none is refused', async () => {
    const answer = await post({ redirect_uris: [callback], id_token_signed_response_alg: 'none' });
    expectRefused(answer, 'invalid_client_metadata');
  });

  test('oidcc-userinfo-rs256, oidcc-registration-sector-uri, -sector-bad: neither is offered', () => {
    expect(provider.discovery).not.toHaveProperty('userinfo_signing_alg_values_supported');
    expect(provider.discovery.subject_types_supported).toEqual(['public']);
  });

  test('oidcc-ensure-redirect-uri-in-authorization-request: of two none is chosen', async () => {
    const client = await DynamicClient.register({ redirect_uris: [callback, `${callback}/2`] });
    const url = client.authorizationUrl({ redirect_uri: undefined });
    expectErrorPage(await client.browser.open(url));
  });

  test('oidcc-redirect-uri-query-OK: a registered query is kept', async () => {
    const redirect_uri = `${callback}?foo=bar`;
    const client = await DynamicClient.register({ redirect_uris: [redirect_uri] });
    const { answer } = await client.authorize({ redirect_uri });
    expect(answer.headers.location).toMatch(`${redirect_uri}&code=`);
  });

  test.each([
    ['oidcc-redirect-uri-query-mismatch', `${callback}?foo=bar`, `${callback}?foo=baz`],
    ['oidcc-redirect-uri-query-added', callback, `${callback}?foo=bar`],
  ])('%s: an error page', async (_module, registered, redirect_uri) => {
    const client = await DynamicClient.register({ redirect_uris: [registered] });
    expectErrorPage(await client.browser.open(client.authorizationUrl({ redirect_uri })));
  });

  test('oidcc-redirect-uri-regfrag: a fragment is not registered', async () => {
    expectRefused(await post({ redirect_uris: [`${callback}#fragment`] }), 'invalid_redirect_uri');
  });

  test('oidcc-registration-logo-uri, -policy-uri, -tos-uri: a person sees them', async () => {
    const uris = {
      logo_uri: `${suite}/logo.png`,
      policy_uri: `${suite}/policy`,
      tos_uri: `${suite}/terms`,
    };
    const client = await DynamicClient.register(uris);
    expect(client.information).toMatchObject(uris);
    const page = await client.consentPage(client.authorizationUrl());
    expect(page.text).toContain(`src="${uris.logo_uri}"`);
    expect(page.text).toContain(`href="${uris.policy_uri}"`);
    expect(page.text).toContain(`href="${uris.tos_uri}"`);
  });

  test('oidcc-registration-jwks-uri: the keys behind it prove the client', async () => {
    await expectLogin(await DynamicClient.register({ jwks_uri }));
  });

  test('oidcc-server-rotate-keys: a new key appears, and the old one stays', async () => {
    const client = await DynamicClient.register();
    const before = await publishedKeys();
    await provider.freehold.composed.tenant.keys.rotate('RS256');
    const after = await publishedKeys();
    const kids = after.keys.map(({ kid }) => kid);
    expect(kids).toEqual(expect.arrayContaining(before.keys.map(({ kid }) => kid)));
    expect(kids.length).toBeGreaterThan(before.keys.length);
    await expectLogin(client);
  });

  test('oidcc-refresh-token-rp-key-rotation: a minute later the new key of the application counts', async () => {
    const client = await DynamicClient.register({ jwks_uri });
    const { tokens } = await client.logIn({ scope: 'openid offline_access' });
    client.key = await newKey();
    published = { keys: [client.key.jwk] };
    clock().advance(60);
    const { refresh_token = '' } = tokens;
    const answer = await client.token({ grant_type: 'refresh_token', refresh_token });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  });

  test('oidcc-request-uri-unsigned, -signed-rs256: not offered, and refused in those words', async () => {
    expect(provider.discovery.request_uri_parameter_supported).toBe(false);
    const client = await DynamicClient.register();
    const url = client.authorizationUrl({ request_uri: `${suite}/requests/1` });
    const { location } = await client.browser.open(url);
    expect(location?.searchParams.get('error')).toMatch(/^(request_uri_not_supported|invalid_request)$/);
  });

  test('oidcc-refresh-token: bound to the client, and a new ID token says the same', async () => {
    const client = await DynamicClient.register();
    const { tokens } = await client.logIn({ scope: 'openid offline_access' });
    const { refresh_token = '' } = tokens;
    const other = await DynamicClient.register();
    const foreign = await other.token({ grant_type: 'refresh_token', refresh_token });
    expect([foreign.status, foreign.json().error]).toEqual([400, 'invalid_grant']);
    const refreshed = (await client.token({ grant_type: 'refresh_token', refresh_token })).json();
    const [first, second] = [
      await verify(tokens.id_token, client.client_id),
      await verify(String(refreshed.id_token), client.client_id),
    ];
    expect(second.claims.sub).toBe(first.claims.sub);
  });

  test('oidcc-ensure-client-assertion-with-iss-aud-succeeds: aud is the issuer', async () => {
    // Every assertion here is made so (DynamicClient.token).
    await expectLogin(await DynamicClient.register());
  });
});

describe('oidcc-3rdparty-init-login-certification-test-plan', () => {
  test('initiate_login_uri is told again by the registration and by the client configuration endpoint', async () => {
    const initiate_login_uri = `${suite}/initiate`;
    const { information, browser } = await DynamicClient.register({ initiate_login_uri });
    expect(information.initiate_login_uri).toBe(initiate_login_uri);
    const headers = { authorization: `Bearer ${String(information.registration_access_token)}` };
    const answer = await browser.send(String(information.registration_client_uri), { headers });
    expect([answer.status, answer.json().initiate_login_uri]).toEqual([200, initiate_login_uri]);
  });

  test('by http it is refused', async () => {
    const initiate_login_uri = `${suite}/initiate`.replace('https:', 'http:');
    const answer = await post({ redirect_uris: [callback], initiate_login_uri });
    expectRefused(answer, 'invalid_client_metadata');
  });
});
