// What every start makes sure of before the first request: the tenant file and the users file are applied, the first
// administrator and the client of /try exist.
import { readFile } from 'node:fs/promises';
import { ensureAdministrator } from './configuration/administrator.ts';
import { applyTenantFile } from './configuration/apply/apply.ts';
import { findDefaultDatabase } from './configuration/apply/apply-connections.ts';
import { applyUsersFile } from './configuration/apply/apply-users.ts';
import { ConfigurationError, type Finding, inWords } from './configuration/findings.ts';
import { forThisServer } from './configuration/management-api.ts';
import type { ConfigurationStores } from './configuration/ports.ts';
import { ensureSystem } from './configuration/system.ts';
import { noTenantFile, parseTenantFile } from './configuration/tenant-file.ts';
import { parseUsersFile } from './configuration/users-file.ts';
import { type Client, defaultSpaRefreshToken } from './model/client.ts';
import type { UnitOfWork } from './oauth/ports.ts';
import type { Clock } from './runtime/clock.ts';
import type { PasswordHashing } from './runtime/cryptography/password-hashing.ts';
import type { Log } from './runtime/log.ts';
import type { Random } from './runtime/random.ts';
import { isLoopbackUrl } from './runtime/settings/issuer.ts';
import type { Settings } from './runtime/settings/settings.ts';

/** The client of /try: public, known to everyone, and of use on a loopback issuer only. */
export const tryClientId = 'freehold-try';

export interface BootstrapPorts {
  unitOfWork: UnitOfWork<ConfigurationStores>;
  clock: Clock;
  random: Random;
  passwordHashing: PasswordHashing;
  log: Log;
}

export interface Bootstrapped {
  tryClientId: string | undefined;
}

/** Throws ConfigurationError; nothing of a wrong file is applied. */
export async function bootstrap(settings: Settings, ports: BootstrapPorts): Promise<Bootstrapped> {
  const { unitOfWork, log } = ports;
  // Both files are read before either is applied.
  const written =
    settings.tenantFile === undefined
      ? noTenantFile
      : parseTenantFile(await readText(settings.tenantFile), settings.tenantFile);
  const tenantFile = forThisServer(written, settings.issuer);
  const usersFile =
    settings.usersFile === undefined
      ? undefined
      : parseUsersFile(await readText(settings.usersFile), settings.usersFile);
  await ensureSystem(settings.issuer, unitOfWork, ports);
  warn(tenantFile.file, tenantFile.warnings, log);
  const { clients } = await applyTenantFile(tenantFile, unitOfWork, ports);
  for (const { client_id, name, made } of clients) {
    if (made) log.info({ client_id, client_name: name }, 'a client was made');
  }
  if (usersFile !== undefined) {
    warn(usersFile.file, usersFile.warnings, log);
    await applyUsersFile(usersFile, unitOfWork, ports);
  }
  if (settings.admin !== undefined) {
    const result = await ensureAdministrator(settings.admin, unitOfWork, ports);
    if (result.outcome === 'refused') log.warn(`There is no administrator: ${result.reason}`);
  }
  const isTryServed = isLoopbackUrl(settings.issuer);
  await ensureTryClient(settings.issuer, isTryServed, ports);
  return { tryClientId: isTryServed ? tryClientId : undefined };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const text = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    throw new ConfigurationError(path, [{ path: '', line: undefined, text }]);
  }
}

function warn(file: string, warnings: readonly Finding[], log: Log): void {
  for (const warning of warnings) log.warn(inWords(file, warning));
}

async function ensureTryClient(
  issuer: string,
  isServed: boolean,
  { unitOfWork, clock }: BootstrapPorts,
): Promise<void> {
  await unitOfWork.transaction(async (stores) => {
    await stores.tenant.lock();
    const stored = (await stores.clients.list()).find(({ client_id }) => client_id === tryClientId);
    if (!isServed && stored === undefined) return;
    await stores.clients.upsert({
      ...tryClient(issuer, stored?.created_at ?? clock.now()),
      // Elsewhere than on loopback nobody may come back to it, nor use what it was given.
      ...(isServed ? {} : { callbacks: [], allowed_logout_urls: [], web_origins: [], grant_types: [] }),
    });
    const database = await findDefaultDatabase(stores);
    if (!isServed || database === undefined) return;
    const clients = await stores.connections.listClients(database.id);
    if (!clients.includes(tryClientId))
      await stores.connections.setClients(database.id, [...clients, tryClientId]);
  });
}

function tryClient(issuer: string, created_at: number): Client {
  return {
    client_id: tryClientId,
    name: 'Try a login',
    description: 'The page at /try',
    app_type: 'spa',
    logo_uri: null,
    callbacks: [`${issuer}try/callback`],
    allowed_logout_urls: [`${issuer}try`],
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
