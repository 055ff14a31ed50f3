// Organizations themselves, and those that somebody belongs to.

import { z } from 'zod';
import {
  type OrganizationEntry,
  organizationConnectionEntrySchema,
  organizationEntrySchema,
  resolveOrganization,
} from '../../configuration/organizations.ts';
import type { Organization } from '../../model/organization.ts';
import { idParams } from '../access/wire.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { assertUserExists } from '../users/user-access.ts';
import { present, withoutNull } from '../wire.ts';
import { connectOrganization, enabledConnectionAnswer, enabledConnectionOnWire } from './connections.ts';
import type { OrganizationSort } from './ports.ts';
import { organizationSortKeys } from './ports.ts';
import {
  existing,
  existingOrganization,
  lastPage,
  organizationAnswer,
  organizationOnWire,
  organizationParams,
} from './wire.ts';

const sortSchema = z
  .string()
  .max(15)
  .regex(new RegExp(`^(?:${organizationSortKeys.join('|')}):-?1$`))
  .default('name:1');

const organizations = paginated('organizations', organizationAnswer, {
  checkpoint: 'also',
  lastPage,
  filters: {
    sort: sortSchema,
    // Which organizations an application belongs to is told where applications can belong to some.
    include_client_association_for: z.string().max(255).optional(),
  },
});

const listOrganizations = route({
  method: 'GET',
  path: '/organizations',
  summary: 'Get organizations',
  scopes: ['read:organizations', 'read:organizations_summary'],
  ...organizations.route,
  answer: async ({ query }, stores) => {
    return organizations.answerEach(
      query,
      (page) => stores.organizations.list(sortOf(query.sort), page),
      organizationOnWire,
    );
  },
});

function sortOf(sort: string): OrganizationSort {
  const by = organizationSortKeys.find((key) => sort.startsWith(`${key}:`)) ?? 'name';
  return { by, descending: sort.endsWith(':-1') };
}

const createOrganization = route({
  method: 'POST',
  path: '/organizations',
  summary: 'Create an Organization',
  scopes: ['create:organizations', 'create:organization_connections'],
  body: organizationEntrySchema.extend({
    ...withoutNull(organizationEntrySchema.shape, ['token_quota']),
    enabled_connections: z
      .array(
        organizationConnectionEntrySchema
          .omit({ organization_connection_name: true, is_enabled: true, organization_access_level: true })
          .extend({ connection_id: z.string().min(1).max(50) }),
      )
      .optional(),
  }),
  status: 201,
  response: organizationAnswer.extend({ enabled_connections: z.array(enabledConnectionAnswer).optional() }),
  answer: async ({ body: { enabled_connections, ...entry } }, stores, { random, clock }) => {
    const organization: Organization = {
      ...resolveOrganization(entry),
      id: random.id('org'),
      created_at: clock.now(),
    };
    await putOrganization(organization, stores);
    const connected = [];
    for (const { connection_id, ...settings } of enabled_connections ?? []) {
      connected.push(await connectOrganization(organization.id, connection_id, settings, stores));
    }
    return {
      ...organizationOnWire(organization),
      ...(connected.length === 0 ? {} : { enabled_connections: connected.map(enabledConnectionOnWire) }),
    };
  },
});

const getOrganization = route({
  method: 'GET',
  path: '/organizations/{id}',
  summary: 'Get organization',
  scopes: ['read:organizations', 'read:organizations_summary'],
  params: organizationParams,
  status: 200,
  response: organizationAnswer,
  answer: async ({ params }, stores) => organizationOnWire(await existingOrganization(params.id, stores)),
});

const getOrganizationByName = route({
  method: 'GET',
  path: '/organizations/name/{name}',
  summary: 'Get organization by name',
  scopes: ['read:organizations'],
  params: z.strictObject({ name: z.string().min(1).max(50) }),
  status: 200,
  response: organizationAnswer,
  answer: async ({ params }, stores) =>
    organizationOnWire(existing(await stores.organizations.findByName(params.name))),
});

const updateOrganization = route({
  method: 'PATCH',
  path: '/organizations/{id}',
  summary: 'Modify an Organization',
  scopes: ['update:organizations'],
  params: organizationParams,
  body: organizationEntrySchema.partial(),
  status: 200,
  response: organizationAnswer,
  answer: async ({ params, body }, stores) => {
    await stores.tenant.lock();
    const { id, created_at, ...stored } = await existingOrganization(params.id, stores);
    const entry = { ...entryOf(stored), ...body, name: body.name ?? stored.name };
    const organization = { ...resolveOrganization(entry), id, created_at };
    await putOrganization(organization, stores);
    return organizationOnWire(organization);
  },
});

/** As it would have been written. */
function entryOf(organization: Omit<Organization, 'id' | 'created_at'>): OrganizationEntry {
  const { name, display_name, branding, metadata, unused } = organization;
  return { ...present({ display_name, branding }), name, metadata, ...unused };
}

/** A name is one organization's. Throws ManagementError 409. */
async function putOrganization(
  organization: Organization,
  { organizations, tenant }: ManagementStores,
): Promise<void> {
  // Two that take a name at once would both find it free.
  await tenant.lock();
  const namesake = await organizations.findByName(organization.name);
  if (namesake !== undefined && namesake.id !== organization.id)
    throw new ManagementError(409, 'An organization with this name already exists.');
  await organizations.upsert(organization);
}

const deleteOrganization = route({
  method: 'DELETE',
  path: '/organizations/{id}',
  summary: 'Delete organization',
  scopes: ['delete:organizations'],
  params: organizationParams,
  status: 204,
  response: z.null(),
  answer: async ({ params }, stores) => {
    const { id } = await existingOrganization(params.id, stores);
    await stores.organizations.delete(id);
    return null;
  },
});

const ofUser = paginated('organizations', organizationAnswer, { lastPage });

const listUserOrganizations = route({
  method: 'GET',
  path: '/users/{id}/organizations',
  summary: "List user's organizations",
  scopes: ['read:organizations'],
  params: idParams,
  ...ofUser.route,
  answer: async ({ params, query }, stores) => {
    await assertUserExists(params.id, stores);
    return ofUser.answerEach(
      query,
      (page) => stores.organizations.listOf(params.id, page),
      organizationOnWire,
    );
  },
});

export const organizationItselfRoutes = [
  listOrganizations,
  createOrganization,
  getOrganizationByName,
  getOrganization,
  updateOrganization,
  deleteOrganization,
  listUserOrganizations,
];
