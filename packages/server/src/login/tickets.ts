// Links in mails: a secret that is good once, for one purpose, for the one who reads the mail (contract EM-2).
import type { Requester } from '../model/events.ts';
import { type MailTemplate, type Message, newMessage } from '../model/message.ts';
import type { Identity, User } from '../model/user.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores, Ticket, TicketPurpose } from './ports.ts';

/** EM-2, in seconds. */
export const ticketLifetime = 432_000;

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
  /** Its e-mail address is what the ticket is for. */
  identity: Identity & { email: string };
  client: Pick<Message, 'client_id' | 'client_name'>;
  organization_id?: string | undefined;
  requester: Requester;
}

export type TicketTerms = Pick<Ticket, 'mark_email_as_verified' | 'result_url' | 'organization_id'> & {
  /** Seconds. */
  lifetime: number;
};

/** Who opens a mailed link has read the mail. */
const mailedTerms = { lifetime: ticketLifetime, mark_email_as_verified: true, result_url: null };

/** Has the mail sent, if this transaction commits; an earlier link for this purpose is good no more. */
export async function sendTicket(
  purpose: TicketPurpose,
  recipient: TicketRecipient,
  stores: Pick<LoginStores, 'tickets' | 'deliveries'>,
  now: number,
  ports: TicketPorts,
): Promise<void> {
  const { identity, client, organization_id = null, requester } = recipient;
  const terms: TicketTerms = { ...mailedTerms, organization_id };
  const mail = newMessage(
    {
      template: templates[purpose],
      to: identity.email,
      url: await issueTicket(purpose, recipient, terms, stores, now, ports),
      lifetime: ticketLifetime,
      client_id: client.client_id,
      client_name: client.client_name,
      connection: identity.connection,
      connection_id: identity.connection_id,
      user_id: identity.owner,
    },
    requester,
    { now, random: ports.random },
  );
  await stores.deliveries.add(mail);
}

/** The link, which is good if this transaction commits; an earlier one for this purpose is good no more. */
export async function issueTicket(
  purpose: TicketPurpose,
  { identity, client }: Omit<TicketRecipient, 'requester'>,
  { lifetime, ...terms }: TicketTerms,
  { tickets }: Pick<LoginStores, 'tickets'>,
  now: number,
  { random, issuer }: TicketPorts,
): Promise<string> {
  const ticket = random.token();
  await tickets.deleteAllOf(identity.owner, purpose);
  await tickets.insert({
    hash: sha256(ticket),
    purpose,
    user_id: identity.owner,
    email: identity.email,
    connection_id: identity.connection_id,
    identity_user_id: identity.user_id,
    client_id: client.client_id ?? null,
    ...terms,
    expires_at: now + lifetime,
    used_at: null,
  });
  return `${issuer.slice(0, -1)}${ticketPaths[purpose]}?ticket=${ticket}`;
}

/** The identity that the ticket is for, in the caller's transaction; undefined if meanwhile it is another's or has another address. */
export async function lockTicketIdentity(
  { user_id, email, connection_id, identity_user_id }: Ticket,
  { users, identities }: Pick<LoginStores, 'users' | 'identities'>,
): Promise<{ user: User; identity: Identity } | undefined> {
  const user = await users.lock(user_id);
  const identity = user && (await identities.find({ connection_id, user_id: identity_user_id }));
  if (user === undefined || identity?.owner !== user_id || identity.email !== email) return undefined;
  return { user, identity };
}

export function hasEmail(identity: Identity | undefined): identity is Identity & { email: string } {
  return identity !== undefined && identity.email !== null;
}
