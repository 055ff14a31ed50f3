// Roles themselves (contract §3.6). Those of administrators are told where they are asked for, and stay as they are.

import { z } from 'zod';
import { roleEntrySchema } from '../../configuration/roles.ts';
import type { Role } from '../../model/access-control.ts';
import { assertMayAdminister } from '../administration.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { withoutNull } from '../wire.ts';
import { changeableRole, existingRole } from './found.ts';
import { idParams, roleAnswer, roleOnWire, roleTypes } from './wire.ts';

const roleBody = roleEntrySchema
  .omit({ permissions: true })
  .extend(withoutNull(roleEntrySchema.shape, ['description']));

const roles = paginated('roles', roleAnswer, {
  filters: { name_filter: z.string().max(255).optional(), type: z.enum(roleTypes).default('tenant') },
});

const listRoles = route({
  method: 'GET',
  path: '/roles',
  summary: 'Get roles',
  scopes: ['read:roles'],
  ...roles.route,
  answer: async ({ query }, stores) => {
    if (query.type === 'organization') return roles.none(query);
    const filter = { name: query.name_filter, is_system: query.type === 'system' };
    return roles.answerEach(query, (page) => stores.roles.list(filter, page), roleOnWire);
  },
});

const createRole = route({
  method: 'POST',
  path: '/roles',
  summary: 'Create a role',
  scopes: ['create:roles'],
  body: roleBody,
  status: 200,
  response: roleAnswer,
  answer: async ({ body }, stores, { random }) => {
    const role: Role = {
      id: random.id('rol'),
      name: body.name,
      description: body.description ?? null,
      permissions: [],
      is_system: false,
    };
    await putRole(role, stores);
    return roleOnWire(role);
  },
});

const getRole = route({
  method: 'GET',
  path: '/roles/{id}',
  summary: 'Get a role',
  scopes: ['read:roles'],
  params: idParams,
  status: 200,
  response: roleAnswer,
  answer: async ({ params }, stores) => roleOnWire(await existingRole(params.id, stores)),
});

const updateRole = route({
  method: 'PATCH',
  path: '/roles/{id}',
  summary: 'Update a role',
  scopes: ['update:roles'],
  params: idParams,
  body: roleBody.partial(),
  status: 200,
  response: roleAnswer,
  answer: async ({ params, body }, stores) => {
    const stored = await changeableRole(params.id, stores);
    const { name = stored.name, description = stored.description } = body;
    const role: Role = { ...stored, name, description };
    await putRole(role, stores);
    return roleOnWire(role);
  },
});

const deleteRole = route({
  method: 'DELETE',
  path: '/roles/{id}',
  summary: 'Delete a role',
  scopes: ['delete:roles'],
  params: idParams,
  status: 200,
  response: z.object({}),
  answer: async ({ params, caller }, stores, ports) => {
    const role = await changeableRole(params.id, stores);
    await assertMayAdminister(role.permissions, caller, [], stores, ports);
    await stores.roles.delete(role.id);
    return {};
  },
});

/** A name is one role's. Throws ManagementError 409. */
async function putRole(role: Role, { roles, tenant }: ManagementStores): Promise<void> {
  // Two that take a name at once would both find it free.
  await tenant.lock();
  const namesake = await roles.findByName(role.name);
  if (namesake !== undefined && namesake.id !== role.id)
    throw new ManagementError(409, 'The role already exists.');
  await roles.upsert(role);
}

export const roleRoutes = [listRoles, createRole, getRole, updateRole, deleteRole];
