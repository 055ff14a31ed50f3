// The mail by which a person shows that an address is theirs, as an administrator has it sent.
import { sendTicket } from '../../login/tickets.ts';
import { type Client, nameInMails } from '../../model/client.ts';
import { aboutClient, aboutUser, type Requester } from '../../model/events.ts';
import type { Identity, User } from '../../model/user.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';

interface Recipient {
  user: User;
  identity: Identity & { email: string };
  /** The application that the mail names; without it the tenant stands there. */
  client?: Client | undefined;
  organization_id?: string | undefined;
}

export async function sendVerificationEmail(
  { user, identity, client, organization_id }: Recipient,
  requester: Requester,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const named = client === undefined ? {} : { ...aboutClient(client), client_name: nameInMails(client) };
  const recipient = { identity, client: named, organization_id, requester };
  await sendTicket('email_verification', recipient, stores, ports.clock.now(), ports);
  const { connection, connection_id } = identity;
  await stores.log.write(
    { type: 'svr', ...aboutUser(user), ...aboutClient(client), connection, connection_id },
    requester,
  );
}
