// Making and changing a client: the body becomes an entry as the tenant file has it, and is judged and resolved as that.
import { clientEntryOf } from '../../configuration/clients/client-entry.ts';
import type { ClientEntry } from '../../configuration/clients/client-schema.ts';
import { resolveClient } from '../../configuration/clients/clients.ts';
import { managementApiDefaults } from '../../configuration/clients/defaults.ts';
import { said } from '../../configuration/said.ts';
import {
  type Client,
  clientIdLength,
  clientSecretLength,
  hasSecret,
  isStrictThirdParty,
  strictThirdPartyPrefix,
} from '../../model/client.ts';
import { ManagementError } from '../errors.ts';
import { judged } from '../judgement.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { invalidBody } from '../validation.ts';
import type { ClientChange, NewClient } from './schema.ts';

type Stores = Pick<ManagementStores, 'clients' | 'connections' | 'resourceServers' | 'tenant'>;
type Ports = Pick<ManagementPorts, 'random' | 'clock' | 'settings'>;

/** CL-3. Throws ManagementError. */
export async function makeClient(body: NewClient, stores: Stores, ports: Ports): Promise<Client> {
  const { random, clock } = ports;
  const { settings } = await resolved({ name: body.name, ...entryOf(body) }, stores);
  await assertKnownApi(settings.resource_server_identifier, stores);
  const now = clock.now();
  const prefix =
    !settings.is_first_party && body.third_party_security_mode === 'strict' ? strictThirdPartyPrefix : '';
  const client: Client = {
    ...settings,
    client_id: prefix + random.alphanumeric(clientIdLength - prefix.length),
    global: false,
    is_system: false,
    created_at: now,
    updated_at: now,
  };
  await stores.clients.upsert(client);
  // Whatever it proves itself by now: it may be another way later.
  const secret = body.client_secret ?? random.alphanumeric(clientSecretLength);
  await stores.clients.setSecret(client.client_id, secret);
  if (!ports.settings.flags.enable_client_connections) return client;
  if (client.is_first_party) await stores.connections.enableAll(client.client_id);
  else await stores.connections.enableDomainConnections(client.client_id);
  return client;
}

/** §3.1: "shallow merge at top level; nested objects replaced". Throws ManagementError. */
export async function changeClient(
  stored: Client,
  body: ClientChange,
  stores: Stores,
  { random, clock }: Ports,
): Promise<Client> {
  assertUnderControls(stored, body);
  const { client_secret } = body;
  const { settings } = await resolved({ ...clientEntryOf(stored), ...entryOf(body) }, stores, stored);
  const { client_id, global, is_system, created_at } = stored;
  const client: Client = { ...settings, client_id, global, is_system, created_at, updated_at: clock.now() };
  await stores.clients.upsert(client);
  const needsSecret =
    hasSecret(client) && !global && (await stores.clients.findSecret(client_id)) === undefined;
  const secret = client_secret ?? (needsSecret ? random.alphanumeric(clientSecretLength) : undefined);
  if (secret !== undefined) await stores.clients.setSecret(client_id, secret);
  return client;
}

/** The body's members; what is `null` there, however deep, is as if nobody had ever said it. */
function entryOf(body: ClientChange): Partial<ClientEntry> {
  const { oidc_backchannel_logout, ...members } = body;
  const names = Object.keys(members).concat(oidc_backchannel_logout === undefined ? [] : 'oidc_logout');
  const values = said({ ...members, oidc_logout: members.oidc_logout ?? oidc_backchannel_logout });
  // What is taken away is named too, for it replaces what stood there.
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

async function resolved(entry: ClientEntry, { clients }: Pick<Stores, 'clients'>, stored?: Client) {
  const { is_first_party = true, organization_usage, organization_require_behavior } = entry;
  if (!is_first_party && (organization_usage ?? organization_require_behavior) !== undefined) {
    throw new ManagementError(
      403,
      'Organizations are only available to first party clients on user-based flows. Properties organization_usage and organization_require_behavior must be unset for third party clients.',
    );
  }
  const landing = entry.my_organization_configuration?.invitation_landing_client_id;
  if (landing !== undefined && (await clients.find(landing)) === undefined)
    throw new ManagementError(404, 'The Client ID for Invitations could not be found.', 'inexistent_client');
  return await judged((findings) => resolveClient(entry, [], findings, managementApiDefaults, stored));
}

async function assertKnownApi(
  identifier: string | null,
  { resourceServers }: Pick<Stores, 'resourceServers'>,
): Promise<void> {
  if (identifier === null || (await resourceServers.find(identifier)) !== undefined) return;
  throw invalidBody('names no resource server', ['resource_server_identifier']);
}

/** What nothing but the client's own id says, and what would let somebody log in by the client that stands for all. */
function assertUnderControls(stored: Client, body: ClientChange): void {
  const mode = body.third_party_security_mode;
  if (mode !== undefined && !stored.is_first_party && (mode === 'strict') !== isStrictThirdParty(stored))
    throw invalidBody('cannot be changed: register another client', ['third_party_security_mode']);
  if (!stored.global) return;
  const refused = Object.keys(body).find((name) => !changeableOfGlobal.includes(name));
  if (refused !== undefined)
    throw invalidBody('cannot be changed: nobody logs in by the client of all applications', [refused]);
}

/** Auth0's tools keep the pages of the classic login in it. */
const changeableOfGlobal: readonly string[] = [
  'client_metadata',
  'cross_origin_authentication',
  'custom_login_page',
  'custom_login_page_on',
  'custom_login_page_preview',
  'description',
  'form_template',
  'sso',
  'sso_disabled',
];
