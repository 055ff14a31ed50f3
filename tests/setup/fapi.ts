// A relying party as the conformance suite's FAPI 2.0 plan drives one: private_key_jwt, DPoP, pushed requests, PKCE.
import { expect } from 'vitest';
import type { Agent, Answer } from './agent.ts';
import { callback, callbackWithQuery, type Provider, startProvider } from './conformance.ts';
import { DpopKey } from './dpop.ts';
import { newPkce, password } from './flow.ts';
import { clientAssertion, type KeyPair, newKeyPair, signJwt } from './keys.ts';

export const fapiKeys = { fapi1: newKeyPair('PS256'), fapi2: newKeyPair('ES256') };
export type FapiClient = keyof typeof fapiKeys;

function fapiClient(client_id: FapiClient): Record<string, unknown> {
  const { alg, pem } = fapiKeys[client_id];
  return {
    name: client_id,
    client_id,
    app_type: 'regular_web',
    compliance_level: 'fapi2_sp_pkj_mtls',
    callbacks: [callback, callbackWithQuery],
    grant_types: ['authorization_code', 'refresh_token'],
    client_authentication_methods: { private_key_jwt: { credentials: [{ alg, pem }] } },
    signed_request_object: { credentials: [{ alg, pem }] },
    jwt_configuration: { alg: 'PS256' },
  };
}

export function startFapiProvider(dialect: 'auth0' | 'oidc' = 'oidc'): Promise<Provider> {
  return startProvider({
    tenant: { dialect, pushed_authorization_requests_supported: true },
    clients: [fapiClient('fapi1'), fapiClient('fapi2')],
  });
}

export type Fields = Record<string, string | undefined>;

export interface Proving {
  /** Whose assertion, made with which key; `null`: none is sent. */
  assertion?: { claims?: Record<string, unknown>; key?: Pick<KeyPair, 'alg' | 'privateKey'> } | null;
  dpop?: string | undefined;
}

/** One test module: one client, one browser, one DPoP key, one code verifier. */
export class FapiParty {
  readonly browser: Agent;
  readonly dpopKey: DpopKey;
  readonly pkce = newPkce();
  readonly client_id: FapiClient;
  readonly #provider: Provider;

  constructor(provider: Provider, client_id: FapiClient = 'fapi1') {
    this.#provider = provider;
    this.client_id = client_id;
    this.browser = provider.newBrowser();
    this.dpopKey = new DpopKey(provider.freehold);
  }

  /** The members of a valid request; one that is `undefined` is left out. */
  request(overrides: Fields = {}): Fields {
    return {
      client_id: this.client_id,
      redirect_uri: this.client_id === 'fapi2' ? callbackWithQuery : callback,
      scope: 'openid offline_access',
      state: 'state-of-the-suite',
      nonce: 'nonce-of-the-suite',
      response_type: 'code',
      code_challenge: this.pkce.code_challenge,
      code_challenge_method: 'S256',
      ...overrides,
    };
  }

  async post(path: string, fields: Fields, { assertion = {}, dpop }: Proving = {}): Promise<Answer> {
    const now = this.#provider.freehold.clock.now();
    const { issuer } = this.#provider.freehold;
    const whose = { client_id: this.client_id, issuer, now };
    const { key = fapiKeys[this.client_id], claims = {} } = assertion ?? {};
    const proof = assertion === null ? {} : await clientAssertion(key, whose, claims);
    const sent = Object.entries({ ...fields, ...proof }).filter(([, value]) => value !== undefined);
    const headers: Record<string, string> = dpop === undefined ? {} : { dpop };
    return this.browser.postForm(path, Object.fromEntries(sent) as Record<string, string>, headers);
  }

  push(overrides: Fields = {}, proving: Proving = {}): Promise<Answer> {
    return this.post('/oauth/par', this.request(overrides), proving);
  }

  async pushed(overrides: Fields = {}, proving: Proving = {}): Promise<string> {
    const answer = await this.push(overrides, proving);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return String(answer.json().request_uri);
  }

  open(request_uri: string, client_id: string = this.client_id): Promise<Answer> {
    return this.browser.open(`/authorize?${new URLSearchParams({ client_id, request_uri })}`);
  }

  /** To the callback: logs in where a page asks for it. */
  async authorize(request_uri: string): Promise<Record<string, string>> {
    let answer = await this.open(request_uri);
    if (answer.text.includes('id="username"')) answer = await this.logIn(answer);
    return this.readResponse(answer);
  }

  async logIn(page: Answer): Promise<Answer> {
    const fields = { username: 'ada@example.com', password, action: 'default' };
    return this.browser.follow(await this.browser.submit(page, fields));
  }

  /** RFC 9207: the issuer stands in every answer, success or error. */
  readResponse({ location, status, text }: Answer): Record<string, string> {
    if (location === undefined) throw new Error(`No redirect: ${status} ${text.slice(0, 500)}`);
    expect(location.href.startsWith(callback)).toBe(true);
    const response = Object.fromEntries(location.searchParams);
    expect(response.iss).toBe(this.#provider.discovery.issuer);
    return response;
  }

  async redeem(code: string | undefined, overrides: Fields = {}, proving: Proving = {}): Promise<Answer> {
    const fields = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: this.request().redirect_uri,
      code_verifier: this.pkce.code_verifier,
      ...overrides,
    };
    const dpop = 'dpop' in proving ? proving.dpop : await this.dpopKey.proof();
    return this.post('/oauth/token', fields, { ...proving, dpop });
  }

  /** A request object of the client (FAPI 2.0 Message Signing §5.3.1); a claim that is `undefined` is left out. */
  signedRequest(
    overrides: Record<string, unknown> = {},
    key: Pick<KeyPair, 'alg' | 'privateKey'> = fapiKeys[this.client_id],
  ): Promise<string> {
    const { issuer, clock } = this.#provider.freehold;
    const now = clock.now();
    const claims = { iss: this.client_id, aud: issuer, nbf: now, exp: now + 300, ...this.request() };
    return signJwt(key, { ...claims, ...overrides }, { typ: 'oauth-authz-req+jwt' });
  }

  /** Only the client's credentials and the object are sent, unless `beside` says more. */
  pushSigned(request: string, beside: Fields = {}): Promise<Answer> {
    return this.post('/oauth/par', { client_id: this.client_id, request, ...beside });
  }
}
