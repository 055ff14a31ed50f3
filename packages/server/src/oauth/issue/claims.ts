// Claims of the user by granted scope (OpenID Connect Core §5.1 and §5.4): the same for the ID token and /userinfo.
import type { Identity, User } from '../../model/user.ts';
import type { Dialect } from '../dialect.ts';
import { claimsOfScope } from './scopes.ts';

type Claim = (user: User, dialect: Dialect) => unknown;

const claims: Record<string, Claim> = {
  name: (user) => user.name,
  given_name: (user) => user.given_name,
  family_name: (user) => user.family_name,
  middle_name: (user) => user.middle_name,
  nickname: (user) => user.nickname,
  picture: (user) => user.picture,
  email: (user) => user.email,
  email_verified: (user) => (user.email === null ? null : user.email_verified),
  phone_number: (user) => user.phone_number,
  phone_number_verified: (user) => (user.phone_number === null ? null : user.phone_verified),
  updated_at: (user, dialect) => dialect.updatedAt(user.updated_at),
  created_at: (user, dialect) => dialect.updatedAt(user.created_at),
};

/** WK-6. */
export const claimsSupported: readonly string[] = [
  'aud',
  'auth_time',
  'exp',
  'iat',
  'iss',
  'sub',
  'identities',
  ...Object.keys(claims),
];

/**
 * The claims that the scopes release and the user has a value for (ID-4); `sub` is not among them.
 * `identities` are needed only with the scope of that name.
 */
export function claimsOf(
  user: User,
  scopes: string[],
  dialect: Dialect,
  identities: Identity[],
): Record<string, unknown> {
  const released: Record<string, unknown> = {};
  for (const scope of scopes) {
    for (const name of claimsOfScope.get(scope) ?? []) {
      const value = name === 'identities' ? identities.map(identityClaim) : claims[name]?.(user, dialect);
      if (value !== null && value !== undefined) released[name] = value;
    }
  }
  return released;
}

/** UP-3. */
function identityClaim({ connection, provider, user_id, isSocial }: Identity) {
  return { connection, provider, user_id, isSocial };
}
