// Logging in with identifier and password on a hosted page (contract UL-8). Unknown users get the same words as known
// ones. What is counted, recorded and begun happens in one transaction.
import type { Client } from '../../model/client.ts';
import type { Connection, DatabaseConnection } from '../../model/connection.ts';
import { aboutClient, aboutConnection, aboutUser, type Requester } from '../../model/events.ts';
import type { User } from '../../model/user.ts';
import type { LoginStores, LoginTransaction } from '../ports.ts';
import { beginSession, type SessionPorts, type SignedIn } from '../sessions.ts';
import { recordAct, refuseLogin } from '../transaction.ts';
import { type PasswordProof, type PasswordProofPorts, provePassword, recordable } from './password-proof.ts';

export interface PasswordPorts extends SessionPorts, PasswordProofPorts {}

export interface PasswordLogin extends LoginRequest {
  /** AZ-23: the databases of which the user may be. */
  connections: readonly DatabaseConnection[];
  identifier: string;
  password: string;
}

/** In which login transaction, from which browser. */
export interface LoginRequest {
  client: Client;
  transaction: LoginTransaction;
  /** The session that the browser came with. */
  previous: SignedIn | undefined;
  requester: Requester;
}

export type LoginResult =
  | { outcome: 'logged_in'; secret: string; persistent: boolean; expires_at: number }
  | { outcome: 'refused'; reason: 'wrong_credentials' | 'too_many_attempts' | 'throttled' | 'user_blocked' };

/** Throws PasswordQueueFull where too many wait already. */
export async function logInWithPassword(login: PasswordLogin, ports: PasswordPorts): Promise<LoginResult> {
  const { connections, identifier, password, requester } = login;
  return provePassword({ connections, identifier, password, ip: requester.ip }, ports, (proof) =>
    ports.unitOfWork.transaction(async (stores) => {
      await proof.record(stores);
      return proof.outcome === 'proved' ? begin(proof, login, stores, ports) : refuse(proof, login, stores);
    }),
  );
}

async function refuse(
  proof: Exclude<PasswordProof, { outcome: 'proved' }>,
  login: PasswordLogin,
  { log }: LoginStores,
): Promise<LoginResult> {
  if (proof.outcome === 'too_many_attempts') {
    const description = 'Too many failed attempts';
    await log.write({ type: 'limit_wc', ...eventOf(login), description }, login.requester);
  } else if (proof.outcome === 'throttled') {
    const description = 'Too many failed logins from this address';
    await log.write({ type: 'limit_mu', ...eventOf(login), description }, login.requester);
  } else {
    const type = proof.user === undefined ? 'fu' : 'fp';
    const description = 'Wrong email or password.';
    await log.write({ type, ...eventOf(login), user_id: proof.user?.user_id, description }, login.requester);
  }
  return { outcome: 'refused', reason: proof.outcome };
}

async function begin(
  { user, connection }: Extract<PasswordProof, { outcome: 'proved' }>,
  login: PasswordLogin,
  stores: LoginStores,
  ports: PasswordPorts,
): Promise<LoginResult> {
  if (!user.blocked) return recordLogin({ user, connection }, login, stores, ports);
  await refuseLogin(login.transaction.request, login.transaction, stores, ports.clock.now());
  const event = { ...eventOf(login, connection), user_id: user.user_id, description: 'user is blocked' };
  await stores.log.write({ type: 'f', ...event }, login.requester);
  return { outcome: 'refused', reason: 'user_blocked' };
}

/** LT-2: the act is recorded on this transaction, for this user, together with the session that it began. */
export async function recordLogin(
  { user, connection }: { user: User; connection: Connection },
  { transaction, previous, requester, client }: LoginRequest,
  stores: LoginStores,
  ports: PasswordPorts,
): Promise<Extract<LoginResult, { outcome: 'logged_in' }>> {
  const { session, secret } = await beginSession(user, connection.id, previous, requester, stores, ports);
  const now = session.authenticated_at;
  // What somebody else decided on this transaction before does not count for this user.
  const acts = {
    identifier: null,
    user_id: user.user_id,
    sid: session.sid,
    authenticated_at: now,
    consented_at: null,
    confirmed_at: null,
  };
  await recordAct(stores.loginTransactions, transaction, acts);
  await stores.users.recordLogin(user.user_id, now, requester.ip);
  await stores.log.write(
    {
      type: 's',
      ...aboutUser(user),
      ...aboutClient(client),
      ...aboutConnection(connection),
      details: { session_id: session.sid },
    },
    requester,
  );
  return { outcome: 'logged_in', secret, persistent: session.persistent, expires_at: session.expires_at };
}

function eventOf({ client, connections, identifier }: PasswordLogin, connection = connections[0]) {
  return {
    ...aboutClient(client),
    ...(connection && aboutConnection(connection)),
    user_name: recordable(identifier),
  };
}
