// What a request names, or why it is refused.
import type { Permission, Role } from '../../model/access-control.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementStores } from '../ports.ts';
import { invalidBody } from '../validation.ts';

/** Throws ManagementError 404. */
export async function existingRole(id: string, { roles }: Pick<ManagementStores, 'roles'>): Promise<Role> {
  const role = await roles.find(id);
  if (role === undefined) throw new ManagementError(404, 'The role does not exist.');
  return role;
}

/** Those that there are: to take away what nobody has is done already. */
export async function rolesAmong(
  ids: readonly string[],
  { roles }: Pick<ManagementStores, 'roles'>,
): Promise<Role[]> {
  const found: Role[] = [];
  for (const id of new Set(ids)) {
    const role = await roles.find(id);
    if (role !== undefined) found.push(role);
  }
  return found;
}

/**
 * As it stays until this transaction ends: a role is written with its permissions, and one that somebody takes away
 * meanwhile would come back. Throws ManagementError 400 for one of the server's own.
 */
export async function changeableRole(
  id: string,
  stores: Pick<ManagementStores, 'roles' | 'tenant'>,
): Promise<Role> {
  await stores.tenant.lock();
  const role = await existingRole(id, stores);
  if (role.is_system) throw new ManagementError(400, 'A role of administrators cannot be changed.');
  return role;
}

/** Throws ManagementError 404 for a resource server that is none, 400 for a scope that it does not have. */
export async function assertPermissionsExist(
  permissions: readonly Permission[],
  stores: Pick<ManagementStores, 'resourceServers'>,
): Promise<void> {
  const known = await resourceServersOf(permissions, stores);
  for (const { resource_server_identifier, permission_name } of permissions) {
    const resourceServer = known.get(resource_server_identifier);
    if (resourceServer === undefined) throw new ManagementError(404, 'The resource server does not exist.');
    if (!resourceServer.scopes.some(({ value }) => value === permission_name))
      throw invalidBody(`The resource server has no permission ${permission_name}`, ['permissions']);
  }
}

export async function resourceServersOf(
  permissions: readonly Permission[],
  { resourceServers }: Pick<ManagementStores, 'resourceServers'>,
): Promise<Map<string, ResourceServer>> {
  const known = new Map<string, ResourceServer>();
  for (const identifier of new Set(permissions.map((permission) => permission.resource_server_identifier))) {
    const resourceServer = await resourceServers.find(identifier);
    if (resourceServer !== undefined) known.set(identifier, resourceServer);
  }
  return known;
}
