// The server's own applications, ordinary clients of its tenant: the dashboard, what it tries logins with, and the page
// at /try.
import { type Client, defaultSpaRefreshToken } from '../model/client.ts';
import { systemAudience } from '../model/resource-server.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { findDefaultDatabase } from './apply/apply-connections.ts';
import type { ConfigurationStores } from './ports.ts';

/** The client of /try: public, known to everyone, and of use on a loopback issuer only. */
export const tryClientId = 'freehold-try';

/** AT-10: the one client that gets tokens of administrators for the system API. */
export const dashboardClientId = 'freehold-dashboard';

/** What the dashboard tries logins with: as public as the dashboard, and trusted with nothing. */
export const dashboardTryClientId = 'freehold-dashboard-try';

interface OwnApplication {
  client_id: string;
  name: string;
  description: string;
  /** Below the issuer. */
  path: string;
}

const dashboard: OwnApplication = {
  client_id: dashboardClientId,
  name: 'Freehold dashboard',
  description: 'The dashboard of this server',
  path: 'dashboard',
};

const dashboardTry: OwnApplication = {
  client_id: dashboardTryClientId,
  name: 'Try the login',
  description: 'What the dashboard tries logins with',
  path: 'dashboard',
};

const theTry: OwnApplication = {
  client_id: tryClientId,
  name: 'Try a login',
  description: 'The page at /try',
  path: 'try',
};

interface OwnClientPorts {
  clock: Clock;
  random: Random;
}

export async function ensureOwnClients(
  issuer: string,
  isTryServed: boolean,
  unitOfWork: UnitOfWork<ConfigurationStores>,
  { clock, random }: OwnClientPorts,
): Promise<void> {
  await unitOfWork.transaction(async (stores) => {
    await stores.tenant.lock();
    const clients = await stores.clients.list();
    const made = (client_id: string) => clients.find((client) => client.client_id === client_id)?.created_at;
    for (const application of [dashboard, dashboardTry]) {
      const created_at = made(application.client_id) ?? clock.now();
      await stores.clients.upsert(ownApplication(application, issuer, created_at));
    }
    await ensureDashboardGrant(issuer, stores, random);
    const tryMade = made(tryClientId);
    if (isTryServed || tryMade !== undefined) {
      await stores.clients.upsert({
        ...ownApplication(theTry, issuer, tryMade ?? clock.now()),
        // Elsewhere than on loopback nobody may come back to it, nor use what it was given.
        ...(isTryServed ? {} : { callbacks: [], allowed_logout_urls: [], web_origins: [], grant_types: [] }),
      });
    }
    const own = [dashboardClientId, dashboardTryClientId];
    await enableDefaultDatabase(isTryServed ? [...own, tryClientId] : own, stores);
  });
}

/** AT-10: "granted to the dashboard client alone". */
async function ensureDashboardGrant(
  issuer: string,
  { clientGrants }: Pick<ConfigurationStores, 'clientGrants'>,
  random: Random,
): Promise<void> {
  const audience = systemAudience(issuer);
  const stored = await clientGrants.find(dashboardClientId, audience, 'user');
  await clientGrants.upsert({
    id: stored?.id ?? random.id('cgr'),
    client_id: dashboardClientId,
    audience,
    scope: [],
    subject_type: 'user',
    allow_all_scopes: true,
    organization_usage: null,
    allow_any_organization: null,
    unused: {},
  });
}

async function enableDefaultDatabase(
  client_ids: readonly string[],
  stores: ConfigurationStores,
): Promise<void> {
  const database = await findDefaultDatabase(stores);
  if (database === undefined) return;
  const enabled = await stores.connections.listClients(database.id);
  const missing = client_ids.filter((client_id) => !enabled.includes(client_id));
  if (missing.length > 0) await stores.connections.setClients(database.id, [...enabled, ...missing]);
}

/** A single-page application at the server's own origin, which is signed in to and out of below one path. */
function ownApplication(
  { client_id, name, description, path }: OwnApplication,
  issuer: string,
  created_at: number,
): Client {
  return {
    client_id,
    name,
    description,
    app_type: 'spa',
    logo_uri: null,
    callbacks: [`${issuer}${path}/callback`],
    allowed_logout_urls: [`${issuer}${path}`],
    web_origins: [new URL(issuer).origin],
    allowed_origins: [],
    initiate_login_uri: null,
    is_first_party: true,
    oidc_conformant: true,
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
    client_authentication_methods: null,
    redirection_policy: null,
    registration: null,
    oidc_logout: null,
    require_pushed_authorization_requests: false,
    par_request_expiry: null,
    signed_request_object: null,
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
    refresh_token: defaultSpaRefreshToken,
    require_proof_of_possession: false,
    compliance_level: 'none',
    client_metadata: {},
    skip_non_verifiable_callback_uri_confirmation_prompt: null,
    is_token_endpoint_ip_header_trusted: false,
    resource_server_identifier: null,
    token_exchange: null,
    organization_usage: null,
    organization_require_behavior: null,
    unused: {},
    global: false,
    is_system: true,
    created_at,
    updated_at: created_at,
  };
}
