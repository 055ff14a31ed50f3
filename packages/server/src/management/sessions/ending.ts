// What ends when an administrator ends a session, or takes back what somebody was given (AT-14, BC-1).
import { deleteSession } from '../../login/sessions.ts';
import { longestAccessTokenLifetime } from '../../model/resource-server.ts';
import type { Session } from '../../model/session.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';

/** The clients that it served hear of it. Refresh tokens outlive it, but for those that live with it. */
export async function endSession(
  session: Pick<Session, 'sid' | 'user_id'>,
  { requester }: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  await deleteSession(session, 'session-revoked', requester, stores, ports);
}

/** Until when the tokens of what is revoked now are refused: the last of them has expired by then. */
export function refusedUntil({ clock }: Pick<ManagementPorts, 'clock'>): { now: number; until: number } {
  const now = clock.now();
  return { now, until: now + longestAccessTokenLifetime };
}

/** A session, and all that was given in it. */
export async function revokeSession(
  session: Pick<Session, 'sid' | 'user_id'>,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const { now, until } = refusedUntil(ports);
  const { sid, user_id } = session;
  await stores.authorizations.revokeAuthorizations({ user_id, sid }, now, until);
  await endSession(session, caller, stores, ports);
}
