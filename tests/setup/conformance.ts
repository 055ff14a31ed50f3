// A relying party as the OpenID Foundation's conformance suite drives one: confidential clients without PKCE, a provider
// in dialect `oidc` under an https issuer, and at every step the checks that the suite makes in every module.
import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { expect } from 'vitest';
import { Agent, type Answer, decodeHtml } from './agent.ts';
import { password, users } from './flow.ts';
import { findFreePort } from './ports.ts';
import { type Freehold, startFreehold } from './server.ts';

export const suite = 'https://www.certification.example/test/a/freehold';
export const callback = `${suite}/callback`;
/** RFC 6749 §3.1.2: a registered query is kept. */
export const callbackWithQuery = `${callback}?dummy1=lorem&dummy2=ipsum`;
export const postLogoutRedirectUri = `${suite}/post_logout_redirect`;

const base = {
  app_type: 'regular_web',
  callbacks: [callback, callbackWithQuery],
  allowed_logout_urls: [postLogoutRedirectUri],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
};
export const clients = {
  client: { ...base, name: 'Client', client_id: 'client', client_secret: 'c'.repeat(64) },
  client2: { ...base, name: 'Client 2', client_id: 'client2', client_secret: 'd'.repeat(64) },
  clientSecretPost: {
    ...base,
    name: 'Client with post',
    client_id: 'client-post',
    client_secret: 'e'.repeat(64),
    token_endpoint_auth_method: 'client_secret_post',
  },
};
export type ClientName = keyof typeof clients;

export interface Provider {
  freehold: Freehold;
  /** A browser without scripts, as HtmlUnit with them turned off. */
  newBrowser(): Agent;
  discovery: Record<string, unknown>;
  jwks: JSONWebKeySet;
}

export async function startProvider(
  more: Record<string, unknown> = {},
  flags: string[] = [],
): Promise<Provider> {
  const port = await findFreePort();
  const freehold = await startFreehold({
    port,
    flags,
    environment: { FREEHOLD_ISSUER: 'https://op.example/' },
    tenant: { clients: Object.values(clients), ...more, tenant: { dialect: 'oidc', ...Object(more.tenant) } },
    users: [{ ...users[0], phone_number: '+15550100', phone_verified: true }],
  });
  const newBrowser = () => new Agent(freehold.issuer, port);
  const discovery = (await newBrowser().send('/.well-known/openid-configuration')).json();
  const jwks = JSON.parse((await newBrowser().send(String(discovery.jwks_uri))).text) as JSONWebKeySet;
  return { freehold, newBrowser, discovery, jwks };
}

export type Parameters = Record<string, string | undefined>;

export interface Authorization {
  /** What came to the callback. */
  response: Record<string, string>;
  sent: Record<string, string>;
  /** The pages that a person saw on the way. */
  pages: ('login' | 'consent')[];
}

/** One test module: a browser that keeps its session, and the client that it comes to. */
export class RelyingParty {
  readonly browser: Agent;
  readonly #provider: Provider;
  readonly #responseMode: string | undefined;

  constructor(provider: Provider, responseMode?: string) {
    this.#provider = provider;
    this.#responseMode = responseMode;
    this.browser = provider.newBrowser();
  }

