// Who belongs to an organization, and the roles that each has in it alone (OR-5).

import { z } from 'zod';
import { existingRole, rolesAmong } from '../access/found.ts';
import type { UserSummary } from '../access/ports.ts';
import { mostAtOnce, roleAnswer, roleOnWire, rolesBody, userAnswer, userOnWire } from '../access/wire.ts';
import { assertMayAdminister } from '../administration.ts';
import { insufficientScope, ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { assertUserExists } from '../users/user-access.ts';
import type { OrganizationMemberStore } from './ports.ts';
import { existingOrganization, lastPage, organizationParams } from './wire.ts';

const roleOfMember = z.object({ id: z.string(), name: z.string() });
const members = paginated('members', userAnswer.extend({ roles: z.array(roleOfMember).optional() }), {
  checkpoint: 'also',
  lastPage,
});

const listMembers = route({
  method: 'GET',
  path: '/organizations/{id}/members',
  summary: 'Get members who belong to an organization',
  scopes: ['read:organization_members'],
  params: organizationParams,
  ...members.route,
  fields: true,
  answer: async ({ params, query, fields, caller }, stores) => {
    const withRoles = fields?.include === true && fields.names.has('roles');
    const scope = 'read:organization_member_roles';
    if (withRoles && !caller.scopes.has(scope)) throw insufficientScope([scope]);
    const { id } = await existingOrganization(params.id, stores);
    return members.answer(query, async (page) => {
      const { items, ...rest } = await stores.organizationMembers.list(id, page);
      const rolesOf = withRoles ? await rolesOfMembers(id, items, stores.organizationMembers) : undefined;
      const told = items.map((member) => ({
        ...userOnWire(member),
        ...(rolesOf && { roles: rolesOf.get(member.user_id) ?? [] }),
      }));
      return { ...rest, items: told };
    });
  },
});

async function rolesOfMembers(
  organization_id: string,
  items: UserSummary[],
  organizationMembers: OrganizationMemberStore,
): Promise<Map<string, z.input<typeof roleOfMember>[]>> {
  const [first, last] = [items[0], items.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const roles = await organizationMembers.listRolesOf(organization_id, first.user_id, last.user_id);
  return Map.groupBy(roles, ({ user_id }) => user_id);
}

/** Auth0 lets other members pass. */
const membersBody = z.object({ members: z.array(z.string().min(1).max(255)).min(1).max(mostAtOnce) });

const addMembers = route({
  method: 'POST',
  path: '/organizations/{id}/members',
  summary: 'Add members to an organization',
  scopes: ['create:organization_members'],
  params: organizationParams,
  body: membersBody,
  status: 204,
  response: z.null(),
  answer: async ({ params, body }, stores) => {
    const { id } = await existingOrganization(params.id, stores);
    for (const user_id of body.members) {
      if ((await stores.users.find(user_id)) === undefined)
        throw new ManagementError(400, 'One or more of the users do not exist.');
      await stores.organizationMembers.add(id, user_id);
    }
    return null;
  },
});

const removeMembers = route({
  method: 'DELETE',
  path: '/organizations/{id}/members',
  summary: 'Delete members from an organization',
  scopes: ['delete:organization_members'],
  params: organizationParams,
  body: membersBody,
  status: 204,
  response: z.null(),
  answer: async ({ params, body }, stores) => {
    const { id } = await existingOrganization(params.id, stores);
    for (const user_id of body.members) await stores.organizationMembers.remove(id, user_id);
    return null;
  },
});

const memberParams = organizationParams.extend({ user_id: z.string().min(1).max(255) });
const memberRoles = paginated('roles', roleAnswer, { lastPage });

const listMemberRoles = route({
  method: 'GET',
  path: '/organizations/{id}/members/{user_id}/roles',
  summary: 'Get user roles assigned to an Organization member',
  scopes: ['read:organization_member_roles'],
  params: memberParams,
  ...memberRoles.route,
  answer: async ({ params: { id, user_id }, query }, stores) => {
    await existingOrganization(id, stores);
    await assertUserExists(user_id, stores);
    return memberRoles.answerEach(
      query,
      (page) => stores.organizationMembers.listRoles(id, user_id, page),
      roleOnWire,
    );
  },
});

/** Auth0's limit of the roles of a member. */
const mostRoles = 50;

const assignMemberRoles = route({
  method: 'POST',
  path: '/organizations/{id}/members/{user_id}/roles',
  summary: 'Assign user roles to an Organization member',
  scopes: ['create:organization_member_roles'],
  params: memberParams,
  body: rolesBody,
  status: 204,
  response: z.null(),
  answer: async ({ params: { id, user_id }, body, caller }, stores, ports) => {
    await existingOrganization(id, stores);
    if (!(await stores.organizationMembers.isMember(id, user_id)))
      throw new ManagementError(400, 'The user is not a member of the organization.');
    for (const role_id of body.roles) {
      const role = await existingRole(role_id, stores);
      await assertMayAdminister(role.permissions, caller, [user_id], stores, ports);
      await stores.organizationMembers.assignRole(id, user_id, role.id);
    }
    if ((await stores.organizationMembers.countRoles(id, user_id)) > mostRoles)
      throw new ManagementError(409, 'No more roles can be assigned to this organization member.');
    return null;
  },
});

const removeMemberRoles = route({
  method: 'DELETE',
  path: '/organizations/{id}/members/{user_id}/roles',
  summary: 'Delete user roles from an Organization member',
  scopes: ['delete:organization_member_roles'],
  params: memberParams,
  body: rolesBody,
  status: 204,
  response: z.null(),
  answer: async ({ params: { id, user_id }, body, caller }, stores, ports) => {
    await existingOrganization(id, stores);
    for (const role of await rolesAmong(body.roles, stores)) {
      await assertMayAdminister(role.permissions, caller, [user_id], stores, ports);
      await stores.organizationMembers.unassignRole(id, user_id, role.id);
    }
    return null;
  },
});

export const memberRoutes = [
  listMembers,
  addMembers,
  removeMembers,
  listMemberRoles,
  assignMemberRoles,
  removeMemberRoles,
];
