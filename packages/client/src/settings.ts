import type { TransactionStore } from './transaction.ts';

export interface ClientSettings {
  /** As the discovery document gives it, e.g. `https://login.example.com/`. */
  issuer: string;
  client_id: string;
  redirect_uri: string;
  /** Only for an application that can keep it: never in a browser. */
  client_secret?: string;
  /** Default `openid profile email`; `offline_access` asks for a refresh token. */
  scope?: string;
  /** The API that the access token is for. */
  audience?: string;
  /** RFC 9449: binds the tokens to a key that this client makes and that never leaves its memory. */
  dpop?: boolean;
  /** Default: sessionStorage in a browser, else memory. */
  transactions?: TransactionStore;
  fetch?: (url: string, request: RequestInit) => Promise<Response>;
}

/** Any parameter of the authorization endpoint; they are sent as they are, beside what the flow needs. */
export interface AuthorizationParameters {
  redirect_uri?: string;
  scope?: string;
  state?: string;
  nonce?: string;
  /** Seconds since the last login, at most. */
  max_age?: number;
  [parameter: string]: string | number | undefined;
}
