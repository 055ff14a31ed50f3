// Proving a user by identifier and password on database connections (contract PW-20, AP-*, AZ-23). Unknown users cost the
// same time as known ones. Hashing happens outside transactions; what was proved is settled in one, by the caller.
import { type DatabaseConnection, isBruteForceProtected } from '../../model/connection.ts';
import { isEmail, phoneNumberPattern, type User } from '../../model/user.ts';
import type { UnitOfWork } from '../../oauth/ports.ts';
import type { Clock } from '../../runtime/clock.ts';
import {
  mostPasswordBytes,
  type PasswordHashing,
  type TurnOfHashing,
} from '../../runtime/cryptography/password-hashing.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import type { LoginStores } from '../ports.ts';
import type { Attempt, BruteForceProtection } from '../protection/attack-protection.ts';
import type { IpThrottling } from '../protection/ip-throttling.ts';

export interface PasswordProofPorts {
  unitOfWork: UnitOfWork<LoginStores>;
  clock: Clock;
  passwordHashing: PasswordHashing;
  bruteForceProtection: BruteForceProtection;
  ipThrottling: IpThrottling;
}

export interface PasswordClaim {
  /** Whose users may be meant. An identifier that several of them know is whoever has this password. */
  connections: readonly DatabaseConnection[];
  identifier: string;
  password: string;
  ip: string;
}

export type PasswordProof = {
  /** Writes what the proof changes: the counters, a hash made anew. Once, in the transaction that settles it. */
  record(stores: LoginStores): Promise<void>;
} & (
  | { outcome: 'proved'; user: User; connection: DatabaseConnection }
  /** `user`: whose password was tried; undefined if there is no such user. */
  | { outcome: 'wrong_credentials'; user: User | undefined }
  | { outcome: 'too_many_attempts' }
  /** AP-5: whoever it is, at this address too much has failed. */
  | { outcome: 'throttled' }
);

type Found = Awaited<ReturnType<LoginStores['users']['findByIdentifier']>>;

/** Where the password is tried. */
interface Candidate {
  connection: DatabaseConnection;
  attempt: Attempt;
  found: Found;
}

/**
 * Runs `settle` with the proof before the next password of the same address is hashed: a burst of guesses cannot
 * overtake its own failures. Throws PasswordQueueFull where too many wait already.
 */
export async function provePassword<T>(
  claim: PasswordClaim,
  ports: PasswordProofPorts,
  settle: (proof: PasswordProof) => Promise<T>,
): Promise<T> {
  const { password, ip } = claim;
  if (!ports.ipThrottling.admits('pre-login', ip)) return settle(throttled);
  const candidates = await findCandidates(claim, ports);
  if (await isAnyBlocked(candidates, ports)) return settle(blocked);
  if (Buffer.byteLength(password) > mostPasswordBytes) {
    // Not counted: it was refused before it could be a guess, and must not block anybody for nothing.
    return settle({ outcome: 'wrong_credentials', user: firstUserOf(candidates), record: nothing });
  }
  return ports.passwordHashing.inTurn(networkOf(ip), async (turn) => {
    // Asked again, for the turn may have come late.
    if (await isAnyBlocked(candidates, ports)) return settle(blocked);
    // Counted before its outcome is known: of several turns at once each has an attempt of its own.
    if (!ports.ipThrottling.count('pre-login', ip)) return settle(throttled);
    const proof = await tryEach(candidates, password, turn, ports);
    if (proof.outcome === 'proved') ports.ipThrottling.forgive('pre-login', ip);
    return settle(proof);
  });
}

async function findCandidates(
  { connections, identifier, ip }: PasswordClaim,
  ports: PasswordProofPorts,
): Promise<Candidate[]> {
  const now = ports.clock.now();
  const candidates: Candidate[] = [];
  for (const connection of connections) {
    const found = await ports.unitOfWork.read.users.findByIdentifier(connection.id, identifier);
    candidates.push({ connection, attempt: { identifier, connection_id: connection.id, ip, now }, found });
  }
  return candidates;
}

/**
 * Of those that know the identifier and those that do not: which of them is blocked, and where failures are counted, must
 * not tell whose user somebody is.
 */
async function isAnyBlocked(
  candidates: Candidate[],
  { bruteForceProtection, unitOfWork }: PasswordProofPorts,
): Promise<boolean> {
  for (const { connection, attempt } of candidates) {
    if (!isBruteForceProtected(connection)) continue;
    if (await bruteForceProtection.isBlocked(attempt, unitOfWork.read.failedLogins)) return true;
  }
  return false;
}

function firstUserOf(candidates: Candidate[]): User | undefined {
  return candidates.find(({ found }) => found !== undefined)?.found?.user;
}

async function tryEach(
  candidates: Candidate[],
  password: string,
  turn: TurnOfHashing,
  { bruteForceProtection: protection }: PasswordProofPorts,
): Promise<PasswordProof> {
  const known = candidates.filter(({ found }) => found !== undefined);
  // If none knows the identifier, the first stands for them, so that it costs the same time.
  for (const { found, attempt, connection } of known.length > 0 ? known : candidates.slice(0, 1)) {
    const { matches, rehashed } = await verify(turn, found, password);
    if (found === undefined || !matches) continue;
    const { user, identity } = found;
    return {
      outcome: 'proved',
      user,
      connection,
      async record({ failedLogins, identities }) {
        await protection.recordSuccess(attempt, failedLogins);
        // A password that somebody changed meanwhile stays changed.
        if (rehashed !== undefined) await identities.setPasswordHash(identity, rehashed.hash, rehashed);
      },
    };
  }
  return {
    outcome: 'wrong_credentials',
    user: firstUserOf(candidates),
    async record({ failedLogins }) {
      for (const { attempt } of candidates) await protection.recordFailure(attempt, failedLogins);
    },
  };
}

const nothing = async () => {};
const blocked: PasswordProof = { outcome: 'too_many_attempts', record: nothing };
const throttled: PasswordProof = { outcome: 'throttled', record: nothing };

async function verify(turn: TurnOfHashing, found: Found, password: string) {
  if (found?.password_hash == null) {
    await turn.verifyAgainstNothing(password);
    return { matches: false, rehashed: undefined };
  }
  const { password_hash: replaces } = found;
  const { matches, needsRehash } = await turn.verify(replaces, password);
  return { matches, rehashed: needsRehash ? { hash: await turn.hash(password), replaces } : undefined };
}

/** PW-20: people type passwords where the identifier belongs, so only what is an e-mail address or a telephone number is kept. */
export function recordable(identifier: string): string | undefined {
  return isEmail(identifier) || phoneNumberPattern.test(identifier) ? identifier : undefined;
}
