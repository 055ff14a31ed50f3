// Dynamic client registration (RFC 7591) and its management (RFC 7592; contract DR-*): an application registers itself,
// and reads, replaces or deletes what it registered with the token that it was given for that.

import {
  type Client,
  clientIdLength,
  clientSecretLength,
  hasSecret,
  strictThirdPartyPrefix,
} from '../../model/client.ts';
import {
  type ClientInformation,
  type ClientMetadata,
  clientMetadataSchema,
} from '../../model/client-metadata.ts';
import { aboutClient, type Requester } from '../../model/events.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import type { Clock } from '../../runtime/clock.ts';
import { equalInConstantTime, sha256 } from '../../runtime/cryptography/hash.ts';
import type { Random } from '../../runtime/random.ts';
import {
  InvalidClientMetadata,
  InvalidRedirectUri,
  InvalidToken,
  type OAuthError,
  reflected,
} from '../errors.ts';
import { isUnstorable } from '../parameters.ts';
import type { UnitOfWork } from '../ports.ts';
import { recordRefusal } from '../record-refusal.ts';
import { clientEntryOf, registrationOf } from './client-entry.ts';
import { clientInformationOf } from './client-information.ts';
import type { RegistrationStores } from './ports.ts';

type ClientSettings = Omit<Client, 'client_id' | 'global' | 'is_system' | 'created_at' | 'updated_at'>;

export interface RegistrationPorts {
  unitOfWork: UnitOfWork<RegistrationStores>;
  clock: Clock;
  random: Random;
  issuer: string;
  settings: TenantSettings;
  /** What the tenant file would make of a client with these members, or what it would find wrong with it. */
  judgeClient(
    entry: Record<string, unknown>,
  ): { settings: ClientSettings } | { problem: { path: string; text: string } };
}

/** Who asks to manage which registration. */
export interface Management {
  client_id: string;
  registration_access_token: string | undefined;
  requester: Requester;
}

/** Throws InvalidRedirectUri or InvalidClientMetadata. */
export async function registerClient(
  metadata: Record<string, unknown> | undefined,
  requester: Requester,
  ports: RegistrationPorts,
): Promise<ClientInformation> {
  const { unitOfWork, random, clock, issuer } = ports;
  const settings = await recordingRefusal(requester, ports, () => settingsOf(metadata, ports));
  const now = clock.now();
  const client: Client = {
    ...settings,
    client_id: newClientId(ports),
    global: false,
    is_system: false,
    created_at: now,
    updated_at: now,
  };
  const client_secret = hasSecret(client) ? random.alphanumeric(clientSecretLength) : undefined;
  const registration_access_token = random.token();
  await unitOfWork.transaction(async (stores) => {
    await stores.clients.upsert(client);
    if (client_secret !== undefined) await stores.clients.setSecret(client.client_id, client_secret);
    await stores.clients.setRegistrationToken(client.client_id, sha256(registration_access_token));
    await stores.connections.enableDomainConnections(client.client_id);
    await stores.log.write(
      { type: 'sapi', description: 'Register a client', ...aboutClient(client) },
      requester,
    );
  });
  return clientInformationOf(client, client_secret, registration_access_token, issuer);
}

/** RFC 7592 §2.1. Throws InvalidToken. */
export async function readRegistration(
  management: Management,
  ports: RegistrationPorts,
): Promise<ClientInformation> {
  const { client, token } = await admit(management, ports);
  const secret = await ports.unitOfWork.read.clients.findSecret(client.client_id);
  return clientInformationOf(client, secret, token, ports.issuer);
}

/** RFC 7592 §2.2: what is not said again is gone. Throws InvalidToken, InvalidRedirectUri or InvalidClientMetadata. */
export async function replaceRegistration(
  metadata: Record<string, unknown> | undefined,
  management: Management,
  ports: RegistrationPorts,
): Promise<ClientInformation> {
  const { clock, random, unitOfWork } = ports;
  const { client: before, token } = await admit(management, ports);
  const { requester, client_id } = management;
  const known = await unitOfWork.read.clients.findSecret(client_id);
  const settings = await recordingRefusal(requester, ports, () => {
    assertOwn(metadata, client_id, known);
    return settingsOf(metadata, ports);
  });
  const { created_at, global, is_system } = before;
  const client: Client = { ...settings, client_id, global, is_system, created_at, updated_at: clock.now() };
  const secret = hasSecret(client) ? (known ?? random.alphanumeric(clientSecretLength)) : undefined;
  const remains = await unitOfWork.transaction(async (stores) => {
    // Deleted meanwhile, it stays deleted.
    if (!(await stores.clients.hasRegistrationToken(client_id, sha256(token)))) return false;
    await stores.clients.upsert(client);
    if (secret !== known) await stores.clients.setSecret(client_id, secret ?? null);
    await stores.log.write(
      { type: 'sapi', description: 'Update a client', ...aboutClient(client) },
      requester,
    );
    return true;
  });
  if (!remains) throw unknownRegistration();
  return clientInformationOf(client, secret, token, ports.issuer);
}

