// The session: the sign-in at the tenant, shared by all its clients (contract SE-*). The cookie holds a secret of its
// own, never the sid; every authentication renews it, and a value that we did not make is never adopted (SE-6, SE-12).
import {
  backchannelLogout,
  backchannelUrls,
  type LogoutInitiator,
  type LogoutNotice,
} from '../model/backchannel-logout.ts';
import type { Client } from '../model/client.ts';
import { newDelivery } from '../model/delivery.ts';
import { aboutClient, aboutUser, type Requester } from '../model/events.ts';
import { activityOf, type Session, sessionEnds } from '../model/session.ts';
import type { TenantSettings } from '../model/tenant.ts';
import type { User } from '../model/user.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { Clock } from '../runtime/clock.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores, SessionStore } from './ports.ts';

export interface SignedIn {
  session: Session;
  user: User;
}

export interface SessionPorts {
  clock: Clock;
  random: Random;
  settings: Pick<TenantSettings, 'session_lifetime' | 'idle_session_lifetime' | 'session_cookie'>;
}

/** The session behind the cookie, if it lives. */
export async function findSession(
  secret: string | undefined,
  now: number,
  sessions: SessionStore,
): Promise<SignedIn | undefined> {
  return secret === undefined ? undefined : sessions.findBySecret(sha256(secret), now);
}

/**
 * Records an authentication: the browser's session of the same user is renewed and keeps its sid, any other ends.
 * Returns the session and the new cookie value.
 */
export async function beginSession(
  user: User,
  connection_id: string,
  previous: SignedIn | undefined,
  requester: Requester,
  stores: EndingStores,
  ports: SessionPorts,
): Promise<{ session: Session; secret: string }> {
  const { clock, random, settings } = ports;
  const now = clock.now();
  const secret = random.token();
  const renewed = previous?.user.user_id === user.user_id ? previous.session : undefined;
  const session: Session = {
    sid: renewed?.sid ?? random.token(24),
    user_id: user.user_id,
    epoch: user.epoch,
    connection_id,
    authenticated_at: now,
    created_at: renewed?.created_at ?? now,
    updated_at: now,
    last_interacted_at: now,
    ...sessionEnds(now, settings),
    persistent: settings.session_cookie.mode === 'persistent',
    initial_ip: renewed?.initial_ip ?? requester.ip,
    initial_user_agent: renewed?.initial_user_agent ?? requester.user_agent,
    last_ip: requester.ip,
    last_user_agent: requester.user_agent,
  };
  if (renewed !== undefined) {
    await stores.sessions.renew(session, sha256(secret));
  } else {
    if (previous !== undefined) {
      await deleteSession(previous.session, 'session-revoked', requester, stores, ports);
    }
    await stores.sessions.insert(session, sha256(secret));
  }
  return { session, secret };
}

/** SE-3, PR-7. */
export async function touchSession(
  session: Session,
  requester: Requester,
  now: number,
  sessions: SessionStore,
  settings: SessionPorts['settings'],
): Promise<void> {
  const activity = activityOf(session, requester, now, settings);
  if (activity !== undefined) await sessions.touch(session.sid, activity);
}

type EndingStores = Pick<LoginStores, 'sessions' | 'deliveries'>;
type EndingPorts = Pick<SessionPorts, 'clock' | 'random'>;

export async function deleteSession(
  session: Pick<Session, 'sid' | 'user_id'>,
  initiator: LogoutInitiator,
  requester: Requester,
  stores: EndingStores,
  ports: EndingPorts,
): Promise<void> {
  await announceEnd(session, initiator, requester, stores, ports);
  await stores.sessions.delete(session.sid);
}

/** BC-1: the clients that the session has served hear of its end, each as it wants to. */
async function announceEnd(
  { sid, user_id }: Pick<Session, 'sid' | 'user_id'>,
  initiator: LogoutInitiator,
  requester: Requester,
  { sessions, deliveries }: EndingStores,
  { clock, random }: EndingPorts,
): Promise<void> {
  for (const { client_id, oidc_logout } of await sessions.listClients(sid)) {
    for (const url of backchannelUrls(oidc_logout, initiator)) {
      const content: LogoutNotice = { client_id, url, sub: user_id, sid };
      await deliveries.add(
        newDelivery({ kind: backchannelLogout, content, requester }, { now: clock.now(), random }),
      );
    }
  }
}

/** Of sessions that end by themselves, of an older epoch: those who are blocked are told so by theirs (AZ-64). */
export async function announceEndsOf(
  user_id: string,
  initiator: LogoutInitiator,
  requester: Requester,
  stores: EndingStores,
  ports: EndingPorts,
): Promise<void> {
  for (const session of await stores.sessions.listOf(user_id)) {
    await announceEnd(session, initiator, requester, stores, ports);
  }
}

/** Every session of the user, in whichever browser. Their ends are due to something else, which the log tells. */
export async function endSessionsOf(
  user_id: string,
  initiator: LogoutInitiator,
  requester: Requester,
  stores: EndingStores,
  ports: EndingPorts,
): Promise<void> {
  for (const session of await stores.sessions.listOf(user_id)) {
    await deleteSession(session, initiator, requester, stores, ports);
  }
}

/** Ends the browser's session for the whole tenant; says nothing if there is none. LO-13: refresh tokens stay. */
export async function endSession(
  { session: secret, requester }: { session: string | undefined; requester: Requester },
  client: Pick<Client, 'client_id' | 'name'> | undefined,
  ports: EndingPorts & { unitOfWork: UnitOfWork<LoginStores> },
): Promise<void> {
  await ports.unitOfWork.transaction(async (stores) => {
    const signedIn = await findSession(secret, ports.clock.now(), stores.sessions);
    if (signedIn === undefined) return;
    const { session, user } = signedIn;
    await deleteSession(session, 'rp-logout', requester, stores, ports);
    await stores.log.write(
      {
        type: 'slo',
        ...aboutUser(user),
        ...aboutClient(client),
        details: { session_id: session.sid },
      },
      requester,
    );
  });
}
