// A request that waits in a login transaction, with what it needs of the database as it is now: what was taken away
// since (the client, its callback, the API) ends it.
import type { LoginStores, LoginTransaction } from '../login/ports.ts';
import { isAllowedCallback } from '../oauth/authorize/redirect-uri.ts';
import type { ParsedRequest } from '../oauth/authorize/request.ts';

export async function findSuspended(
  { request }: LoginTransaction,
  stores: LoginStores,
): Promise<ParsedRequest | undefined> {
  const client = await stores.clients.find(request.client_id);
  if (client === undefined || !isAllowedCallback(client, request.redirect_uri)) return undefined;
  const resourceServer =
    request.audience === null ? undefined : await stores.resourceServers.find(request.audience);
  if (request.audience !== null && resourceServer === undefined) return undefined;
  const connections = (await stores.connections.listForClient(client.client_id)).filter(
    ({ name }) => request.connection === null || request.connection === name,
  );
  return { request, client, resourceServer, connections };
}
