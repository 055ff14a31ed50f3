// An e-mail address is verified by whoever opens the mail that went there (contract EM-3).
import type { Requester } from '../model/events.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { LoginStores, Ticket } from './ports.ts';
import { lockTicketIdentity } from './tickets.ts';

export interface VerificationPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  clock: Clock;
}

/** The ticket behind the link; it stays unused, because mail scanners open links too. */
export async function findVerificationTicket(
  ticket: string | undefined,
  { unitOfWork, clock }: VerificationPorts,
): Promise<Ticket | undefined> {
  if (ticket === undefined) return undefined;
  return unitOfWork.read.tickets.find(sha256(ticket), 'email_verification', clock.now());
}

/** False if meanwhile it was used, has expired, or the user has another address. */
export async function verifyEmail(
  { hash, user_id, email, connection_id, client_id }: Ticket,
  requester: Requester,
  { unitOfWork, clock }: VerificationPorts,
): Promise<boolean> {
  const now = clock.now();
  const event = { user_id, user_name: email, connection_id, client_id: client_id ?? undefined };
  return unitOfWork.transaction(async ({ tickets, users, identities, log }) => {
    const redeemed = await tickets.redeem(hash, 'email_verification', now);
    const found = redeemed && (await lockTicketIdentity(redeemed, { users, identities }));
    const isVerified = found !== undefined && (await identities.verifyEmail(found.identity, email, now));
    if (isVerified) await log.write({ ...event, type: 'sv' }, requester);
    else await log.write({ ...event, type: 'fv', description: 'The ticket is not valid' }, requester);
    return isVerified;
  });
}
