// Proving a user by identifier and password on a database connection (contract PW-20, AP-*). Unknown users cost the
// same time as known ones. Hashing happens outside transactions; what was proved is settled in one, by the caller.
import type { Connection } from '../model/connection.ts';
import { isEmail, type User } from '../model/user.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import { networkOf } from '../runtime/ip-address.ts';
import { mostPasswordBytes, type PasswordHashing, type TurnOfHashing } from '../runtime/password-hashing.ts';
import type { Attempt, BruteForceProtection } from './attack-protection.ts';
import type { LoginStores } from './ports.ts';

export interface PasswordProofPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  clock: Clock;
  passwordHashing: PasswordHashing;
  bruteForceProtection: BruteForceProtection;
}

export interface PasswordClaim {
  connection: Connection;
  identifier: string;
  password: string;
  ip: string;
}

export type PasswordProof = {
  /** Writes what the proof changes: the counters, a hash made anew. Once, in the transaction that settles it. */
  record(stores: LoginStores): Promise<void>;
} & (
  | { outcome: 'proved'; user: User }
  /** `user`: whose password was tried; undefined if there is no such user. */
  | { outcome: 'wrong_credentials'; user: User | undefined }
  | { outcome: 'too_many_attempts' }
);

type Candidate = Awaited<ReturnType<LoginStores['users']['findByIdentifier']>>;

/**
 * Runs `settle` with the proof before the next password of the same address is hashed: a burst of guesses cannot
 * overtake its own failures. Throws PasswordQueueFull where too many wait already.
 */
export async function provePassword<T>(
  { connection, identifier, password, ip }: PasswordClaim,
  ports: PasswordProofPorts,
  settle: (proof: PasswordProof) => Promise<T>,
): Promise<T> {
  const { unitOfWork, bruteForceProtection: protection, passwordHashing, clock } = ports;
  const attempt: Attempt = { identifier, connection_id: connection.id, ip, now: clock.now() };
  const isBlocked = async () =>
    connection.options.brute_force_protection && protection.isBlocked(attempt, unitOfWork.read.failedLogins);
  if (await isBlocked()) return settle(blocked);
  const candidate = await unitOfWork.read.users.findByIdentifier(connection.id, identifier);
  if (Buffer.byteLength(password) > mostPasswordBytes) {
    // Not counted: it was refused before it could be a guess, and must not block anybody for nothing.
    return settle({ outcome: 'wrong_credentials', user: candidate?.user, record: nothing });
  }
  return passwordHashing.inTurn(networkOf(ip), async (turn) => {
    // Asked again, for the turn may have come late.
    if (await isBlocked()) return settle(blocked);
    const { matches, rehashed } = await verify(turn, candidate, password);
    if (candidate === undefined || !matches) {
      const record = ({ failedLogins }: LoginStores) => protection.recordFailure(attempt, failedLogins);
      return settle({ outcome: 'wrong_credentials', user: candidate?.user, record });
    }
    const { user } = candidate;
    return settle({
      outcome: 'proved',
      user,
      async record({ failedLogins, users }) {
        await protection.recordSuccess(attempt, failedLogins);
        // A password that somebody changed meanwhile stays changed.
        if (rehashed !== undefined) await users.setPasswordHash(user.user_id, rehashed.hash, rehashed);
      },
    });
  });
}

const nothing = async () => {};
const blocked: PasswordProof = { outcome: 'too_many_attempts', record: nothing };

async function verify(turn: TurnOfHashing, candidate: Candidate, password: string) {
  if (candidate?.password_hash == null) {
    await turn.verifyAgainstNothing(password);
    return { matches: false, rehashed: undefined };
  }
  const { password_hash: replaces } = candidate;
  const { matches, needsRehash } = await turn.verify(replaces, password);
  return { matches, rehashed: needsRehash ? { hash: await turn.hash(password), replaces } : undefined };
}

/** PW-20: people type passwords where the identifier belongs, so only an e-mail address is kept. */
export function recordable(identifier: string): string | undefined {
  return isEmail(identifier) ? identifier : undefined;
}
