// The mail by which a person shows that an address is theirs, as an administrator has it sent.

import { sendTicket } from '../../login/tickets.ts';
import { nameInMails } from '../../model/client.ts';
import { aboutClient, aboutUser, type Requester } from '../../model/events.ts';
import type { Identity, User } from '../../model/user.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';

/** `client_id`: the application that the mail names; without it the tenant stands there. */
export async function sendVerificationEmail(
  {
    user,
    identity,
    client_id,
  }: { user: User; identity: Identity & { email: string }; client_id: string | undefined },
  requester: Requester,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const client = client_id === undefined ? undefined : await stores.clients.find(client_id);
  const named = client === undefined ? {} : { ...aboutClient(client), client_name: nameInMails(client) };
  const recipient = { identity, client: named, requester };
  await sendTicket('email_verification', recipient, stores, ports.clock.now(), ports);
  const { connection, connection_id } = identity;
  await stores.log.write(
    { type: 'svr', ...aboutUser(user), ...aboutClient(client), connection, connection_id },
    requester,
  );
}
