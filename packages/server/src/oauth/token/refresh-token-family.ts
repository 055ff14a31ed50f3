// A refresh token family: one authorization's line of refresh tokens, of which at most one lives (contract RT-*).
// Knows the family's beginning and its lifetimes; the grant knows what an exchange does.
import type { Client, RefreshTokenConfiguration } from '../../model/client.ts';
import { sha256 } from '../../runtime/hash.ts';
import type { Random } from '../../runtime/random.ts';
import type { AuthorizationCode, OAuthStores, RefreshToken, RefreshTokenFamily } from '../ports.ts';

/** RT-14: live families of one user at one client; the oldest goes when there is one more. */
const mostFamilies = 200;

export interface FamilyStart {
  client: Client;
  now: number;
  random: Random;
}

/** What the family's tokens stand for. */
export type FamilyOrigin = Pick<
  AuthorizationCode,
  | 'aid'
  | 'client_id'
  | 'user_id'
  | 'epoch'
  | 'sid'
  | 'dpop_jkt'
  | 'scope'
  | 'audience'
  | 'auth_time'
  | 'auth_time_requested'
>;

/** Stores the family and its first token; returns the token in clear, which is stored nowhere. */
export async function startRefreshTokenFamily(
  code: FamilyOrigin,
  { client, now, random }: FamilyStart,
  { authorizations }: Pick<OAuthStores, 'authorizations'>,
): Promise<string> {
  const family: RefreshTokenFamily = {
    aid: code.aid,
    client_id: code.client_id,
    user_id: code.user_id,
    epoch: code.epoch,
    sid: code.sid,
    jkt: code.dpop_jkt,
    scope: code.scope,
    audience: code.audience,
    auth_time: code.auth_time_requested ? code.auth_time : null,
    created_at: now,
    ...nextLifetime({ absolute_at: null }, client.refresh_token, now),
    revoked_at: null,
  };
  const refresh_token = random.token();
  await authorizations.insertFamily(family, tokenRow(refresh_token, code.aid, 0, now));
  await authorizations.revokeOldestFamilies(code.user_id, code.client_id, mostFamilies, now);
  return refresh_token;
}

/** The row of a token that nobody has used yet. */
export function tokenRow(refresh_token: string, aid: string, n: number, now: number): RefreshToken {
  return {
    hash: sha256(refresh_token),
    aid,
    n,
    issued_at: now,
    spent_at: null,
    successor: null,
    box: null,
    superseded_at: null,
  };
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

/** RR-7. */
export function isLive({ revoked_at, absolute_at, idle_at }: RefreshTokenFamily, now: number): boolean {
  return revoked_at === null && (absolute_at ?? Infinity) > now && (idle_at ?? Infinity) > now;
}
