// What a PATCH makes of a user and of the identity that it is about: pure.
import { type Connection, isDatabase } from '../../model/connection.ts';
import { type DatabaseOptions, usernameDemandOf } from '../../model/database-options.ts';
import { derivedProfile } from '../../model/new-user.ts';
import {
  type Identity,
  type IdentityProfile,
  isPrimary,
  normalizedEmail,
  type User,
} from '../../model/user.ts';
import { unsupported } from './user-access.ts';
import type { ChangedUserBody } from './user-fields.ts';

/** §3.5 */
const notTogether = [
  ['password', 'email'],
  ['password', 'email_verified'],
  ['username', 'email'],
  ['username', 'email_verified'],
  ['username', 'password'],
] as const;

/** They belong to the user, whichever the identity. */
const rootAttributes = ['family_name', 'given_name', 'name', 'nickname', 'picture'] as const;

const identifiers = ['email', 'phone_number', 'username'] as const;

/** Throws ManagementError 400. */
export function judgeChange(body: ChangedUserBody, identity: Identity, connection: Connection): void {
  for (const [one, other] of notTogether) {
    if (body[one] !== undefined && body[other] !== undefined)
      throw unsupported(`Cannot update ${one} and ${other} simultaneously.`);
  }
  if (!isPrimary(identity) && rootAttributes.some((name) => body[name] !== undefined)) {
    const reason = 'The specified connection belongs to a secondary identity.';
    throw unsupported(
      `The following user attributes cannot be updated: ${rootAttributes.join(', ')}. ${reason}`,
    );
  }
  if (isDatabase(connection)) judgeCredentials(body, connection.options);
  else judgePasswordless(body, connection);
}

/** Their address or number is how they log in, and nothing else is. */
function judgePasswordless(body: ChangedUserBody, { strategy }: Pick<Connection, 'strategy'>): void {
  if (body.email !== undefined) throw unsupported('Cannot update email for non-database user.');
  if (body.password !== undefined || body.username !== undefined)
    throw unsupported('Connection is not supported for this operation.');
  if (body.email_verified !== undefined && strategy === 'sms')
    throw unsupported('Email verification is not supported for sms users.');
  if (body.phone_number === null && strategy === 'sms') throw unremovable('phone_number');
}

/** What the user logs in with can be changed, and not taken away. */
function judgeCredentials({ email, username, password }: ChangedUserBody, options: DatabaseOptions): void {
  if (username !== undefined && usernameDemandOf(options) === undefined)
    throw unsupported('Cannot set username for connection without requires_username.');
  if (email === null) throw unremovable('email');
  if (username === null) throw unremovable('username');
  if (password === null) throw unremovable('password');
}

function unremovable(name: string) {
  return unsupported(`The following user attributes cannot be removed: ${name}.`);
}

/** The user with what the body says of them; of credentials only where `identity` is the one they are named after. */
export function changedUser(user: User, body: ChangedUserBody, identity: Identity, now: number): User {
  const contact = isPrimary(identity) ? changedContact(user, body) : user;
  const derived = derivedProfile({ ...contact, id: identity.user_id });
  const isNewlyBlocked = body.blocked === true && !user.blocked;
  return {
    ...user,
    ...contact,
    given_name: replaced(user.given_name, body.given_name),
    family_name: replaced(user.family_name, body.family_name),
    name: replaced(user.name, body.name) ?? derived.name,
    nickname: replaced(user.nickname, body.nickname) ?? derived.nickname,
    picture: replaced(user.picture, body.picture) ?? derived.picture,
    user_metadata: merged(user.user_metadata, body.user_metadata),
    app_metadata: merged(user.app_metadata, body.app_metadata),
    blocked: body.blocked ?? user.blocked,
    blocked_set_at: body.blocked === undefined ? user.blocked_set_at : now,
    // AT-14, SE-5
    epoch: isNewlyBlocked || changesIdentifier(user, body, identity) ? user.epoch + 1 : user.epoch,
    updated_at: now,
  };
}

/** SE-5: whether an address, a number or a name that people may have logged in by is another now. */
function changesIdentifier(user: User, body: ChangedUserBody, identity: Identity): boolean {
  const before = isPrimary(identity) ? user : identity.profile;
  if (before === null) return false;
  const after = changedContact(before, body);
  return identifiers.some((name) => before[name] !== null && before[name] !== after[name]);
}

/** The identity with the identifiers that the body gives it. */
export function changedIdentity(identity: Identity, body: ChangedUserBody): Identity {
  const profile = identity.profile && { ...identity.profile, ...changedContact(identity.profile, body) };
  const phone_number = identity.phone_number === null ? null : (body.phone_number ?? identity.phone_number);
  return {
    ...identity,
    email: body.email === undefined ? identity.email : lowered(body.email),
    username: body.username === undefined ? identity.username : lowered(body.username),
    phone_number,
    profile,
  };
}

type Contact = Pick<
  IdentityProfile,
  'email' | 'email_verified' | 'username' | 'phone_number' | 'phone_verified'
>;

/** Another address or number is not verified, unless the body says so. */
function changedContact(contact: Contact, body: ChangedUserBody): Contact {
  const email = body.email === undefined ? contact.email : lowered(body.email);
  const phone_number = replaced(contact.phone_number, body.phone_number);
  return {
    email,
    email_verified: body.email_verified ?? (email === contact.email && contact.email_verified),
    username: body.username === undefined ? contact.username : lowered(body.username),
    phone_number,
    phone_verified: body.phone_verified ?? (phone_number === contact.phone_number && contact.phone_verified),
  };
}

function replaced<Value>(value: Value, by: Value | undefined): Value;
function replaced<Value>(value: Value, by: Value | null | undefined): Value | null;
function replaced<Value>(value: Value, by: Value | null | undefined): Value | null {
  return by === undefined ? value : by;
}

function lowered(identifier: string | null): string | null {
  return identifier === null ? null : normalizedEmail(identifier);
}

/** One level deep: `null` takes a member away, an empty object all of them. */
function merged(
  metadata: Record<string, unknown>,
  changes: Record<string, unknown> | undefined,
): Record<string, unknown> {
  if (changes === undefined) return metadata;
  const members = Object.entries(changes);
  if (members.length === 0) return {};
  const left = Object.entries(metadata).filter(([name]) => !Object.hasOwn(changes, name));
  return Object.fromEntries([...left, ...members.filter(([, value]) => value !== null)]);
}
