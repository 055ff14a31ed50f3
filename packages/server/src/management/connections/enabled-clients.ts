// /connections/{id}/clients: for which clients a connection is enabled.
import { z } from 'zod';
import { dashboardTryClientId } from '../../configuration/own-clients.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { existingConnection } from './judge.ts';
import { connectionParams } from './read-connections.ts';

const clients = paginated('clients', z.object({ client_id: z.string() }), {
  checkpoint: 'only',
  per_page: { usual: 50, most: 1000 },
});

export const listEnabledClients = route({
  method: 'GET',
  path: '/connections/{id}/clients',
  summary: 'Get enabled clients for a connection',
  scopes: ['read:connections'],
  params: connectionParams,
  ...clients.route,
  async answer({ params: { id }, query }, stores) {
    await existingConnection(id, stores);
    return clients.answerEach(
      query,
      (page) => stores.connections.pageClients(id, page),
      (client_id) => ({ client_id }),
    );
  },
});

export const setEnabledClients = route({
  method: 'PATCH',
  path: '/connections/{id}/clients',
  summary: 'Update enabled clients for a connection',
  scopes: ['update:connections'],
  params: connectionParams,
  body: z
    .array(z.strictObject({ client_id: z.string().min(1).max(255), status: z.boolean() }))
    .min(1)
    .max(50),
  status: 204,
  response: z.null(),
  async answer({ params: { id }, body }, stores) {
    await existingConnection(id, stores);
    const client_ids = body.map(({ client_id }) => client_id);
    // Of the server's own this one is a matter of the tenant: which logins are tried.
    await assertClientsExist(
      client_ids.filter((client_id) => client_id !== dashboardTryClientId),
      stores,
    );
    for (const { client_id, status } of body) {
      if (status) await stores.connections.enableClient(id, client_id);
      else await stores.connections.disableClient(id, client_id);
    }
    return null;
  },
});

/** Throws ManagementError 404. */
async function assertClientsExist(
  client_ids: readonly string[],
  stores: Pick<ManagementStores, 'clients'>,
): Promise<void> {
  if ((await findMissingClient(client_ids, stores)) !== undefined)
    throw new ManagementError(404, 'The client does not exist', 'inexistent_client');
}

/** The first of them that is not the tenant's to enable: there is no such client, it stands for all, or is the server's. */
export async function findMissingClient(
  client_ids: readonly string[],
  { clients }: Pick<ManagementStores, 'clients'>,
): Promise<string | undefined> {
  for (const client_id of client_ids) {
    const client = await clients.find(client_id);
    if (client === undefined || client.global || client.is_system) return client_id;
  }
  return undefined;
}
