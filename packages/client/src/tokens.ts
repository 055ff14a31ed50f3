// Tokens exist for this package only once their ID token is verified. oauth4webapi checks iss, aud, exp, iat, nonce
// and auth_time while it parses; here are the signature and what it leaves to the application.

import * as oauth from 'oauth4webapi';
import { IdTokenInvalid } from './errors.ts';

export type Tokens = oauth.TokenEndpointResponse & { id_token: string; claims: oauth.IDToken };

/** `before` are the tokens that were refreshed: what the server leaves out stays as it was. */
export async function verifiedTokens(
  metadata: oauth.AuthorizationServer,
  client: oauth.Client,
  answer: Response,
  response: oauth.TokenEndpointResponse,
  options: oauth.ValidateSignatureOptions,
  before?: Tokens,
): Promise<Tokens> {
  const claims = oauth.getValidatedIdTokenClaims(response);
  if (response.id_token === undefined || claims === undefined) {
    if (before === undefined) throw new IdTokenInvalid('the server issued no ID token');
    return { ...before, ...response, id_token: before.id_token, claims: before.claims };
  }
  await oauth.validateApplicationLevelSignature(metadata, answer, options);
  assertAuthorizedParty(claims, client.client_id);
  if (before !== undefined) assertSameLogin(claims, before.claims);
  return { ...before, ...response, id_token: response.id_token, claims };
}

/** "If an azp (authorized party) Claim is present, the Client SHOULD verify that its client_id is the Claim Value." */
function assertAuthorizedParty(claims: oauth.IDToken, clientId: string): void {
  // OIDC Core §3.1.3.7
  if (claims.azp !== undefined && claims.azp !== clientId) {
    throw new IdTokenInvalid('the ID token was issued to another client', 'azp');
  }
}

/** "its sub Claim Value MUST be the same as in the ID Token issued when the original authentication occurred" */
function assertSameLogin(claims: oauth.IDToken, original: oauth.IDToken): void {
  // OIDC Core §12.2
  if (claims.sub !== original.sub) {
    throw new IdTokenInvalid('the refreshed ID token is about another user', 'sub');
  }
  for (const claim of ['auth_time', 'nonce'] as const) {
    if (claims[claim] !== undefined && original[claim] !== undefined && claims[claim] !== original[claim]) {
      throw new IdTokenInvalid(`the refreshed ID token has another ${claim} than the original`, claim);
    }
  }
}
