// The one table of where Auth0's service and the specifications disagree on the wire (contract DIS-*). The tenant
// setting `dialect` chooses the column. No other file asks which dialect is on: it asks this table for the value.
import type { DialectName, TenantSettings } from '../model/tenant.ts';
import {
  AccessDenied,
  InvalidGrant,
  InvalidRequest,
  type OAuthError,
  SlowDown,
  Unauthorized,
  UnauthorizedClient,
} from './errors.ts';

export interface Dialect {
  name: DialectName;
  /** The status of a refusal by the token endpoint and its neighbours. */
  tokenErrorStatus(error: OAuthError): number;
  /** AC-7: the code was bound to a challenge and no verifier came. */
  missingCodeVerifier(): OAuthError;
  /** AC-3, DIS-26: `redirect_uri` is not the one sent to /authorize. */
  wrongRedirectUri(sent: string, expected: string): OAuthError;
  /** DIS-7: `updated_at` of a user, from epoch seconds. */
  updatedAt(updated_at: number): string | number;
  /** AZ-64 */
  blockedUser(): OAuthError;
  /** GL-14: how our own descriptions quote. */
  description(text: string): string;
  /** AZ-56: whether an absent redirect_uri may mean the client's only callback. */
  absentRedirectUriMeansOnlyCallback: boolean;
  /** AZ-70, RFC 9207: `iss` in the authorization response where the tenant does not say. */
  issInAuthorizationResponse: boolean;
  /** AZ-35: whether an unsupported `acr_values` is an error. */
  unsupportedAcrIsError: boolean;
  /** WK-2: scopes that no user of this server can fill. */
  listsScopesWithoutValues: boolean;
  /** UI-1: `GET /userinfo?access_token=`. */
  accessTokenInQuery: boolean;
  /** DP-8: whether a proof binds a token for an API that does not say whether it knows bound tokens. */
  bindsTokensOfAnyApi: boolean;
  /** DV-6, RFC 8628 §3.5: seconds by which a device that polls too fast has to wait longer from then on. */
  slowDownSeconds: number;
}

const auth0: Dialect = {
  name: 'auth0',
  tokenErrorStatus: (error) => error.status,
  missingCodeVerifier: () => new InvalidRequest("Parameter 'code_verifier' is required"),
  wrongRedirectUri: (sent, expected) =>
    new UnauthorizedClient(`The redirect URI is wrong. You sent ${sent}, and we expected ${expected}`),
  updatedAt: (updated_at) => new Date(updated_at * 1000).toISOString(),
  blockedUser: () => new Unauthorized('user is blocked'),
  description: (text) => text,
  absentRedirectUriMeansOnlyCallback: true,
  issInAuthorizationResponse: false,
  unsupportedAcrIsError: true,
  listsScopesWithoutValues: true,
  accessTokenInQuery: true,
  bindsTokensOfAnyApi: false,
  slowDownSeconds: 0,
};

const oidc: Dialect = {
  name: 'oidc',
  // RFC 6749 §5.2: "The authorization server responds with an HTTP 400 (Bad Request) status code"
  tokenErrorStatus: (error) => {
    const { status } = error;
    return (status === 401 || status === 429 || status >= 500) && !(error instanceof SlowDown) ? status : 400;
  },
  missingCodeVerifier: () => new InvalidGrant("Parameter 'code_verifier' is required"),
  wrongRedirectUri: () =>
    new InvalidGrant('The redirect URI is not the one sent to the authorization endpoint'),
  updatedAt: (updated_at) => updated_at,
  blockedUser: () => new AccessDenied('user is blocked'),
  description: (text) => text.replaceAll('"', "'"),
  absentRedirectUriMeansOnlyCallback: false,
  issInAuthorizationResponse: true,
  unsupportedAcrIsError: false,
  listsScopesWithoutValues: false,
  accessTokenInQuery: false,
  bindsTokensOfAnyApi: true,
  slowDownSeconds: 5,
};

const dialects: Record<DialectName, Dialect> = { auth0, oidc };

export function dialectOf(settings: Pick<TenantSettings, 'dialect'>): Dialect {
  return dialects[settings.dialect];
}
