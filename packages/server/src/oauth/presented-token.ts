// An access token of ours as it comes to an endpoint of ours: genuine, and sent by whoever it is bound to
// (RFC 6750, RFC 9449 §7; contract UI-1, UI-7). Whether it was taken back is asked with the row it leads to.
import { type DpopPorts, parseDpopProof } from './dpop.ts';
import { InvalidToken, KeyRequired } from './errors.ts';
import { type AccessToken, readAccessToken } from './issue/own-access-token.ts';
import type { TokenPorts } from './issue/tokens.ts';

export interface PresentedToken {
  access_token: string;
  /** RFC 9110 §11.1: compared without case by whoever read it. */
  scheme: 'Bearer' | 'DPoP';
  /** The header DPoP. */
  dpop: string | string[] | undefined;
  method: string;
  /** Where it came to, without the query. */
  url: string;
}

/** Throws InvalidToken, InvalidDpopProof or UseDpopNonce. */
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
function assertPossession({ cnf }: AccessToken, presented: PresentedToken, ports: DpopPorts): void {
  if (presented.scheme === 'Bearer') {
    if (cnf !== undefined)
      throw new KeyRequired('The access token is bound to a key: it needs the scheme DPoP');
    return;
  }
  if (presented.dpop === undefined) throw new InvalidToken('The scheme DPoP needs a DPoP proof');
  const { jkt } = parseDpopProof(presented.dpop, { ...presented, needsNonce: false }, ports);
  if (jkt !== cnf?.jkt) throw new InvalidToken('The access token is not bound to the key of the proof');
}

export function invalidToken(): InvalidToken {
  return new InvalidToken('The access token is invalid or has expired');
}
