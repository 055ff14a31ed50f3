// What a client may be given at a resource server on a user's behalf, as both are configured now: asked when the
// authorization is requested, and again at every exchange, so that what was taken away since is not given.
import type { Client } from '../../model/client.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { ClientGrantStore, ResourceServerStore } from '../ports.ts';

export interface ResourceAccess {
  resourceServer: ResourceServer;
  /** The resource server's scopes that the client may have (AT-11). */
  scopes: string[];
}

export interface ResourceAccessPorts {
  resourceServers: ResourceServerStore;
  clientGrants: ClientGrantStore;
}

/** AZ-20: `unknown`, AZ-21: `denied`. */
export async function findResourceAccess(
  audience: string,
  client: Client,
  { resourceServers, clientGrants }: ResourceAccessPorts,
): Promise<ResourceAccess | 'unknown' | 'denied'> {
  const resourceServer = await resourceServers.find(audience);
  if (resourceServer === undefined) return 'unknown';
  const scopes = resourceServer.scopes.map(({ value }) => value);
  const { policy } = resourceServer.subject_type_authorization.user;
  if (policy === 'deny_all') return 'denied';
  if (policy === 'allow_all' && client.is_first_party) return { resourceServer, scopes };
  const grant = await clientGrants.find(client.client_id, audience, 'user');
  if (grant === undefined) return 'denied';
  const granted = grant.allow_all_scopes ? scopes : scopes.filter((scope) => grant.scope.includes(scope));
  return { resourceServer, scopes: granted };
}
