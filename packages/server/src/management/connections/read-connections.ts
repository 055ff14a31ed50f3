// Reading connections: what of them is told, and to whom.
import { z } from 'zod';
import type { OptionSecrets } from '../../configuration/connections/secrets.ts';
import { type Connection, strategies } from '../../model/connection.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Asking, maySeeSecrets, recordRevealed } from '../revealing.ts';
import { route } from '../route.ts';
import { queryList } from '../wire.ts';
import { existingConnection } from './judge.ts';
import { connectionAnswer, type ToldConnection, tellConnection } from './wire.ts';

export const connectionParams = z.strictObject({ id: z.string().min(1).max(255) });

/** Any of them; one has an older name. */
export const connectionStrategies = queryList(z.enum([...strategies, 'auth0-adldap']));

const connections = paginated('connections', connectionAnswer, {
  checkpoint: 'also',
  filters: {
    strategy: connectionStrategies.optional(),
    name: z.string().max(128).optional(),
  },
  // As recorded: a list that is not paged is all of them.
  per_page: { usual: 100, most: 100 },
});

export const listConnections = route({
  method: 'GET',
  path: '/connections',
  summary: 'Get all connections',
  scopes: ['read:connections'],
  ...connections.route,
  fields: true,
  async answer({ query, ...asking }, stores, ports) {
    const filter = { strategies: query.strategy ?? [], name: query.name };
    return connections.answer(query, async (page) => {
      const { items, ...rest } = await stores.connections.page(filter, page);
      return { ...rest, items: await told(items, asking, stores, ports) };
    });
  },
});

export const getConnection = route({
  method: 'GET',
  path: '/connections/{id}',
  summary: 'Get a connection',
  scopes: ['read:connections'],
  params: connectionParams,
  status: 200,
  response: connectionAnswer,
  fields: true,
  async answer({ params: { id }, ...asking }, stores, ports) {
    return tellOne(await existingConnection(id, stores), asking, stores, ports);
  },
});

/** Whoever writes options may read them whole. */
const secretScopes = ['update:connections', 'create:connections'];

async function told(
  items: readonly { connection: Connection; secrets: OptionSecrets }[],
  asking: Asking,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<ToldConnection[]> {
  const asked = { member: 'options', scopes: secretScopes };
  const tellsSecrets = maySeeSecrets(asking, asked, ports);
  const revealed = items.filter(({ secrets }) => tellsSecrets && Object.keys(secrets).length > 0);
  await recordRevealed(
    'Reveal the secrets of a connection',
    revealed.map(({ connection }) => connection),
    asking.caller,
    ports,
  );
  const clients = await stores.connections.listClientsOf(items.map(({ connection }) => connection.id));
  return items.map(({ connection, secrets }) =>
    tellConnection(connection, clients.get(connection.id) ?? [], tellsSecrets ? secrets : {}),
  );
}

export async function tellOne(
  connection: Connection,
  asking: Asking,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<ToldConnection> {
  const secrets = await stores.connections.findSecrets(connection.id);
  const [one] = await told([{ connection, secrets }], asking, stores, ports);
  return one ?? tellConnection(connection, [], {});
}
