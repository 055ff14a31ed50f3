// Administrators: whoever has a permission on the system API. Nobody grants what they lack, nobody changes an
// administrator who may do more than they, and there is always an owner.
import { ownerRoleName } from '../model/access-control.ts';
import { systemAudience } from '../model/resource-server.ts';
import { ManagementError } from './errors.ts';
import type { ManagementPorts, ManagementStores } from './ports.ts';
import type { Caller } from './route.ts';

interface Permission {
  resource_server_identifier: string;
  permission_name: string;
}

/** Of these permissions, those on the system API. */
export function administrative(
  permissions: readonly Permission[],
  { issuer }: Pick<ManagementPorts, 'issuer'>,
): string[] {
  const audience = systemAudience(issuer);
  return permissions
    .filter(({ resource_server_identifier }) => resource_server_identifier === audience)
    .map(({ permission_name }) => permission_name);
}

function lackingIn(
  caller: Caller,
  permissions: readonly Permission[],
  ports: Pick<ManagementPorts, 'issuer'>,
): string[] {
  return administrative(permissions, ports).filter((name) => !caller.permissions.has(name));
}

export function mayGrant(
  caller: Caller,
  permissions: readonly Permission[],
  ports: Pick<ManagementPorts, 'issuer'>,
): boolean {
  return lackingIn(caller, permissions, ports).length === 0;
}

/** Throws ManagementError 403. */
export function assertMayGrant(
  caller: Caller,
  permissions: readonly Permission[],
  ports: Pick<ManagementPorts, 'issuer'>,
): void {
  const lacking = lackingIn(caller, permissions, ports);
  if (lacking.length === 0) return;
  const named = lacking.slice(0, 10).join(', ');
  throw new ManagementError(403, `You cannot give what you do not have yourself: ${named}`);
}

/** Throws ManagementError 403 where the user may administer something that the caller may not. */
export async function assertMayChangeUser(
  caller: Caller,
  user_id: string,
  { users }: Pick<ManagementStores, 'users'>,
  { issuer }: Pick<ManagementPorts, 'issuer'>,
): Promise<void> {
  if (caller.user?.user_id === user_id) return;
  const permissions = await users.listPermissions(user_id, systemAudience(issuer));
  if (permissions.every((permission) => caller.permissions.has(permission))) return;
  throw new ManagementError(403, 'This user is an administrator: one with the same permissions must do this');
}

/** Two owners are a crowd that no tenant has: more need not be looked at. */
const mostOwners = 1000;

/**
 * To be asked, in the transaction, before these users lose the role, are blocked or deleted. Throws ManagementError 400
 * where no owner would remain.
 */
export async function assertOwnerRemains(
  without: readonly string[],
  { roles, tenant }: Pick<ManagementStores, 'roles' | 'tenant'>,
): Promise<void> {
  const owner = await roles.findSystem(ownerRoleName);
  if (owner === undefined) return;
  // Two who remove each other at once would leave nobody.
  await tenant.lock();
  const owners = await roles.listActiveMembers(owner.id, mostOwners);
  const leaving = owners.filter((user_id) => without.includes(user_id));
  if (leaving.length > 0 && leaving.length === owners.length)
    throw new ManagementError(400, 'This is the last owner: give the role to somebody else before');
}
