// What is told of a client, and to whom. Everybody who may read clients at all is told what it is called; its settings
// are for those who read clients, its secrets for those who read their keys: a person must ask for one by name, soon
// after a login.
import { clientEntryOf } from '../../configuration/clients/client-entry.ts';
import { type Client, keyAlgorithms } from '../../model/client.ts';
import { certificatePem, certificatePkcs7 } from '../../runtime/cryptography/certificate.ts';
import { assertFreshLogin } from '../authorization.ts';
import { insufficientScope } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Asking } from '../revealing.ts';
import type { Fields } from '../route.ts';
import { present } from '../wire.ts';
import { holdsLess } from './privileges.ts';
import type { ToldClient } from './schema.ts';

/** Any of them opens the list and the single client. */
export const readingScopes = [
  'read:client_credentials',
  'read:client_keys',
  'read:client_summary',
  'read:clients',
] as const;

const summary: readonly string[] = ['client_id', 'name', 'description', 'app_type'];
const secrets = ['client_secret', 'signing_keys', 'encryption_key', 'addons'];
const credentials = ['client_authentication_methods', 'token_vault_privileged_access'];

/** What of a client every tool expects to be told, where nobody has said otherwise (CL-3, as recorded). */
const alwaysTold = {
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
};

type Readers = readonly [string, ...string[]];

function readersOf(member: string): Readers {
  if (summary.includes(member)) return readingScopes;
  if (secrets.includes(member)) return ['read:client_keys'];
  if (credentials.includes(member)) return ['read:client_keys', 'read:client_credentials'];
  return ['read:clients', 'read:client_keys'];
}

/** Throws ManagementError 403 where a member is asked for by name that is not for the caller, 401 without a fresh login. */
export function assertMayReadFields({ caller, fields }: Asking, ports: Pick<ManagementPorts, 'clock'>): void {
  if (!fields?.include) return;
  for (const name of fields.names) {
    const readers = readersOf(name);
    if (!readers.some((scope) => caller.scopes.has(scope))) throw insufficientScope(readers);
  }
  if (namesSecrets(fields)) assertFreshLogin(caller, ports);
}

export function namesSecrets(fields: Fields | undefined): boolean {
  return fields?.include === true && secrets.some((name) => fields.names.has(name));
}

/** As the caller may see it; `hasJustLoggedIn`: for what was just done to the secret. */
export async function tellClient(
  client: Client,
  { caller, fields, hasJustLoggedIn }: Asking & { hasJustLoggedIn?: true },
  stores: Pick<ManagementStores, 'clients' | 'clientGrants' | 'signingKeys'>,
  ports: Pick<ManagementPorts, 'issuer'>,
): Promise<ToldClient> {
  const asksForThem = caller.user === undefined || hasJustLoggedIn || namesSecrets(fields);
  const tellsSecrets =
    asksForThem &&
    caller.scopes.has('read:client_keys') &&
    !(await holdsLess(caller, client.client_id, stores, ports));
  const entry = clientEntryOf(client);
  const whole: Record<string, unknown> = {
    ...alwaysTold,
    ...entry,
    tenant: tenantName(ports.issuer),
    global: client.global,
    jwt_configuration: { secret_encoded: false, ...entry.jwt_configuration },
    // Its older name, for those who know no other.
    ...(entry.oidc_logout && { oidc_backchannel_logout: entry.oidc_logout }),
    ...(client.registration && { external_metadata_type: 'dcr', jwks_uri: client.registration.jwks_uri }),
    ...(tellsSecrets && { client_secret: await stores.clients.findSecret(client.client_id) }),
    ...(tellsSecrets && { signing_keys: await signingKeysOf(client, stores) }),
  };
  const told = Object.entries(present(whole)).filter(
    ([member]) =>
      (tellsSecrets || !secrets.includes(member)) &&
      readersOf(member).some((scope) => caller.scopes.has(scope)),
  );
  return Object.fromEntries(told);
}

/** What other vendors call a tenant: here each has a host of its own. */
function tenantName(issuer: string): string {
  return new URL(issuer).hostname.split('.', 1)[0] ?? '';
}

/** What verifies the client's ID tokens. */
async function signingKeysOf(
  { jwt_configuration: { alg } }: Client,
  { signingKeys }: Pick<ManagementStores, 'signingKeys'>,
): Promise<ToldClient['signing_keys']> {
  const wanted = keyAlgorithms.find((algorithm) => algorithm === alg) ?? 'RS256';
  const keys = await signingKeys.list();
  return keys
    .filter((key) => key.alg === wanted && key.status === 'current')
    .map(({ certificate }) => ({
      cert: certificatePem(certificate),
      pkcs7: certificatePkcs7(certificate),
      subject: 'deprecated',
    }));
}
