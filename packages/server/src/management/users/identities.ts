// Linking and unlinking (contract UP-8, §3.5): a second account becomes an identity of the first, and one of its own
// again. Whoever is linked logs in as the first from then on, so that nobody links what is not theirs to give.
import { z } from 'zod';
import { endSessionsOf } from '../../login/sessions.ts';
import { eraseUser } from '../../login/user-deletion.ts';
import { strategies } from '../../model/connection.ts';
import { filled } from '../../model/members.ts';
import { type Identity, isPrimary, type User, userIdOf } from '../../model/user.ts';
import { assertOwnerRemains, isAdministrator } from '../administration.ts';
import { insufficientScope, ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, route } from '../route.ts';
import { invalidBody } from '../validation.ts';
import { connectionIdField, secret } from '../wire.ts';
import { assertStillValid, type LinkToken, readLinkToken } from './link-token.ts';
import { userParams } from './read-users.ts';
import { lockUser } from './user-access.ts';
import { identitiesBody, identitySchema } from './user-body.ts';

const currentUser = { scopes: ['update:current_user_identities'], param: 'id' } as const;

export const linkIdentity = route({
  method: 'POST',
  path: '/users/{id}/identities',
  summary: 'Link a User Account',
  scopes: ['update:users'],
  currentUser,
  params: userParams,
  body: filled(
    z.strictObject({
      provider: z.enum(strategies).optional(),
      connection_id: connectionIdField.optional(),
      user_id: z.union([z.string().min(1).max(512), z.int().transform(String)]).optional(),
      link_with: secret(z.string().min(1).max(20_000)).optional(),
    }),
  ),
  status: 201,
  response: z.array(identitySchema),
  async prepare({ body: { link_with, ...named }, caller }, ports) {
    if (link_with === undefined) return undefined;
    if (Object.keys(named).length > 0) throw invalidBody('link_with stands alone', ['link_with']);
    return readLinkToken(link_with, caller, ports);
  },
  async answer({ params: { id }, body, caller }, stores, ports, token) {
    const second =
      token === undefined ? await findNamed(body, caller, stores) : await findOfToken(token, stores);
    if (second.owner === id) throw isSameOrTaken(second);
    if (!isPrimary(second)) throw new ManagementError(400, 'Unable to link with the secondary account.');
    const [primary, secondary] = await lockBoth([id, second.owner], caller, stores, ports);
    if (token !== undefined) await assertStillValid(token, secondary, caller, stores, ports);
    await assertOwnerRemains([secondary.user_id], stores);
    await merge(primary, secondary, caller, stores, ports);
    return identitiesBody(primary, await stores.users.listIdentities(id));
  },
});

export const unlinkIdentity = route({
  method: 'DELETE',
  path: '/users/{id}/identities/{provider}/{user_id}',
  summary: 'Unlink a User Identity',
  scopes: ['update:users'],
  currentUser,
  params: userParams.extend({ provider: z.enum(strategies), user_id: z.string() }),
  status: 200,
  response: z.array(identitySchema),
  async answer({ params: { id, provider, user_id }, caller }, stores, ports) {
    const user = await lockUser(id, caller, stores, ports);
    if (user === undefined) throw inexistentUser();
    const identities = await stores.users.listIdentities(id);
    const named = withoutProvider(user_id, provider);
    const identity = identities.find((each) => each.provider === provider && each.user_id === named);
    if (identity === undefined)
      throw new ManagementError(400, 'The user exists, but does not contain the given identity.');
    if (identity.profile === null)
      throw new ManagementError(400, 'Main identity cannot be removed.', 'operation_not_supported');
    await separate(user, { ...identity, profile: identity.profile }, caller, stores, ports);
    return identitiesBody(user, await stores.users.listIdentities(id));
  },
});

/** Auth0 knows no 404 here. */
function inexistentUser(): ManagementError {
  return new ManagementError(400, 'The user does not exist.', 'inexistent_user');
}

function isSameOrTaken(identity: Identity): ManagementError {
  return isPrimary(identity)
    ? new ManagementError(400, 'Main identity and the new one are the same.')
    : new ManagementError(409, 'Specified identity already exists.', 'identity_conflict');
}

