// Applying a tenant file: one transaction that makes what is missing and changes what differs, so that a second time
// changes nothing. Nothing is deleted. What the file says of a thing is all of it; client_id, secret and ids stay.
import { isDeepStrictEqual } from 'node:util';
import { tenantSettingsSchema } from '../../model/tenant.ts';
import type { UnitOfWork } from '../../oauth/ports.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { ConfigurationStores } from '../ports.ts';
import type { TenantFile } from '../tenant-file.ts';
import { applyClients } from './apply-clients.ts';
import { applyDatabases, applyPasswordless } from './apply-connections.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { applyClientGrants, applyResourceServers, applyRoles } from './apply-resource-servers.ts';
import type { Applying } from './applying.ts';

export interface AppliedTenantFile {
  /** The clients of the file as they stand now; `made` are those that this run has made. */
  clients: { client_id: string; name: string; made: boolean }[];
}

/** Throws ConfigurationError, and changes nothing, if the file does not go together with the database. */
export async function applyTenantFile(
  file: TenantFile,
  unitOfWork: UnitOfWork<ConfigurationStores>,
  { clock, random }: { clock: Clock; random: Random },
): Promise<AppliedTenantFile> {
  return await unitOfWork.transaction(async (stores) => {
    await stores.tenant.lock();
    const applying: Applying = { stores, findings: file.findingsWhenApplied(), now: clock.now(), random };
    await applyTenantSettings(file, applying);
    const { clients, names } = await applyClients(file, applying);
    await applyResourceServers(file, applying);
    await applyClientGrants(file, names, applying);
    await applyRoles(file, applying);
    await applyDatabases(file, names, applying);
    await applyPasswordless(file, names, applying);
    await applyOrganizations(file, applying);
    await judgeTenantSettings(file, applying);
    applying.findings.throwIfAny();
    return { clients };
  });
}

async function applyTenantSettings(file: TenantFile, { stores }: Applying): Promise<void> {
  const stored = await stores.tenant.get();
  const settings = file.tenant ?? stored ?? tenantSettingsSchema.parse({});
  if (!isDeepStrictEqual(stored, settings)) await stores.tenant.put(settings);
}

/** What the settings name may have been made by this very file, so it is looked for last. */
async function judgeTenantSettings(file: TenantFile, { stores, findings }: Applying): Promise<void> {
  const { default_audience = '', default_directory = '' } = file.tenant ?? {};
  if (default_audience !== '' && (await stores.resourceServers.find(default_audience)) === undefined) {
    findings.problem(['tenant', 'default_audience'], 'names no resource server: add it to resourceServers');
  }
  if (default_directory !== '' && (await stores.connections.findByName(default_directory)) === undefined) {
    findings.problem(['tenant', 'default_directory'], 'names no connection: add it to databases');
  }
}
