// What is the server's own and not the tenant's: the system API, which the Management API v2 is, with all its scopes,
// the client that stands for all, and the roles of administrators. Every start makes sure of them.
import { isDeepStrictEqual } from 'node:util';
import { administratorRoles, type Role } from '../model/access-control.ts';
import { clientIdLength, globalClientName } from '../model/client.ts';
import { describeManagementScope, managementScopes } from '../model/management-scopes.ts';
import { type ResourceServer, systemApiName, systemAudience } from '../model/resource-server.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { changed } from './apply/applying.ts';
import { resolveClient } from './clients/clients.ts';
import { managementApiDefaults } from './clients/defaults.ts';
import { Findings } from './findings.ts';
import type { ConfigurationStores } from './ports.ts';

interface SystemPorts {
  clock: Clock;
  random: Random;
}

export async function ensureSystem(
  issuer: string,
  unitOfWork: UnitOfWork<ConfigurationStores>,
  ports: SystemPorts,
): Promise<void> {
  await unitOfWork.transaction(async (stores) => {
    await stores.tenant.lock();
    await ensureSystemApi(issuer, stores, ports);
    await ensureGlobalClient(stores, ports);
    await ensureAdministratorRoles(issuer, stores, ports);
  });
}

async function ensureSystemApi(
  issuer: string,
  { resourceServers }: Pick<ConfigurationStores, 'resourceServers'>,
  { clock, random }: SystemPorts,
): Promise<void> {
  const stored = await resourceServers.find(systemAudience(issuer));
  const api = changed(stored, systemApi(issuer, stored?.id ?? random.hex(12)), clock.now());
  if (api !== undefined) await resourceServers.upsert(api);
}

/** AT-10: "the system API always enforces policies and its user policy is `require_client_grant`". */
function systemApi(issuer: string, id: string): Omit<ResourceServer, 'created_at' | 'updated_at'> {
  return {
    id,
    identifier: systemAudience(issuer),
    name: systemApiName,
    scopes: managementScopes.map((value) => ({ value, description: describeManagementScope(value) })),
    signing_alg: 'RS256',
    token_lifetime: 86_400,
    token_lifetime_for_web: 7200,
    token_dialect: 'access_token',
    enforce_policies: true,
    skip_consent_for_verifiable_first_party_clients: true,
    allow_offline_access: true,
    allow_online_access: false,
    unused: {},
    subject_type_authorization: {
      user: { policy: 'require_client_grant' },
      client: { policy: 'require_client_grant' },
    },
    proof_of_possession: null,
    is_system: true,
  };
}

/** Auth0's tools keep what all applications share in it. Without a grant type nobody logs in by it. */
async function ensureGlobalClient(
  { clients }: Pick<ConfigurationStores, 'clients'>,
  { clock, random }: SystemPorts,
): Promise<void> {
  if ((await clients.list()).some((client) => client.global)) return;
  const entry = { name: globalClientName, grant_types: [] };
  const { settings } = resolveClient(entry, [], new Findings('system'), managementApiDefaults);
  const client_id = random.alphanumeric(clientIdLength);
  const now = clock.now();
  await clients.upsert({
    ...settings,
    client_id,
    global: true,
    is_system: true,
    created_at: now,
    updated_at: now,
  });
}

async function ensureAdministratorRoles(
  issuer: string,
  { roles }: Pick<ConfigurationStores, 'roles'>,
  { random }: SystemPorts,
): Promise<void> {
  for (const { name, description, has } of administratorRoles) {
    const stored = await roles.findSystem(name);
    const permissions = managementScopes
      .filter(has)
      .toSorted()
      .map((permission_name) => ({ resource_server_identifier: systemAudience(issuer), permission_name }));
    const role: Role = {
      id: stored?.id ?? random.id('rol'),
      name,
      description,
      permissions,
      is_system: true,
    };
    if (!isDeepStrictEqual(stored, role)) await roles.upsert(role);
  }
}
