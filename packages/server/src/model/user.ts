// What a user is: contract rows UP-1 to UP-12. Nothing here knows a password.
export interface User {
  user_id: string;
  email: string | null;
  email_verified: boolean;
  username: string | null;
  phone_number: string | null;
  phone_verified: boolean;
  name: string;
  given_name: string | null;
  family_name: string | null;
  middle_name: string | null;
  nickname: string;
  picture: string;
  user_metadata: Record<string, unknown>;
  app_metadata: Record<string, unknown>;
  blocked: boolean;
  /** When somebody last blocked or unblocked the user: until then Auth0 tells no `blocked`. */
  blocked_set_at: number | null;
  /** The providers of the factors that the user has enrolled. */
  multifactor: string[];
  multifactor_last_modified: number | null;
  /** Rises when everything this user was given must end (AT-14). */
  epoch: number;
  created_at: number;
  updated_at: number;
  last_login: number | null;
  last_ip: string | null;
  logins_count: number;
  last_password_reset: number | null;
}

/** UP-3. `user_id` here is the provider's own id, without the prefix. */
export interface Identity {
  connection_id: string;
  connection: string;
  provider: string;
  user_id: string;
  /** The `user_id` of the user that this identity belongs to. */
  owner: string;
  /** Normalised; unique within the connection. */
  email: string | null;
  username: string | null;
  /** Where it is what the user logs in with; unique within the connection. */
  phone_number: string | null;
  isSocial: boolean;
  /** UP-8: of an identity that was linked to another user; null of the one that its user is named after. */
  profile: IdentityProfile | null;
}

/** What a user was before its identity was linked, and is again when it is unlinked. */
export type IdentityProfile = Pick<
  User,
  | 'email'
  | 'email_verified'
  | 'username'
  | 'phone_number'
  | 'phone_verified'
  | 'name'
  | 'given_name'
  | 'family_name'
  | 'middle_name'
  | 'nickname'
  | 'picture'
  | 'epoch'
  | 'created_at'
>;

/** The `user_id` that the identity has as a user of its own. */
export function userIdOf({ provider, user_id }: Pick<Identity, 'provider' | 'user_id'>): string {
  return `${provider}|${user_id}`;
}

export function isPrimary(identity: Pick<Identity, 'provider' | 'user_id' | 'owner'>): boolean {
  return userIdOf(identity) === identity.owner;
}

/** What members of users are called, or were: no name in `app_metadata`. */
export const reservedAppMetadata: readonly string[] = [
  '__tenant',
  '_id',
  'blocked',
  'clientID',
  'created_at',
  'email_verified',
  'email',
  'globalClientID',
  'global_client_id',
  'identities',
  'lastIP',
  'lastLogin',
  'loginsCount',
  'metadata',
  'multifactor_last_modified',
  'multifactor',
  'updated_at',
  'user_id',
];

/** UP-5: letters and digits alone, and no e-mail address: one user's name would be another's address. */
export const usernamePattern = /^[a-z0-9_+\-.!#$'^`~@]{1,128}$/i;
export function isUsername(text: string): boolean {
  return usernamePattern.test(text) && !/.@./.test(text);
}

/** UP-5: e-mail addresses are compared and saved in lower case. */
export function normalizedEmail(email: string): string {
  return email.normalize('NFC').toLowerCase();
}

/** PS-3, E.164. */
export const phoneNumberPattern = /^\+[0-9]{1,15}$/;

/**
 * UP-5: local part at most 64 characters, 254 in all, and nothing that cannot be seen: two addresses that look the
 * same would be two users. Whether anybody reads it, only mail can tell.
 */
export function isEmail(text: string): boolean {
  return (
    text.length <= 254 &&
    !/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(text) &&
    /^[^@<>()[\]\\,;:"]{1,64}@[^@<>()[\]\\,;:"]+$/u.test(text) &&
    hasHostName(text)
  );
}

function hasHostName(email: string): boolean {
  const labels = email.slice(email.lastIndexOf('@') + 1).split('.');
  return (
    labels.length > 1 &&
    labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u.test(label))
  );
}
