// The tenant file: YAML as auth0-deploy-cli writes it, parsed to resolved values. Every problem that the file shows by
// itself is found at once; names that only the database may know are looked up when it is applied (apply.ts).
import { z } from 'zod';
import type { Role } from '../model/access-control.ts';
import type { TenantSettings } from '../model/tenant.ts';
import { type ClientGrantSettings, clientGrantEntrySchema, resolveClientGrant } from './client-grants.ts';
import { clientEntrySchema } from './clients/client-schema.ts';
import { type ConfiguredClient, resolveClient } from './clients/clients.ts';
import { tenantFileDefaults } from './clients/defaults.ts';
import { type ConfiguredConnection, parseConnection, parseDatabase } from './connections/connections.ts';
import { parseEntry } from './entries.ts';
import { byLine, type Finding, Findings, type Path, refuseRepeated } from './findings.ts';
import {
  listedOrganizationEntrySchema,
  type OrganizationConnectionEntry,
  type OrganizationSettings,
  resolveOrganization,
} from './organizations.ts';
import {
  type ResourceServerSettings,
  resolveResourceServer,
  resourceServerEntrySchema,
} from './resource-servers.ts';
import { roleEntrySchema } from './roles.ts';
import { parseTenantSections } from './tenant/tenant-sections.ts';
import {
  resolveTokenExchangeProfile,
  type TokenExchangeProfileSettings,
  tokenExchangeProfileEntrySchema,
} from './token-exchange-profiles.ts';
import { unsupportedKeys } from './unsupported-keys.ts';
import { readYaml } from './yaml-document.ts';

/** A name that stands for something elsewhere, and where it was written. */
export interface Reference {
  name: string;
  path: Path;
}

export interface Configured<Settings> {
  path: Path;
  settings: Settings;
}

export interface TenantFile {
  file: string;
  warnings: readonly Finding[];
  /** For what is found when the file is applied. */
  findingsWhenApplied: () => Findings;
  /** Undefined: the file says nothing of the tenant. */
  tenant: Partial<TenantSettings> | undefined;
  clients: ConfiguredClient[];
  resourceServers: (Configured<ResourceServerSettings> & { signing_secret: string | undefined })[];
  clientGrants: (Configured<ClientGrantSettings> & {
    /** Undefined: every third-party client. */
    client: Reference | undefined;
  })[];
  /** Undefined: the file does not speak of databases. */
  databases: ConfiguredConnection[] | undefined;
  /** Of every other strategy. */
  connections: ConfiguredConnection[];
  roles: Configured<Omit<Role, 'id'>>[];
  organizations: (Configured<OrganizationSettings> & {
    connections: (Reference & { settings: OrganizationConnectionEntry })[];
  })[];
  /** All that there are. */
  tokenExchangeProfiles: (Configured<TokenExchangeProfileSettings> & { connection: Reference })[];
}

/** A tab that stays open all day needs no silent login at noon. */
const resourceServerDefaults = { token_lifetime_for_web: 86_400 };

const section = z.unknown().optional();
const fileSchema = z.strictObject({
  tenant: section,
  attackProtection: section,
  branding: section,
  prompts: section,
  clients: section,
  resourceServers: section,
  clientGrants: section,
  databases: section,
  connections: section,
  roles: section,
  organizations: section,
  tokenExchangeProfiles: section,
});

/** Throws ConfigurationError. `file` is only named in findings. */
export function parseTenantFile(text: string, file: string): TenantFile {
  const { value, findings } = readYaml(text, file);
  const sections = parseEntry(fileSchema, value ?? {}, [], unsupportedKeys, findings) ?? {};
  const clients = entriesOf(sections, 'clients', clientEntrySchema, findings).map(([entry, path]) =>
    resolveClient(entry, path, findings, tenantFileDefaults),
  );
  const resourceServers = entriesOf(sections, 'resourceServers', resourceServerEntrySchema, findings).map(
    ([entry, path]) => ({
      path,
      settings: resolveResourceServer(entry, path, findings, resourceServerDefaults),
      signing_secret: entry.signing_secret,
    }),
  );
  const parsed: TenantFile = {
    file,
    warnings: [],
    findingsWhenApplied: () => new Findings(file, (path) => findings.lineOf(path)),
    tenant: parseTenantSections(sections, findings),
    clients,
    resourceServers,
    clientGrants: parseClientGrants(sections, findings),
    databases: isGiven(sections.databases)
      ? listOf(sections, 'databases', findings).flatMap(
          ([value, path]) => parseDatabase(value, path, findings) ?? [],
        )
      : undefined,
    connections: listOf(sections, 'connections', findings).flatMap(
      ([value, path]) => parseConnection(value, path, findings) ?? [],
    ),
    roles: parseRoles(sections, findings),
    organizations: parseOrganizations(sections, findings),
    tokenExchangeProfiles: parseTokenExchangeProfiles(sections, findings),
  };
  judgeNames(parsed, findings);
  findings.throwIfAny();
  return { ...parsed, warnings: byLine(findings.warnings) };
}

