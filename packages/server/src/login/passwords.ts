// Logging in with identifier and password on a database connection (contract UL-8, PW-20, AP-*). Unknown users cost
// the same time and get the same words as known ones. Hashing happens outside transactions; what is counted, recorded
// and begun happens in one.
import type { Client } from '../model/client.ts';
import type { Connection } from '../model/connection.ts';
import type { LogEvent, Requester } from '../model/events.ts';
import { isEmail, type User } from '../model/user.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import { networkOf } from '../runtime/ip-address.ts';
import { mostPasswordBytes, type PasswordHashing, type TurnOfHashing } from '../runtime/password-hashing.ts';
import type { Attempt, BruteForceProtection } from './attack-protection.ts';
import type { LoginStores, LoginTransaction } from './ports.ts';
import { beginSession, type SessionPorts, type SignedIn } from './sessions.ts';
import { TransactionFinished } from './transaction.ts';

export interface PasswordPorts extends SessionPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  passwordHashing: PasswordHashing;
  bruteForceProtection: BruteForceProtection;
}

export interface PasswordLogin {
  connection: Connection;
  identifier: string;
  password: string;
  client: Client;
  transaction: LoginTransaction;
  /** The session that the browser came with. */
  previous: SignedIn | undefined;
  requester: Requester;
}

export type LoginResult =
  | { outcome: 'logged_in'; secret: string; persistent: boolean; expires_at: number }
  | { outcome: 'refused'; reason: 'wrong_credentials' | 'too_many_attempts' | 'user_blocked' };

type Candidate = Awaited<ReturnType<LoginStores['users']['findByIdentifier']>>;

/** Throws PasswordQueueFull where too many wait already. */
export async function logInWithPassword(login: PasswordLogin, ports: PasswordPorts): Promise<LoginResult> {
  const { connection, identifier, requester } = login;
  const attempt: Attempt = {
    identifier,
    connection_id: connection.id,
    ip: requester.ip,
    now: ports.clock.now(),
  };
  if (await isBlocked(attempt, login, ports)) return refuseBlocked(login, ports);
  const candidate = await ports.unitOfWork.read.users.findByIdentifier(connection.id, identifier);
  if (Buffer.byteLength(login.password) > mostPasswordBytes) {
    // Not counted: it was refused before it could be a guess, and must not block anybody for nothing.
    return refuseWrong(candidate, undefined, login, ports);
  }
  return ports.passwordHashing.inTurn(networkOf(requester.ip), (turn) =>
    logInInTurn(turn, candidate, attempt, login, ports),
  );
}

/**
 * The counter is asked again when the turn comes, and a failure is written before the turn ends: a burst of guesses
 * cannot overtake its own failures.
 */
async function logInInTurn(
  turn: TurnOfHashing,
  candidate: Candidate,
  attempt: Attempt,
  login: PasswordLogin,
  ports: PasswordPorts,
): Promise<LoginResult> {
  if (await isBlocked(attempt, login, ports)) return refuseBlocked(login, ports);
  const verified = await verify(turn, candidate, login.password);
  if (candidate === undefined || !verified.matches) return refuseWrong(candidate, attempt, login, ports);
  return begin(candidate.user, verified.rehashed, attempt, login, ports);
}

async function verify(turn: TurnOfHashing, candidate: Candidate, password: string) {
  if (candidate?.password_hash == null) {
    await turn.verifyAgainstNothing(password);
    return { matches: false, rehashed: undefined };
  }
  const { password_hash: replaces } = candidate;
  const { matches, needsRehash } = await turn.verify(replaces, password);
  return { matches, rehashed: needsRehash ? { hash: await turn.hash(password), replaces } : undefined };
}

async function isBlocked(
  attempt: Attempt,
  { connection }: PasswordLogin,
  ports: PasswordPorts,
): Promise<boolean> {
  if (!connection.options.brute_force_protection) return false;
  return ports.bruteForceProtection.isBlocked(attempt, ports.unitOfWork.read.failedLogins);
}

async function refuseBlocked(login: PasswordLogin, { unitOfWork }: PasswordPorts): Promise<LoginResult> {
  const event: LogEvent = { type: 'limit_wc', ...eventOf(login), description: 'Too many failed attempts' };
  await unitOfWork.transaction(({ log }) => log.write(event, login.requester));
  return { outcome: 'refused', reason: 'too_many_attempts' };
}

async function refuseWrong(
  candidate: Candidate,
  counted: Attempt | undefined,
  login: PasswordLogin,
  { unitOfWork, bruteForceProtection }: PasswordPorts,
): Promise<LoginResult> {
  await unitOfWork.transaction(async ({ failedLogins, log }) => {
    if (counted !== undefined) await bruteForceProtection.recordFailure(counted, failedLogins);
    const type = candidate === undefined ? 'fu' : 'fp';
    const user_id = candidate?.user.user_id;
    await log.write(
      { type, ...eventOf(login), user_id, description: 'Wrong email or password.' },
      login.requester,
    );
  });
  return { outcome: 'refused', reason: 'wrong_credentials' };
}

async function begin(
  user: User,
  rehashed: { hash: string; replaces: string } | undefined,
  attempt: Attempt,
  login: PasswordLogin,
  ports: PasswordPorts,
): Promise<LoginResult> {
  return ports.unitOfWork.transaction(async (stores) => {
    await ports.bruteForceProtection.recordSuccess(attempt, stores.failedLogins);
    // A password that somebody changed meanwhile stays changed.
    if (rehashed !== undefined) await stores.users.setPasswordHash(user.user_id, rehashed.hash, rehashed);
    if (user.blocked) {
      await stores.loginTransactions.finish(login.transaction.handle, attempt.now);
      const description = 'user is blocked';
      await stores.log.write(
        { type: 'f', ...eventOf(login), user_id: user.user_id, description },
        login.requester,
      );
      return { outcome: 'refused', reason: 'user_blocked' };
    }
    return recordLogin(user, login, stores, ports);
  });
}

/** LT-2: the act is recorded on this transaction, for this user, together with the session that it began. */
export async function recordLogin(
  user: User,
  login: Omit<PasswordLogin, 'password' | 'identifier'>,
  stores: LoginStores,
  ports: PasswordPorts,
): Promise<Extract<LoginResult, { outcome: 'logged_in' }>> {
  const { connection, transaction, previous, requester, client } = login;
  const { session, secret } = await beginSession(
    user,
    connection.id,
    previous,
    requester,
    stores.sessions,
    ports,
  );
  const now = session.authenticated_at;
  // What somebody else decided on this transaction before does not count for this user.
  const acts = {
    user_id: user.user_id,
    sid: session.sid,
    authenticated_at: now,
    consented_at: null,
    confirmed_at: null,
  };
  if (!(await stores.loginTransactions.record(transaction.handle, acts))) throw new TransactionFinished();
  await stores.users.recordLogin(user.user_id, now, requester.ip);
  await stores.log.write(
    {
      type: 's',
      user_id: user.user_id,
      user_name: user.email ?? user.name,
      client_id: client.client_id,
      client_name: client.name,
      connection: connection.name,
      connection_id: connection.id,
      details: { session_id: session.sid },
    },
    requester,
  );
  return { outcome: 'logged_in', secret, persistent: session.persistent, expires_at: session.expires_at };
}

/** PW-20: people type passwords where the identifier belongs, so only an e-mail address is kept. */
function eventOf({ client, connection, identifier }: PasswordLogin) {
  return {
    client_id: client.client_id,
    client_name: client.name,
    connection: connection.name,
    connection_id: connection.id,
    user_name: isEmail(identifier) ? identifier : undefined,
  };
}
