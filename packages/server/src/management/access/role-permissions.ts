// What a role allows (AT-10): it takes effect in the next token of whoever has the role.

import { z } from 'zod';
import type { Permission } from '../../model/access-control.ts';
import { assertMayAdminister } from '../administration.ts';
import { paginated } from '../pagination.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { assertPermissionsExist, changeableRole, existingRole, resourceServersOf } from './found.ts';
import { membersToPromote, promote } from './promotion.ts';
import { idParams, permissionAnswer, permissionBody } from './wire.ts';

const permissions = paginated('permissions', permissionAnswer);

const listRolePermissions = route({
  method: 'GET',
  path: '/roles/{id}/permissions',
  summary: 'Get permissions granted by role',
  scopes: ['read:roles'],
  params: idParams,
  ...permissions.route,
  answer: async ({ params, query }, stores) => {
    const { id } = await existingRole(params.id, stores);
    return permissions.answer(query, async (page) => {
      const { items, ...rest } = await stores.roles.listPermissions(id, page);
      return { ...rest, items: await describedPermissions(items, stores) };
    });
  },
});

/** With what their resource servers call themselves and them. */
export async function describedPermissions(
  items: readonly Permission[],
  stores: Pick<ManagementStores, 'resourceServers'>,
): Promise<z.input<typeof permissionAnswer>[]> {
  const known = await resourceServersOf(items, stores);
  return items.map(({ resource_server_identifier, permission_name }) => {
    const resourceServer = known.get(resource_server_identifier);
    const scope = resourceServer?.scopes.find(({ value }) => value === permission_name);
    return {
      permission_name,
      description: scope?.description ?? '',
      resource_server_identifier,
      resource_server_name: resourceServer?.name ?? resource_server_identifier,
    };
  });
}

const addRolePermissions = route({
  method: 'POST',
  path: '/roles/{id}/permissions',
  summary: 'Associate permissions with a role',
  scopes: ['update:roles'],
  params: idParams,
  body: permissionBody,
  status: 201,
  response: z.object({}),
  answer: async ({ params, body, caller }, stores, ports) => {
    const role = await changeableRole(params.id, stores);
    await assertPermissionsExist(body.permissions, stores);
    const members = await membersToPromote(role, body.permissions, stores, ports);
    await assertMayAdminister(body.permissions, caller, members, stores, ports);
    await promote(body.permissions, members, caller, stores, ports);
    for (const permission of body.permissions) await stores.roles.addPermission(role.id, permission);
    return {};
  },
});

const removeRolePermissions = route({
  method: 'DELETE',
  path: '/roles/{id}/permissions',
  summary: 'Remove permissions from a role',
  scopes: ['update:roles'],
  params: idParams,
  body: permissionBody,
  status: 204,
  response: z.null(),
  answer: async ({ params, body, caller }, stores, ports) => {
    const role = await changeableRole(params.id, stores);
    await assertMayAdminister(body.permissions, caller, [], stores, ports);
    for (const permission of body.permissions) await stores.roles.removePermission(role.id, permission);
    return null;
  },
});

export const rolePermissionRoutes = [listRolePermissions, addRolePermissions, removeRolePermissions];
