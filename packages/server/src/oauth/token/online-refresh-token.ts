// Online refresh tokens (contract RT-20): they live as long as the session in which they were granted, and using them is
// activity in it. They do not rotate: DPoP binds those of public clients.
import { isPublicClient } from '../../model/client.ts';
import { activityOf } from '../../model/session.ts';
import { InvalidDpopProof, type OAuthError } from '../errors.ts';
import type { OAuthStores } from '../ports.ts';
import type { GrantRequest } from './grants/grant.ts';
import type { RefreshTokenFamily } from './ports.ts';
import type { Rotation } from './refresh-token-rotation.ts';

/** Undefined: the sender may be given an online refresh token. */
export function onlineRefusal({ client, possession }: GrantRequest): OAuthError | undefined {
  if (!isPublicClient(client) || possession.jkt !== undefined) return undefined;
  return new InvalidDpopProof('A DPoP proof is required for online_access');
}

/** The token stays good. Undefined if the session has ended. */
export async function extendSession(
  family: RefreshTokenFamily,
  { requester, now, settings }: GrantRequest,
  { sessions, refreshTokens }: OAuthStores,
): Promise<Rotation | undefined> {
  const session = await sessions.find(family.sid, now);
  if (session === undefined) return undefined;
  const activity = activityOf(session, requester, now, settings);
  if (activity !== undefined) await sessions.touch(session.sid, activity);
  // A login renews the session; the family's end is there for the sweeper alone.
  if (session.expires_at !== family.absolute_at) {
    await refreshTokens.updateFamily({ ...family, absolute_at: session.expires_at }, family.current_token);
  }
  return { refresh_token: undefined };
}
