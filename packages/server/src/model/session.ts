// What a session (the sign-in at the tenant) and a user grant (a user's consent) are (contract SE-*, CN-*).
import type { Requester } from './events.ts';
import type { TenantSettings } from './tenant.ts';

export interface Session {
  /** Public; never the cookie (SE-6). */
  sid: string;
  user_id: string;
  /** The user's when the session began: it ends when the user's rises (AT-14). */
  epoch: number;
  connection_id: string;
  authenticated_at: number;
  created_at: number;
  updated_at: number;
  last_interacted_at: number;
  expires_at: number;
  idle_expires_at: number;
  persistent: boolean;
  initial_ip: string;
  initial_user_agent: string;
  last_ip: string;
  last_user_agent: string;
}

/** What activity changes of a session. */
export type SessionActivity = Pick<
  Session,
  'last_interacted_at' | 'idle_expires_at' | 'last_ip' | 'last_user_agent'
>;

export type SessionLimits = Pick<TenantSettings, 'session_lifetime' | 'idle_session_lifetime'>;

const secondsPerHour = 3600;
/** SE-3: the idle end follows activity, to the minute: a busy session is not written at every request. */
const touchInterval = 60;

/** SE-2: the absolute and the idle end of a session that begins now. */
export function sessionEnds(
  now: number,
  limits: SessionLimits,
): Pick<Session, 'expires_at' | 'idle_expires_at'> {
  const expires_at = now + Math.round(limits.session_lifetime * secondsPerHour);
  return { expires_at, idle_expires_at: idleEnd(now, expires_at, limits) };
}

/** SE-3, PR-7: activity extends the idle end, never the absolute one. Undefined: it was seen just now. */
export function activityOf(
  session: Session,
  { ip, user_agent }: Requester,
  now: number,
  limits: SessionLimits,
): SessionActivity | undefined {
  if (now - session.last_interacted_at < touchInterval) return undefined;
  return {
    last_interacted_at: now,
    idle_expires_at: idleEnd(now, absoluteEnd(session, limits), limits),
    last_ip: ip,
    last_user_agent: user_agent,
  };
}

/** SE-3: raised limits are for new sessions, lowered ones for all. */
function absoluteEnd({ expires_at, authenticated_at }: Session, { session_lifetime }: SessionLimits): number {
  return Math.min(expires_at, authenticated_at + Math.round(session_lifetime * secondsPerHour));
}

function idleEnd(now: number, expires_at: number, { idle_session_lifetime }: SessionLimits): number {
  return Math.min(now + Math.round(idle_session_lifetime * secondsPerHour), expires_at);
}

/** CN-1: keyed by user, client and audience. `audience` is '' for a consent that names no API. */
export interface UserGrant {
  id: string;
  user_id: string;
  client_id: string;
  audience: string;
  scope: string[];
  created_at: number;
}
