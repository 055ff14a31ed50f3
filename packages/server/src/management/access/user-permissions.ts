// What a user may do, given directly or by roles (AT-10, AT-11).

import { z } from 'zod';
import type { Permission } from '../../model/access-control.ts';
import { assertMayAdminister } from '../administration.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { assertUserExists } from '../users/user-access.ts';
import { assertPermissionsExist } from './found.ts';
import type { UserAccessStore } from './ports.ts';
import { promote } from './promotion.ts';
import { describedPermissions } from './role-permissions.ts';
import { idParams, keyOf, permissionAnswer, permissionBody } from './wire.ts';

/** Auth0's limit of what is given to a user directly. */
const mostPermissions = 1000;

const permissions = paginated(
  'permissions',
  permissionAnswer.extend({
    sources: z.array(
      z.object({ source_id: z.string(), source_name: z.string(), source_type: z.enum(['DIRECT', 'ROLE']) }),
    ),
  }),
);
type Source = { source_id: string; source_name: string; source_type: 'DIRECT' | 'ROLE' };

const listUserPermissions = route({
  method: 'GET',
  path: '/users/{id}/permissions',
  summary: "Get a User's Permissions",
  scopes: ['read:users'],
  params: idParams,
  ...permissions.route,
  answer: async ({ params, query }, stores) => {
    await assertUserExists(params.id, stores);
    return permissions.answer(query, async (page) => {
      const { items, ...rest } = await stores.userAccess.listPermissions(params.id, page);
      const sources = await sourcesOf(params.id, items, stores.userAccess);
      const described = await describedPermissions(items, stores);
      return {
        ...rest,
        items: described.map((each) => ({ ...each, sources: sources.get(keyOf(each)) ?? [] })),
      };
    });
  },
});

async function sourcesOf(
  user_id: string,
  items: Permission[],
  userAccess: UserAccessStore,
): Promise<Map<string, Source[]>> {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const found = await userAccess.listSources(user_id, first, last);
  const sources = new Map<string, Source[]>();
  for (const { permission, role } of found) {
    const source: Source = {
      source_id: role?.id ?? '',
      source_name: role?.name ?? '',
      source_type: role === undefined ? 'DIRECT' : 'ROLE',
    };
    const key = keyOf(permission);
    sources.set(key, [...(sources.get(key) ?? []), source]);
  }
  return sources;
}

const addUserPermissions = route({
  method: 'POST',
  path: '/users/{id}/permissions',
  summary: 'Assign Permissions to a User',
  scopes: ['update:users'],
  params: idParams,
  body: permissionBody,
  status: 201,
  response: z.object({}),
  answer: async ({ params, body, caller }, stores, ports) => {
    await assertUserExists(params.id, stores);
    await assertPermissionsExist(body.permissions, stores);
    await assertMayAdminister(body.permissions, caller, [params.id], stores, ports);
    await promote(body.permissions, [params.id], caller, stores, ports);
    for (const permission of body.permissions) await stores.userAccess.addPermission(params.id, permission);
    if ((await stores.userAccess.countPermissions(params.id)) > mostPermissions)
      throw new ManagementError(400, 'No more permissions can be assigned to this user.');
    return {};
  },
});

const removeUserPermissions = route({
  method: 'DELETE',
  path: '/users/{id}/permissions',
  summary: 'Remove Permissions from a User',
  scopes: ['update:users'],
  params: idParams,
  body: permissionBody,
  status: 204,
  response: z.null(),
  answer: async ({ params, body, caller }, stores, ports) => {
    await assertUserExists(params.id, stores);
    await assertMayAdminister(body.permissions, caller, [params.id], stores, ports);
    for (const permission of body.permissions)
      await stores.userAccess.removePermission(params.id, permission);
    return null;
  },
});

export const userPermissionRoutes = [listUserPermissions, addUserPermissions, removeUserPermissions];
