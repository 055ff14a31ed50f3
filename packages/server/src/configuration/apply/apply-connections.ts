// Applying the tenant file's connections with the clients they are enabled for.
import { isDeepStrictEqual } from 'node:util';
import type { Client } from '../../model/client.ts';
import { type DatabaseConnection, defaultDatabaseName, isDatabase } from '../../model/connection.ts';
import { type ConfiguredConnection, resolveConnection } from '../connections/connections.ts';
import { keptSecrets } from '../connections/secrets.ts';
import { Findings } from '../findings.ts';
import type { ConfigurationStores } from '../ports.ts';
import type { TenantFile } from '../tenant-file.ts';
import type { ClientNames } from './apply-clients.ts';
import type { Applying } from './applying.ts';

/** Where users are imported to, and where the administrator is made. */
export async function findDefaultDatabase(
  stores: ConfigurationStores,
): Promise<DatabaseConnection | undefined> {
  const directory = (await stores.tenant.get())?.default_directory ?? '';
  const databases = (await stores.connections.list()).filter((connection) => isDatabase(connection));
  const named = (name: string) => databases.find((connection) => connection.name === name);
  return named(directory) ?? named(defaultDatabaseName) ?? databases[0];
}

/** AZ-25: each database is enabled for exactly the clients it names; without any in the file, one is for all. */
export async function applyDatabases(
  file: TenantFile,
  names: ClientNames,
  made: readonly string[],
  applying: Applying,
): Promise<void> {
  const { stores } = applying;
  const clients = await stores.clients.list();
  if (file.databases === undefined) return ensureDatabase(clients, made, applying);
  const applied: { id: string; enabled: string[] }[] = [];
  for (const database of file.databases) {
    const id = await applyConnection(database, applying);
    if (id !== undefined) applied.push({ id, enabled: enabledClients(database, clients, names) });
  }
  // The server's own clients stand in no file; people sign in to them all the same.
  const own = clients.filter((client) => client.is_system).map(({ client_id }) => client_id);
  const theDefault = await findDefaultDatabase(stores);
  for (const { id, enabled } of applied) {
    await enable(id, id === theDefault?.id ? [...own, ...enabled] : enabled, stores);
  }
}

/** Where there is no database, one is made for all clients; later it is enabled for those that the file has made. */
async function ensureDatabase(clients: Client[], made: readonly string[], applying: Applying): Promise<void> {
  const { stores } = applying;
  const known = await findDefaultDatabase(stores);
  if (known !== undefined) {
    if (made.length > 0)
      await enable(known.id, [...(await stores.connections.listClients(known.id)), ...made], stores);
    return;
  }
  const entry = {
    name: defaultDatabaseName,
    strategy: 'auth0' as const,
    is_domain_connection: true,
    options: {},
  };
  const resolved = resolveConnection(entry, [], new Findings(''), { isNew: true });
  const id = await applyConnection({ ...resolved, path: [], enabled_clients: [] }, applying);
  if (id === undefined) return;
  await enable(
    id,
    clients.map(({ client_id }) => client_id),
    stores,
  );
}

/** Each is enabled for exactly the clients it names. */
export async function applyConnections(
  { connections }: TenantFile,
  names: ClientNames,
  applying: Applying,
): Promise<void> {
  const clients = await applying.stores.clients.list();
  for (const connection of connections) {
    const id = await applyConnection(connection, applying);
    if (id !== undefined) await enable(id, enabledClients(connection, clients, names), applying.stores);
  }
}

/** CX-1: a domain-level connection is for every third-party client, those that registered themselves among them. */
function enabledClients(
  { settings, enabled_clients }: ConfiguredConnection,
  clients: Client[],
  names: ClientNames,
): string[] {
  const thirdParty = clients.filter((client) => !client.is_first_party).map(({ client_id }) => client_id);
  const named = enabled_clients.flatMap((reference) => names.find(reference) ?? []);
  return settings.is_domain_connection ? [...thirdParty, ...named] : named;
}

/** Its id; undefined, and nothing changed, if it does not go together with what is stored. */
async function applyConnection(
  { settings, secrets, path }: ConfiguredConnection,
  { stores, findings, random, now }: Applying,
): Promise<string | undefined> {
  const { connections } = stores;
  const stored = await connections.findByName(settings.name);
  const found = findings.problems.length;
  const { id, created_at, updated_at } = stored ?? { id: random.id('con'), created_at: now, updated_at: now };
  if (stored === undefined && (await connections.isBeingDeleted(settings.name)))
    findings.problem([...path, 'name'], 'is being deleted: start again when its users are gone');
  if (stored !== undefined && stored.strategy !== settings.strategy)
    findings.problem([...path, 'strategy'], `is ${stored.strategy} since it was made: choose another name`);
  for (const [index, realm] of settings.realms.entries()) {
    const owner = await connections.findIdByRealm(realm);
    if (owner !== undefined && owner !== id)
      findings.problem([...path, 'realms', index], 'leads to another connection: each realm leads to one');
  }
  if (findings.problems.length > found) return undefined;
  const wanted = { ...settings, id, created_at, updated_at };
  if (!isDeepStrictEqual(stored, wanted)) await connections.upsert({ ...wanted, updated_at: now });
  const storedSecrets = await connections.findSecrets(id);
  const wantedSecrets = { ...keptSecrets(settings.options, storedSecrets), ...secrets };
  if (!isDeepStrictEqual(storedSecrets, wantedSecrets)) await connections.setSecrets(id, wantedSecrets);
  return id;
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
