// One organization, of the tenant file or of the Management API: what it leaves out is resolved, and what it says
// together is judged (OR-1).
import type { z } from 'zod';
import type { Connection } from '../model/connection.ts';
import { isDatabase } from '../model/connection.ts';
import type { Organization, OrganizationConnection } from '../model/organization.ts';
import type { organizationConnectionEntrySchema, organizationEntrySchema } from './tenant-schema.ts';

export type OrganizationEntry = Omit<z.infer<typeof organizationEntrySchema>, 'connections'>;
export type OrganizationSettings = Omit<Organization, 'id' | 'created_at'>;

export function resolveOrganization(entry: OrganizationEntry): OrganizationSettings {
  const metadata = Object.entries(entry.metadata ?? {}).filter(
    (member): member is [string, string] => member[1] !== null,
  );
  return {
    name: entry.name,
    display_name: entry.display_name ?? null,
    branding: entry.branding ?? null,
    metadata: Object.fromEntries(metadata),
    unused: {},
  };
}

export type OrganizationConnectionEntry = z.infer<typeof organizationConnectionEntrySchema>;
export type OrganizationConnectionSettings = Omit<OrganizationConnection, 'organization_id'>;

export function resolveOrganizationConnection(
  entry: OrganizationConnectionEntry,
  connection_id: string,
): OrganizationConnectionSettings {
  return {
    connection_id,
    organization_connection_name: entry.organization_connection_name ?? null,
    assign_membership_on_login: entry.assign_membership_on_login ?? false,
    show_as_button: entry.show_as_button ?? true,
    is_signup_enabled: entry.is_signup_enabled ?? false,
    is_enabled: entry.is_enabled ?? true,
    unused: {},
  };
}

/** What is wrong with them together, in Auth0's words; undefined if nothing is. */
export function organizationConnectionProblem(
  { is_signup_enabled, assign_membership_on_login }: OrganizationConnectionSettings,
  connection: Connection,
): string | undefined {
  if (!is_signup_enabled || (isDatabase(connection) && assign_membership_on_login)) return undefined;
  return 'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.';
}
