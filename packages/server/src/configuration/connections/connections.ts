// One connection, as a tenant file or the Management API tells it: what comes of what is left out.
import { z } from 'zod';
import type { Connection, DatabaseConnection } from '../../model/connection.ts';
import { parseEntry } from '../entries.ts';
import type { Findings, Path } from '../findings.ts';
import type { Configured, Reference } from '../tenant-file.ts';
import { unsupportedKeys } from '../unsupported-keys.ts';
import { unusedOf } from '../unused.ts';
import {
  type ConnectionEntry,
  databaseEntrySchema,
  passwordlessEntrySchema,
  upstreamEntrySchema,
} from './entries.ts';
import { judgeDatabaseOptions } from './judge.ts';
import { usualOptions } from './options.ts';
import { type OptionSecrets, splitSecrets } from './secrets.ts';

type Given<Any> = Any extends Connection ? Omit<Any, 'id' | 'created_at' | 'updated_at'> : never;
export type ConnectionSettings = Given<Connection>;
export type DatabaseSettings = Given<DatabaseConnection>;

export interface ConfiguredConnection extends Configured<ConnectionSettings> {
  /** Of its options. */
  secrets: OptionSecrets;
  enabled_clients: Reference[];
}

/** `isNew`: what it leaves out is given it; else it stays left out. */
export function resolveConnection(
  entry: ConnectionEntry,
  path: Path,
  findings: Findings,
  { isNew }: { isNew: boolean },
): Pick<ConfiguredConnection, 'settings' | 'secrets'> {
  const given = { ...(isNew ? usualOptions(entry.strategy, entry.options) : {}), ...entry.options };
  const { options, secrets } = splitSecrets(given);
  if (entry.strategy === 'auth0') {
    const problem = judgeDatabaseOptions(options);
    if (problem !== undefined) findings.problem([...path, 'options'], problem);
  }
  const metadata = Object.entries(entry.metadata ?? {}).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, value]],
  );
  const settings = {
    name: entry.name,
    display_name: entry.display_name ?? (isNew && isNamedByItself(entry) ? entry.name : null),
    is_domain_connection: entry.is_domain_connection ?? false,
    realms: entry.realms === undefined || entry.realms.length === 0 ? [entry.name] : entry.realms,
    metadata: Object.fromEntries(metadata),
    authentication: entry.authentication ?? null,
    unused: unusedOf(databaseEntrySchema.omit({ options: true }), entry),
  };
  return { settings: ofStrategy(entry, settings, options), secrets };
}

/** As recorded: of these, what people read is the name where nobody gives another. */
function isNamedByItself({ strategy }: ConnectionEntry): boolean {
  return strategy === 'okta' || strategy === 'waad';
}

/** The options were parsed as those of this strategy. */
function ofStrategy(
  { strategy }: ConnectionEntry,
  settings: Omit<ConnectionSettings, 'strategy' | 'options'>,
  options: Record<string, unknown>,
): ConnectionSettings {
  return { ...settings, strategy, options } as ConnectionSettings;
}

const otherEntrySchema = z.looseObject({ name: z.string(), strategy: z.string() });

/** One of the section `databases`. Undefined if it has a problem. */
export function parseDatabase(
  value: unknown,
  path: Path,
  findings: Findings,
): ConfiguredConnection | undefined {
  const entry = parseEntry(databaseEntrySchema, value, path, unsupportedKeys, findings);
  return entry && configured(entry, path, findings);
}

/** One of the section `connections`, which is of every strategy but databases. */
export function parseConnection(
  value: unknown,
  path: Path,
  findings: Findings,
): ConfiguredConnection | undefined {
  const named = parseEntry(otherEntrySchema, value, path, unsupportedKeys, findings);
  if (named === undefined) return undefined;
  const { strategy } = named;
  if (strategy === 'auth0') {
    findings.problem(path, 'is a database: write it under databases');
    return undefined;
  }
  if (strategy === 'email' || strategy === 'sms') {
    const entry = parseEntry(passwordlessEntrySchema, value, path, unsupportedKeys, findings);
    return entry && configured(entry, path, findings);
  }
  const entry = parseEntry(upstreamEntrySchema, value, path, unsupportedKeys, findings);
  if (entry === undefined) return undefined;
  findings.warn(
    [...path, 'strategy'],
    `${strategy} is not supported yet: the connection is kept, and nobody logs in by it`,
  );
  return configured(entry, path, findings);
}

function configured(entry: ConnectionEntry, path: Path, findings: Findings): ConfiguredConnection {
  const enabled_clients = (entry.enabled_clients ?? []).map((name, index) => ({
    name,
    path: [...path, 'enabled_clients', index],
  }));
  return { path, enabled_clients, ...resolveConnection(entry, path, findings, { isNew: true }) };
}
