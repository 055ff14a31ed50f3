// The application's half of the Authorization Code Flow with PKCE, in a browser or in Node: it asks, checks every
// answer, and holds the tokens in memory only. It knows the specifications and nothing of the server's inside; of
// Auth0's own there is only `logoutUrl`.

import * as oauth from 'oauth4webapi';
import { withNonce } from './dpop.ts';
import { NotLoggedIn, StateMismatch } from './errors.ts';
import { callbackRefusal, requestRefusal, tokenRefusal, userinfoRefusal } from './refusals.ts';
import type { AuthorizationParameters, ClientSettings } from './settings.ts';
import { authorizeInFrame } from './silent.ts';
import { type Tokens, verifiedTokens } from './tokens.ts';
import type { Transaction, TransactionStore } from './transaction.ts';
import { MemoryTransactions, SessionStorageTransactions } from './transaction.ts';
import {
  callbackParameters,
  endpoint,
  isLoopbackHttp,
  withOneCode,
  withOpenid,
  withParameters,
} from './urls.ts';

export type { AuthorizationServer, IDToken, UserInfoResponse } from 'oauth4webapi';
export {
  // code_challenge = BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) RFC 7636 §4.2
  calculatePKCECodeChallenge as createCodeChallenge,
  // "a 32-octet sequence … base64url-encoded to produce a 43-octet URL safe string" RFC 7636 §4.1
  generateRandomCodeVerifier as createCodeVerifier,
} from 'oauth4webapi';
export * from './errors.ts';
export type { AuthorizationParameters, ClientSettings } from './settings.ts';
export type { Tokens } from './tokens.ts';
export * from './transaction.ts';

/** An answer that belongs to a request of ours. */
export interface Callback {
  parameters: URLSearchParams;
  transaction: Transaction;
}

export class FreeholdClient {
  readonly #settings: ClientSettings;
  readonly #transactions: TransactionStore;
  readonly #client: oauth.Client;
  readonly #authentication: oauth.ClientAuth;
  readonly #options: RequestOptions;
  #metadata: Promise<oauth.AuthorizationServer> | undefined;
  #tokens: Tokens | undefined;
  #refreshing: Promise<Tokens> | undefined;
  #dpop: Promise<oauth.DPoPHandle> | undefined;

