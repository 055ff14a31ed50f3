// What every start makes sure of before the first request: the tenant file and the users file are applied, the first
// administrator and the server's own clients exist.
import { readFile } from 'node:fs/promises';
import { ensureAdministrator } from './configuration/administrator.ts';
import { applyTenantFile } from './configuration/apply/apply.ts';
import { applyUsersFile } from './configuration/apply/apply-users.ts';
import { ConfigurationError, type Finding, inWords } from './configuration/findings.ts';
import { forThisServer } from './configuration/management-api.ts';
import { ensureOwnClients, tryClientId } from './configuration/own-clients.ts';
import type { ConfigurationStores } from './configuration/ports.ts';
import { ensureSystem } from './configuration/system.ts';
import { noTenantFile, parseTenantFile } from './configuration/tenant-file.ts';
import { parseUsersFile } from './configuration/users-file.ts';
import type { UnitOfWork } from './oauth/ports.ts';
import type { Clock } from './runtime/clock.ts';
import type { PasswordHashing } from './runtime/cryptography/password-hashing.ts';
import type { Log } from './runtime/log.ts';
import type { Random } from './runtime/random.ts';
import { isLoopbackUrl } from './runtime/settings/issuer.ts';
import type { Settings } from './runtime/settings/settings.ts';

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
  await ensureOwnClients(settings.issuer, isTryServed, unitOfWork, ports);
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
