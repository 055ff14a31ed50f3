// /sessions, /users/{id}/sessions and /users/{id}/revoke-access of the Management API (contract §3.5).
import { z } from 'zod';
import { endSessionsOf } from '../../login/sessions.ts';
import { ManagementError } from '../errors.ts';
import { paginated } from '../pagination.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { type Caller, type Route, route } from '../route.ts';
import { assertUserExists, getLockedUser, lockUser } from '../users/user-access.ts';
import { endSession, revokeSession } from './ending.ts';
import type { SessionDetails } from './ports.ts';
import { metadataField, sessionBody, sessionSchema } from './session-body.ts';

const sessionParams = z.strictObject({ id: z.string().max(50) });
const ofUserParams = z.strictObject({ user_id: z.string() });
const nothing = z.object({});

const inexistentSession = () => new ManagementError(404, 'The session does not exist.', 'inexistent_session');

const getSession = route({
  method: 'GET',
  path: '/sessions/{id}',
  summary: 'Get session',
  scopes: ['read:sessions'],
  params: sessionParams,
  status: 200,
  response: sessionSchema,
  async answer({ params: { id } }, { sessionDetails }, { clock }) {
    const found = await sessionDetails.find(id, clock.now());
    if (found === undefined) throw inexistentSession();
    return sessionBody(found);
  },
});

const updateSession = route({
  method: 'PATCH',
  path: '/sessions/{id}',
  summary: 'Update session',
  scopes: ['update:sessions'],
  params: sessionParams,
  body: z.strictObject({ session_metadata: metadataField }),
  status: 200,
  response: sessionSchema,
  async answer({ params: { id }, body: { session_metadata }, caller }, stores, ports) {
    const found = await lockSession(id, caller, stores, ports);
    if (found === undefined) throw inexistentSession();
    const now = ports.clock.now();
    await stores.sessionDetails.setMetadata(id, session_metadata, now);
    const session = { ...found.session, updated_at: now };
    return sessionBody({ ...found, session, session_metadata });
  },
});

/** What is not there has ended already. */
const deleteSession = route({
  method: 'DELETE',
  path: '/sessions/{id}',
  summary: 'Delete session',
  scopes: ['delete:sessions'],
  params: sessionParams,
  status: 202,
  response: nothing,
  async answer({ params: { id }, caller }, stores, ports) {
    const found = await lockSession(id, caller, stores, ports);
    if (found !== undefined) await endSession(found.session, caller, stores, ports);
    return {};
  },
});

const revoke = route({
  method: 'POST',
  path: '/sessions/{id}/revoke',
  summary: 'Revokes a session',
  scopes: ['delete:sessions', 'delete:refresh_tokens'],
  params: sessionParams,
  status: 202,
  response: nothing,
  async answer({ params: { id }, caller }, stores, ports) {
    const found = await lockSession(id, caller, stores, ports);
    if (found === undefined) throw inexistentSession();
    await revokeSession(found.session, caller, stores, ports);
    return {};
  },
});

/** The session, and its user as lockUser has it. */
async function lockSession(
  sid: string,
  caller: Caller,
  stores: ManagementStores,
  ports: ManagementPorts,
): Promise<SessionDetails | undefined> {
  const found = await stores.sessionDetails.find(sid, ports.clock.now());
  if (found !== undefined) await lockUser(found.session.user_id, caller, stores, ports);
  return found;
}

const sessions = paginated('sessions', sessionSchema, { checkpoint: 'only' });

const listSessions = route({
  method: 'GET',
  path: '/users/{user_id}/sessions',
  summary: 'Get sessions for user',
  scopes: ['read:sessions'],
  params: ofUserParams,
  ...sessions.route,
  async answer({ params: { user_id }, query }, stores, { clock }) {
    await assertUserExists(user_id, stores);
    return sessions.answerEach(
      query,
      (page) => stores.sessionDetails.list(user_id, page, clock.now()),
      sessionBody,
    );
  },
});

const deleteSessions = route({
  method: 'DELETE',
  path: '/users/{user_id}/sessions',
  summary: 'Delete sessions for user',
  scopes: ['delete:sessions'],
  params: ofUserParams,
  status: 202,
  response: nothing,
  async answer({ params: { user_id }, caller }, stores, ports) {
    await getLockedUser(user_id, caller, stores, ports);
    await endSessionsOf(user_id, 'session-revoked', caller.requester, stores, ports);
    return {};
  },
});

const revokeAccess = route({
  method: 'POST',
  path: '/users/{id}/revoke-access',
  summary: 'Revokes selected resources from a user',
  scopes: ['delete:sessions', 'delete:refresh_tokens'],
  params: z.strictObject({ id: z.string() }),
  body: z
    .strictObject({
      session_id: z.string().max(50).optional(),
      preserve_refresh_tokens: z.boolean().default(false),
    })
    .nullable(),
  status: 202,
  response: nothing,
  async answer({ params: { id }, body, caller }, stores, ports) {
    const user = await getLockedUser(id, caller, stores, ports);
    const preserves = body?.preserve_refresh_tokens ?? false;
    if (body?.session_id !== undefined) {
      const session = { sid: body.session_id, user_id: id };
      const found = await stores.sessionDetails.find(session.sid, ports.clock.now());
      if (found?.session.user_id !== id) return {};
      await (preserves
        ? endSession(session, caller, stores, ports)
        : revokeSession(session, caller, stores, ports));
      return {};
    }
    await endSessionsOf(id, 'session-revoked', caller.requester, stores, ports);
    // AT-14: whatever the user was given ends with the epoch.
    if (!preserves) await stores.users.update({ ...user, epoch: user.epoch + 1 });
    return {};
  },
});

export const sessionItselfRoutes: readonly Route[] = [
  getSession,
  updateSession,
  deleteSession,
  revoke,
  listSessions,
  deleteSessions,
  revokeAccess,
];
