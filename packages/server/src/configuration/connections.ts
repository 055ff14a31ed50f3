// The connections of a tenant file: its databases, and of the section `connections` those that send a code or a link.
import type { z } from 'zod';
import {
  type DatabaseConnection,
  type PasswordlessConnection,
  passwordlessStrategies,
} from '../model/connection.ts';
import { parseEntry } from './entries.ts';
import type { Findings, Path } from './findings.ts';
import type { Configured, Reference } from './tenant-file.ts';
import {
  type databaseEntrySchema,
  type otherConnectionEntrySchema,
  passwordlessEntrySchema,
} from './tenant-schema.ts';
import { unsupportedKeys } from './unsupported-keys.ts';

type Given<Connection> = Omit<Connection, 'id' | 'created_at' | 'updated_at'>;
export type DatabaseSettings = Given<DatabaseConnection>;
export type PasswordlessSettings = Given<PasswordlessConnection>;

export type ConfiguredConnection<Settings> = Configured<Settings> & { enabled_clients: Reference[] };

type Entry<Schema extends z.ZodType> = [z.infer<Schema>, Path];

export function resolveDatabase(
  [entry, path]: Entry<typeof databaseEntrySchema>,
  findings: Findings,
): ConfiguredConnection<DatabaseSettings> {
  const { options, is_domain_connection = false } = entry;
  if (options.requires_username) findings.warnOfNoEffect([...path, 'options', 'requires_username']);
  const { name, display_name = null } = entry;
  return {
    path,
    enabled_clients: enabledClients(entry.enabled_clients, path),
    settings: { name, display_name, strategy: 'auth0', options, is_domain_connection },
  };
}

/** Those of other strategies are left out, with a warning. */
export function resolveConnection(
  [entry, path]: Entry<typeof otherConnectionEntrySchema>,
  leftOut: Set<string>,
  findings: Findings,
): ConfiguredConnection<PasswordlessSettings>[] {
  if (!passwordlessStrategies.some((strategy) => strategy === entry.strategy)) {
    leaveOut([entry, path], leftOut, findings);
    return [];
  }
  const parsed = parseEntry(passwordlessEntrySchema, entry, path, unsupportedKeys, findings);
  if (parsed === undefined) return [];
  const { name, display_name = null, strategy, options, is_domain_connection = false } = parsed;
  return [
    {
      path,
      enabled_clients: enabledClients(parsed.enabled_clients, path),
      settings: { name, display_name, strategy, options, is_domain_connection },
    },
  ];
}

function leaveOut(
  [entry, path]: Entry<typeof otherConnectionEntrySchema>,
  leftOut: Set<string>,
  findings: Findings,
): void {
  leftOut.add(entry.name);
  if (entry.strategy === 'auth0') findings.problem(path, 'is a database: write it under databases');
  else
    findings.warn(
      [...path, 'strategy'],
      `${entry.strategy} is not supported yet: the connection is left out`,
    );
}

function enabledClients(names: string[] = [], path: Path): Reference[] {
  return names.map((name, index) => ({ name, path: [...path, 'enabled_clients', index] }));
}
