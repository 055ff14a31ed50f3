// Which user a request is about, and whether the caller may change them.
import type { Connection } from '../../model/connection.ts';
import type { User } from '../../model/user.ts';
import { assertMayChangeHolder, listAdministrative } from '../administration.ts';
import { assertFreshLogin } from '../authorization.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';

export function inexistentUser(): ManagementError {
  return new ManagementError(404, 'The user does not exist.', 'inexistent_user');
}

/** Throws ManagementError 404. */
export async function assertUserExists(
  user_id: string,
  { users }: Pick<ManagementStores, 'users'>,
): Promise<void> {
  if ((await users.find(user_id)) === undefined) throw inexistentUser();
}

export function inexistentConnection(): ManagementError {
  return new ManagementError(400, 'The connection does not exist', 'inexistent_connection');
}

export function unsupported(message: string): ManagementError {
  return new ManagementError(400, message, 'operation_not_supported');
}

/**
 * The user, whom nobody else changes until this transaction ends; undefined if there is none. Whoever may administer
 * anything is changed by somebody who may as much, and who has just logged in. Throws ManagementError 401, 403.
 */
export async function lockUser(
  user_id: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<User | undefined> {
  const user = await stores.users.lock(user_id);
  if (user === undefined) return undefined;
  const held = await listAdministrative(user_id, stores, ports);
  assertMayChangeHolder(caller, user_id, held);
  if (held.length > 0) assertFreshLogin(caller, ports);
  return user;
}

/** As lockUser. Throws ManagementError 404. */
export async function getLockedUser(
  user_id: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<User> {
  const user = await lockUser(user_id, caller, stores, ports);
  if (user === undefined) throw inexistentUser();
  return user;
}

/** Auth0's word for a connection that no application may use. */
export async function isDisabled(
  { id }: Pick<Connection, 'id'>,
  { connections }: Pick<ManagementStores, 'connections'>,
): Promise<boolean> {
  return (await connections.listClients(id)).length === 0;
}
