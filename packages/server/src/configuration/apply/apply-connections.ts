// Applying the tenant file's connections with the clients they are enabled for.
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../../model/client.ts';
import {
  type Connection,
  type DatabaseConnection,
  defaultDatabaseName,
  isDatabase,
} from '../../model/connection.ts';
import type { ConfiguredConnection, DatabaseSettings, PasswordlessSettings } from '../connections.ts';
import type { ConfigurationStores } from '../ports.ts';
import type { TenantFile } from '../tenant-file.ts';
import type { ClientNames } from './apply-clients.ts';
import type { Applying } from './applying.ts';

const defaultDatabase: DatabaseSettings = {
  name: defaultDatabaseName,
  display_name: null,
  strategy: 'auth0',
  options: {
    passwordPolicy: 'good',
    disable_signup: false,
    requires_username: false,
    brute_force_protection: true,
  },
  // Where the file names no database, one is for all clients: for those that will register themselves, too.
  is_domain_connection: true,
};

/** Where users are imported to, and where the administrator is made. */
export async function findDefaultDatabase(
  stores: ConfigurationStores,
): Promise<DatabaseConnection | undefined> {
  const directory = (await stores.tenant.get())?.default_directory ?? '';
  const databases = (await stores.connections.list()).filter(isDatabase);
  const named = (name: string) => databases.find((connection) => connection.name === name);
  return named(directory) ?? named(defaultDatabaseName) ?? databases[0];
}

/** AZ-25: each database is enabled for exactly the clients it names; without any in the file, one is for all. */
export async function applyDatabases(
  file: TenantFile,
  names: ClientNames,
  applying: Applying,
): Promise<void> {
  const { stores } = applying;
  const clients = await stores.clients.list();
  if (file.databases === undefined) {
    const stored = await stores.connections.findByName(defaultDatabaseName);
    const { id } = stored ?? (await applyConnection(defaultDatabase, applying));
    await enable(
      id,
      clients.map(({ client_id }) => client_id),
      stores,
    );
    return;
  }
  const applied: { id: string; enabled: string[] }[] = [];
  for (const database of file.databases) {
    const { id } = await applyConnection(database.settings, applying);
    applied.push({ id, enabled: enabledClients(database, clients, names) });
  }
  // The server's own clients stand in no file; people sign in to them all the same.
  const own = clients.filter((client) => client.is_system).map(({ client_id }) => client_id);
  const theDefault = await findDefaultDatabase(stores);
  for (const { id, enabled } of applied) {
    await enable(id, id === theDefault?.id ? [...own, ...enabled] : enabled, stores);
  }
}

/** Each is enabled for exactly the clients it names. */
export async function applyPasswordless(
  { passwordless }: TenantFile,
  names: ClientNames,
  applying: Applying,
): Promise<void> {
  const clients = await applying.stores.clients.list();
  for (const connection of passwordless) {
    const { id } = await applyConnection(connection.settings, applying);
    await enable(id, enabledClients(connection, clients, names), applying.stores);
  }
}

/** CX-1: a domain-level connection is for every third-party client, those that registered themselves among them. */
function enabledClients(
  { settings, enabled_clients }: ConfiguredConnection<DatabaseSettings | PasswordlessSettings>,
  clients: Client[],
  names: ClientNames,
): string[] {
  const thirdParty = clients.filter((client) => !client.is_first_party).map(({ client_id }) => client_id);
  const named = enabled_clients.flatMap((reference) => names.find(reference) ?? []);
  return settings.is_domain_connection ? [...thirdParty, ...named] : named;
}

async function applyConnection(
  settings: DatabaseSettings | PasswordlessSettings,
  { stores, random, now }: Applying,
): Promise<Connection> {
  const stored = await stores.connections.findByName(settings.name);
  const { id, created_at, updated_at } = stored ?? {
    id: random.id('con'),
    created_at: now,
    updated_at: now,
  };
  const wanted: Connection = { ...settings, id, created_at, updated_at };
  if (!isDeepStrictEqual(stored, wanted)) await stores.connections.upsert({ ...wanted, updated_at: now });
  return wanted;
}

async function enable(
  connection_id: string,
  client_ids: string[],
  stores: ConfigurationStores,
): Promise<void> {
  const wanted = [...new Set(client_ids)].sort();
  const enabled = (await stores.connections.listClients(connection_id)).sort();
  if (!isDeepStrictEqual(enabled, wanted)) await stores.connections.setClients(connection_id, wanted);
}
