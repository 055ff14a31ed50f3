// The authorization code grant with PKCE (RFC 6749 §4.1.3, RFC 7636 §4.5 and §4.6; contract AC-*).
import { longestAccessTokenLifetime } from '../../../model/resource-server.ts';
import { orderedHash } from '../../../runtime/cryptography/ordered-token.ts';
import { withoutFragment } from '../../authorize/redirect-uri.ts';
import { dialectOf } from '../../dialect.ts';
import { InvalidDpopProof, InvalidGrant, type OAuthError, reflected } from '../../errors.ts';
import { isRefreshScope } from '../../issue/scopes.ts';
import type { Parameters } from '../../parameters.ts';
import { provesCodeChallenge } from '../../pkce.ts';
import type { AuthorizationCode, OAuthStores } from '../../ports.ts';
import { onlineRefusal } from '../online-refresh-token.ts';
import { type FamilyOrigin, startRefreshTokenFamily } from '../refresh-token-family.ts';
import {
  type AuthorizedByUser,
  findRemaining,
  type GrantRequest,
  type ProvenGrant,
  type Refused,
  refused,
} from './grant.ts';

export const authorizationCodeGrant: ProvenGrant = {
  grant_type: 'authorization_code',
  success: 'seacft',
  failure: 'feacft',
  brings: 'code',

  async exchange(request, stores) {
    const { client, parameters, now } = request;
    const hash = orderedHash(parameters.getRequired('code'));
    const code = await stores.authorizations.redeemCode(hash, client.client_id, now);
    if (code === undefined) return refuseReplay(hash, request, stores);
    // From here on the code is burnt, whatever comes (AC-12).
    const error = findMismatch(code, request);
    if (error !== undefined) return refused(error, { event: eventOf(code, parameters) });
    return authorize(code, request, stores);
  },
};

/**
 * RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server MUST deny the request
 * and SHOULD revoke (when possible) all tokens previously issued based on that authorization code."
 */
async function refuseReplay(hash: string, request: GrantRequest, stores: OAuthStores): Promise<Refused> {
  const { client, parameters, now } = request;
  const code = await stores.authorizations.findCode(hash);
  const replayedByOwner =
    code !== undefined && code.redeemed_at !== null && code.client_id === client.client_id;
  // AC-11: without the verifier a replay may come from whoever read a log: it must not log people out.
  if (!replayedByOwner || !provesPossession(code, parameters.get('code_verifier')))
    return refused(invalidCode(), { event: { details: { code: masked(parameters) } } });
  await stores.authorizations.revokeAuthorization(code.aid, now, now + longestAccessTokenLifetime, 'reused');
  const event = eventOf(code, parameters);
  return refused(invalidCode(), { event: { ...event, details: { ...event.details, replayed: true } } });
}

function findMismatch(
  code: AuthorizationCode,
  { parameters, possession, settings }: GrantRequest,
): OAuthError | undefined {
  const dialect = dialectOf(settings);
  const sent = parameters.get('redirect_uri');
  // RFC 6749 §4.1.3: "if the "redirect_uri" parameter was included in the authorization request …, … their values
  // MUST be identical."
  const mayBeAbsent = code.redirect_uri_sent === null;
  if (sent === undefined ? !mayBeAbsent : withoutFragment(sent) !== code.redirect_uri) {
    return dialect.wrongRedirectUri(reflected(sent ?? ''), reflected(code.redirect_uri));
  }
  const code_verifier = parameters.get('code_verifier');
  if (code.code_challenge !== null && code_verifier === undefined) return dialect.missingCodeVerifier();
  // RFC 7636 §4.6: "If the values are not equal, an error response indicating "invalid_grant" … MUST be returned."
  if (!provesPossession(code, code_verifier)) return new InvalidGrant('Failed to verify code verifier');
  // RFC 9449 §10: "the authorization server MUST … reject the request" by another key (AC-21).
  if (code.dpop_jkt !== null && code.dpop_jkt !== possession.jkt) {
    return new InvalidDpopProof('The authorization code is bound to another key');
  }
  return undefined;
}

/** AC-8: a verifier for a code without challenge proves nothing either. */
function provesPossession({ code_challenge }: AuthorizationCode, code_verifier: string | undefined): boolean {
  if (code_challenge === null) return code_verifier === undefined;
  return code_verifier !== undefined && provesCodeChallenge(code_verifier, code_challenge);
}

async function authorize(
  code: AuthorizationCode,
  request: GrantRequest,
  stores: OAuthStores,
): Promise<AuthorizedByUser | Refused> {
  const event = eventOf(code, request.parameters);
  // AC-22: what ended since the code was issued ends the code.
  const user = await stores.authorizations.findCodeSubject(code);
  const remaining = user && (await findRemaining(code, request.client, stores));
  if (user === undefined || remaining === undefined) return refused(invalidCode(), { event });
  const { resourceServer, scope } = remaining;
  const online = scope.includes('online_access');
  const refusal = online ? onlineRefusal(request) : undefined;
  if (refusal !== undefined) return refused(refusal, { event });
  const refresh_token = scope.some(isRefreshScope)
    ? await startRefreshTokenFamily(familyOrigin(code, scope), request, stores)
    : undefined;
  const details =
    refresh_token === undefined
      ? event.details
      : { ...event.details, refresh_token: { access: online ? 'online' : 'offline', session_id: code.sid } };
  return {
    outcome: 'authorized',
    subject_type: 'user',
    user,
    aid: code.aid,
    epoch: code.epoch,
    sid: code.sid,
    scope,
    resourceServer,
    auth_time: code.auth_time_requested ? code.auth_time : undefined,
    authenticated_at: code.auth_time,
    nonce: code.nonce ?? undefined,
    acr: code.acr ?? undefined,
    gty: undefined,
    refresh_token,
    event: { ...event, details },
  };
}

function familyOrigin(code: AuthorizationCode, scope: string[]): FamilyOrigin {
  const { aid, client_id, user_id, epoch, sid, audience } = code;
  const auth_time = code.auth_time_requested ? code.auth_time : null;
  return { aid, client_id, user_id, epoch, sid, scope, audience, auth_time };
}

function invalidCode(): InvalidGrant {
  return new InvalidGrant('Invalid authorization code');
}

function eventOf({ user_id, audience, scope }: AuthorizationCode, parameters: Parameters) {
  const details = { code: masked(parameters) };
  return { user_id, ...(audience === null ? {} : { audience }), scope, details };
}

/** LG-6: of the code its last three characters, so that two entries about one code can be told to be that. */
function masked(parameters: Parameters): string {
  return parameters.getRequired('code').replace(/.(?=.{3})/gs, '*');
}
