// An access token of ours as it comes to an endpoint of ours: genuine, and sent by whoever it is bound to
// (RFC 6750, RFC 9449 §7; contract UI-1, UI-7). Whether it was taken back is asked with the row it leads to.

import { InvalidToken, KeyRequired } from '../errors.ts';
import {
  type AccessToken,
  type OwnAccessToken,
  readAccessToken,
  readOwnAccessToken,
} from '../issue/own-access-token.ts';
import type { TokenPorts } from '../issue/tokens.ts';
import { type ForwardedCertificate, parseClientCertificate } from './client-certificate.ts';
import { type DpopPorts, parseDpopProof } from './dpop.ts';

export interface PresentedToken {
  access_token: string;
  /** RFC 9110 §11.1: compared without case by whoever read it. */
  scheme: 'Bearer' | 'DPoP';
  /** RFC 6750 §2.3 */
  inQuery: boolean;
  /** The header DPoP. */
  dpop: string | string[] | undefined;
  /** From a trusted proxy. */
  certificate: ForwardedCertificate | undefined;
  method: string;
  /** Where it came to, without the query. */
  url: string;
}

/** The token, for whichever of our audiences. Throws InvalidToken, InvalidDpopProof or UseDpopNonce. */
export async function acceptOwnAccessToken(
  presented: PresentedToken,
  ports: TokenPorts & DpopPorts,
): Promise<OwnAccessToken> {
  const token = await readOwnAccessToken(presented.access_token, ports);
  if (token === undefined) throw invalidToken();
  assertPossession(token, presented, ports);
  return token;
}

/** A token for /userinfo. Throws InvalidToken, InvalidDpopProof or UseDpopNonce. */
export async function acceptAccessToken(
  presented: PresentedToken | undefined,
  ports: TokenPorts & DpopPorts,
): Promise<AccessToken> {
  const token = presented && (await readAccessToken(presented.access_token, ports));
  if (presented === undefined || token === undefined) throw invalidToken();
  assertPossession(token, presented, ports);
  return token;
}

/**
 * RFC 9449 §7.2: "a DPoP-bound access token … MUST NOT be accepted" as a Bearer token. No `jti` is stored: `ath` binds
 * the proof to the token, so that it comes again with nothing else (DP-11).
 */
function assertPossession(
  { cnf }: Pick<AccessToken, 'cnf'>,
  presented: PresentedToken,
  ports: DpopPorts,
): void {
  const { scheme, dpop, certificate, inQuery } = presented;
  // RFC 8705 §3: "the resource server MUST obtain, from its TLS implementation …, the client certificate … and MUST
  // verify that the certificate matches the certificate associated with the access token."
  const x5t = cnf?.['x5t#S256'];
  if (x5t !== undefined && x5t !== parseClientCertificate(certificate)?.thumbprint)
    throw new InvalidToken('The access token is bound to another certificate');
  if (scheme === 'Bearer') {
    if (cnf?.jkt !== undefined)
      throw new KeyRequired('The access token is bound to a key: it needs the scheme DPoP');
    // UI-1: FAPI 2.0's clients send none in a query, and all their tokens are bound.
    if (inQuery && cnf !== undefined)
      throw new InvalidToken('A bound access token is not accepted in the query');
    return;
  }
  if (dpop === undefined) throw new InvalidToken('The scheme DPoP needs a DPoP proof');
  const { jkt } = parseDpopProof(dpop, { ...presented, needsNonce: false }, ports);
  if (jkt !== cnf?.jkt) throw new InvalidToken('The access token is not bound to the key of the proof');
}

export function invalidToken(): InvalidToken {
  return new InvalidToken('The access token is invalid or has expired');
}
