// Who has which role. Roles belong to a user_id: another user of the same address gets nothing by them.

import { z } from 'zod';
import { assertMayAdminister, assertMayLose } from '../administration.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { assertUserExists } from '../users/user-access.ts';
import { existingRole, rolesAmong } from './found.ts';
import { promote } from './promotion.ts';
import { idParams, mostAtOnce, roleAnswer, roleOnWire, rolesBody, userAnswer, userOnWire } from './wire.ts';

const users = paginated('users', userAnswer, { checkpoint: 'also' });

const listRoleUsers = route({
  method: 'GET',
  path: '/roles/{id}/users',
  summary: "Get a role's users",
  scopes: ['read:users', 'read:roles', 'read:role_members'],
  params: idParams,
  ...users.route,
  answer: async ({ params, query }, stores) => {
    const { id } = await existingRole(params.id, stores);
    return users.answerEach(query, (page) => stores.userAccess.listUsers(id, page), userOnWire);
  },
});

const assignUsers = route({
  method: 'POST',
  path: '/roles/{id}/users',
  summary: 'Assign users to a role',
  scopes: ['create:role_members', 'update:roles'],
  params: idParams,
  body: z.strictObject({ users: z.array(z.string().min(1).max(255)).max(mostAtOnce) }),
  status: 200,
  response: z.object({}),
  answer: async ({ params, body, caller }, stores, ports) => {
    const role = await existingRole(params.id, stores);
    for (const user_id of body.users) {
      if ((await stores.users.find(user_id)) === undefined)
        throw new ManagementError(404, 'One or more of the users do not exist.');
    }
    await assertMayAdminister(role.permissions, caller, body.users, stores, ports);
    await promote(role.permissions, body.users, caller, stores, ports);
    for (const user_id of body.users) await stores.userAccess.assignRole(user_id, role.id);
    return {};
  },
});

const roles = paginated('roles', roleAnswer);

const listUserRoles = route({
  method: 'GET',
  path: '/users/{id}/roles',
  summary: "Get a user's roles",
  scopes: ['read:users', 'read:roles', 'read:role_members'],
  params: idParams,
  ...roles.route,
  answer: async ({ params, query }, stores) => {
    await assertUserExists(params.id, stores);
    return roles.answerEach(query, (page) => stores.userAccess.listRoles(params.id, page), roleOnWire);
  },
});

const assignRoles = route({
  method: 'POST',
  path: '/users/{id}/roles',
  summary: 'Assign roles to a user',
  scopes: ['update:users', 'create:role_members'],
  params: idParams,
  body: rolesBody,
  status: 204,
  response: z.null(),
  answer: async ({ params, body, caller }, stores, ports) => {
    await assertUserExists(params.id, stores);
    for (const id of new Set(body.roles)) {
      const role = await existingRole(id, stores);
      await assertMayAdminister(role.permissions, caller, [params.id], stores, ports);
      await promote(role.permissions, [params.id], caller, stores, ports);
      await stores.userAccess.assignRole(params.id, role.id);
    }
    return null;
  },
});

const removeRoles = route({
  method: 'DELETE',
  path: '/users/{id}/roles',
  summary: 'Removes roles from a user',
  scopes: ['update:users', 'delete:role_members'],
  params: idParams,
  body: rolesBody,
  status: 204,
  response: z.null(),
  answer: async ({ params, body, caller }, stores, ports) => {
    await assertUserExists(params.id, stores);
    for (const role of await rolesAmong(body.roles, stores)) {
      await assertMayAdminister(role.permissions, caller, [params.id], stores, ports);
      await assertMayLose(role, params.id, stores);
      await stores.userAccess.unassignRole(params.id, role.id);
    }
    return null;
  },
});

export const userRoleRoutes = [listRoleUsers, assignUsers, listUserRoles, assignRoles, removeRoles];
