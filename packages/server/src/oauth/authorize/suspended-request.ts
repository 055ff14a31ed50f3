// An authorization request that has waited for the pages of a login, with what it needs of the database as it is now:
// what was taken away since (the client, its callback, a grant type, the resource server) ends it, and scopes only become fewer.
import { findResourceAccess } from '../issue/resource-access.ts';
import { grantedScopes } from '../issue/scopes.ts';
import { isAllowedCallback } from './redirect-uri.ts';
import type { AuthorizationRequest, ParsedRequest, RequestPorts } from './request.ts';
import { findMissingGrantType } from './response-type.ts';

export async function findSuspended(
  request: AuthorizationRequest,
  stores: RequestPorts['stores'],
): Promise<ParsedRequest | undefined> {
  const client = await stores.clients.find(request.client_id);
  if (client === undefined || !isAllowedCallback(client, request.redirect_uri)) return undefined;
  if (findMissingGrantType(request.response_type, client) !== undefined) return undefined;
  const access =
    request.audience === null ? undefined : await findResourceAccess(request.audience, client, stores);
  if (access === 'unknown' || access === 'denied') return undefined;
  const connections = (await stores.connections.listForClient(client.client_id)).filter(
    ({ name }) => request.connection === null || request.connection === name,
  );
  const scope = grantedScopes(request.scope, client, access);
  return { request: { ...request, scope }, client, resourceServer: access?.resourceServer, connections };
}