/** Tools send the id with the provider in front, or without. */
function withoutProvider(user_id: string, provider: string): string {
  return user_id.startsWith(`${provider}|`) ? user_id.slice(provider.length + 1) : user_id;
}

interface Named {
  provider?: string | undefined;
  connection_id?: string | undefined;
  user_id?: string | undefined;
}

async function findNamed(
  { provider, connection_id, user_id }: Named,
  { scopes }: Caller,
  { identities }: Pick<ManagementStores, 'identities'>,
): Promise<Identity> {
  // A name proves nothing: it takes the scope over all users.
  if (!scopes.has('update:users')) throw insufficientScope(['update:users']);
  if (provider === undefined) throw invalidBody('Missing required property: provider');
  if (user_id === undefined) throw invalidBody('Missing required property: user_id');
  const found = await identities.findNamed(provider, withoutProvider(user_id, provider));
  if (found === undefined || (connection_id !== undefined && found.connection_id !== connection_id))
    throw new ManagementError(400, 'Linking to an inexistent identity is not allowed.');
  return found;
}

async function findOfToken(
  { sub }: LinkToken,
  { users }: Pick<ManagementStores, 'users'>,
): Promise<Identity> {
  const [identity] = await users.listIdentities(sub);
  if (identity === undefined) throw new ManagementError(400, 'Provided secondary account not found.');
  return identity;
}

/**
 * In the order of their ids, so that two who link crosswise wait for one another. An administrator's account is linked,
 * or to one, by whoever may administer both; a token that says no more than whose it is does not suffice.
 */
async function lockBoth(
  ids: [string, string],
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<[User, User]> {
  const locked = new Map<string, User>();
  for (const id of ids.toSorted()) {
    const user = await lockUser(id, caller, stores, ports);
    if (user !== undefined) locked.set(id, user);
    if (!caller.scopes.has('update:users') && (await isAdministrator(id, stores, ports)))
      throw insufficientScope(['update:users']);
  }
  const [primary, secondary] = ids.map((id) => locked.get(id));
  if (primary === undefined) throw inexistentUser();
  if (secondary === undefined) throw new ManagementError(400, 'Provided secondary account not found.');
  return [primary, secondary];
}

/** UP-8: what the second was given ends with it, its metadata too; its identities keep their passwords. */
async function merge(
  primary: User,
  secondary: User,
  { requester }: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const now = ports.clock.now();
  for (const identity of await stores.users.listIdentities(secondary.user_id)) {
    const profile = identity.profile ?? profileOf(secondary);
    await stores.identities.update({ ...identity, owner: primary.user_id, profile });
  }
  await eraseUser(secondary.user_id, requester, stores, ports);
  await stores.users.update({ ...primary, updated_at: now });
}

/** AT-14: should it be unlinked, its tokens of today do not come to life again. */
function profileOf(user: User): NonNullable<Identity['profile']> {
  const { email, email_verified, username, phone_number, phone_verified } = user;
  const { name, given_name, family_name, middle_name, nickname, picture, created_at } = user;
  const contact = { email, email_verified, username, phone_number, phone_verified };
  const names = { name, given_name, family_name, middle_name, nickname, picture };
  return { ...contact, ...names, created_at, epoch: user.epoch + 1 };
}

/** Nobody can tell by which identity the user came in: everybody logs in again. */
async function separate(
  user: User,
  identity: Identity & { profile: NonNullable<Identity['profile']> },
  { requester }: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const now = ports.clock.now();
  const user_id = userIdOf(identity);
  const { blocked, blocked_set_at } = user;
  await stores.users.restore({
    ...identity.profile,
    user_id,
    user_metadata: {},
    app_metadata: {},
    blocked,
    blocked_set_at,
    multifactor: [],
    multifactor_last_modified: null,
    updated_at: now,
    last_login: null,
    last_ip: null,
    logins_count: 0,
    last_password_reset: null,
  });
  await stores.identities.update({ ...identity, owner: user_id, profile: null });
  await stores.users.update({ ...user, epoch: user.epoch + 1, updated_at: now });
  await endSessionsOf(user.user_id, 'session-revoked', requester, stores, ports);
}
