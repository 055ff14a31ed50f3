// /clients/{id}/connections: which connections a client may use.
import { connectionStrategies } from '../connections/read-connections.ts';
import { connectionAnswer, tellConnection } from '../connections/wire.ts';
import { insufficientScope } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { type Caller, route } from '../route.ts';
import { clientParams, existing } from './clients.ts';

const usual = 50;
const list = paginated('connections', connectionAnswer.omit({ enabled_clients: true }), {
  checkpoint: true,
  filters: { strategy: connectionStrategies.optional() },
});

/** Never an array: Auth0 knows this list by checkpoint alone. */
export const clientConnectionsRoute = route({
  method: 'GET',
  path: '/clients/{id}/connections',
  summary: 'Get enabled connections for a client',
  scopes: ['read:client_summary', 'read:clients', 'read:connections'],
  params: clientParams,
  fields: true,
  ...list.route,
  async answer({ params: { id }, query, caller }, stores) {
    assertMayRead(caller);
    await existing(id, stores);
    const asked = { ...query, take: query.take ?? usual };
    const filter = { strategies: query.strategy ?? [], name: undefined, client_id: id };
    const { items, ...rest } = await stores.connections.page(filter, list.page(asked));
    const told = items.map(({ connection }) => {
      const { enabled_clients: _, ...others } = tellConnection(connection, [], {});
      return others;
    });
    return list.answer(asked, { ...rest, items: told });
  },
});

/** "expected: read:connections and any of: read:clients or read:client_summary". Throws ManagementError 403. */
function assertMayRead({ scopes }: Caller): void {
  if (!scopes.has('read:connections')) throw insufficientScope(['read:connections']);
  const ofClients = ['read:clients', 'read:client_summary'] as const;
  if (!ofClients.some((scope) => scopes.has(scope))) throw insufficientScope(ofClients);
}
