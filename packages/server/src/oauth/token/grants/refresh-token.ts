// The refresh token grant (RFC 6749 §6, RFC 9700 §4.14.2; contract RT-*, RR-*). A rotating token is spent by its use; one
// that comes again after its successor was used ends the whole family. The change of state is last, so that an earlier
// refusal costs nothing (RR-1).

import type { LogEvent } from '../../../model/events.ts';
import { longestAccessTokenLifetime } from '../../../model/resource-server.ts';
import type { User } from '../../../model/user.ts';
import { orderedHash } from '../../../runtime/cryptography/ordered-token.ts';
import { dialectOf } from '../../dialect.ts';
import { InvalidDpopProof, InvalidGrant, InvalidScope, type OAuthError } from '../../errors.ts';
import { confirmationOf } from '../../issue/confirmation.ts';
import { noSession, type OAuthStores } from '../../ports.ts';
import { extendSession } from '../online-refresh-token.ts';
import type { PresentedRefreshToken, RefreshToken, RefreshTokenFamily } from '../ports.ts';
import { findRefreshedAccess, type RefreshedAccess } from '../refresh-audience.ts';
import { retryRules, standingOf } from '../refresh-token-family.ts';
import { type Exchangeable, rotate } from '../refresh-token-rotation.ts';
import {
  type AuthorizedByUser,
  findRemaining,
  type GrantRequest,
  type ProvenGrant,
  type Refused,
  refused,
} from './grant.ts';

export const refreshTokenGrant: ProvenGrant = {
  grant_type: 'refresh_token',
  success: 'sertft',
  failure: 'fertft',
  brings: 'refresh_token',

  async exchange(request, stores) {
    const { client, parameters, possession, now, settings } = request;
    const presented = parameters.getRequired('refresh_token');
    const found = await stores.refreshTokens.lock(orderedHash(presented));
    if (found?.family.client_id !== client.client_id) return refused(unknownToken());
    const { token, family } = found;
    // RR-2, RR-11: whoever lacks the key neither spends nor ends anything.
    if (family.jkt !== null && family.jkt !== possession.jkt)
      return refused(wrongKey(), { event: eventOf(family) });
    const rules = retryRules(client, settings);
    const standing = standingOf(token, family, rules, now);
    if (standing === 'dead') return refused(unknownToken(), { event: endOf(family) });
    if (standing === 'reuse') return refuseReuse(token, family, now, stores);
    return refresh({ ...found, standing, rules, presented }, request, stores);
  },
};

async function refresh(
  exchangeable: Exchangeable & PresentedRefreshToken,
  request: GrantRequest,
  stores: OAuthStores,
): Promise<AuthorizedByUser | Refused> {
  const { client, possession, settings } = request;
  const { family, user, connected } = exchangeable;
  const event = eventOf(family);
  const ended = user === undefined ? missingUser() : findEnd(user, family);
  if (user === undefined || ended !== undefined) return refused(ended ?? missingUser(), { event });
  const remaining = connected ? await findRemaining(family, client, stores) : undefined;
  // Without it there is nothing to refresh.
  const kind = family.online ? 'online_access' : 'offline_access';
  if (!remaining?.scope.includes(kind)) return refused(unknownToken(), { event });
  const access = await findRefreshedAccess(family, remaining, request, stores);
  if (access === undefined) return refused(exceedingScope(), { event });
  const { resourceServer, scope } = access;
  // Asked again by the endpoint; here, so that nothing is spent for a token that is not issued (RR-1).
  confirmationOf(possession, { client, resourceServer }, dialectOf(settings));
  const rotation = family.online
    ? await extendSession(family, request, stores)
    : await rotate(exchangeable, request, stores.refreshTokens);
  if (rotation === undefined) return refused(unknownToken(), { event });
  return {
    outcome: 'authorized',
    ...grantOf(family, user),
    scope,
    resourceServer,
    refresh_token: rotation.refresh_token,
    event: { ...event, ...usedAudience(access, rotation.details) },
  };
}

/** RT-23: what the user authorized then, for the tokens of now. */
function grantOf(family: RefreshTokenFamily, user: User) {
  return {
    subject_type: 'user' as const,
    user,
    aid: family.aid,
    epoch: family.epoch,
    sid: family.sid === noSession ? undefined : family.sid,
    auth_time: family.auth_time ?? undefined,
    authenticated_at: family.auth_time ?? undefined,
    nonce: undefined,
    acr: undefined,
    gty: 'refresh_token',
  };
}

/**
 * RFC 9700 §4.14.2: "If a refresh token is compromised and subsequently used by both the attacker and the legitimate
 * client, one of them will present an invalidated refresh token, which will inform the authorization server of the breach."
 */
async function refuseReuse(
  token: RefreshToken,
  family: RefreshTokenFamily,
  now: number,
  { authorizations }: OAuthStores,
): Promise<Refused> {
  await authorizations.revokeAuthorization(family.aid, now, now + longestAccessTokenLifetime, 'reused');
  const details = { familyId: family.aid, latestCounter: family.counter, tokenCounter: token.n };
  return refused(unknownToken(), { type: 'ferrt', event: { ...eventOf(family), details } });
}

function findEnd(user: User, family: RefreshTokenFamily): OAuthError | undefined {
  if (user.blocked) return new InvalidGrant('user is blocked');
  // AT-14: the user's epoch rose since.
  return user.epoch === family.epoch ? undefined : unknownToken();
}

function unknownToken(): InvalidGrant {
  return new InvalidGrant('Unknown or invalid refresh token.');
}

function wrongKey(): InvalidDpopProof {
  return new InvalidDpopProof('The refresh token is bound to another key');
}

function missingUser(): InvalidGrant {
  return new InvalidGrant("The refresh_token was generated for a user who doesn't exist anymore.");
}

function exceedingScope(): InvalidScope {
  return new InvalidScope('The requested scope exceeds the scope granted to the refresh token');
}

function eventOf({ user_id, audience, scope }: RefreshTokenFamily) {
  return { user_id, ...(audience === null ? {} : { audience }), scope };
}

/** RT-18 */
function usedAudience({ resourceServer, byPolicy }: RefreshedAccess, details: LogEvent['details']) {
  if (!byPolicy) return { details };
  return { audience: resourceServer?.identifier, details: { ...details, policy_used: 'mrrt' } };
}

/** The log tells why a family ended; whoever presents its token is not told. */
function endOf(family: RefreshTokenFamily) {
  const { revocation_reason } = family;
  return { ...eventOf(family), ...(revocation_reason && { details: { revocation_reason } }) };
}
