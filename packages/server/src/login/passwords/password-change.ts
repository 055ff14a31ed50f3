// Another password, by a link in a mail (contract CP-*, EM-2, EM-4): the request, what comes of it, and the change.
// Nothing but the mailed secret changes a password, and nothing that is answered tells whether there is a user.
import { type DatabaseConnection, isDatabase } from '../../model/connection.ts';
import { type DeliveryKind, type DeliveryOutcome, newDelivery } from '../../model/delivery.ts';
import { aboutConnection, type LogEvent, type Requester } from '../../model/events.ts';
import {
  type PasswordChangeRequest,
  passwordChangeDelivery,
  passwordChangeRequestSchema,
} from '../../model/password-change-request.ts';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { type Identity, isEmail, normalizedEmail } from '../../model/user.ts';
import { sha256 } from '../../runtime/cryptography/hash.ts';
import type { LoginStores, Ticket } from '../ports.ts';
import type { MessageLimits } from '../protection/message-limits.ts';
import { endSessionsOf } from '../sessions.ts';
import { hasEmail, lockTicketIdentity, sendTicket, type TicketPorts } from '../tickets.ts';
import { hashUnlessUsedBefore } from './password-history.ts';
import { findPasswordProblems, type PasswordProblem } from './password-policy.ts';
import type { PasswordProofPorts } from './password-proof.ts';

export interface PasswordChangePorts extends PasswordProofPorts, TicketPorts {
  messageLimits: MessageLimits;
}

/** False, and nothing happens, if the address was sent too many messages already. */
export async function requestPasswordChange(
  asked: PasswordChangeRequest,
  requester: Requester,
  { unitOfWork, clock, random, messageLimits }: PasswordChangePorts,
): Promise<boolean> {
  const now = clock.now();
  const content = { ...asked, email: normalizedEmail(asked.email) };
  return unitOfWork.transaction(async ({ messageCounts, deliveries, log }) => {
    if (!(await messageLimits.count(content.email, requester.ip, now, messageCounts))) {
      await log.write(
        { ...eventOf(asked), type: 'fcpr', description: 'Too many messages to this address' },
        requester,
      );
      return false;
    }
    const delivery = newDelivery({ kind: passwordChangeDelivery, content, requester }, { now, random });
    await deliveries.add(delivery);
    return true;
  });
}

/** Looks for the user and has the mail sent, after the answer. */
export function passwordChangeKind(ports: PasswordChangePorts): DeliveryKind {
  return {
    kind: passwordChangeDelivery,
    retries: [10, 60],
    async attempt({ content, requester }): Promise<DeliveryOutcome> {
      const asked = passwordChangeRequestSchema.parse(content);
      return ports.unitOfWork.transaction(async (stores): Promise<DeliveryOutcome> => {
        const connection = await stores.connections.findByName(asked.connection);
        const found = connection && (await stores.users.findByIdentifier(connection.id, asked.email));
        const event = { ...eventOf(asked), connection_id: connection?.id };
        const identity = found?.identity;
        if (
          connection === undefined ||
          !isDatabase(connection) ||
          found === undefined ||
          !hasEmail(identity) ||
          identity.email !== asked.email
        ) {
          const refusal: LogEvent = { ...event, type: 'fcpr', description: 'The user does not exist' };
          return { outcome: 'refused', event: refusal };
        }
        const recipient = { identity, client: asked, requester };
        await sendTicket('password_change', recipient, stores, ports.clock.now(), ports);
        return { outcome: 'sent', event: { ...event, type: 'scpr', user_id: found.user.user_id } };
      });
    },
  };
}

export interface OpenTicket {
  ticket: Ticket;
  connection: DatabaseConnection;
}

