// A request that waits in a login transaction, with what it needs of the database as it is now: what was taken away
// since (the client, its callback, the API) ends it.
import type { LoginStores, LoginTransaction } from '../login/ports.ts';
import { isAllowedCallback } from '../oauth/authorize/redirect-uri.ts';
import type { ParsedRequest } from '../oauth/authorize/request.ts';
import { findResourceAccess } from '../oauth/issue/resource-access.ts';
import { grantedScopes } from '../oauth/issue/scopes.ts';

export async function findSuspended(
  { request }: LoginTransaction,
  stores: LoginStores,
): Promise<ParsedRequest | undefined> {
  const client = await stores.clients.find(request.client_id);
  if (client === undefined || !isAllowedCallback(client, request.redirect_uri)) return undefined;
  const access =
    request.audience === null ? undefined : await findResourceAccess(request.audience, client, stores);
  if (access === 'unknown' || access === 'denied') return undefined;
  const connections = (await stores.connections.listForClient(client.client_id)).filter(
    ({ name }) => request.connection === null || request.connection === name,
  );
  const scope = grantedScopes(request.scope, client, access);
  return { request: { ...request, scope }, client, resourceServer: access?.resourceServer, connections };
}