  constructor(settings: ClientSettings) {
    const { client_id, client_secret, issuer } = settings;
    const send = settings.fetch ?? fetch;
    // Newer Nodes have a sessionStorage too, so the document decides.
    const inBrowser = typeof document !== 'undefined';
    this.#settings = settings;
    this.#transactions =
      settings.transactions ?? (inBrowser ? new SessionStorageTransactions() : new MemoryTransactions());
    this.#client = { client_id };
    this.#authentication = client_secret === undefined ? oauth.None() : oauth.ClientSecretPost(client_secret);
    this.#options = {
      [oauth.allowInsecureRequests]: isLoopbackHttp(issuer),
      [oauth.customFetch]: (url, { body, ...rest }) => send(url, { ...rest, body: body ?? null }),
    };
  }

  get tokens(): Tokens | undefined {
    return this.#tokens;
  }

  /** The issuer's discovery document, fetched once. */
  metadata(): Promise<oauth.AuthorizationServer> {
    this.#metadata ??= this.#discover().catch((error: unknown) => {
      this.#metadata = undefined;
      throw requestRefusal(error);
    });
    return this.#metadata;
  }

  /** Where to send the user. What the callback will be held against is stored. */
  async authorizationUrl(
    parameters: AuthorizationParameters = {},
    code_verifier: string = oauth.generateRandomCodeVerifier(),
  ): Promise<URL> {
    const { authorization_endpoint } = await this.metadata();
    const { client_id, audience } = this.#settings;
    const {
      redirect_uri = this.#settings.redirect_uri,
      scope = this.#settings.scope ?? 'openid profile email',
      state = oauth.generateRandomState(),
      nonce = oauth.generateRandomNonce(),
      max_age,
    } = parameters;
    const code_challenge = await oauth.calculatePKCECodeChallenge(code_verifier);
    await this.#transactions.put({
      state,
      nonce,
      code_verifier,
      redirect_uri,
      ...(max_age !== undefined && { max_age }),
    });
    return withParameters(endpoint(authorization_endpoint, 'authorization_endpoint'), {
      audience,
      ...parameters,
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: withOpenid(scope),
      state,
      nonce,
      code_challenge,
      code_challenge_method: 'S256',
    });
  }

  /** Reads the callback and exchanges its code: after this the user is logged in. */
  async handleCallback(callback: string | URL | URLSearchParams): Promise<Tokens> {
    return this.exchangeCode(await this.readCallback(callback));
  }

  /** Throws AuthorizationError if the server refused, StateMismatch if the callback answers nothing we asked. */
  async readCallback(callback: string | URL | URLSearchParams): Promise<Callback> {
    const metadata = await this.metadata();
    const received = callbackParameters(callback);
    const state = received.get('state') ?? '';
    const transaction = await this.#transactions.take(state);
    // "The client MUST implement CSRF protection for its redirection URI" RFC 6749 §10.12
    if (transaction === undefined) {
      throw new StateMismatch('the callback answers no login begun here, or one that was answered before');
    }
    try {
      const parameters = oauth.validateAuthResponse(metadata, this.#client, received, transaction.state);
      return { parameters: withOneCode(parameters), transaction };
    } catch (error) {
      throw callbackRefusal(error, state);
    }
  }

  /** Throws TokenError if the server refused, IdTokenInvalid if the ID token fails a check. */
  exchangeCode({ parameters, transaction }: Callback): Promise<Tokens> {
    const { nonce, max_age, redirect_uri, code_verifier } = transaction;
    return this.#requestTokens(async (metadata, client, authentication, options) => {
      const answer = await oauth.authorizationCodeGrantRequest(
        metadata,
        client,
        authentication,
        parameters,
        redirect_uri,
        code_verifier,
        options,
      );
      const response = await oauth.processAuthorizationCodeResponse(metadata, client, answer, {
        expectedNonce: nonce,
        ...(max_age !== undefined && { maxAge: max_age }),
      });
      return verifiedTokens(metadata, client, answer, response, options);
    });
  }

  /** The user's claims as they are now. */
  async userinfo(): Promise<oauth.UserInfoResponse> {
    const { access_token, token_type, claims } = this.#getTokens();
    const metadata = await this.metadata();
    // A server may leave a token unbound though it was offered a key: then it is a Bearer token.
    const options = token_type === 'dpop' ? await this.#provedOptions() : this.#options;
    try {
      return await withNonce(async () => {
        const answer = await oauth.userInfoRequest(metadata, this.#client, access_token, options);
        return oauth.processUserInfoResponse(metadata, this.#client, claims.sub, answer);
      });
    } catch (error) {
      throw userinfoRefusal(error);
    }
  }

  /**
   * New tokens for the refresh token. However many callers ask, one request is in flight: with rotation a second one
   * would present a spent token, which a server may take for theft.
   */
  refresh(): Promise<Tokens> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** New tokens from the user's session at the server, without showing anything. `timeout` is in seconds. */
  async authenticateSilently(parameters: AuthorizationParameters = {}, timeout = 10): Promise<Tokens> {
    const url = await this.authorizationUrl({
      // "If possible, an id_token_hint SHOULD be present when prompt=none is used" OIDC Core §3.1.2.1
      id_token_hint: this.#tokens?.id_token,
      ...parameters,
      prompt: 'none',
      response_mode: 'web_message',
    });
    try {
      return await this.handleCallback(await authorizeInFrame(url, new URL(this.#settings.issuer), timeout));
    } finally {
      await this.#transactions.take(url.searchParams.get('state') ?? '');
    }
  }

  /** Auth0's logout page; `returnTo` is one of the client's allowed logout URLs. */
  logoutUrl(parameters: { returnTo?: string; federated?: string } = {}): URL {
    const { client_id, issuer } = this.#settings;
    return withParameters(new URL('v2/logout', issuer), { client_id, ...parameters });
  }

  /** OpenID Connect RP-Initiated Logout 1.0 §2. */
  async endSessionUrl(parameters: { post_logout_redirect_uri?: string; state?: string } = {}): Promise<URL> {
    const { end_session_endpoint } = await this.metadata();
    const { client_id } = this.#settings;
    const id_token_hint = this.#tokens?.id_token;
    const url = endpoint(end_session_endpoint, 'end_session_endpoint');
    return withParameters(url, { client_id, id_token_hint, ...parameters });
  }

  async #discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(this.#settings.issuer);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, this.#options));
  }

  async #refresh(): Promise<Tokens> {
    const before = this.#getTokens();
    const { refresh_token } = before;
    if (refresh_token === undefined) {
      throw new NotLoggedIn('there is no refresh token: ask for the scope offline_access');
    }
    return this.#requestTokens(async (metadata, client, authentication, options) => {
      const answer = await oauth.refreshTokenGrantRequest(
        metadata,
        client,
        authentication,
        refresh_token,
        options,
      );
      const response = await oauth.processRefreshTokenResponse(metadata, client, answer);
      return verifiedTokens(metadata, client, answer, response, options, before);
    });
  }

  async #requestTokens(request: TokenRequest): Promise<Tokens> {
    const metadata = await this.metadata();
    const options = await this.#provedOptions();
    try {
      this.#tokens = await withNonce(() => request(metadata, this.#client, this.#authentication, options));
      return this.#tokens;
    } catch (error) {
      throw tokenRefusal(error);
    }
  }

  async #provedOptions(): Promise<RequestOptions> {
    if (!this.#settings.dpop) return this.#options;
    this.#dpop ??= oauth.generateKeyPair('ES256').then((pair) => oauth.DPoP(this.#client, pair));
    return { ...this.#options, DPoP: await this.#dpop };
  }

  #getTokens(): Tokens {
    if (this.#tokens === undefined) throw new NotLoggedIn('nobody is logged in: the client has no tokens');
    return this.#tokens;
  }
}

type RequestOptions = oauth.HttpRequestOptions<string, URLSearchParams | undefined> &
  oauth.DPoPRequestOptions;

type TokenRequest = (
  metadata: oauth.AuthorizationServer,
  client: oauth.Client,
  authentication: oauth.ClientAuth,
  options: RequestOptions,
) => Promise<Tokens>;