/** The ticket behind the link, with the connection whose policy the password has to meet; it stays unused. */
export async function findPasswordTicket(
  ticket: string | undefined,
  { unitOfWork, clock }: PasswordChangePorts,
): Promise<OpenTicket | undefined> {
  if (ticket === undefined) return undefined;
  const { tickets, connections } = unitOfWork.read;
  const found = await tickets.find(sha256(ticket), 'password_change', clock.now());
  if (found === undefined) return undefined;
  const connection = await connections.find(found.connection_id);
  return connection && isDatabase(connection) ? { ticket: found, connection } : undefined;
}

export type PasswordChange =
  | { outcome: 'changed' }
  | { outcome: 'refused'; problems: PasswordProblem[] }
  /** Meanwhile it was used, has expired, or the user has another address. */
  | { outcome: 'lost' };

/** Throws PasswordQueueFull where too many wait already. */
export async function changePassword(
  { ticket, connection }: OpenTicket,
  password: string,
  requester: Requester,
  ports: PasswordChangePorts,
): Promise<PasswordChange> {
  const { unitOfWork, clock } = ports;
  const event = eventOfTicket(ticket, connection);
  const asked = passwordRequirementsOf(connection.options);
  const owner = (await unitOfWork.read.users.find(ticket.user_id)) ?? {};
  const problems = findPasswordProblems(password, asked, owner);
  if (problems.length > 0) return refuseChange(problems, 'Password is too weak', event, requester, ports);
  const identity = { connection_id: connection.id, user_id: ticket.identity_user_id };
  const { history } = asked;
  const password_hash = await hashUnlessUsedBefore({ password, identity, history, ip: requester.ip }, ports);
  if (password_hash === undefined) {
    return refuseChange(['used_before'], 'Password has previously been used', event, requester, ports);
  }
  return unitOfWork.transaction(async (stores): Promise<PasswordChange> => {
    const now = clock.now();
    const redeemed = await stores.tickets.redeem(ticket.hash, 'password_change', now);
    const found = redeemed && (await lockTicketIdentity(redeemed, stores));
    if (found === undefined) {
      await stores.log.write({ ...event, type: 'fcp', description: 'The ticket is not valid' }, requester);
      return { outcome: 'lost' };
    }
    const { user, identity } = found;
    await stores.identities.changePassword(identity, password_hash, now, history);
    if (ticket.mark_email_as_verified) await stores.identities.verifyEmail(identity, ticket.email, now);
    // SE-5: of an older epoch they are dead already; the applications hear of it.
    await endSessionsOf(user.user_id, 'password-changed', requester, stores, ports);
    await unblockIdentifiers(identity, stores, ports);
    await stores.log.write({ ...event, type: 'scp' }, requester);
    return { outcome: 'changed' };
  });
}

async function refuseChange(
  problems: PasswordProblem[],
  description: string,
  event: Omit<LogEvent, 'type'>,
  requester: Requester,
  { unitOfWork }: Pick<PasswordChangePorts, 'unitOfWork'>,
): Promise<PasswordChange> {
  await unitOfWork.transaction(({ log }) => log.write({ ...event, type: 'fcp', description }, requester));
  return { outcome: 'refused', problems };
}

/** AP-3: lifts the blocks of whatever somebody may have typed for this identity. */
export async function unblockIdentifiers(
  { connection_id, email, username, phone_number }: Identity,
  { failedLogins }: Pick<LoginStores, 'failedLogins'>,
  { bruteForceProtection }: Pick<PasswordChangePorts, 'bruteForceProtection'>,
): Promise<void> {
  for (const identifier of [email, username, phone_number]) {
    if (identifier !== null) await bruteForceProtection.unblock({ identifier, connection_id }, failedLogins);
  }
}

function eventOf({ email, connection, client_id, client_name }: PasswordChangeRequest) {
  return { connection, client_id, client_name, user_name: isEmail(email) ? email : undefined };
}

function eventOfTicket({ user_id, email, client_id }: Ticket, connection: DatabaseConnection) {
  return {
    user_id,
    user_name: email,
    ...aboutConnection(connection),
    client_id: client_id ?? undefined,
  };
}
