// Applying the tenant file's organizations with the connections that they let members in by. Members stay as they are.
import type { Connection } from '../../model/connection.ts';
import type { Organization } from '../../model/organization.ts';
import {
  type OrganizationConnectionSettings,
  organizationConnectionProblem,
  resolveOrganizationConnection,
} from '../organizations.ts';
import type { TenantFile } from '../tenant-file.ts';
import type { Applying } from './applying.ts';

export async function applyOrganizations(file: TenantFile, applying: Applying): Promise<void> {
  const { stores, random, now } = applying;
  const known = await stores.connections.list();
  for (const { settings, connections } of file.organizations) {
    const stored = await stores.organizations.findByName(settings.name);
    const organization: Organization = {
      ...settings,
      id: stored?.id ?? random.id('org'),
      created_at: stored?.created_at ?? now,
    };
    await stores.organizations.upsert(organization);
    const enabled = connections.flatMap((connection) => resolve(connection, known, applying));
    await stores.organizations.setConnections(
      enabled.map((connection) => ({ ...connection, organization_id: organization.id })),
      organization.id,
    );
  }
}

function resolve(
  { name, path, settings }: TenantFile['organizations'][number]['connections'][number],
  known: Connection[],
  { findings }: Applying,
): OrganizationConnectionSettings[] {
  const connection = known.find((candidate) => candidate.name === name || candidate.id === name);
  if (connection === undefined) {
    findings.problem(path, `names no connection: add ${JSON.stringify(name)} to databases`);
    return [];
  }
  const resolved = resolveOrganizationConnection(settings, connection.id);
  const problem = organizationConnectionProblem(resolved, connection);
  if (problem !== undefined) findings.problem([...path, 'is_signup_enabled'], `is refused: ${problem}`);
  return [resolved];
}
