// Administrators: whoever has a permission on the system API. Nobody grants what they lack, nobody changes an
// administrator who may do more than they, and there is always an owner.
import { ownerRoleName, type Permission, type Role } from '../model/access-control.ts';
import { systemAudience } from '../model/resource-server.ts';
import { assertFreshLogin } from './authorization.ts';
import { ManagementError } from './errors.ts';
import type { ManagementPorts, ManagementStores } from './ports.ts';
import type { Caller } from './route.ts';

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

/** What the user may do by the system API. */
export function listAdministrative(
  user_id: string,
  { users }: Pick<ManagementStores, 'users'>,
  { issuer }: Pick<ManagementPorts, 'issuer'>,
): Promise<string[]> {
  return users.listPermissions(user_id, systemAudience(issuer));
}

export async function isAdministrator(
  user_id: string,
  stores: Pick<ManagementStores, 'users'>,
  ports: Pick<ManagementPorts, 'issuer'>,
): Promise<boolean> {
  return (await listAdministrative(user_id, stores, ports)).length > 0;
}

/** `held`: what the user may do by the system API. Throws ManagementError 403 where the caller may do less. */
export function assertMayChangeHolder(caller: Caller, user_id: string, held: readonly string[]): void {
  if (caller.user?.user_id === user_id) return;
  if (held.every((permission) => caller.permissions.has(permission))) return;
  throw new ManagementError(403, 'This user is an administrator: one with the same permissions must do this');
}

/** Throws ManagementError 403 where the user may administer something that the caller may not. */
export async function assertMayChangeUser(
  caller: Caller,
  user_id: string,
  stores: Pick<ManagementStores, 'users'>,
  ports: Pick<ManagementPorts, 'issuer'>,
): Promise<void> {
  assertMayChangeHolder(caller, user_id, await listAdministrative(user_id, stores, ports));
}

/**
 * Of permissions that somebody is about to be given, or to lose: who does it has those on the system API themselves,
 * has just logged in, and may change these users. Throws ManagementError 401, 403.
 */
export async function assertMayAdminister(
  permissions: readonly Permission[],
  caller: Caller,
  user_ids: readonly string[],
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  if (administrative(permissions, ports).length === 0) return;
  assertMayGrant(caller, permissions, ports);
  assertFreshLogin(caller, ports);
  for (const user_id of user_ids) await assertMayChangeUser(caller, user_id, stores, ports);
}

/** Throws ManagementError 400 where the user is the last owner and this would take that away. */
export async function assertMayLose(role: Role, user_id: string, stores: ManagementStores): Promise<void> {
  if (role.is_system && role.name === ownerRoleName) await assertOwnerRemains([user_id], stores);
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
