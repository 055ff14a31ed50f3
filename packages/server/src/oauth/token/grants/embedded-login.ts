// Embedded login: a user proves who they are in the application's own form, and the application sends the proof
// (contract PW-*, PL-*). Here is what the grants of this kind share, and the port behind which login judges the proof.
import type { Client } from '../../../model/client.ts';
import type { Connection, DatabaseConnection, PasswordlessConnection } from '../../../model/connection.ts';
import { held, isConsentMissing } from '../../../model/consent.ts';
import { aboutConnection, type LogEvent, type Requester } from '../../../model/events.ts';
import type { User } from '../../../model/user.ts';
import { orderedId } from '../../../runtime/cryptography/ordered-token.ts';
import { dialectOf } from '../../dialect.ts';
import { ConsentRequired, InvalidGrant, TooManyAttempts } from '../../errors.ts';
import { findRequestedAccess, type ResourceAccess } from '../../issue/resource-access.ts';
import { grantedScopes, withoutOnlineAccess } from '../../issue/scopes.ts';
import { type Parameters, parseSpaceDelimited } from '../../parameters.ts';
import { noSession, type OAuthStores } from '../../ports.ts';
import { startRefreshTokenFamily } from '../refresh-token-family.ts';
import { type AuthorizedByUser, type GrantRequest, type Refused, refused } from './grant.ts';

export interface EmbeddedPassword {
  connection: DatabaseConnection;
  identifier: string;
  password: string;
  requester: Requester;
}

/** Who is said to have an e-mail address or a telephone number, and to whom a code is sent there. */
export interface EmbeddedCode {
  connection: PasswordlessConnection;
  client: Pick<Client, 'client_id' | 'name' | 'registration'>;
  /** The address or the number, as the strategy of the connection demands. */
  identifier: string;
  requester: Requester;
}

export interface LoginProof {
  connection: Connection;
  /** The identifier, where the tenant log may know it. */
  user_name: string | undefined;
  verdict: LoginVerdict;
}

export type LoginVerdict =
  | { outcome: 'proved'; user: User }
  | {
      outcome: 'refused';
      reason: 'wrong_credentials' | 'too_many_attempts' | 'throttled';
      user_id: string | undefined;
    };

/** Receives the proof in the transaction that stores what it changed (PW-20: the counters). */
export type Settle<T> = (proof: LoginProof, stores: OAuthStores) => Promise<T>;

export interface EmbeddedLogins {
  /** Hashes outside of the transaction. Throws PasswordQueueFull before one where too many wait already. */
  provePassword<T>(password: EmbeddedPassword, settle: Settle<T>): Promise<T>;
  /** With `authParams` it comes in a link (PS-4), which only mail brings. PL-3: the one before it is good no more. False, and nothing is sent, if it were one too many. */
  sendCode(code: EmbeddedCode & { authParams?: Record<string, string> | undefined }): Promise<boolean>;
  /** A code is proved once, and after three wrong ones not at all. */
  proveCode<T>(proof: EmbeddedCode & { code: string }, settle: Settle<T>): Promise<T>;
}

export interface LoginKind {
  gty: string | undefined;
  /** TK-91: what a wrong proof is answered with. */
  wrongCredentials: string;
}

export async function authorizeLogin(
  proof: LoginProof,
  kind: LoginKind,
  request: GrantRequest,
  stores: OAuthStores,
): Promise<AuthorizedByUser | Refused> {
  const event = eventOf(proof);
  const { verdict } = proof;
  if (verdict.outcome === 'refused') {
    switch (verdict.reason) {
      case 'too_many_attempts':
        return refused(tooManyAttempts(), { type: 'limit_wc', event });
      case 'throttled':
        return refused(tooManyFromAddress(), { type: 'limit_mu', event });
      case 'wrong_credentials':
        return refused(new InvalidGrant(kind.wrongCredentials), { event });
    }
  }
  // CN-9: nobody is asked for consent who has typed their password.
  return authorizeUser(verdict.user, { gty: kind.gty, event, needsConsent: false }, request, stores);
}

/** Without a session: no browser stands behind it. `needsConsent`: where it would be asked, it must have been given. */
export async function authorizeUser(
  user: User,
  { gty, event, needsConsent }: { gty: string | undefined; event: Partial<LogEvent>; needsConsent: boolean },
  request: GrantRequest,
  stores: OAuthStores,
): Promise<AuthorizedByUser | Refused> {
  if (user.blocked) return refused(dialectOf(request.settings).blockedUser(), { event });
  const { parameters, client, settings, issuer } = request;
  const access = await findRequestedAccess(parameters, client, { settings, issuer, stores });
  const scope = grantedScopes(withoutOnlineAccess(requestedScope(parameters, access)), client, access);
  const resourceServer = access?.resourceServer;
  const granted = { ...event, scope, audience: resourceServer?.identifier };
  const asked = resourceServer && { user_id: user.user_id, audience: resourceServer.identifier, scope };
  if (needsConsent && asked && (await isConsentMissing(asked, client, resourceServer, held(stores))))
    return refused(new ConsentRequired('Consent required'), { event: granted });
  const aid = orderedId(request);
  const authorized: AuthorizedByUser = {
    outcome: 'authorized',
    subject_type: 'user',
    user,
    aid,
    epoch: user.epoch,
    sid: undefined,
    scope,
    resourceServer,
    auth_time: undefined,
    nonce: undefined,
    acr: undefined,
    gty,
    refresh_token: undefined,
    event: granted,
  };
  if (scope.includes('offline_access')) {
    authorized.refresh_token = await startFamily(authorized, request, stores);
  }
  await stores.users.recordLogin(user.user_id, request.now, request.requester.ip);
  return authorized;
}

const openIdScopes = ['openid', 'profile', 'email', 'address', 'phone'];

/** PW-4: no scope means all those of the API, and `openid` alone every scope of OpenID Connect. */
function requestedScope(parameters: Parameters, access: ResourceAccess | undefined): string[] {
  const requested = parseSpaceDelimited(parameters.get('scope'));
  if (requested.length === 0) return access?.scopes ?? openIdScopes;
  return requested.length === 1 && requested[0] === 'openid' ? openIdScopes : requested;
}

function startFamily(
  { aid, epoch, user, scope, resourceServer }: AuthorizedByUser,
  request: GrantRequest,
  stores: OAuthStores,
): Promise<string> {
  const family = {
    aid,
    client_id: request.client.client_id,
    user_id: user.user_id,
    epoch,
    sid: noSession,
    scope,
    audience: resourceServer?.identifier ?? null,
    auth_time: null,
  };
  return startRefreshTokenFamily(family, request, stores);
}

/** AP-5, TX-3 */
export function tooManyFromAddress(event?: Partial<LogEvent>): TooManyAttempts {
  const text =
    'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.';
  return new TooManyAttempts(text, event && { event });
}

/** PW-8, AP-2. */
function tooManyAttempts(): TooManyAttempts {
  return new TooManyAttempts('Your account has been blocked after multiple consecutive login attempts.');
}

function eventOf({ connection, user_name, verdict }: LoginProof) {
  return {
    ...aboutConnection(connection),
    user_name,
    user_id: verdict.outcome === 'proved' ? verdict.user.user_id : verdict.user_id,
  };
}