/** RFC 7592 §2.3. Throws InvalidToken. */
export async function deleteRegistration(management: Management, ports: RegistrationPorts): Promise<void> {
  const { client } = await admit(management, ports);
  await ports.unitOfWork.transaction(async ({ clients, log }) => {
    await clients.delete(client.client_id);
    const event = { type: 'sapi', description: 'Delete a client', ...aboutClient(client) } as const;
    await log.write(event, management.requester);
  });
}

function newClientId({ settings, random }: RegistrationPorts): string {
  const isStrict = settings.dynamic_client_registration_security_mode === 'strict';
  // DR-2: 32 characters in all.
  const prefix = isStrict ? strictThirdPartyPrefix : '';
  return prefix + random.alphanumeric(clientIdLength - prefix.length);
}

function settingsOf(
  given: Record<string, unknown> | undefined,
  { judgeClient }: RegistrationPorts,
): ClientSettings {
  if (given === undefined) throw new InvalidClientMetadata('The request body must be a JSON object');
  const metadata = parseMetadata(given);
  const judged = judgeClient(clientEntryOf(metadata));
  if ('problem' in judged) throw refusalOf(judged.problem);
  return { ...judged.settings, registration: registrationOf(metadata) };
}

function parseMetadata(given: Record<string, unknown>): ClientMetadata {
  // RFC 7591 §2: null is as good as absent.
  const members = Object.entries(given).filter(([, value]) => value !== null);
  const parsed = clientMetadataSchema.safeParse(Object.fromEntries(members));
  if (parsed.success) return parsed.data;
  const [{ path, message } = { path: [], message: 'is not valid' }] = parsed.error.issues;
  const description = `${path.join('.')}: ${reflected(message)}`;
  throw path[0] === 'redirect_uris'
    ? new InvalidRedirectUri(description)
    : new InvalidClientMetadata(description);
}

/** Members of a client, and what the application called them. */
const metadataNames: [member: RegExp, name: string][] = [
  [/^callbacks/, 'redirect_uris'],
  [/^name/, 'client_name'],
  [/^allowed_logout_urls/, 'post_logout_redirect_uris'],
  [/^oidc_logout\.backchannel_logout_urls\[0\]/, 'backchannel_logout_uri'],
  [/^client_authentication_methods\.private_key_jwt\.credentials(\[\d+\]).*/, 'jwks.keys$1'],
];

function refusalOf({ path, text }: { path: string; text: string }): OAuthError {
  const named = metadataNames.find(([member]) => member.test(path));
  const description = `${named === undefined ? path : path.replace(...named)} ${text}`;
  // GL-14
  const safe = reflected(description.replaceAll('"', "'"));
  return path.startsWith('callbacks') ? new InvalidRedirectUri(safe) : new InvalidClientMetadata(safe);
}

async function admit(
  { client_id, registration_access_token: token, requester }: Management,
  { unitOfWork }: RegistrationPorts,
) {
  const { clients } = unitOfWork.read;
  const isTheirs =
    token !== undefined &&
    !isUnstorable(client_id) &&
    (await clients.hasRegistrationToken(client_id, sha256(token)));
  const client = isTheirs ? await clients.find(client_id) : undefined;
  if (client !== undefined && isTheirs) return { client, token };
  // RFC 7592 §2: who asks for a client that is not there is told no more than who has the wrong token.
  const error = unknownRegistration();
  await recordRefusal(error, { type: 'fapi' }, requester, { unitOfWork });
  throw error;
}

function unknownRegistration(): InvalidToken {
  return new InvalidToken('The registration access token is invalid');
}

/**
 * RFC 7592 §2.2: "the value of this field MUST match the currently issued client secret"; of what the server made
 * itself nothing may come back.
 */
function assertOwn(
  metadata: Record<string, unknown> = {},
  client_id: string,
  secret: string | undefined,
): void {
  const { client_secret } = metadata;
  if (metadata.client_id !== client_id)
    throw new InvalidClientMetadata('client_id is not that of this client');
  if (client_secret !== undefined && !equalInConstantTime(String(client_secret), secret ?? '')) {
    throw new InvalidClientMetadata('client_secret is not that of this client');
  }
  const made = [
    'registration_access_token',
    'registration_client_uri',
    'client_secret_expires_at',
    'client_id_issued_at',
  ].find((name) => metadata[name] !== undefined);
  if (made !== undefined) throw new InvalidClientMetadata(`${made} must be left out`);
}

async function recordingRefusal<T>(
  requester: Requester,
  ports: RegistrationPorts,
  work: () => T,
): Promise<T> {
  try {
    return work();
  } catch (error) {
    await recordRefusal(error, { type: 'fapi' }, requester, ports);
    throw error;
  }
}
