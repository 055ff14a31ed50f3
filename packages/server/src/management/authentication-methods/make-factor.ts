import type { AuthenticationMethod } from '../../model/authentication-method.ts';
import { factorKeyOf } from '../../model/authentication-method.ts';
import type { User } from '../../model/user.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { factorBody, type NewFactor } from './factor-fields.ts';

/** Of one type. */
const mostOfOneType = 20;
const allOfThem = { limit: 1000, offset: 0, after: undefined, counted: false };

export async function listFactors(
  user_id: string,
  { authenticationMethods }: Pick<ManagementStores, 'authenticationMethods'>,
): Promise<AuthenticationMethod[]> {
  return (await authenticationMethods.list(user_id, allOfThem)).items;
}

/** The factor as it is answered: the secret of a `totp` this once. Throws ManagementError 403, 409. */
export async function makeFactor(
  user_id: string,
  factor: NewFactor,
  stores: ManagementStores,
  { clock, random }: Pick<ManagementPorts, 'clock' | 'random'>,
) {
  const { type, name = null, ...rest } = factor;
  const { totp_secret: given, ...described } = { totp_secret: undefined, ...rest };
  const others = (await listFactors(user_id, stores)).filter((other) => other.type === type);
  if (others.length >= mostOfOneType)
    throw new ManagementError(403, 'You reached the limit of entities of this type for this user.');
  const key = factorKeyOf(described);
  if (key !== undefined && others.some((other) => factorKeyOf(other.described) === key))
    throw new ManagementError(409, 'Authentication method already exists.');
  const totp_secret = type === 'totp' ? (given ?? random.characters(base32, 32)) : null;
  const id = `${type}|dev_${random.alphanumeric(16)}`;
  const made = { id, user_id, type, name, described, created_at: clock.now() };
  await stores.authenticationMethods.insert(made, totp_secret);
  return { ...factorBody(made), ...(totp_secret === null ? {} : { totp_secret }) };
}

/** 160 bits of it, as RFC 4226 §4 recommends. */
const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What the user's profile tells of factors; a passkey stands for the password, and beside nothing. */
export async function recordFactors(user: User, stores: ManagementStores, now: number): Promise<void> {
  const factors = (await listFactors(user.user_id, stores)).filter(({ type }) => type !== 'passkey');
  const multifactor = factors.length > 0 ? ['guardian'] : [];
  await stores.users.update({ ...user, multifactor, multifactor_last_modified: now, updated_at: now });
}
