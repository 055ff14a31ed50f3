// Administrators: users with the role `owner`. The first is made from the environment, from a link that the server prints
// (management/first-administrator.ts), or by `freehold admin create`.
import { ownerRoleName } from '../model/access-control.ts';
import type { DatabaseConnection } from '../model/connection.ts';
import { newUser } from '../model/new-user.ts';
import { passwordRequirementsOf } from '../model/password-requirements.ts';
import { type Identity, normalizedEmail, type User } from '../model/user.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import { findDefaultDatabase } from './apply/apply-connections.ts';
import type { MakingUsers } from './apply/apply-users.ts';
import type { ConfigurationStores } from './ports.ts';

/** `refused` says why in `reason`; nobody became an administrator then. */
export type AdministratorOutcome =
  | { outcome: 'unchanged' }
  | { outcome: 'made'; user: User; database: DatabaseConnection }
  | { outcome: 'assigned' }
  | { outcome: 'refused'; reason: string };

/** Whether nobody is there who could make an administrator. */
export async function isWithoutAdministrator(
  stores: Pick<ConfigurationStores, 'roles' | 'users'>,
): Promise<boolean> {
  const owner = await stores.roles.findSystem(ownerRoleName);
  return owner !== undefined && (await stores.users.countWithRole(owner.id)) === 0;
}

/** From the environment, if there is none. */
export async function ensureAdministrator(
  { email, password }: { email: string; password: string },
  unitOfWork: UnitOfWork<ConfigurationStores>,
  making: MakingUsers,
): Promise<AdministratorOutcome> {
  const role = await unitOfWork.read.roles.findSystem(ownerRoleName);
  if (role && (await unitOfWork.read.users.countWithRole(role.id)) > 0) return { outcome: 'unchanged' };
  const hash = await making.passwordHashing.hash(password, 'administrator');
  return await unitOfWork.transaction(async (stores) => {
    await stores.tenant.lock();
    const owner = await stores.roles.findSystem(ownerRoleName);
    if (owner !== undefined && (await stores.users.countWithRole(owner.id)) > 0)
      return { outcome: 'unchanged' };
    return await makeAdministrator(email, hash, stores, making);
  });
}

/**
 * Whether or not there are others. Whoever has the address already gets the role with this password: theirs, what they
 * were given, and links that were made for them are good no more, for anybody may have known of them.
 */
export async function makeAdministrator(
  email: string,
  hash: string,
  stores: ConfigurationStores,
  { clock, random }: Pick<MakingUsers, 'clock' | 'random'>,
): Promise<AdministratorOutcome> {
  const owner = await stores.roles.findSystem(ownerRoleName);
  if (owner === undefined) throw new Error('Every start makes sure of the role of owners');
  const database = await findDefaultDatabase(stores);
  if (database === undefined) {
    return { outcome: 'refused', reason: 'there is no database connection for the administrator' };
  }
  const existing = await stores.users.findByIdentifier(database.id, normalizedEmail(email));
  if (existing === undefined) {
    const { user, identity } = newUser({ email, email_verified: true }, database, clock.now(), random);
    await stores.users.insert(user, identity, hash);
    await stores.users.assignRole(user.user_id, owner.id);
    return { outcome: 'made', user, database };
  }
  const { user_id } = existing.user;
  const identities = await stores.users.listIdentities(user_id);
  const why = whyNot(existing, identities, normalizedEmail(email));
  if (why !== undefined) {
    return {
      outcome: 'refused',
      reason: `a user with the e-mail address ${email} exists already and ${why}`,
    };
  }
  const { history } = passwordRequirementsOf(database.options);
  await stores.identities.changePassword(existing.identity, hash, clock.now(), history);
  await stores.tickets.deleteAllOf(user_id, 'password_change');
  await stores.tickets.deleteAllOf(user_id, 'email_verification');
  await stores.users.assignRole(user_id, owner.id);
  return { outcome: 'assigned' };
}

/** Whoever signed up with this address first has not shown that it is theirs: the role is not theirs either. */
function whyNot(
  { user, identity }: { user: User; identity: Identity },
  identities: readonly Identity[],
  email: string,
): string | undefined {
  if (user.blocked) return 'is blocked';
  if (identity.email !== email || user.email !== email || !user.email_verified)
    return 'has not verified it, so it may be anybody';
  return identities.length > 1 ? 'other accounts are linked to it: unlink them before' : undefined;
}
