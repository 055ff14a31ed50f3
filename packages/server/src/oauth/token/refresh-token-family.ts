// A refresh token family: one authorization's line of refresh tokens, of which at most one lives (contract RT-*, RR-*).
// Knows the family's beginning, its lifetimes, and what a token of it is worth; refresh-token-rotation.ts exchanges it.
import { type Client, isPublicClient, type RefreshTokenConfiguration } from '../../model/client.ts';
import { sessionEnds } from '../../model/session.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import type { Clock } from '../../runtime/clock.ts';
import { orderedHash, orderedToken } from '../../runtime/cryptography/ordered-token.ts';
import type { Random } from '../../runtime/random.ts';
import type { Possession } from '../issue/confirmation.ts';
import type { OAuthStores } from '../ports.ts';
import type { RefreshToken, RefreshTokenFamily } from './ports.ts';

/** RT-14: live families of one user at one client; the oldest goes when there is one more. */
const mostFamilies = 200;
/** RR-14: spent tokens of one family that are known again. */
export const mostSpentTokens = 1000;

export interface FamilyStart {
  client: Client;
  possession: Possession;
  clock: Clock;
  now: number;
  random: Random;
  settings: TenantSettings;
}

/** What the family's tokens stand for: the authorization that it is. */
export type FamilyOrigin = Pick<
  RefreshTokenFamily,
  'aid' | 'client_id' | 'user_id' | 'epoch' | 'sid' | 'scope' | 'audience' | 'auth_time'
>;

/** Stores the family and its first token; returns the token in clear, which is stored nowhere. */
export async function startRefreshTokenFamily(
  origin: FamilyOrigin,
  { client, possession, clock, now, random, settings }: FamilyStart,
  { refreshTokens }: Pick<OAuthStores, 'refreshTokens'>,
): Promise<string> {
  const { aid, client_id, user_id } = origin;
  const online = origin.scope.includes('online_access');
  const refresh_token = orderedToken({ clock, random });
  const first = tokenRow(refresh_token, aid, 0, now);
  const family: RefreshTokenFamily = {
    ...origin,
    // DP-7: authentication is what binds a confidential client's.
    jkt: isPublicClient(client) ? (possession.jkt ?? null) : null,
    created_at: now,
    ...(online
      ? sessionLifetime(now, settings)
      : nextLifetime({ absolute_at: null }, client.refresh_token, now)),
    online,
    revoked_at: null,
    revocation_reason: null,
    current_token: first.hash,
    counter: 0,
    rotating: !online && isRotating(client),
    ...nothingSpent,
  };
  await refreshTokens.insertFamily(family, first);
  await refreshTokens.revokeOldestFamilies(user_id, client_id, mostFamilies, now);
  return refresh_token;
}

/** What a family says while no token but the current one may come. */
export const nothingSpent = { spent_token: null, spent_at: null, box: null, box_ends_at: null } as const;

export function tokenRow(refresh_token: string, aid: string, n: number, now: number): RefreshToken {
  return { hash: orderedHash(refresh_token), aid, n, issued_at: now };
}

export function isRotating({ refresh_token }: Client): boolean {
  return refresh_token.rotation_type === 'rotating';
}

/**
 * RT-11, RR-9: the absolute end is fixed at issuance; the idle end is renewed from the client's settings at each
 * exchange and never lies beyond it. RT-13: a family without absolute end gets one once the client expires tokens.
 */
export function nextLifetime(
  family: Pick<RefreshTokenFamily, 'absolute_at'>,
  configuration: RefreshTokenConfiguration,
  now: number,
): Pick<RefreshTokenFamily, 'absolute_at' | 'idle_at'> {
  const expires = configuration.expiration_type === 'expiring';
  const ends = expires && !configuration.infinite_token_lifetime;
  const absolute_at = family.absolute_at ?? (ends ? now + configuration.token_lifetime : null);
  if (!expires || configuration.infinite_idle_token_lifetime) return { absolute_at, idle_at: null };
  const idle_at = now + configuration.idle_token_lifetime;
  return { absolute_at, idle_at: absolute_at === null ? idle_at : Math.min(idle_at, absolute_at) };
}

/** RT-20: until an exchange has asked the session, it ends no earlier than any session that lives now. */
function sessionLifetime(
  now: number,
  settings: TenantSettings,
): Pick<RefreshTokenFamily, 'absolute_at' | 'idle_at'> {
  return { absolute_at: sessionEnds(now, settings).expires_at, idle_at: null };
}

/** RR-7. The end of an online one is its session's, which whoever exchanges it asks. */
export function isLive(
  { revoked_at, absolute_at, idle_at, online }: RefreshTokenFamily,
  now: number,
): boolean {
  if (revoked_at !== null) return false;
  return online || ((absolute_at ?? Infinity) > now && (idle_at ?? Infinity) > now);
}

/** How a client that lost an answer may ask again (RR-8). */
export interface RetryRules {
  /** Seconds in which the same successor is returned; 0: never. */
  window: number;
  /** Whether a new successor is given later on. */
  late: boolean;
}

export function retryRules(client: Client, settings: TenantSettings): RetryRules {
  const { leeway, retry_safe, retry_window } = client.refresh_token;
  if (!(retry_safe ?? settings.refresh_token.retry_safe)) return { window: leeway, late: false };
  return { window: Math.max(retry_window ?? settings.refresh_token.retry_window, leeway), late: true };
}

/**
 * `current`: it lives (RR-3). `replay`: spent a moment ago, its successor unused (RR-4). `late`: spent earlier, its
 * successor still unused (RR-5). `reuse`: somebody has used its successor, or it was superseded (RR-6).
 */
export type Standing = 'dead' | 'current' | 'replay' | 'late' | 'reuse';

export function standingOf(
  { hash, n }: RefreshToken,
  family: RefreshTokenFamily,
  rules: RetryRules,
  now: number,
): Standing {
  if (!isLive(family, now)) return 'dead';
  if (hash === family.current_token) return 'current';
  if (family.counter - n > mostSpentTokens) return 'dead';
  if (hash !== family.spent_token || family.spent_at === null) return 'reuse';
  if (rules.window > 0 && now <= family.spent_at + rules.window) return 'replay';
  return rules.late ? 'late' : 'reuse';
}