/** What a server without a tenant file applies. */
export const noTenantFile: TenantFile = parseTenantFile('', 'no tenant file');

type Sections = z.infer<typeof fileSchema>;

function isGiven(section: unknown): boolean {
  return section !== undefined && section !== null;
}

function listOf(sections: Sections, name: keyof Sections, findings: Findings): [unknown, Path][] {
  const list = sections[name];
  if (!isGiven(list)) return [];
  if (Array.isArray(list)) return list.map((value: unknown, index) => [value, [name, index]]);
  findings.problem([name], 'must be a list: begin each entry with a hyphen');
  return [];
}

/** The entries of a list that are as they should be, each with its path. */
function entriesOf<T>(
  sections: Sections,
  name: keyof Sections,
  schema: z.ZodType<T>,
  findings: Findings,
): [T, Path][] {
  return listOf(sections, name, findings).flatMap(([value, path]): [T, Path][] => {
    const entry = parseEntry(schema, value, path, unsupportedKeys, findings);
    return entry === undefined ? [] : [[entry, path]];
  });
}

function parseClientGrants(sections: Sections, findings: Findings): TenantFile['clientGrants'] {
  return entriesOf(sections, 'clientGrants', clientGrantEntrySchema, findings).map(([entry, path]) => {
    const { client_id } = entry;
    const client = client_id === undefined ? undefined : { name: client_id, path: [...path, 'client_id'] };
    return { path, client, settings: resolveClientGrant(entry, path, findings) };
  });
}

function parseRoles(sections: Sections, findings: Findings): TenantFile['roles'] {
  return entriesOf(sections, 'roles', roleEntrySchema, findings).map(([entry, path]) => {
    const settings = {
      name: entry.name,
      description: entry.description ?? null,
      permissions: entry.permissions ?? [],
      is_system: false,
    };
    return { path, settings };
  });
}

function parseOrganizations(sections: Sections, findings: Findings): TenantFile['organizations'] {
  return entriesOf(sections, 'organizations', listedOrganizationEntrySchema, findings).map(
    ([{ connections = [], ...entry }, path]) => ({
      path,
      settings: resolveOrganization(entry),
      connections: connections.map(({ name, connection_id, ...settings }, index) => ({
        name: name ?? connection_id ?? '',
        path: [...path, 'connections', index],
        settings,
      })),
    }),
  );
}

function parseTokenExchangeProfiles(
  sections: Sections,
  findings: Findings,
): TenantFile['tokenExchangeProfiles'] {
  const entries = entriesOf(sections, 'tokenExchangeProfiles', tokenExchangeProfileEntrySchema, findings);
  refuseRepeated(
    entries.map(([{ subject_token_type }, path]) => [subject_token_type, [...path, 'subject_token_type']]),
    findings,
  );
  return entries.flatMap(([entry, path]) => {
    const resolved = resolveTokenExchangeProfile(entry, path, findings);
    if (resolved === undefined) return [];
    const connection = { name: resolved.connection, path: [...path, 'subject_token', 'connection'] };
    return { path, settings: resolved.settings, connection };
  });
}

function judgeNames(parsed: TenantFile, findings: Findings): void {
  const given = parsed.clients.filter(({ client_id }) => client_id !== undefined);
  refuseRepeated(
    given.map(({ client_id, path }) => [client_id ?? '', [...path, 'client_id']]),
    findings,
  );
  // Names may repeat where each client has its client_id; without one, a client is known by its name alone.
  const nameless = parsed.clients.filter(({ client_id }) => client_id === undefined);
  refuseRepeated(
    [
      ...given.filter(({ settings }) => nameless.some((other) => other.settings.name === settings.name)),
      ...nameless,
    ].map(({ settings, path }) => [settings.name, [...path, 'name']]),
    findings,
  );
  for (const { settings, path } of parsed.resourceServers) {
    // AT-16: a token's audience tells an ID token from an access token.
    if (given.some(({ client_id }) => client_id === settings.identifier)) {
      findings.problem([...path, 'identifier'], 'must not be the client_id of a client: choose another');
    }
  }
  const identifiers = parsed.resourceServers.map(({ settings, path }): [string, Path] => [
    settings.identifier,
    [...path, 'identifier'],
  ]);
  refuseRepeated(identifiers, findings);
  const connections = [...(parsed.databases ?? []), ...parsed.connections];
  refuseRepeated(
    connections.flatMap(({ settings, path }) =>
      settings.realms.map((realm, index): [string, Path] => [realm, [...path, 'realms', index]]),
    ),
    findings,
  );
  for (const list of [connections, parsed.roles, parsed.organizations, parsed.tokenExchangeProfiles]) {
    refuseRepeated(
      list.map(({ settings, path }) => [settings.name, [...path, 'name']]),
      findings,
    );
  }
}
