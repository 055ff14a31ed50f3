// What a connection may be, beside what its schema says: each refusal in Auth0's words (contract §3.4).
import type { ConnectionEntry } from '../../configuration/connections/entries.ts';
import { judgeDatabaseOptions } from '../../configuration/connections/judge.ts';
import type { Connection } from '../../model/connection.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementStores } from '../ports.ts';

/** Throws ManagementError 400. */
export function judgeEntry(entry: ConnectionEntry): void {
  const { strategy, cross_app_access_requesting_app } = entry;
  if (cross_app_access_requesting_app !== undefined && strategy !== 'oidc' && strategy !== 'okta') {
    const message = 'Cross App Access Requesting App is not supported for this connection.';
    throw new ManagementError(400, message, 'operation_not_supported');
  }
  if (entry.strategy !== 'auth0') return;
  const problem = judgeDatabaseOptions(entry.options);
  if (problem !== undefined) throw new ManagementError(400, problem, 'invalid_body');
}

/** Throws ManagementError 400. */
export async function judgeChange(
  stored: Connection,
  entry: ConnectionEntry,
  stores: Pick<ManagementStores, 'connectionUsers'>,
): Promise<void> {
  if (stored.strategy === 'auth0' && entry.strategy === 'auth0') {
    const wasUnique = stored.options.attributes?.email?.unique !== false;
    if (wasUnique && entry.options.attributes?.email?.unique === false)
      throw new ManagementError(400, 'cannot add non-unique email attribute', 'invalid_body');
  }
  judgeEntry(entry);
  await judgeCustomization(stored, entry, stores);
}

/** Whose users are elsewhere is not for those to say whose users are here. Throws ManagementError 400. */
async function judgeCustomization(
  stored: Connection,
  entry: ConnectionEntry,
  { connectionUsers }: Pick<ManagementStores, 'connectionUsers'>,
): Promise<void> {
  if (stored.strategy !== 'auth0' || entry.strategy !== 'auth0') return;
  const isCustom = entry.options.enabledDatabaseCustomization === true;
  const wasCustom = stored.options.enabledDatabaseCustomization === true;
  if (isCustom !== wasCustom && (await connectionUsers.has(stored.id))) {
    const message =
      'This database contains users. You cannot change "options.enabledDatabaseCustomization" setting.';
    throw new ManagementError(400, message, 'invalid_body');
  }
}

/** Throws ManagementError 409. */
export async function assertNameFree(
  name: string,
  { connections }: Pick<ManagementStores, 'connections'>,
): Promise<void> {
  if ((await connections.findByName(name)) !== undefined)
    throw new ManagementError(409, 'A connection with the same name already exists', 'conflict');
  if (await connections.isBeingDeleted(name)) {
    const message = 'A connection with the same name is being deleted, try again later';
    throw new ManagementError(409, message, 'conflict');
  }
}

/** Throws ManagementError 409. */
export async function assertRealmsFree(
  { id, realms }: Pick<Connection, 'id' | 'realms'>,
  { connections }: Pick<ManagementStores, 'connections'>,
): Promise<void> {
  for (const realm of realms) {
    const owner = await connections.findIdByRealm(realm);
    if (owner === undefined || owner === id) continue;
    const message = 'There is already another connection with some realms from "realms" parameter';
    throw new ManagementError(409, message, 'conflict');
  }
}

/** Throws ManagementError 404. */
export async function existingConnection(
  id: string,
  { connections }: Pick<ManagementStores, 'connections'>,
): Promise<Connection> {
  const connection = await connections.find(id);
  if (connection === undefined)
    throw new ManagementError(404, 'The connection does not exist', 'inexistent_connection');
  return connection;
}
