// Links in mails: a secret that is good once, for one purpose, for the one who reads the mail (contract EM-2).
import type { Connection } from '../model/connection.ts';
import type { Requester } from '../model/events.ts';
import { type MailTemplate, type Message, newMessage } from '../model/message.ts';
import type { User } from '../model/user.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores, TicketPurpose } from './ports.ts';

/** EM-2, in seconds. */
const ticketLifetime = 432_000;

/** Where each kind of link leads, on this server. */
export const ticketPaths: Record<TicketPurpose, string> = {
  password_change: '/u/reset-password',
  email_verification: '/u/email-verification',
};

const templates: Record<TicketPurpose, MailTemplate> = {
  password_change: 'reset_email',
  email_verification: 'verify_email',
};

export interface TicketPorts {
  random: Random;
  issuer: string;
}

export interface TicketRecipient {
  user: User & { email: string };
  connection: Pick<Connection, 'id' | 'name'>;
  client: Pick<Message, 'client_id' | 'client_name'>;
  requester: Requester;
}

/** Has the mail sent, if this transaction commits; an earlier link for this purpose is good no more. */
export async function sendTicket(
  purpose: TicketPurpose,
  { user, connection, client, requester }: TicketRecipient,
  stores: LoginStores,
  now: number,
  { random, issuer }: TicketPorts,
): Promise<void> {
  const ticket = random.token();
  const { user_id, email } = user;
  await stores.tickets.deleteAllOf(user_id, purpose);
  await stores.tickets.insert({
    hash: sha256(ticket),
    purpose,
    user_id,
    email,
    connection_id: connection.id,
    client_id: client.client_id ?? null,
    expires_at: now + ticketLifetime,
    used_at: null,
  });
  const mail = newMessage(
    {
      template: templates[purpose],
      to: email,
      url: `${issuer.slice(0, -1)}${ticketPaths[purpose]}?ticket=${ticket}`,
      lifetime: ticketLifetime,
      client_id: client.client_id,
      client_name: client.client_name,
      connection: connection.name,
      connection_id: connection.id,
      user_id,
    },
    requester,
    { now, random },
  );
  await stores.deliveries.add(mail);
}

export function hasEmail(user: User | undefined): user is User & { email: string } {
  return user !== undefined && user.email !== null;
}
