// For which identity of which user a ticket, or a mail with one, is asked: the same of every route that asks.
import { z } from 'zod';
import { hasEmail } from '../../login/tickets.ts';
import type { Client } from '../../model/client.ts';
import { type Connection, strategies } from '../../model/connection.ts';
import { type Identity, isPrimary, type User } from '../../model/user.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import type { Caller } from '../route.ts';
import { getLockedUser, unsupported } from '../users/user-access.ts';
import { connectionIdField } from '../wire.ts';

/** A linked identity, or one of a connection that is not meant unless it is named. */
export const identityField = z.strictObject({
  user_id: z.string().min(1).max(512),
  provider: z.enum(strategies),
  connection_id: connectionIdField.optional(),
});
type NamedIdentity = z.infer<typeof identityField>;

export interface TicketIdentity {
  user: User;
  identity: Identity & { email: string };
}

/**
 * `takes`: the strategies whose users it is for; without `named`, databases alone. Throws ManagementError 400, 403, 404.
 */
export async function getTicketIdentity(
  {
    user_id,
    named,
    takes,
  }: { user_id: string; named: NamedIdentity | undefined; takes: Connection['strategy'][] },
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<TicketIdentity> {
  const user = await getLockedUser(user_id, caller, stores, ports);
  const identities = await stores.users.listIdentities(user_id);
  const identity = identities.find((each) => (named === undefined ? isPrimary(each) : isMeant(each, named)));
  if (identity === undefined) throw refused('The user exists, but does not contain the given identity.');
  const connection = await stores.connections.find(identity.connection_id);
  if (connection === undefined) throw refused('Identity connection does not exist.');
  if (!(named === undefined ? ['auth0'] : takes).includes(connection.strategy))
    throw unsupported("The user's main connection does not support this operation.");
  if (!hasEmail(identity)) throw refused('The user does not have an email address.');
  return { user, identity };
}

function isMeant(identity: Identity, { provider, user_id, connection_id }: NamedIdentity): boolean {
  return (
    identity.provider === provider &&
    [identity.user_id, `${provider}|${identity.user_id}`].includes(user_id) &&
    (connection_id === undefined || identity.connection_id === connection_id)
  );
}

/**
 * The application of the ticket, if it has one. Throws ManagementError 400 where there is no such application, and where
 * the user is no member of the organization.
 */
export async function findTicketClient(
  { client_id, organization_id }: { client_id?: string | undefined; organization_id?: string | undefined },
  { user_id }: Pick<User, 'user_id'>,
  { clients, organizations, organizationMembers }: ManagementStores,
): Promise<Client | undefined> {
  const client = client_id === undefined ? undefined : await clients.find(client_id);
  if (client_id !== undefined && client === undefined)
    throw new ManagementError(400, 'The client does not exist', 'inexistent_client');
  if (organization_id === undefined) return client;
  if ((await organizations.find(organization_id)) === undefined)
    throw refused('The organization does not exist');
  if (!(await organizationMembers.isMember(organization_id, user_id)))
    throw refused(`The user with id ${user_id} is not a member of organization with id ${organization_id}.`);
  return client;
}

function refused(message: string): ManagementError {
  return new ManagementError(400, message, 'invalid_body');
}
