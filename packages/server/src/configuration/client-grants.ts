// What a client, or every third-party client, may have of an API, as the tenant file and the Management API say it.
import { z } from 'zod';
import type { Client } from '../model/client.ts';
import { isFormerManagementScope } from '../model/management-scopes.ts';
import {
  type ClientGrant,
  clientGrantSchema,
  defaultClientGrantSchema,
  type ResourceServer,
} from '../model/resource-server.ts';
import type { Findings, Path } from './findings.ts';
import { scopeToken } from './resource-servers.ts';
import { noEffect, unusedOf } from './unused.ts';

const grant = clientGrantSchema.shape;

export const clientGrantEntrySchema = z.strictObject({
  client_id: z.string().min(1).optional(),
  default_for: defaultClientGrantSchema.shape.default_for.optional(),
  audience: z.string().min(1),
  scope: z.array(scopeToken).optional(),
  subject_type: grant.subject_type.optional(),
  allow_all_scopes: z.boolean().optional(),
  organization_usage: grant.organization_usage.optional(),
  allow_any_organization: grant.allow_any_organization.optional(),
  authorization_details_types: noEffect(z.array(z.string().min(1).max(255))),
});
export type ClientGrantEntry = z.infer<typeof clientGrantEntrySchema>;

/** Everything but who it is for. */
export type ClientGrantSettings = Omit<ClientGrant, 'id' | 'client_id'>;

export function resolveClientGrant(
  entry: ClientGrantEntry,
  path: Path,
  findings: Findings,
): ClientGrantSettings {
  const { client_id, default_for, organization_usage = null, allow_any_organization = null } = entry;
  if ((client_id === undefined) === (default_for === undefined)) {
    findings.problem([...path, 'client_id'], 'is missing: give it, or default_for, and not both');
  }
  if ((organization_usage ?? 'deny') !== 'deny') findings.warnOfNoEffect([...path, 'organization_usage']);
  return {
    audience: entry.audience,
    scope: entry.scope ?? [],
    subject_type: entry.subject_type ?? 'client',
    allow_all_scopes: entry.allow_all_scopes ?? false,
    organization_usage,
    allow_any_organization,
    unused: unusedOf(clientGrantEntrySchema, entry),
  };
}

/** Those that the API does not have. */
export function unknownScopes(
  scope: readonly string[],
  { scopes, is_system }: Pick<ResourceServer, 'scopes' | 'is_system'>,
): string[] {
  const known = new Set(scopes.map(({ value }) => value));
  return scope.filter((value) => !known.has(value) && !(is_system && isFormerManagementScope(value)));
}

/** What is wrong with who it is for. AT-10: the system API is the dashboard's alone where people are concerned. */
export function granteeProblem(
  { subject_type }: Pick<ClientGrant, 'subject_type'>,
  { is_system }: Pick<ResourceServer, 'is_system'>,
  client: Pick<Client, 'is_first_party' | 'is_system'> | undefined,
): string | undefined {
  if (!is_system) return undefined;
  if (!client?.is_first_party) return 'cannot be for third-party clients: the API is the Management API';
  if (subject_type === 'user' && !client.is_system)
    return 'cannot be for users: the API is the Management API, which is granted to the dashboard alone';
  return undefined;
}
