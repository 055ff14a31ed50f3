// /clients/{id}/connections: which connections a client may use.
import { connectionStrategies } from '../connections/read-connections.ts';
import { connectionAnswer, tellConnection } from '../connections/wire.ts';
import { insufficientScope } from '../errors.ts';
import { paginated } from '../pagination.ts';
import { type Caller, route } from '../route.ts';
import { clientParams, existingClient } from './clients.ts';

const list = paginated('connections', connectionAnswer.omit({ enabled_clients: true }), {
  checkpoint: 'only',
  filters: { strategy: connectionStrategies.optional() },
});

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
    await existingClient(id, stores);
    const filter = { strategies: query.strategy ?? [], name: undefined, client_id: id };
    return list.answerEach(
      query,
      (page) => stores.connections.page(filter, page),
      ({ connection }) => {
        const { enabled_clients: _, ...others } = tellConnection(connection, [], {});
        return others;
      },
    );
  },
});

/** "expected: read:connections and any of: read:clients or read:client_summary". Throws ManagementError 403. */
function assertMayRead({ scopes }: Caller): void {
  if (!scopes.has('read:connections')) throw insufficientScope(['read:connections']);
  const ofClients = ['read:clients', 'read:client_summary'] as const;
  if (!ofClients.some((scope) => scopes.has(scope))) throw insufficientScope(ofClients);
}
