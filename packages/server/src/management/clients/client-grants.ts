// /client-grants (contract §3.3): what a client, or every third-party client, may have of an API.
import { z } from 'zod';
import {
  clientGrantEntrySchema,
  granteeProblem,
  resolveClientGrant,
  unknownScopes,
} from '../../configuration/client-grants.ts';
import { withUnused } from '../../configuration/unused.ts';
import { isFormerManagementScope, managementScopes } from '../../model/management-scopes.ts';
import { filled } from '../../model/members.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import { administrative, assertMayGrant } from '../administration.ts';
import { assertFreshLogin } from '../authorization.ts';
import { ManagementError } from '../errors.ts';
import { judged } from '../judgement.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, route } from '../route.ts';
import { invalidBody } from '../validation.ts';
import { present, withoutNull } from '../wire.ts';
import { existingClient } from './clients.ts';
import type { AnyClientGrant } from './ports.ts';

const params = z.strictObject({ id: z.string().max(200) });
const entry = clientGrantEntrySchema.shape;

/** Of a new one there is nothing yet that `null` could take away. */
const newSchema = clientGrantEntrySchema.extend(
  withoutNull(entry, ['organization_usage', 'allow_any_organization']),
);
const changeSchema = z.strictObject({
  scope: entry.scope.unwrap().nullish(),
  organization_usage: entry.organization_usage,
  allow_any_organization: entry.allow_any_organization,
  authorization_details_types: entry.authorization_details_types,
  allow_all_scopes: entry.allow_all_scopes.unwrap().nullish(),
});

const toldSchema = z.object({
  ...entry,
  id: z.string(),
  organization_usage: entry.organization_usage.unwrap().unwrap().optional(),
  allow_any_organization: z.boolean().optional(),
});

const list = paginated('client_grants', toldSchema, {
  checkpoint: 'also',
  filters: {
    audience: z.string().max(600).optional(),
    client_id: z.string().max(200).optional(),
    subject_type: entry.subject_type,
    // Auth0 lists those for which it is true, or all.
    allow_any_organization: z
      .literal('true')
      .transform(() => true)
      .optional(),
    default_for: entry.default_for,
  },
});

const listRoute = route({
  method: 'GET',
  path: '/client-grants',
  summary: 'Get client grants',
  scopes: ['read:client_grants'],
  ...list.route,
  async answer({ query }, { clientGrants }) {
    const { audience, client_id, subject_type, allow_any_organization, default_for } = query;
    const filters = { audience, client_id, subject_type, allow_any_organization, default_for };
    return list.answerEach(query, (page) => clientGrants.listPage(filters, page), told);
  },
});

const createRoute = route({
  method: 'POST',
  path: '/client-grants',
  summary: 'Create client grant',
  scopes: ['create:client_grants'],
  body: newSchema,
  status: 201,
  response: toldSchema,
  async answer({ body, caller }, stores, ports) {
    // Of two at once one finds the other.
    await stores.tenant.lock();
    const settings = await judged((findings) => resolveClientGrant(body, [], findings));
    const { audience, subject_type } = settings;
    const resourceServer = await stores.resourceServers.find(audience);
    if (resourceServer === undefined)
      throw new ManagementError(404, 'The resource server does not exist', 'inexistent_resource_server');
    const { client_id } = body;
    const client = client_id === undefined ? undefined : await existingClient(client_id, stores);
    if (client?.app_type === 'express_configuration')
      throw new ManagementError(
        400,
        'Client of type express_configuration cannot be used',
        'validation_error',
      );
    const problem = granteeProblem(settings, resourceServer, client);
    if (problem !== undefined)
      throw new ManagementError(400, `A client grant ${problem}`, 'validation_error');
    assertScopes(settings.scope, resourceServer);
    assertMayGive(settings, undefined, caller, ports);
    const id = ports.random.id('cgr');
    const stored =
      client === undefined
        ? await stores.clientGrants.findDefault(audience, subject_type)
        : await stores.clientGrants.find(client.client_id, audience, subject_type);
    if (stored !== undefined) {
      throw new ManagementError(409, 'A client grant for this API already exists.', 'client_grant_conflict');
    }
    const grant: AnyClientGrant =
      client === undefined
        ? { ...settings, id, default_for: 'third_party_clients' }
        : { ...settings, id, client_id: client.client_id };
    await store(grant, stores);
    return told(grant);
  },
});

