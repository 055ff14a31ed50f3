// One organization, of the tenant file or of the Management API: what it leaves out is resolved, and what it says
// together is judged (OR-1).
import { z } from 'zod';
import { type Connection, isDatabase } from '../model/connection.ts';
import { metadataEntryOf } from '../model/members.ts';
import type { Organization, OrganizationConnection } from '../model/organization.ts';
import { color, httpsUrl } from './formats.ts';
import { tokenQuota } from './token-quota.ts';
import { noEffect, unusedOf } from './unused.ts';

export const organizationEntrySchema = z.strictObject({
  name: z.stringFormat('organization-name', /^[a-z0-9][a-z0-9_-]{0,49}$/, {
    error: 'must be 1 to 50 lower-case letters, digits, hyphens or underscores',
  }),
  display_name: z.string().min(1).max(255).optional(),
  branding: z
    .strictObject({
      logo_url: httpsUrl.nullable().optional(),
      colors: z.strictObject({ primary: color, page_background: color }).optional(),
    })
    .optional(),
  metadata: metadataEntryOf(25).optional(),
  token_quota: noEffect(tokenQuota.nullable()),
  third_party_client_access: noEffect(z.enum(['allow', 'block'])),
  is_app_entitlement_active: noEffect(z.boolean()),
});
export type OrganizationEntry = z.infer<typeof organizationEntrySchema>;
export type OrganizationSettings = Omit<Organization, 'id' | 'created_at'>;

export function resolveOrganization(entry: OrganizationEntry): OrganizationSettings {
  const { logo_url, colors } = entry.branding ?? {};
  const branding = { ...(logo_url == null ? {} : { logo_url }), ...(colors && { colors }) };
  const metadata = Object.entries(entry.metadata ?? {}).filter(
    (member): member is [string, string] => member[1] !== null,
  );
  return {
    name: entry.name,
    display_name: entry.display_name ?? null,
    branding: Object.keys(branding).length === 0 ? null : branding,
    metadata: Object.fromEntries(metadata),
    unused: unusedOf(organizationEntrySchema, entry),
  };
}

export const organizationConnectionEntrySchema = z.strictObject({
  organization_connection_name: z.string().min(1).max(50).nullable().optional(),
  assign_membership_on_login: z.boolean().optional(),
  show_as_button: z.boolean().optional(),
  is_signup_enabled: z.boolean().optional(),
  is_enabled: z.boolean().nullable().optional(),
  organization_access_level: noEffect(z.enum(['none', 'readonly', 'limited', 'full']).nullable()),
});
/** Of the tenant file, which names connections where the Management API adds them one by one. */
export const listedOrganizationEntrySchema = organizationEntrySchema.extend({
  connections: z
    .array(
      organizationConnectionEntrySchema
        .extend({ name: z.string().min(1).optional(), connection_id: z.string().min(1).optional() })
        .refine(
          (connection) => connection.name !== undefined || connection.connection_id !== undefined,
          'must name a connection: give its name',
        ),
    )
    .optional(),
});

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
    unused: unusedOf(organizationConnectionEntrySchema, entry),
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
