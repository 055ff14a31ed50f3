// The ID token by which a person shows that a second account is theirs as well (§3.5, `link_with`).
import type { User } from '../../model/user.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';

export interface LinkToken {
  sub: string;
  sid: string | undefined;
  issued_at: number;
}

function refused(message: string): ManagementError {
  return new ManagementError(400, message, 'invalid_body');
}

/**
 * An ID token of ours, unexpired, for the application that calls: of a login there, and of no other. Throws
 * ManagementError 400. Outside transactions.
 */
export async function readLinkToken(
  token: string,
  { client }: Caller,
  ports: ManagementPorts,
): Promise<LinkToken> {
  const jws = await ports.keys.verify(token);
  if (jws === undefined) throw refused('Invalid token (link_with).');
  const { iss, sub, aud, sid, iat, exp, scope, events, jti } = jws.claims;
  if (iss !== ports.issuer) throw refused('JWT (link_with) must have the same issuer as the calling user.');
  if (jws.header.alg !== 'RS256') throw refused('JWT (link_with) must have an alg of RS256.');
  // Neither an access token nor a logout token shows that anybody is here.
  if (scope !== undefined || events !== undefined || jti !== undefined)
    throw refused('Invalid token (link_with).');
  if (typeof exp !== 'number' || exp <= ports.clock.now() || typeof iat !== 'number')
    throw refused('Invalid token (link_with).');
  if (aud !== client.client_id)
    throw refused("JWT (link_with) must have an aud claim that matches that of the calling token's azp.");
  if (typeof sub !== 'string') throw refused('JWT (link_with) must contains sub claim.');
  return { sub, sid: typeof sid === 'string' ? sid : undefined, issued_at: iat };
}

/**
 * Whether it still speaks for its user: an application of ours had it, the session that it tells of has not ended, and
 * since then neither did the password change nor was the user blocked. Throws ManagementError 400.
 */
export async function assertStillValid(
  { sid, issued_at }: LinkToken,
  user: User,
  { client }: Caller,
  { sessions }: Pick<ManagementStores, 'sessions'>,
  { clock }: Pick<ManagementPorts, 'clock'>,
): Promise<void> {
  const session = sid === undefined ? undefined : await sessions.find(sid, clock.now());
  const isHere = sid === undefined || (session?.user_id === user.user_id && session.epoch === user.epoch);
  const isOlderThanPassword = issued_at < (user.last_password_reset ?? 0);
  if (!client.is_first_party || !isHere || isOlderThanPassword || user.blocked)
    throw refused('Invalid token (link_with).');
}
