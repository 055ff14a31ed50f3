// Applying the users file: who is absent is made, who exists stays as he is, password included. Clear passwords are
// hashed for absent users only, outside the transactions, a batch at a time.
import type { Connection } from '../../model/connection.ts';
import { databaseProvider, newUser } from '../../model/new-user.ts';
import { normalizedEmail } from '../../model/user.ts';
import type { UnitOfWork } from '../../oauth/ports.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { PasswordHashing } from '../../runtime/cryptography/password-hashing.ts';
import type { Random } from '../../runtime/random.ts';
import { ConfigurationError } from '../findings.ts';
import type { ConfigurationStores, ConfiguredUserStore } from '../ports.ts';
import type { ConfiguredUser, UsersFile } from '../users-file.ts';
import { findDefaultDatabase } from './apply-connections.ts';

export interface MakingUsers {
  clock: Clock;
  random: Random;
  passwordHashing: Pick<PasswordHashing, 'hash'>;
}

/** Whose share of the password queue an import uses. */
const importAddress = 'import';
/** One address's share of the queue, and enough that a commit is cheap beside the hashes. */
const batchSize = 16;

/** Throws ConfigurationError if there is no database that users could go into. */
export async function applyUsersFile(
  { file, users }: UsersFile,
  unitOfWork: UnitOfWork<ConfigurationStores>,
  making: MakingUsers,
): Promise<{ made: number; existing: number }> {
  const database = await findDefaultDatabase(unitOfWork.read);
  if (database === undefined) {
    const text = 'needs a database connection: add one to the databases of the tenant file';
    throw new ConfigurationError(file, [{ path: '', line: undefined, text }]);
  }
  let made = 0;
  for (let start = 0; start < users.length; start += batchSize) {
    made += await applyBatch(users.slice(start, start + batchSize), database, unitOfWork, making);
  }
  return { made, existing: users.length - made };
}

async function applyBatch(
  users: ConfiguredUser[],
  database: Connection,
  unitOfWork: UnitOfWork<ConfigurationStores>,
  { clock, random, passwordHashing }: MakingUsers,
): Promise<number> {
  const absent: ConfiguredUser[] = [];
  for (const user of users) {
    if (!(await exists(user, database, unitOfWork.read.users))) absent.push(user);
  }
  const rows = await Promise.all(
    absent.map(async ({ profile, password }) => ({
      ...newUser(profile, database, clock.now(), random),
      hash: await passwordHash(password, passwordHashing),
    })),
  );
  if (rows.length === 0) return 0;
  return await unitOfWork.transaction(async (stores) => {
    let made = 0;
    for (const { user, identity, hash } of rows) {
      if (await stores.users.insert(user, identity, hash)) made++;
    }
    return made;
  });
}

async function passwordHash(
  password: ConfiguredUser['password'],
  passwordHashing: Pick<PasswordHashing, 'hash'>,
): Promise<string | null> {
  if (password === undefined) return null;
  return 'hash' in password ? password.hash : await passwordHashing.hash(password.clear, importAddress);
}

async function exists(
  { profile }: ConfiguredUser,
  database: Connection,
  users: ConfiguredUserStore,
): Promise<boolean> {
  if (profile.id !== undefined && (await users.find(`${databaseProvider}|${profile.id}`))) return true;
  const identifiers = [profile.email && normalizedEmail(profile.email), profile.username?.toLowerCase()];
  for (const identifier of identifiers) {
    if (identifier && (await users.findByIdentifier(database.id, identifier))) return true;
  }
  return false;
}
