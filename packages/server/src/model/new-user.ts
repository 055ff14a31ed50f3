// What a user is given when it is made, whether by sign-up, by an import or at first start: contract rows UP-1,
// UP-3, UP-4 and UP-5.
import { createHash } from 'node:crypto';
import type { Random } from '../runtime/random.ts';
import type { Connection } from './connection.ts';
import { type Identity, normalizedEmail, type User } from './user.ts';

/** The user's id begins with its provider: the strategy of the connection, `auth0` for every database (UP-1). */
export const databaseProvider = 'auth0';

export interface NewUserProfile {
  /** Without the provider; left out, 24 hexadecimal digits are drawn. */
  id?: string | undefined;
  email?: string | undefined;
  email_verified?: boolean | undefined;
  username?: string | undefined;
  phone_number?: string | undefined;
  phone_verified?: boolean | undefined;
  name?: string | undefined;
  given_name?: string | undefined;
  family_name?: string | undefined;
  nickname?: string | undefined;
  picture?: string | undefined;
  blocked?: boolean | undefined;
  user_metadata?: Record<string, unknown> | undefined;
  app_metadata?: Record<string, unknown> | undefined;
}

/** A user of a connection of ours, with the identity there. `now` is in epoch seconds. */
export function newUser(
  profile: NewUserProfile,
  connection: Pick<Connection, 'id' | 'name' | 'strategy'>,
  now: number,
  random: Random,
): { user: User; identity: Identity } {
  const id = profile.id ?? random.hex(12);
  const provider = connection.strategy;
  const user_id = `${provider}|${id}`;
  const email = profile.email === undefined ? null : normalizedEmail(profile.email);
  const username = profile.username?.toLowerCase() ?? null;
  const phone_number = profile.phone_number ?? null;
  const derived = derivedProfile({ email, username, phone_number, id }, profile.name);
  const user: User = {
    user_id,
    email,
    email_verified: profile.email_verified ?? false,
    username,
    phone_number,
    phone_verified: profile.phone_verified ?? false,
    name: derived.name,
    given_name: profile.given_name ?? null,
    family_name: profile.family_name ?? null,
    middle_name: null,
    nickname: profile.nickname ?? derived.nickname,
    picture: profile.picture ?? derived.picture,
    user_metadata: profile.user_metadata ?? {},
    app_metadata: profile.app_metadata ?? {},
    blocked: profile.blocked ?? false,
    blocked_set_at: profile.blocked === undefined ? null : now,
    multifactor: [],
    multifactor_last_modified: null,
    // An id that somebody chose may have been another user's, whose tokens must not come to life again (AT-14).
    epoch: profile.id === undefined ? 0 : random.bytes(4).readUInt32BE(),
    created_at: now,
    updated_at: now,
    last_login: null,
    last_ip: null,
    logins_count: 0,
    last_password_reset: null,
  };
  const identity: Identity = {
    connection_id: connection.id,
    connection: connection.name,
    provider,
    user_id: id,
    owner: user_id,
    email,
    username,
    phone_number: connection.strategy === 'sms' ? user.phone_number : null,
    isSocial: false,
    profile: null,
  };
  return { user, identity };
}

/** UP-4: what nobody has said of a user. `id` is without the provider. */
export function derivedProfile(
  { email, username, phone_number, id }: Pick<User, 'email' | 'username' | 'phone_number'> & { id: string },
  given?: string,
): Pick<User, 'name' | 'nickname' | 'picture'> {
  const name = given ?? email ?? username ?? phone_number ?? id;
  const nickname = email?.slice(0, email.lastIndexOf('@')) ?? username ?? name;
  return { name, nickname, picture: gravatar(email ?? name) };
}

/** UP-4. MD5 is the name that Gravatar gives a picture; nothing is kept secret by it. */
export function gravatar(address: string): string {
  const md5 = createHash('md5').update(address.trim().toLowerCase()).digest('hex');
  const initials =
    address
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 2) || 'default';
  const fallback = encodeURIComponent(`https://cdn.auth0.com/avatars/${initials}.png`);
  return `https://s.gravatar.com/avatar/${md5}?s=480&r=pg&d=${fallback}`;
}
