// The login transaction: one request in progress, as a stored row bound to the browser that began it
// (contract LT-1, AZ-68). Its handle travels as `state` between our own pages and is stored hashed.
import type { LoginRequest } from '../oauth/authorize/login-request.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { Random } from '../runtime/random.ts';
import { noActs } from './next-step.ts';
import type { LoginStores, LoginTransaction, LoginTransactionStore } from './ports.ts';

/** A login page left open for longer has to start again (AZ-66); seconds. */
const loginTransactionLifetime = 3600;

/** Another tab has finished the transaction meanwhile: nothing of this act is kept. */
export class TransactionFinished extends Error {
  override name = 'TransactionFinished';
}

/** Throws TransactionFinished if another tab was faster. */
export async function recordAct(
  store: LoginTransactionStore,
  { handle }: LoginTransaction,
  acts: Parameters<LoginTransactionStore['record']>[1],
): Promise<void> {
  if (!(await store.record(handle, acts))) throw new TransactionFinished();
}

/**
 * UL-3: who somebody says they are, whoever that is and whether or not there is such a user. It is kept here, for the
 * transaction is this browser's alone and gone in an hour: an address would travel and be logged. Throws
 * TransactionFinished.
 */
export async function recordIdentifier(
  transaction: LoginTransaction,
  identifier: string,
  { unitOfWork }: { unitOfWork: UnitOfWork<LoginStores> },
): Promise<void> {
  await unitOfWork.transaction(({ loginTransactions }) =>
    recordAct(loginTransactions, transaction, { identifier }),
  );
}

/** Returns the handle in clear. `browser` is the secret of the browser cookie. */
export async function beginTransaction(
  request: LoginRequest,
  browser: string,
  store: LoginTransactionStore,
  { now, random }: { now: number; random: Random },
): Promise<string> {
  const handle = random.token();
  await store.insert({
    ...noActs,
    handle: sha256(handle),
    browser: sha256(browser),
    client_id: request.client_id,
    request,
    created_at: now,
    expires_at: now + loginTransactionLifetime,
    sid: null,
    finished_at: null,
  });
  return handle;
}

/**
 * Ends a login for good, with its transaction if it has one: at most one caller, in any process, ever gets true (LT-2,
 * PA-4).
 */
export async function finishLogin(
  request: LoginRequest,
  transaction: LoginTransaction | undefined,
  { loginTransactions, pushedRequests }: Pick<LoginStores, 'loginTransactions' | 'pushedRequests'>,
  now: number,
): Promise<boolean> {
  if (transaction !== undefined && !(await loginTransactions.finish(transaction.handle, now))) return false;
  const pushed = pushedOf(request);
  return pushed === null || pushedRequests.spend(pushed, now);
}

/** As finishLogin, without success. DV-8: a device hears of it. */
export async function refuseLogin(
  request: LoginRequest,
  transaction: LoginTransaction | undefined,
  stores: Pick<LoginStores, 'loginTransactions' | 'pushedRequests' | 'deviceCodes'>,
  now: number,
): Promise<boolean> {
  if (!(await finishLogin(request, transaction, stores, now))) return false;
  if ('device_code' in request) await stores.deviceCodes.deny(request.device_code, now);
  return true;
}

function pushedOf(request: LoginRequest): string | null {
  return 'device_code' in request ? null : request.pushed;
}

/** LT-1: the transaction, iff it is unfinished, unexpired and this browser's. */
export async function findTransaction(
  handle: string | undefined,
  browser: string | undefined,
  now: number,
  store: LoginTransactionStore,
): Promise<LoginTransaction | undefined> {
  if (handle === undefined || browser === undefined) return undefined;
  const transaction = await store.find(sha256(handle));
  const isUsable =
    transaction !== undefined &&
    transaction.finished_at === null &&
    transaction.expires_at > now &&
    transaction.browser === sha256(browser);
  return isUsable ? transaction : undefined;
}
