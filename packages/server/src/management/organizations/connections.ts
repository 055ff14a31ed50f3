// The connections that an organization lets people in by (OR-3), under two names: `connections`, which tells of each
// whether it is enabled, and the older `enabled_connections`, which knows those alone. One table stands behind both.
import { z } from 'zod';
import {
  type OrganizationConnectionEntry,
  organizationConnectionProblem,
  resolveOrganizationConnection,
} from '../../configuration/organizations.ts';
import type { Connection } from '../../model/connection.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementStores } from '../ports.ts';
import { present } from '../wire.ts';
import type { JoinedConnection } from './ports.ts';

export const enabledConnectionAnswer = z.object({
  connection_id: z.string(),
  assign_membership_on_login: z.boolean(),
  show_as_button: z.boolean(),
  is_signup_enabled: z.boolean().optional(),
  connection: z.object({ name: z.string(), strategy: z.string() }),
});

export const connectionAnswer = enabledConnectionAnswer.extend({
  organization_connection_name: z.string().optional(),
  is_enabled: z.boolean(),
  organization_access_level: z.unknown().optional(),
});

/** Only databases have sign-ups. */
export function enabledConnectionOnWire(joined: JoinedConnection): z.input<typeof enabledConnectionAnswer> {
  const { connection_id, assign_membership_on_login, show_as_button, is_signup_enabled, connection } = joined;
  return {
    connection_id,
    assign_membership_on_login,
    show_as_button,
    ...(connection.strategy === 'auth0' ? { is_signup_enabled } : {}),
    connection,
  };
}

export function connectionOnWire(joined: JoinedConnection): z.input<typeof connectionAnswer> {
  const { organization_connection_name, is_enabled, unused } = joined;
  return {
    ...enabledConnectionOnWire(joined),
    ...present({ organization_connection_name }),
    is_enabled,
    organization_access_level: 'none',
    ...unused,
  };
}

/** Throws ManagementError 400 for what is no connection or does not go together, 409 where it is connected already. */
export async function connectOrganization(
  organization_id: string,
  connection_id: string,
  entry: OrganizationConnectionEntry,
  stores: ManagementStores,
): Promise<JoinedConnection> {
  const connection = await stores.connections.find(connection_id);
  if (connection === undefined)
    throw new ManagementError(400, 'The connection does not exist', 'inexistent_connection');
  if ((await stores.organizationConnections.find(organization_id, connection_id)) !== undefined)
    throw new ManagementError(409, 'The organization connection already exists.');
  return putConnection(organization_id, entry, connection, stores);
}

/** Throws ManagementError 404, and 400 for what does not go together. */
export async function changeConnection(
  organization_id: string,
  connection_id: string,
  entry: OrganizationConnectionEntry,
  stores: ManagementStores,
): Promise<JoinedConnection> {
  await stores.tenant.lock();
  const { unused, ...stored } = existingConnection(
    await stores.organizationConnections.find(organization_id, connection_id),
  );
  const connection = await stores.connections.find(connection_id);
  if (connection === undefined) throw inexistentConnection();
  return putConnection(organization_id, { ...stored, ...unused, ...entry }, connection, stores);
}

async function putConnection(
  organization_id: string,
  entry: OrganizationConnectionEntry,
  connection: Connection,
  { organizationConnections }: ManagementStores,
): Promise<JoinedConnection> {
  const settings = resolveOrganizationConnection(entry, connection.id);
  const problem = organizationConnectionProblem(settings, connection);
  if (problem !== undefined) throw new ManagementError(400, problem, 'invalid_body');
  const connected = { ...settings, organization_id };
  await organizationConnections.put(connected);
  return { ...connected, connection: { name: connection.name, strategy: connection.strategy } };
}

function inexistentConnection(): ManagementError {
  return new ManagementError(404, 'No connection found by that id');
}

export function existingConnection(connection: JoinedConnection | undefined): JoinedConnection {
  if (connection === undefined) throw inexistentConnection();
  return connection;
}
