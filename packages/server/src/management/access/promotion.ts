// Who becomes an administrator. What others may have prepared while it was nobody's concern is no way into their account
// afterwards.
import { endSessionsOf } from '../../login/sessions.ts';
import type { Permission, Role } from '../../model/access-control.ts';
import { administrative, isAdministrator } from '../administration.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';
import { mostAtOnce } from './wire.ts';

/**
 * To be asked before these users are given the permissions: links that were made for those who become administrators by
 * them, sessions and tokens are good no more, and whoever else may log in as one of them is parted from them first.
 * Throws ManagementError 400.
 */
export async function promote(
  permissions: readonly Permission[],
  user_ids: readonly string[],
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  if (administrative(permissions, ports).length === 0) return;
  for (const user_id of user_ids) {
    if (!(await isAdministrator(user_id, stores, ports)))
      await clearOtherWaysIn(user_id, caller, stores, ports);
  }
}

async function clearOtherWaysIn(
  user_id: string,
  { requester }: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const user = await stores.users.lock(user_id);
  if (user === undefined) return;
  if ((await stores.users.listIdentities(user_id)).length > 1)
    throw new ManagementError(400, 'Other accounts are linked to this user: unlink them before.');
  await stores.tickets.deleteAllOf(user_id, 'password_change');
  await stores.tickets.deleteAllOf(user_id, 'email_verification');
  await endSessionsOf(user_id, 'session-revoked', requester, stores, ports);
  // AT-14
  await stores.users.update({ ...user, epoch: user.epoch + 1, updated_at: ports.clock.now() });
}

/** Whoever has the role, to be promoted with it. Throws ManagementError 400 where they are too many for one transaction. */
export async function membersToPromote(
  { id }: Role,
  permissions: readonly Permission[],
  { userAccess }: Pick<ManagementStores, 'userAccess'>,
  ports: Pick<ManagementPorts, 'issuer'>,
): Promise<string[]> {
  if (administrative(permissions, ports).length === 0) return [];
  const page = { limit: mostAtOnce, offset: 0, after: undefined, counted: false };
  const { items, next } = await userAccess.listUsers(id, page);
  if (next !== undefined) {
    const message = `More than ${mostAtOnce} users have this role: make another one for administrators.`;
    throw new ManagementError(400, message);
  }
  return items.map(({ user_id }) => user_id);
}
