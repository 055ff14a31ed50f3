// Making, changing and deleting connections. A change replaces `options` whole; secrets that it leaves out stay, for who
// may not read them would lose them otherwise.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type ConnectionSettings, resolveConnection } from '../../configuration/connections/connections.ts';
import { entrySchemaOf } from '../../configuration/connections/entries.ts';
import { joinSecrets, keptSecrets, type OptionSecrets } from '../../configuration/connections/secrets.ts';
import { deleteUsersOf } from '../../login/connection-deletion.ts';
import {
  type Connection,
  isDatabase,
  isPasswordless,
  passwordlessOptionsSchema,
} from '../../model/connection.ts';
import { databaseOptionsSchema } from '../../model/database-options.ts';
import { systemAudience } from '../../model/resource-server.ts';
import { assertMayChangeUser, assertOwnerRemains } from '../administration.ts';
import { assertFreshLogin } from '../authorization.ts';
import { judged } from '../judgement.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, route } from '../route.ts';
import { invalidBody, parsed, payload } from '../validation.ts';
import { isoTime } from '../wire.ts';
import { findMissingClient } from './enabled-clients.ts';
import { assertNameFree, assertRealmsFree, existingConnection, judgeChange, judgeEntry } from './judge.ts';
import { connectionParams, tellOne } from './read-connections.ts';
import { changedConnectionBody, connectionAnswer, newConnectionBody } from './wire.ts';

export const createConnection = route({
  method: 'POST',
  path: '/connections',
  summary: 'Create a connection',
  scopes: ['create:connections'],
  body: newConnectionBody,
  status: 201,
  response: connectionAnswer,
  async answer({ body, ...asking }, stores, ports) {
    // Two that take a name at once would both find it free.
    await stores.tenant.lock();
    const entry = parsed(entrySchemaOf(body.strategy), body, payload);
    judgeEntry(entry);
    await assertNameFree(entry.name, stores);
    const resolved = await judged((findings) => resolveConnection(entry, [], findings, { isNew: true }));
    const now = ports.clock.now();
    const id = ports.random.id('con');
    const made = await put({ ...resolved.settings, id, created_at: now, updated_at: now }, stores);
    await stores.connections.setSecrets(id, resolved.secrets);
    await setClients(made, body.enabled_clients, stores);
    return tellOne(made, asking, stores, ports);
  },
});

export const updateConnection = route({
  method: 'PATCH',
  path: '/connections/{id}',
  summary: 'Update a connection',
  scopes: ['update:connections'],
  params: connectionParams,
  body: changedConnectionBody,
  status: 200,
  response: connectionAnswer,
  async answer({ params: { id }, body, ...asking }, stores, ports) {
    await stores.tenant.lock();
    const stored = await existingConnection(id, stores);
    const { enabled_clients, options, ...members } = body;
    const secrets = await stores.connections.findSecrets(id);
    const written = { ...entryOf(stored, secrets), ...members, ...(options ? { options } : {}) };
    const entry = parsed(entrySchemaOf(stored.strategy), written, payload);
    await judgeChange(stored, entry, stores);
    if (options && changesTrust(stored, options, secrets)) assertFreshLogin(asking.caller, ports);
    // Where nobody logs in any more, nobody who administers does.
    if (entry.authentication?.active === false && stored.authentication?.active !== false)
      await assertMayDeleteUsers(id, asking.caller, stores, ports);
    const resolved = await judged((findings) => resolveConnection(entry, [], findings, { isNew: false }));
    const { created_at } = stored;
    const changed = await put(
      { ...resolved.settings, id, created_at, updated_at: ports.clock.now() },
      stores,
    );
    if (options) {
      const kept = keptSecrets(entry.options, secrets);
      await stores.connections.setSecrets(id, { ...kept, ...resolved.secrets });
    }
    await setClients(changed, enabled_clients ?? undefined, stores);
    return tellOne(changed, asking, stores, ports);
  },
});

/** Answered at once; its users are deleted in steps (login/connection-deletion.ts), and nobody logs in by it meanwhile. */
export const deleteConnection = route({
  method: 'DELETE',
  path: '/connections/{id}',
  summary: 'Delete a connection',
  scopes: ['delete:connections'],
  params: connectionParams,
  status: 202,
  absent: 204,
  response: z.object({ deleted_at: z.string() }).nullable(),
  async answer({ params: { id }, caller }, stores, ports) {
    await stores.tenant.lock();
    const connection = await stores.connections.find(id);
    // What is there no more was deleted already.
    if (connection === undefined) return null;
    await assertMayDeleteUsers(id, caller, stores, ports);
    const now = ports.clock.now();
    await stores.connections.beginDeletion(id, now);
    await deleteUsersOf(id, caller.requester, stores, ports);
    return { deleted_at: isoTime(now) };
  },
});

/** Administrators among them are deleted as each of them would be. Throws ManagementError 400, 403. */
async function assertMayDeleteUsers(
  connection_id: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const audience = systemAudience(ports.issuer);
  const administrators = await stores.connectionUsers.listWithPermissionAt(connection_id, audience);
  if (administrators.length > 0) assertFreshLogin(caller, ports);
  for (const user_id of administrators) await assertMayChangeUser(caller, user_id, stores, ports);
  await assertOwnerRemains(administrators, stores);
}

/** As it would be written: a change replaces members of this. */
function entryOf(
  { name, strategy, unused, ...connection }: Connection,
  secrets: OptionSecrets,
): Record<string, unknown> {
  const options = joinSecrets(connection.options, secrets);
  const { display_name, is_domain_connection, realms, metadata, authentication } = connection;
  const members = { name, strategy, options, display_name, is_domain_connection, realms, metadata };
  return { ...members, ...(authentication ? { authentication } : {}), ...unused };
}

/**
 * Whom the server believes, where it sends what it knows, and by what it proves itself there: whatever stands in the
 * options of another provider or gateway, for nobody knows them all. Of our own, what is secret, or has no effect here.
 */
function changesTrust(stored: Connection, options: Record<string, unknown>, secrets: OptionSecrets): boolean {
  const before = joinSecrets(stored.options, secrets);
  const after = joinSecrets(options, keptSecrets(options, secrets));
  const harmless = Object.keys(ownOptions(stored));
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => !harmless.includes(name) && !isDeepStrictEqual(before[name], after[name]));
}

function ownOptions(connection: Connection): object {
  if (isDatabase(connection)) return databaseOptionsSchema.shape;
  return isPasswordless(connection) ? passwordlessOptionsSchema.shape : {};
}

async function put(
  connection: Connection | (ConnectionSettings & Pick<Connection, 'id' | 'created_at' | 'updated_at'>),
  stores: ManagementStores,
): Promise<Connection> {
  await assertRealmsFree(connection, stores);
  await stores.connections.upsert(connection);
  return connection;
}

/** CX-1: a domain-level connection is for every third-party client, whichever are named. Throws ManagementError 400. */
async function setClients(
  { id, is_domain_connection }: Connection,
  client_ids: string[] | undefined,
  stores: ManagementStores,
): Promise<void> {
  if (client_ids !== undefined) {
    const missing = await findMissingClient(client_ids, stores);
    if (missing !== undefined) throw invalidBody('The client does not exist', ['enabled_clients']);
    await stores.connections.replaceClients(id, client_ids);
  }
  await stores.connections.setThirdParties(id, is_domain_connection);
}