const readRoute = route({
  method: 'GET',
  path: '/client-grants/{id}',
  summary: 'Get a client grant by ID',
  scopes: ['read:client_grants'],
  params,
  status: 200,
  response: toldSchema,
  async answer({ params: { id } }, stores) {
    const grant = await seen(id, stores);
    if (grant === undefined) throw inexistent('The grant does not exist.');
    return told(grant);
  },
});

const changeRoute = route({
  method: 'PATCH',
  path: '/client-grants/{id}',
  summary: 'Update a client grant',
  scopes: ['update:client_grants'],
  params,
  body: filled(changeSchema),
  status: 200,
  response: toldSchema,
  async answer({ params: { id }, body, caller }, stores, ports) {
    await stores.tenant.lock();
    const stored = await seen(id, stores);
    if (stored === undefined) throw inexistent('The client grant does not exist.');
    const { scope, allow_all_scopes, ...others } = body;
    const said = {
      ...told(stored),
      ...others,
      ...(scope === undefined ? {} : { scope: scope ?? [] }),
      ...(allow_all_scopes === undefined ? {} : { allow_all_scopes: allow_all_scopes ?? false }),
    };
    const settings = await judged((findings) => resolveClientGrant(said, [], findings));
    const resourceServer = await stores.resourceServers.find(stored.audience);
    if (resourceServer === undefined) throw new Error('A client grant outlived its API');
    assertScopes(settings.scope, resourceServer);
    assertMayGive(settings, stored, caller, ports);
    const grant: AnyClientGrant = { ...stored, ...settings };
    await store(grant, stores);
    return told(grant);
  },
});

const deleteRoute = route({
  method: 'DELETE',
  path: '/client-grants/{id}',
  summary: 'Delete client grant',
  scopes: ['delete:client_grants'],
  params,
  status: 204,
  response: z.null(),
  async answer({ params: { id } }, stores) {
    if ((await seen(id, stores)) !== undefined) await stores.clientGrants.deleteById(id);
    return null;
  },
});

export const clientGrantRoutes = [listRoute, createRoute, readRoute, changeRoute, deleteRoute];

function inexistent(message: string): ManagementError {
  return new ManagementError(404, message, 'inexistent_client_grant');
}

/** Those of the server's own clients are as if they did not exist. */
async function seen(
  id: string,
  { clients, clientGrants }: Pick<ManagementStores, 'clients' | 'clientGrants'>,
): Promise<AnyClientGrant | undefined> {
  const grant = await clientGrants.findById(id);
  if (grant === undefined || 'default_for' in grant) return grant;
  return (await clients.find(grant.client_id))?.is_system ? undefined : grant;
}

function store(
  grant: AnyClientGrant,
  { clientGrants }: Pick<ManagementStores, 'clientGrants'>,
): Promise<void> {
  return 'default_for' in grant ? clientGrants.upsertDefault(grant) : clientGrants.upsert(grant);
}

/** As an entry says it, and as it is told. Recorded: who may have every scope has no list of them. */
function told({ unused, scope, ...grant }: AnyClientGrant): z.input<typeof toldSchema> {
  const { id, audience } = grant;
  const known = { ...present(grant), ...(grant.allow_all_scopes ? {} : { scope }) };
  return { ...withUnused(known, unused), id, audience };
}

function assertScopes(scope: readonly string[], resourceServer: ResourceServer): void {
  const unknown = unknownScopes(scope, resourceServer);
  if (unknown.length === 0) return;
  const named = unknown.slice(0, 10).join(', ');
  throw invalidBody(`The API has no such scope: ${named}`, ['scope']);
}

type Given = Pick<AnyClientGrant, 'audience' | 'scope' | 'allow_all_scopes'>;

/**
 * Of the Management API nobody gives what they lack, and a person who gives has just logged in: a client outlives the
 * login. What the grant gave before may stay.
 */
function assertMayGive(
  given: Given,
  before: Given | undefined,
  caller: Caller,
  ports: Pick<ManagementPorts, 'issuer' | 'clock'>,
): void {
  const scopesOf = ({ allow_all_scopes, scope }: Given) => (allow_all_scopes ? managementScopes : scope);
  const kept = new Set(before === undefined ? [] : scopesOf(before));
  const added = scopesOf(given)
    .filter((scope) => !kept.has(scope) && !isFormerManagementScope(scope))
    .map((permission_name) => ({ resource_server_identifier: given.audience, permission_name }));
  assertMayGrant(caller, added, ports);
  if (administrative(added, ports).length > 0) assertFreshLogin(caller, ports);
}
