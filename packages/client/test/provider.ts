// A small OpenID provider over real HTTP, for this package's tests: it issues what a test tells it to, right or
// wrong, and remembers what it was asked.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type ClientSettings, FreeholdClient } from '../src/index.ts';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}

const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
export const key = { privateKey, publicKey, kid: 'signing-key' };
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: key.kid, alg: 'RS256', use: 'sig' }] };

/** The seconds of the clock that signs, so that no test reads the time itself. */
export function issuedNow(): number {
  return UnsecuredJWT.decode(new UnsecuredJWT({}).setIssuedAt().encode()).payload.iat ?? 0;
}

export class Provider {
  readonly client_id = 'client-1';
  readonly redirect_uri = 'http://127.0.0.1/callback';
  readonly tokenRequests: URLSearchParams[] = [];
  issuer = '';
  nonce: string | undefined;
  /** What differs from a right ID token; `undefined` leaves a claim out. */
  claims: JWTPayload = {};
  metadata: Record<string, unknown> = {};
  userinfo: Answer = { body: { sub: 'auth0|1', name: 'Ada' } };
  sign: (claims: JWTPayload) => Promise<string> = signWithRs256;
  tokenAnswer: (request: URLSearchParams) => Promise<Answer> = async (request) => ({
    body: {
      access_token: `access-${this.tokenRequests.length}`,
      token_type: 'Bearer',
      expires_in: 86400,
      id_token: await this.idToken(),
      ...(request.get('grant_type') === 'refresh_token' && {
        refresh_token: `refresh-${this.tokenRequests.length}`,
      }),
    },
  });
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<Provider> {
    const provider = new Provider();
    await new Promise<void>((resolve) => provider.#server.listen(0, '127.0.0.1', resolve));
    const address = provider.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the provider has no port');
    provider.issuer = `http://127.0.0.1:${address.port}/`;
    return provider;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  client(settings: Partial<ClientSettings> = {}): FreeholdClient {
    const { issuer, client_id, redirect_uri } = this;
    return new FreeholdClient({ issuer, client_id, redirect_uri, ...settings });
  }

  /** Begins a login and plays the browser: the callback that the application receives. */
  async callback(client: FreeholdClient, parameters: Record<string, string | number> = {}): Promise<URL> {
    const { searchParams } = await client.authorizationUrl(parameters);
    this.nonce = searchParams.get('nonce') ?? undefined;
    const callback = new URL(this.redirect_uri);
    callback.search = new URLSearchParams({
      code: 'code-1',
      state: searchParams.get('state') ?? '',
    }).toString();
    return callback;
  }

  /** A client that is logged in, with the refresh token `refresh-0`. */
  async loggedIn(settings: Partial<ClientSettings> = {}): Promise<FreeholdClient> {
    const client = this.client(settings);
    const { tokenAnswer } = this;
    this.tokenAnswer = async () => ({
      body: {
        access_token: 'access-0',
        token_type: 'Bearer',
        refresh_token: 'refresh-0',
        scope: 'openid offline_access',
        id_token: await this.idToken(),
      },
    });
    await client.handleCallback(await this.callback(client));
    this.tokenAnswer = tokenAnswer;
    this.tokenRequests.length = 0;
    return client;
  }

  idToken(): Promise<string> {
    const iat = issuedNow();
    const { issuer: iss, client_id: aud, nonce } = this;
    return this.sign({ iss, aud, nonce, sub: 'auth0|1', iat, exp: iat + 36000, ...this.claims });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status = 200, headers, body } = await this.#route(request);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  async #route(request: IncomingMessage): Promise<Answer> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return { body: { ...this.#discovery(), ...this.metadata } };
      case '/jwks':
        return { body: jwks };
      case '/userinfo':
        return this.userinfo;
      case '/oauth/token': {
        const received = new URLSearchParams(await text(request));
        this.tokenRequests.push(received);
        return this.tokenAnswer(received);
      }
      default:
        return { status: 404, body: {} };
    }
  }

  #discovery() {
    const { issuer } = this;
    return {
      issuer,
      authorization_endpoint: `${issuer}authorize`,
      token_endpoint: `${issuer}oauth/token`,
      userinfo_endpoint: `${issuer}userinfo`,
      jwks_uri: `${issuer}jwks`,
      end_session_endpoint: `${issuer}oidc/logout`,
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    };
  }
}

function signWithRs256(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(privateKey);
}
