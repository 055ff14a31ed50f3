// /clients (contract §3.2): the applications of the tenant. The server's own are as if they did not exist.
import { z } from 'zod';
import type { Client } from '../../model/client.ts';
import { clientSchema, clientSecretLength } from '../../model/client.ts';
import { assertFreshLogin } from '../authorization.ts';
import { insufficientScope, ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { recordRevealed } from '../revealing.ts';
import { type Caller, route } from '../route.ts';
import { queryBoolean } from '../wire.ts';
import { toldCredentials } from './credentials.ts';
import { assertHoldsAsMuch } from './privileges.ts';
import { assertMayReadFields, namesSecrets, readingScopes, tellClient } from './read-client.ts';
import { type ClientChange, clientChangeSchema, newClientSchema, toldClientSchema } from './schema.ts';
import { changeClient, makeClient } from './write-client.ts';

export const clientParams = z.strictObject({ id: clientSchema.shape.client_id });

const appTypes = z
  .string()
  .transform((types) => types.split(',').map((type) => type.trim()))
  .pipe(z.array(clientSchema.shape.app_type.unwrap()));

const list = paginated('clients', toldClientSchema, {
  per_page: { least: 0 },
  checkpoint: 'also',
  filters: {
    is_global: queryBoolean.optional(),
    is_first_party: queryBoolean.optional(),
    app_type: appTypes.optional(),
    external_client_id: z.string().min(1).max(120).optional(),
    q: z
      .string()
      .regex(
        /^client_grant\.(?:allow_any_organization:true|organization_id:[\w"]+)$/,
        'Permitted are client_grant.organization_id and client_grant.allow_any_organization:true',
      )
      .optional(),
  },
});

const listRoute = route({
  method: 'GET',
  path: '/clients',
  summary: 'Get clients',
  scopes: readingScopes,
  fields: true,
  ...list.route,
  async answer(call, stores, ports) {
    const { query } = call;
    assertMayReadFields(call, ports);
    // No client is known by another name, and no grant is for one organization.
    const isNone = query.external_client_id !== undefined || query.q?.includes('organization_id:');
    if (isNone) return list.none(query);
    const filters = {
      global: query.is_global,
      is_first_party: query.is_first_party,
      app_types: query.app_type,
      ...(query.q === undefined ? {} : { for_any_organization: true as const }),
    };
    return list.answer(query, async (page) => {
      const { items, ...rest } = await stores.clients.listPage(filters, page);
      if (namesSecrets(call.fields)) await recordSecrets(items, call.caller, ports);
      const told = await Promise.all(items.map((client) => tellClient(client, call, stores, ports)));
      return { ...rest, items: told };
    });
  },
});

const readRoute = route({
  method: 'GET',
  path: '/clients/{id}',
  summary: 'Get a client by ID',
  scopes: readingScopes,
  params: clientParams,
  fields: true,
  status: 200,
  response: toldClientSchema,
  async answer(call, stores, ports) {
    const client = await existingClient(call.params.id, stores);
    assertMayReadFields(call, ports);
    if (namesSecrets(call.fields)) await recordSecrets([client], call.caller, ports);
    return await tellClient(client, call, stores, ports);
  },
});

const createRoute = route({
  method: 'POST',
  path: '/clients',
  summary: 'Create a client',
  scopes: ['create:clients'],
  body: newClientSchema,
  status: 201,
  response: toldClientSchema,
  async answer(call, stores, ports) {
    const { body, caller } = call;
    assertScopesForMembers(body, caller, { client_authentication_methods: ['create:client_credentials'] });
    const client = await makeClient(body, stores, ports);
    return { ...(await tellClient(client, call, stores, ports)), ...toldCredentials(client) };
  },
});

const changeRoute = route({
  method: 'PATCH',
  path: '/clients/{id}',
  summary: 'Update a client',
  scopes: [
    'update:client_credentials',
    'update:client_keys',
    'update:client_token_vault_privileged_access',
    'update:clients',
  ],
  params: clientParams,
  body: clientChangeSchema,
  status: 200,
  response: toldClientSchema,
  async answer(call, stores, ports) {
    const { params, body, caller } = call;
    // Of two changes at once neither is lost.
    await stores.tenant.lock();
    const stored = await existingClient(params.id, stores);
    assertScopesForMembers(body, caller, changingScopes, ['update:clients']);
    if (proving.some((member) => body[member] !== undefined)) {
      await assertMayChangeKeys(caller, stored, stores, ports);
    }
    return await tellClient(await changeClient(stored, body, stores, ports), call, stores, ports);
  },
});

const deleteRoute = route({
  method: 'DELETE',
  path: '/clients/{id}',
  summary: 'Delete a client',
  scopes: ['delete:clients'],
  params: clientParams,
  status: 204,
  response: z.null(),
  async answer({ params: { id } }, { clients }) {
    const client = await clients.find(id);
    if (client?.global)
      throw new ManagementError(400, 'Global client cannot be deleted.', 'operation_not_supported');
    if (client !== undefined && !client.is_system) await clients.delete(id);
    return null;
  },
});

const rotateRoute = route({
  method: 'POST',
  path: '/clients/{id}/rotate-secret',
  summary: 'Rotate a client secret',
  scopes: ['update:client_keys'],
  freshLogin: true,
  params: clientParams,
  status: 200,
  response: toldClientSchema,
  async answer(call, stores, ports) {
    const client = await existingClient(call.params.id, stores);
    await assertMayChangeKeys(call.caller, client, stores, ports);
    if (client.global || client.client_authentication_methods?.private_key_jwt !== undefined) {
      throw new ManagementError(400, 'This client has no secret to rotate.', 'operation_not_supported');
    }
    await stores.clients.setSecret(client.client_id, ports.random.alphanumeric(clientSecretLength));
    return await tellClient(client, { ...call, hasJustLoggedIn: true }, stores, ports);
  },
});

export const clientRoutes = [listRoute, createRoute, readRoute, changeRoute, deleteRoute, rotateRoute];

/** Throws ManagementError 404. */
export async function existingClient(
  id: string,
  { clients }: Pick<ManagementStores, 'clients'>,
): Promise<Client> {
  const client = await clients.find(id);
  if (client === undefined || (client.is_system && !client.global))
    throw new ManagementError(404, 'The client does not exist', 'inexistent_client');
  return client;
}

function recordSecrets(clients: readonly Client[], caller: Caller, ports: ManagementPorts): Promise<void> {
  const revealed = clients.map(({ client_id, name }) => ({ id: client_id, name }));
  return recordRevealed('Reveal the secret of a client', revealed, caller, ports);
}

/** How a client proves itself: whoever changes that can become the client. */
const proving = [
  'client_secret',
  'client_authentication_methods',
  'token_endpoint_auth_method',
  'signed_request_object',
] as const;

type MemberScopes = Readonly<Partial<Record<keyof ClientChange, readonly string[]>>>;

const changingScopes: MemberScopes = {
  client_secret: ['update:client_keys'],
  client_authentication_methods: ['update:client_credentials'],
  signed_request_object: ['update:client_credentials', 'update:clients'],
  token_vault_privileged_access: ['update:client_token_vault_privileged_access'],
};

/** Throws ManagementError 403 for a member that the caller may not write. */
function assertScopesForMembers(
  body: ClientChange,
  { scopes }: Caller,
  particular: MemberScopes,
  others?: readonly string[],
): void {
  for (const member of Object.keys(body) as (keyof ClientChange)[]) {
    const needed = particular[member] ?? others;
    if (needed !== undefined && !needed.some((scope) => scopes.has(scope))) throw insufficientScope(needed);
  }
}

/** Throws ManagementError 401 or 403. */
async function assertMayChangeKeys(
  caller: Caller,
  { client_id }: Client,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  assertFreshLogin(caller, ports);
  await assertHoldsAsMuch(caller, client_id, stores, ports);
}
