// Reading back the access tokens that tokens.ts mints (contract AT-14, AT-16). Whether one was taken back is asked of
// the stores, by whoever reads it.
import type { Confirmation } from './confirmation.ts';
import { type TokenPorts, userinfoAudience } from './tokens.ts';

/** What one of our own access tokens says, whichever form and audience it has. */
export interface OwnAccessToken {
  sub: string;
  client_id: string;
  scope: string[];
  audiences: string[];
  /** Whose key the sender has to prove to hold; undefined: nobody's. */
  cnf: Confirmation | undefined;
  /** What it can be taken back by; undefined where a client acts for itself. */
  authorization: { aid: string; ep: number } | undefined;
  /** As they stand in the token. */
  claims: Record<string, unknown>;
}

/** One that is good for /userinfo. */
export interface AccessToken extends Omit<OwnAccessToken, 'audiences' | 'authorization' | 'claims'> {
  aid: string;
  ep: number;
}

/** The access token that this tenant minted for /userinfo, iff it is genuine and unexpired. */
export async function readAccessToken(token: string, ports: TokenPorts): Promise<AccessToken | undefined> {
  const own = await readOwnAccessToken(token, ports);
  if (own?.authorization === undefined || !own.audiences.includes(userinfoAudience(ports.issuer)))
    return undefined;
  const { sub, client_id, scope, cnf, authorization } = own;
  return { sub, client_id, scope, cnf, ...authorization };
}

/**
 * The access token that this tenant minted, for whichever audience, iff it is genuine and unexpired. AT-16: an ID token
 * or a logout token is never one: it has no scope.
 */
export async function readOwnAccessToken(
  token: string,
  ports: TokenPorts,
): Promise<OwnAccessToken | undefined> {
  const opened = ports.opaqueTokens.open(token);
  const claims = opened ?? (await ports.keys.verify(token))?.claims;
  if (claims === undefined || claims.iss !== ports.issuer || !isLater(claims.exp, ports.clock.now()))
    return undefined;
  const { sub, scope, aud, cnf } = claims;
  const client_id = claims.client_id ?? claims.azp;
  if (typeof sub !== 'string' || typeof client_id !== 'string' || typeof scope !== 'string') return undefined;
  const authorization = opened === undefined ? authorizationOf(claims.jti) : opened;
  if (authorization === undefined) return undefined;
  const { aid, ep } = authorization;
  if (aid !== undefined && (typeof aid !== 'string' || !Number.isSafeInteger(ep))) return undefined;
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((name) => typeof name === 'string');
  return {
    sub,
    client_id,
    scope: scope.split(' '),
    audiences,
    cnf: cnf as Confirmation | undefined,
    authorization: typeof aid === 'string' ? { aid, ep: Number(ep) } : undefined,
    claims,
  };
}

/** AT-16: from the `jti` of a JWT, which every access token has; a client's own names no authorization. */
function authorizationOf(jti: unknown): { aid?: unknown; ep?: unknown } | undefined {
  if (typeof jti !== 'string') return undefined;
  const [aid, ep, unique] = jti.split('.');
  return unique === undefined ? {} : { aid, ep: Number(ep) };
}

function isLater(exp: unknown, now: number): boolean {
  return typeof exp === 'number' && exp > now;
}