  get #clock() {
    return this.#provider.freehold.clock;
  }

  authorizationUrl(overrides: Parameters = {}): { url: URL; sent: Record<string, string> } {
    const all: Parameters = {
      client_id: 'client',
      redirect_uri: callback,
      scope: 'openid',
      state: randomBytes(10).toString('hex'),
      nonce: randomBytes(10).toString('hex'),
      response_type: 'code',
      response_mode: this.#responseMode,
      ...overrides,
    };
    const sent = Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const url = new URL(String(this.#provider.discovery.authorization_endpoint));
    url.search = new URLSearchParams(sent).toString();
    return { url, sent };
  }

  /** By whatever pages to the callback: a person logs in and consents. */
  async authorize(overrides: Parameters = {}, method: 'GET' | 'POST' = 'GET'): Promise<Authorization> {
    const { url, sent } = this.authorizationUrl(overrides);
    const asked = method === 'GET' ? this.browser.send(url) : this.browser.postForm(url.pathname, sent);
    return { sent, ...(await this.continueFrom(await asked, sent)) };
  }

  async continueFrom(
    first: Answer,
    sent: Record<string, string>,
  ): Promise<Pick<Authorization, 'response' | 'pages'>> {
    const pages: Authorization['pages'] = [];
    let answer = await this.browser.follow(first);
    while (!isAtCallback(answer)) {
      const page = pageOf(answer);
      pages.push(page);
      const fields =
        page === 'login'
          ? { username: 'ada@example.com', password, action: 'default' }
          : { action: 'accept' };
      answer = await this.browser.follow(await this.browser.submit(answer, fields));
      expect(pages.length).toBeLessThan(4);
    }
    return { response: this.#readResponse(answer, sent), pages };
  }

  /** Section 0 of the checklist, "callback" and "errors". */
  #readResponse(answer: Answer, sent: Record<string, string>): Record<string, string> {
    const response = this.#responseMode === 'form_post' ? readForm(answer) : readQuery(answer);
    expect(response.state).toBe(sent.state);
    expect(response.iss).toBe(this.#provider.discovery.issuer);
    if (response.error !== undefined) {
      expect(response).not.toHaveProperty('code');
      expect(response.error).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(response.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    } else {
      // At least 128 bits long, 96 of them by chance.
      expect(response.code).toMatch(/^[\w-]{52}$/);
    }
    return response;
  }

  async token(fields: Parameters, name: ClientName = 'client'): Promise<Answer> {
    const { client_id, client_secret, token_endpoint_auth_method } = clients[name];
    const sent = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const basic = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
    return token_endpoint_auth_method === 'client_secret_basic'
      ? this.browser.postForm('/oauth/token', sent as Record<string, string>, { authorization: basic })
      : this.browser.postForm('/oauth/token', { ...sent, client_id, client_secret } as Record<
          string,
          string
        >);
  }

  redeem({ response, sent }: Authorization, more: Parameters = {}, name: ClientName = 'client') {
    const code = response.code;
    const fields = { grant_type: 'authorization_code', code, redirect_uri: sent.redirect_uri, ...more };
    return this.token(fields, name);
  }

  /** Section 0, "token request" and "ID token". */
  async readTokens(answer: Answer, nonce: string | undefined, name: ClientName = 'client') {
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const { access_token, token_type, expires_in, id_token, refresh_token } = answer.json();
    expect(token_type).toBe('Bearer');
    expect(expires_in).toBe(86_400);
    const keySet = createLocalJWKSet(this.#provider.jwks);
    const { payload, protectedHeader } = await jwtVerify(String(id_token), keySet, {
      issuer: String(this.#provider.discovery.issuer),
      audience: clients[name].client_id,
      algorithms: ['RS256'],
      currentDate: new Date(this.#clock.now() * 1000),
    });
    expect(protectedHeader.kid).toEqual(expect.any(String));
    expect(payload.nonce).toBe(nonce);
    expect(Math.abs(Number(payload.iat) - this.#clock.now())).toBeLessThan(300);
    for (const value of [payload.iat, payload.exp]) expect(Number.isInteger(value)).toBe(true);
    expectClaimTypes(payload);
    return {
      claims: payload,
      access_token: String(access_token),
      refresh_token: refresh_token === undefined ? undefined : String(refresh_token),
    };
  }

  /** The happy flow of nearly every module. */
  async logIn(overrides: Parameters = {}, name: ClientName = 'client') {
    const authorization = await this.authorize({ client_id: clients[name].client_id, ...overrides });
    expect(authorization.response.error).toBeUndefined();
    const answer = await this.redeem(authorization, {}, name);
    const tokens = await this.readTokens(answer, authorization.sent.nonce, name);
    const userinfo = await this.userinfo(tokens.access_token);
    expect([userinfo.status, userinfo.json().sub]).toEqual([200, tokens.claims.sub]);
    return { ...authorization, ...tokens, userinfo: userinfo.json() };
  }

  userinfo(access_token: string): Promise<Answer> {
    return this.browser.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
  }
}

function isAtCallback(answer: Answer): boolean {
  return answer.location?.href.startsWith(callback) === true || answer.text.includes('id="form-post"');
}

function pageOf({ status, text }: Answer): 'login' | 'consent' {
  if (text.includes('id="username"')) return 'login';
  if (text.includes('value="accept"')) return 'consent';
  throw new Error(`No page that a person can go on from: ${status} ${text.slice(0, 500)}`);
}

function readQuery({ location }: Answer): Record<string, string> {
  expect(location?.hash).toBe('');
  return Object.fromEntries(location?.searchParams ?? []);
}

/** OAuth 2.0 Form Post Response Mode §2: neither a code nor an error stands in a URL. */
function readForm({ status, location, text }: Answer): Record<string, string> {
  expect([status, location]).toEqual([200, undefined]);
  const action = decodeHtml(/<form[^>]*method="post"[^>]*action="([^"]*)"/.exec(text)?.[1] ?? '');
  expect([callback, callbackWithQuery]).toContain(action);
  const inputs = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, decodeHtml(value)]));
}

/** OpenID Connect Core §5.1: the JSON types of standard claims. */
export function expectClaimTypes(claims: JWTPayload | Record<string, unknown>): void {
  const types: Record<string, string> = {
    email_verified: 'boolean',
    phone_number_verified: 'boolean',
    updated_at: 'number',
    auth_time: 'number',
  };
  for (const [name, value] of Object.entries(claims)) {
    const isStandard = /^(?:name|.*_name|nickname|picture|email|phone_number|sub|acr)$/.test(name);
    const expected = types[name] ?? (isStandard ? 'string' : undefined);
    if (expected !== undefined) expect([name, typeof value]).toEqual([name, expected]);
  }
}

/** An error page: no redirect, and words for a person. */
export function expectErrorPage(answer: Answer): void {
  expect([answer.status >= 400, answer.location]).toEqual([true, undefined]);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
}
