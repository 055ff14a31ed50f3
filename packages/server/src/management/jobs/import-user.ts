import type { DatabaseConnection } from '../../model/connection.ts';
import { usernameDemandOf } from '../../model/database-options.ts';
import { newUser } from '../../model/new-user.ts';
import { isPrimary, type User } from '../../model/user.ts';
import { isAdministrator } from '../administration.ts';
import { makeFactor, recordFactors } from '../authentication-methods/make-factor.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type ImportedUser, importedId, parseImportedUser } from './imported-user.ts';
import type { ImportError } from './ports.ts';

interface Terms {
  connection: DatabaseConnection;
  /** Whether a user who is there is changed. */
  upsert: boolean;
}

/** What came of it, or what is wrong with the entry; in the transaction of the caller, which what is wrong leaves alone. */
export async function importUser(
  entry: unknown,
  { connection, upsert }: Terms,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<'inserted' | 'updated' | ImportError[]> {
  const imported = parseImportedUser(entry);
  if (Array.isArray(imported)) return imported;
  if (imported.username !== undefined && usernameDemandOf(connection.options) === undefined)
    return [wrong('NOT_PASSED', 'The connection has no usernames', 'username')];
  const known = await stores.users.findByIdentifier(connection.id, imported.email);
  if (known?.identity.email !== undefined && isPrimary(known.identity)) {
    if (!upsert) return [wrong('DUPLICATED_USER', 'The user already exists.', 'email')];
    return changeImported(known.user.user_id, imported, stores, ports);
  }
  if (known !== undefined) return [wrong('CONFLICT_EMAIL', 'The address is another user’s', 'email')];
  return insertImported(imported, connection, stores, ports);
}

async function insertImported(
  imported: ImportedUser,
  connection: DatabaseConnection,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<'inserted' | ImportError[]> {
  const { user_id: _id, password_hash = null, mfa_factors = [], ...profile } = imported;
  const now = ports.clock.now();
  const id = importedId(imported);
  const { user, identity } = newUser({ ...profile, id }, connection, now, ports.random);
  if (!(await stores.users.insert(user, identity, password_hash))) {
    const taken = imported.username === undefined ? 'CONFLICT' : 'CONFLICT_USERNAME';
    const path = imported.username === undefined ? 'user_id' : 'username';
    return [wrong(taken, 'Another user has it already', path)];
  }
  return (await insertFactors(user, mfa_factors, stores, ports)) ?? 'inserted';
}

/** Undefined where all is well; else the user is taken back. */
async function insertFactors(
  user: User,
  factors: NonNullable<ImportedUser['mfa_factors']>,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<ImportError[] | undefined> {
  if (factors.length === 0) return undefined;
  try {
    for (const factor of factors) {
      if ('totp' in factor)
        await makeFactor(user.user_id, { type: 'totp', totp_secret: factor.totp.secret }, stores, ports);
      else if ('phone' in factor)
        await makeFactor(user.user_id, { type: 'phone', phone_number: factor.phone.value }, stores, ports);
      else await makeFactor(user.user_id, { type: 'email', email: factor.email.value }, stores, ports);
    }
    await recordFactors(user, stores, ports.clock.now());
    return undefined;
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    await stores.users.delete(user.user_id);
    return [wrong('MFA_FACTORS_FAILED', error.message, 'mfa_factors')];
  }
}

/** §6.1: "upsertable: email_verified, names, picture, metadata (overwritten whole)". */
async function changeImported(
  user_id: string,
  {
    email_verified,
    given_name,
    family_name,
    name,
    nickname,
    picture,
    user_metadata,
    app_metadata,
  }: ImportedUser,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<'updated' | ImportError[]> {
  const user = await stores.users.lock(user_id);
  // Nobody stands behind an import who might change them (§3.5).
  if (user === undefined || (await isAdministrator(user_id, stores, ports)))
    return [wrong('NOT_PASSED', 'This user is an administrator: imports leave them alone', 'email')];
  await stores.users.update({
    ...user,
    email_verified: email_verified ?? user.email_verified,
    given_name: given_name ?? user.given_name,
    family_name: family_name ?? user.family_name,
    name: name ?? user.name,
    nickname: nickname ?? user.nickname,
    picture: picture ?? user.picture,
    user_metadata: user_metadata ?? user.user_metadata,
    app_metadata: app_metadata ?? user.app_metadata,
    updated_at: ports.clock.now(),
  });
  return 'updated';
}

function wrong(code: string, message: string, path: string): ImportError {
  return { code, message, path };
}
