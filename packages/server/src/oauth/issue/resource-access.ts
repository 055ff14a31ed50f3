// What a client may be given at a resource server, on a user's behalf or for itself, as both are configured now: asked
// when the authorization is requested, and again at every exchange, so that what was taken away since is not given.
import type { Client } from '../../model/client.ts';
import {
  type ClientGrant,
  isCurrentUserScope,
  permissionPolicy,
  type ResourceServer,
} from '../../model/resource-server.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { AccessDenied, InvalidRequest, reflected } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { ClientGrantStore, ResourceServerStore } from '../ports.ts';
import { userinfoAudience } from './tokens.ts';

export interface ResourceAccess {
  resourceServer: ResourceServer;
  /** The resource server's scopes that the client may have (AT-11). */
  scopes: string[];
}

export interface ResourceAccessPorts {
  resourceServers: ResourceServerStore;
  clientGrants: ClientGrantStore;
}

/** AT-12. AZ-19: `resource` counts only in the compatibility profile and only without `audience`. */
export function requestedAudience(parameters: Parameters, settings: TenantSettings): string | undefined {
  const resource =
    settings.resource_parameter_profile === 'compatibility' ? parameters.get('resource') : undefined;
  return parameters.get('audience') ?? resource ?? (settings.default_audience || undefined);
}

/**
 * What a request for a user's authorization asks for; undefined where it asks for /userinfo alone. Throws AccessDenied
 * (AZ-20) or InvalidRequest (AZ-21).
 */
export async function findRequestedAccess(
  parameters: Parameters,
  client: Client,
  { settings, issuer, stores }: { settings: TenantSettings; issuer: string; stores: ResourceAccessPorts },
): Promise<ResourceAccess | undefined> {
  const audience = requestedAudience(parameters, settings);
  if (audience === undefined || audience === userinfoAudience(issuer) || audience === issuer)
    return undefined;
  const access = await findResourceAccess(audience, client, stores);
  const name = reflected(audience);
  if (access === 'unknown') throw new AccessDenied(`Service not found: ${name}`);
  if (access === 'denied') {
    throw new InvalidRequest(
      `Client "${client.client_id}" is not authorized to access resource server "${name}".`,
    );
  }
  return access;
}

/** AZ-20, CC-3: `unknown`; AZ-21, CC-2, CC-8: `denied`. */
export async function findResourceAccess(
  audience: string,
  client: Client,
  { resourceServers, clientGrants }: ResourceAccessPorts,
  subject_type: ClientGrant['subject_type'] = 'user',
): Promise<ResourceAccess | 'unknown' | 'denied'> {
  const resourceServer = await resourceServers.find(audience);
  if (resourceServer === undefined) return 'unknown';
  const scopes = resourceServer.scopes.map(({ value }) => value);
  const policy = permissionPolicy(resourceServer, subject_type);
  if (policy === 'deny_all') return 'denied';
  if (policy === 'allow_all' && client.is_first_party) return { resourceServer, scopes };
  const grant =
    (await clientGrants.find(client.client_id, audience, subject_type)) ??
    (client.is_first_party ? undefined : await clientGrants.findDefault(audience, subject_type));
  if (grant === undefined) return ownPart(resourceServer, client, subject_type);
  const granted = grant.allow_all_scopes ? scopes : scopes.filter((scope) => grant.scope.includes(scope));
  return { resourceServer, scopes: granted };
}

/** AT-10: of the system API every application may have, for a user, what concerns that user alone. */
function ownPart(
  resourceServer: ResourceServer,
  client: Client,
  subject_type: ClientGrant['subject_type'],
): ResourceAccess | 'denied' {
  if (!resourceServer.is_system || subject_type !== 'user' || !client.is_first_party) return 'denied';
  const scopes = resourceServer.scopes.map(({ value }) => value);
  return { resourceServer, scopes: scopes.filter(isCurrentUserScope) };
}
