// The login transaction: one request in progress, as a stored row bound to the browser that began it
// (contract LT-1, AZ-68). Its handle travels as `state` between our own pages and is stored hashed.
import type { LoginRequest } from '../oauth/authorize/login-request.ts';
import { sha256 } from '../runtime/hash.ts';
import type { Random } from '../runtime/random.ts';
import { noActs } from './next-step.ts';
import type { LoginStores, LoginTransaction, LoginTransactionStore } from './ports.ts';

/** A login page left open for longer has to start again (AZ-66); seconds. */
const loginTransactionLifetime = 3600;

/** Another tab has finished the transaction meanwhile: nothing of this act is kept. */
export class TransactionFinished extends Error {
  override name = 'TransactionFinished';
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

/** Ends the transaction without success; false if another request has finished it. DV-8: its device hears of it. */
export async function refuseTransaction(
  { handle, request }: Pick<LoginTransaction, 'handle' | 'request'>,
  now: number,
  { loginTransactions, deviceCodes }: Pick<LoginStores, 'loginTransactions' | 'deviceCodes'>,
): Promise<boolean> {
  if (!(await loginTransactions.finish(handle, now))) return false;
  if ('device_code' in request) await deviceCodes.deny(request.device_code, now);
  return true;
}
