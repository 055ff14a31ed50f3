// The device code grant (RFC 8628 §3.4, §3.5; contract DV-5 to DV-10): the device asks until a person has decided.
import { longestAccessTokenLifetime } from '../../../model/resource-server.ts';
import { sha256 } from '../../../runtime/cryptography/hash.ts';
import type { DeviceCode } from '../../device-codes.ts';
import { dialectOf } from '../../dialect.ts';
import { AccessDenied, AuthorizationPending, ExpiredToken, InvalidGrant, SlowDown } from '../../errors.ts';
import type { OAuthStores } from '../../ports.ts';
import { startRefreshTokenFamily } from '../refresh-token-family.ts';
import {
  type AuthorizedByUser,
  findRemaining,
  type GrantRequest,
  type ProvenGrant,
  type Refused,
  refused,
} from './grant.ts';

export const deviceCodeGrant: ProvenGrant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  success: 'sede',
  failure: 'fede',
  brings: 'device_code',

  async exchange(request, stores) {
    const { client, parameters, now } = request;
    const hash = sha256(parameters.getRequired('device_code'));
    const ended = await stores.deviceCodes.end(hash, client.client_id, now);
    if (ended === undefined) return refuse(hash, request, stores);
    // DV-7: this one time.
    if (ended.expires_at <= now) return refused(new ExpiredToken('The device code has expired'));
    return authorize(ended, request, stores);
  },
};

async function refuse(hash: string, request: GrantRequest, stores: OAuthStores): Promise<Refused> {
  const { client, now } = request;
  const code = await stores.deviceCodes.find(hash);
  if (code === undefined || code.client_id !== client.client_id) return refused(invalidCode());
  if (code.denied_at !== null) return refused(new AccessDenied('User cancelled the confirmation prompt.'));
  if (code.ended_at === null) return askToWait(code, request, stores);
  // As for an authorization code (RFC 6749 §4.1.2): the device has its tokens and does not ask again; a thief does.
  await stores.authorizations.revokeAuthorization(code.aid, now, now + longestAccessTokenLifetime, 'reused');
  return refused(invalidCode(), { event: { ...eventOf(code), details: { replayed: true } } });
}

async function askToWait(
  { hash, interval }: DeviceCode,
  { now, settings }: GrantRequest,
  { deviceCodes }: OAuthStores,
): Promise<Refused> {
  const type = 'unlogged';
  if (await deviceCodes.recordPoll(hash, now))
    return refused(new AuthorizationPending('User has yet to authorize device code.'), { type });
  // RFC 8628 §3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests."
  const { slowDownSeconds } = dialectOf(settings);
  if (slowDownSeconds > 0) await deviceCodes.lengthenInterval(hash, slowDownSeconds);
  const seconds = interval + slowDownSeconds;
  const description = `You are polling faster than the specified interval of ${seconds} seconds.`;
  return refused(new SlowDown(description), { type });
}

async function authorize(
  code: DeviceCode,
  request: GrantRequest,
  stores: OAuthStores,
): Promise<AuthorizedByUser | Refused> {
  const event = eventOf(code);
  const { aid, client_id, audience, user_id, epoch, sid } = code;
  if (user_id === null || epoch === null || sid === null)
    throw new Error('An approved device code names nobody who approved it');
  // What ended since the approval ends it too; the browser's session may have (LO-13).
  const user = await stores.authorizations.findTokenSubject({ sub: user_id, ep: epoch, client_id, aid });
  const alive = user !== undefined && (await stores.users.hasConnectionOf(user_id, client_id));
  const remaining = alive ? await findRemaining(code, request.client, stores) : undefined;
  if (user === undefined || remaining === undefined) return refused(invalidCode(), { event });
  const { resourceServer, scope } = remaining;
  const origin = { aid, client_id, audience, user_id, epoch, sid, scope, auth_time: null };
  return {
    outcome: 'authorized',
    subject_type: 'user',
    user,
    aid,
    epoch,
    sid,
    scope,
    resourceServer,
    auth_time: undefined,
    nonce: undefined,
    acr: undefined,
    gty: undefined,
    refresh_token: scope.includes('offline_access')
      ? await startRefreshTokenFamily(origin, request, stores)
      : undefined,
    event,
  };
}

function invalidCode(): InvalidGrant {
  return new InvalidGrant('Invalid or expired device code.');
}

function eventOf({ user_id, audience, scope }: DeviceCode) {
  return { user_id: user_id ?? undefined, ...(audience === null ? {} : { audience }), scope };
}
