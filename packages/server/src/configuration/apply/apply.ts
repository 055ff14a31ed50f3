// Applying a tenant file: one transaction that makes what is missing and changes what differs, so that a second time
// changes nothing. Nothing is deleted but token exchange profiles. What the file says of a thing is all of it; client_id,
// secret and ids stay.
import { isDeepStrictEqual } from 'node:util';
import { tenantSettingsSchema } from '../../model/tenant.ts';
import type { UnitOfWork } from '../../oauth/ports.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { ConfigurationStores } from '../ports.ts';
import { judgeNamesOf } from '../tenant/settings.ts';
import type { TenantFile } from '../tenant-file.ts';
import { applyClients } from './apply-clients.ts';
import { applyConnections, applyDatabases } from './apply-connections.ts';
import { applyOrganizations } from './apply-organizations.ts';
import { applyClientGrants, applyResourceServers, applyRoles } from './apply-resource-servers.ts';
import { applyTokenExchangeProfiles } from './apply-token-exchange-profiles.ts';
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
    const made = clients.filter((client) => client.made).map(({ client_id }) => client_id);
    await applyDatabases(file, names, made, applying);
    await applyConnections(file, names, applying);
    await applyOrganizations(file, applying);
    await applyTokenExchangeProfiles(file, applying);
    // What the settings name may have been made by this very file, so it is looked for last.
    await judgeNamesOf(file.tenant ?? {}, ['tenant'], stores, applying.findings);
    applying.findings.throwIfAny();
    return { clients };
  });
}

async function applyTenantSettings(file: TenantFile, { stores }: Applying): Promise<void> {
  const stored = await stores.tenant.get();
  const settings = { ...(stored ?? tenantSettingsSchema.parse({})), ...file.tenant };
  if (!isDeepStrictEqual(stored, settings)) await stores.tenant.put(settings);
}
