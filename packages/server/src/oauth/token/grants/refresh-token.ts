// The refresh token grant (RFC 6749 §6, RFC 9700 §4.14.2; contract RT-*). A rotating token is spent by its one use;
// a spent one that comes again ends the whole family. The change of state is last, so an earlier refusal costs nothing.

import { longestAccessTokenLifetime } from '../../../model/resource-server.ts';
import type { User } from '../../../model/user.ts';
import { sha256 } from '../../../runtime/hash.ts';
import { InvalidGrant, InvalidScope, type OAuthError } from '../../errors.ts';
import { parseSpaceDelimited } from '../../parameters.ts';
import { noSession, type OAuthStores, type RefreshToken, type RefreshTokenFamily } from '../../ports.ts';
import { isLive, nextLifetime, tokenRow } from '../refresh-token-family.ts';
import { findRemaining, type GrantRequest, type ProvenGrant, type Refused, refused } from './grant.ts';

export const refreshTokenGrant: ProvenGrant = {
  grant_type: 'refresh_token',
  success: 'sertft',
  failure: 'fertft',

  async exchange(request, stores) {
    const { client, parameters, now } = request;
    const hash = sha256(parameters.getRequired('refresh_token'));
    const found = await findLocked(hash, client.client_id, stores);
    if (found === undefined) return refused(unknownToken());
    const { token, family } = found;
    const event = eventOf(family);
    if (!isLive(family, now)) return refused(unknownToken(), { event });
    if (token.spent_at !== null || token.superseded_at !== null)
      return refuseReuse(token, family, now, stores);
    const user = await stores.users.find(family.user_id);
    const ended = user === undefined ? missingUser() : findEnd(user, family);
    if (user === undefined || ended !== undefined) return refused(ended ?? missingUser(), { event });
    const connected = await stores.users.hasConnectionOf(family.user_id, client.client_id);
    const remaining = connected ? await findRemaining(family, client, stores) : undefined;
    // Without `offline_access` there is nothing to refresh.
    if (!remaining?.scope.includes('offline_access')) return refused(unknownToken(), { event });
    const requested = parseScope(parameters.get('scope'), family);
    if (requested === undefined) return refused(exceedingScope(), { event });
    return {
      outcome: 'authorized',
      subject_type: 'user',
      user,
      aid: family.aid,
      epoch: family.epoch,
      sid: family.sid === noSession ? undefined : family.sid,
      scope: remaining.scope.filter((name) => requested.includes(name)),
      resourceServer: remaining.resourceServer,
      auth_time: family.auth_time ?? undefined,
      nonce: undefined,
      acr: undefined,
      gty: 'refresh_token',
      refresh_token: await spend(token, family, request, stores),
      event,
    };
  },
};

/** RR-3: the family's row is locked before the token is judged, so that parallel exchanges stand in line. */
async function findLocked(hash: string, client_id: string, { authorizations }: OAuthStores) {
  await authorizations.lockFamilyOf(hash);
  const found = await authorizations.findRefreshToken(hash);
  return found?.family.client_id === client_id ? found : undefined;
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
  await authorizations.revokeAuthorization(family.aid, now, now + longestAccessTokenLifetime);
  const latestCounter = await authorizations.findLatestCounter(family.aid);
  const details = { familyId: family.aid, latestCounter, tokenCounter: token.n };
  return refused(unknownToken(), { type: 'ferrt', event: { ...eventOf(family), details } });
}

function findEnd(user: User, family: RefreshTokenFamily): OAuthError | undefined {
  if (user.blocked) return new InvalidGrant('user is blocked');
  // AT-14: the user's epoch rose since.
  return user.epoch === family.epoch ? undefined : unknownToken();
}

/** RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted by the resource owner" */
function parseScope(requested: string | undefined, family: RefreshTokenFamily): string[] | undefined {
  if (requested === undefined) return family.scope;
  const scope = parseSpaceDelimited(requested);
  return scope.every((name) => family.scope.includes(name)) ? scope : undefined;
}

/** Returns the successor in clear where the client rotates (RT-7), nothing where the token stays good. */
async function spend(
  token: RefreshToken,
  family: RefreshTokenFamily,
  { client, now, random }: GrantRequest,
  { authorizations }: OAuthStores,
): Promise<string | undefined> {
  const { absolute_at, idle_at } = nextLifetime(family, client.refresh_token, now);
  if (absolute_at !== family.absolute_at || idle_at !== family.idle_at) {
    await authorizations.setFamilyLifetime(family.aid, absolute_at, idle_at);
  }
  if (client.refresh_token.rotation_type !== 'rotating') return undefined;
  const refresh_token = random.token();
  const successor = tokenRow(refresh_token, family.aid, token.n + 1, now);
  if (!(await authorizations.spendRefreshToken(token.hash, successor.hash, now))) {
    throw new Error('A refresh token was spent while its family was locked');
  }
  await authorizations.insertRefreshToken(successor);
  return refresh_token;
}

function unknownToken(): InvalidGrant {
  return new InvalidGrant('Unknown or invalid refresh token.');
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
