// What a person decides about a request, recorded on its login transaction (contract LT-2, CN-1, CN-7, CB-13).
import { aboutClient, aboutUser, type LogEvent, type Requester } from '../model/events.ts';
import type { User } from '../model/user.ts';
import type { RequestInProgress } from '../oauth/authorize/suspended-request.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores, LoginTransaction } from './ports.ts';
import { recordAct, refuseLogin, TransactionFinished } from './transaction.ts';

export interface Decision {
  transaction: LoginTransaction;
  parsed: Pick<RequestInProgress, 'request' | 'client'>;
  user: User;
  requester: Requester;
}

export interface DecisionPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  clock: Clock;
  random: Random;
}

/** Stores the user grant and the act together. Throws TransactionFinished if another tab was faster. */
export async function acceptConsent(
  { transaction, parsed, user }: Decision,
  ports: DecisionPorts,
): Promise<void> {
  const now = ports.clock.now();
  await ports.unitOfWork.transaction(async ({ userGrants, loginTransactions }) => {
    await userGrants.add({
      id: ports.random.id('cgr'),
      user_id: user.user_id,
      client_id: parsed.client.client_id,
      audience: parsed.request.audience ?? '',
      scope: parsed.request.scope,
      created_at: now,
    });
    await recordAct(loginTransactions, transaction, { user_id: user.user_id, consented_at: now });
  });
}

export async function confirmCallback({ transaction, user }: Decision, ports: DecisionPorts): Promise<void> {
  const acts = { user_id: user.user_id, confirmed_at: ports.clock.now() };
  await ports.unitOfWork.transaction(({ loginTransactions }) =>
    recordAct(loginTransactions, transaction, acts),
  );
}

/** Ends the transaction; the caller answers `access_denied`. Throws TransactionFinished if another tab was faster. */
export async function refuseRequest(
  { transaction, parsed, user, requester }: Decision,
  description: string,
  { unitOfWork, clock }: DecisionPorts,
): Promise<void> {
  const event: LogEvent = { type: 'f', description, ...aboutClient(parsed.client), ...aboutUser(user) };
  await unitOfWork.transaction(async (stores) => {
    const isFirst = await refuseLogin(parsed.request, transaction, stores, clock.now());
    if (!isFirst) throw new TransactionFinished();
    await stores.log.write(event, requester);
  });
}
