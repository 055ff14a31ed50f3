// PATCH /users/{id}: the root of a user is replaced member by member, metadata are merged one level deep (§3.5).
import { unblockIdentifiers } from '../../login/passwords/password-change.ts';
import { announceEndsOf, endSessionsOf } from '../../login/sessions.ts';
import { hasEmail } from '../../login/tickets.ts';
import { type Connection, isDatabase } from '../../model/connection.ts';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { type Identity, isPrimary, type User } from '../../model/user.ts';
import { assertMayChangeUser, assertOwnerRemains } from '../administration.ts';
import { insufficientScope, ManagementError } from '../errors.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, route } from '../route.ts';
import { changedIdentity, changedUser, judgeChange } from './changes.ts';
import { hashNewPassword } from './passwords.ts';
import { findUserBody, userParams } from './read-users.ts';
import {
  getLockedUser,
  inexistentConnection,
  inexistentUser,
  isDisabled,
  unsupported,
} from './user-access.ts';
import { userSchema } from './user-body.ts';
import { type ChangedUserBody, changedUserSchema } from './user-fields.ts';
import { sendVerificationEmail } from './verification-email.ts';

export const updateUser = route({
  method: 'PATCH',
  path: '/users/{id}',
  summary: 'Update a User',
  scopes: ['update:users', 'update:users_app_metadata'],
  currentUser: { scopes: ['update:current_user_metadata'], param: 'id' },
  params: userParams,
  body: changedUserSchema,
  status: 200,
  response: userSchema,
  async prepare({ params: { id }, body, caller }, ports) {
    assertScopeOf(body, caller, id);
    if (typeof body.password !== 'string') return null;
    // Before it is compared with earlier ones: what is answered then would tell whether it is one of them.
    await assertMayChangeUser(caller, id, ports.unitOfWork.read, ports);
    const identity = await findIdentity(id, body, ports.unitOfWork.read);
    const connection = identity && (await ports.unitOfWork.read.connections.find(identity.connection_id));
    if (connection === undefined || !isDatabase(connection)) return null;
    const owner = (await ports.unitOfWork.read.users.find(id)) ?? {};
    return hashNewPassword({ password: body.password, connection, owner, identity }, caller, ports);
  },
  async answer({ params: { id }, body, caller }, stores, ports, password_hash) {
    const user = await lockAsNeeded(id, body, caller, stores, ports);
    const identity = await findIdentity(id, body, stores);
    if (identity === undefined) throw inexistentConnection();
    const connection = await changeableConnection(body, identity, stores);
    if (body.password !== undefined && password_hash === null)
      throw unsupported('Connection is not supported for this operation.');
    const now = ports.clock.now();
    const changed = changedUser(user, body, identity, now);
    await endLogins(user, changed, body, caller, stores, ports);
    await stores.users.update(changed);
    const identityNow = await changeIdentity(identity, body, stores);
    if (isDatabase(connection) && password_hash !== null) {
      const { history } = passwordRequirementsOf(connection.options);
      await changePassword(identityNow, { password_hash, history }, caller, stores, ports);
    }
    if (body.verify_email === true && hasEmail(identityNow)) {
      const client = body.client_id === undefined ? undefined : await stores.clients.find(body.client_id);
      const recipient = { user: changed, identity: identityNow, client };
      await sendVerificationEmail(recipient, caller.requester, stores, ports);
    }
    return answerOf(id, body, stores);
  },
});

/** Each of the scopes opens some members. Throws ManagementError 403. */
function assertScopeOf(body: ChangedUserBody, { scopes, user }: Caller, id: string): void {
  if (scopes.has('update:users')) return;
  const open = new Set<string>();
  if (scopes.has('update:users_app_metadata')) open.add('app_metadata');
  if (scopes.has('update:current_user_metadata') && user?.user_id === id) open.add('user_metadata');
  if (!Object.keys(body).every((name) => open.has(name))) throw insufficientScope(['update:users']);
}

/** Who changes only what they may call their own needs no more than their token. */
async function lockAsNeeded(
  id: string,
  body: ChangedUserBody,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<User> {
  const isOwnMetadata =
    caller.user?.user_id === id && Object.keys(body).every((name) => name === 'user_metadata');
  if (!isOwnMetadata) return getLockedUser(id, caller, stores, ports);
  const user = await stores.users.lock(id);
  if (user === undefined) throw inexistentUser();
  return user;
}

/** That of the connection which the body names; else the one that the user is named after. */
async function findIdentity(
  user_id: string,
  { connection }: ChangedUserBody,
  { users }: Pick<ManagementStores, 'users'>,
): Promise<Identity | undefined> {
  const identities = await users.listIdentities(user_id);
  return identities.find((identity) =>
    connection === undefined ? isPrimary(identity) : identity.connection === connection,
  );
}

/** That of the identity. Throws ManagementError 400 for what its users cannot be, or have. */
async function changeableConnection(
  body: ChangedUserBody,
  identity: Identity,
  stores: ManagementStores,
): Promise<Connection> {
  const connection = await stores.connections.find(identity.connection_id);
  if (connection === undefined) throw inexistentConnection();
  judgeChange(body, identity, connection);
  const isOfCredentials = body.email !== undefined || body.password !== undefined;
  if (isOfCredentials && (await isDisabled(connection, stores)))
    throw unsupported('Cannot change email or password for users in a disabled connection.');
  return connection;
}

/** AT-14, SE-5: of an older epoch they are dead already; the applications hear of it. */
async function endLogins(
  user: User,
  changed: User,
  body: ChangedUserBody,
  { requester }: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const { user_id } = user;
  if (changed.blocked && !user.blocked) {
    await assertOwnerRemains([user_id], stores);
    // Their browsers are told of the block when they come (AZ-64).
    await announceEndsOf(user_id, 'account-deactivated', requester, stores, ports);
  } else if (changed.epoch > user.epoch) {
    const initiator = body.email === undefined ? 'session-revoked' : 'email-identifier-changed';
    await endSessionsOf(user_id, initiator, requester, stores, ports);
  }
}

async function changeIdentity(
  identity: Identity,
  body: ChangedUserBody,
  { identities }: ManagementStores,
): Promise<Identity> {
  const changed = changedIdentity(identity, body);
  if (await identities.update(changed)) return changed;
  const taken = body.username === undefined ? 'email' : 'username';
  const named = body.phone_number === undefined ? taken : 'phone_number';
  throw new ManagementError(400, `The specified new ${named} already exists`, 'auth0_idp_error');
}

/** EM-4, AP-3: sessions end, blocks are lifted. */
async function changePassword(
  identity: Identity,
  { password_hash, history }: { password_hash: string; history: number },
  { requester }: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<void> {
  const now = ports.clock.now();
  await stores.identities.changePassword(identity, password_hash, now, history);
  await endSessionsOf(identity.owner, 'password-changed', requester, stores, ports);
  await unblockIdentifiers(identity, stores, ports);
}

async function answerOf(id: string, { user_metadata }: ChangedUserBody, stores: ManagementStores) {
  const body = await findUserBody(id, stores);
  if (body === undefined) throw inexistentUser();
  // Auth0 tells user_metadata that were just emptied, and leaves empty app_metadata out.
  return user_metadata === undefined ? body : { ...body, user_metadata: body.user_metadata ?? {} };
}
