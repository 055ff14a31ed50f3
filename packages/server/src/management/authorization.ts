// Who calls, and whether they may (contract §3.1, AT-10, AT-14). What a token says is no more than an upper bound: the
// client's grant and the person's permissions are read at each use.
import type { Requester } from '../model/events.ts';
import { isCurrentUserScope, systemAudience } from '../model/resource-server.ts';
import { OAuthError } from '../oauth/errors.ts';
import type { OwnAccessToken } from '../oauth/issue/own-access-token.ts';
import { findResourceAccess } from '../oauth/issue/resource-access.ts';
import { acceptOwnAccessToken, type PresentedToken } from '../oauth/proof/presented-token.ts';
import { insufficientScope, ManagementError, unauthorized } from './errors.ts';
import type { ManagementPorts } from './ports.ts';
import type { Caller, Route } from './route.ts';

/** Throws ManagementError 401. */
export async function identifyCaller(
  presented: PresentedToken | undefined,
  requester: Requester,
  ports: ManagementPorts,
): Promise<Caller> {
  if (presented === undefined) throw unauthorized('Missing authentication');
  const token = await acceptOwnAccessToken(presented, ports).catch(async (error: unknown) => {
    if (!(error instanceof OAuthError)) throw error;
    throw unauthorized(await reasonOf(presented, ports));
  });
  if (!token.audiences.includes(systemAudience(ports.issuer))) throw unauthorized('Invalid token');
  const caller = await callerOf(token, requester, ports);
  if (caller === undefined) throw unauthorized('Invalid token');
  return caller;
}

async function reasonOf({ access_token }: PresentedToken, { keys, clock }: ManagementPorts): Promise<string> {
  const exp = (await keys.verify(access_token))?.claims.exp;
  if (typeof exp !== 'number' || exp > clock.now()) return 'Invalid token';
  return 'Expired token received for JSON Web Token validation';
}

async function callerOf(
  { sub, client_id, scope, authorization, claims }: OwnAccessToken,
  requester: Requester,
  { unitOfWork: { read }, issuer }: ManagementPorts,
): Promise<Caller | undefined> {
  const client = await read.clients.find(client_id);
  if (client === undefined) return undefined;
  const audience = systemAudience(issuer);
  const subject_type = authorization === undefined ? 'client' : 'user';
  const access = await findResourceAccess(audience, client, read, subject_type);
  if (typeof access === 'string') return undefined;
  const granted = scope.filter((name) => access.scopes.includes(name));
  if (authorization === undefined) {
    const scopes = new Set(granted);
    return { client, user: undefined, scopes, permissions: scopes, auth_time: undefined, requester };
  }
  const user = await read.authorizations.findTokenSubject({ sub, client_id, ...authorization });
  if (user === undefined) return undefined;
  const permissions = new Set(await read.users.listPermissions(user.user_id, audience));
  const scopes = new Set(granted.filter((name) => permissions.has(name) || isCurrentUserScope(name)));
  const auth_time = typeof claims.auth_time === 'number' ? claims.auth_time : undefined;
  return { client, user, scopes, permissions, auth_time, requester };
}

/** Throws ManagementError 403. */
export function assertScope(
  { scopes, currentUser }: Pick<Route, 'scopes' | 'currentUser'>,
  caller: Caller,
  params: Readonly<Record<string, string>>,
): void {
  if (scopes.some((scope) => caller.scopes.has(scope))) return;
  if (currentUser?.scopes.some((scope) => caller.scopes.has(scope))) {
    if (caller.user !== undefined && params[currentUser.param] === caller.user.user_id) return;
    throw new ManagementError(403, 'User to be acted on does not match subject in bearer token.');
  }
  throw insufficientScope([...scopes, ...(currentUser?.scopes ?? [])]);
}

/** Seconds: how old a login may be for what cannot be undone. */
const freshness = 300;

/** A client has proved itself for its token; a person may have left the desk. */
export function hasFreshLogin(
  { user, auth_time }: Caller,
  { clock }: Pick<ManagementPorts, 'clock'>,
): boolean {
  return user === undefined || (auth_time !== undefined && auth_time + freshness > clock.now());
}

/** RFC 9470 §3: "The authorization server … insufficient_user_authentication". Throws ManagementError 401. */
export function assertFreshLogin(caller: Caller, ports: Pick<ManagementPorts, 'clock'>): void {
  if (hasFreshLogin(caller, ports)) return;
  throw new ManagementError(401, 'Log in again to do this', 'insufficient_user_authentication', {
    'www-authenticate': `Bearer error="insufficient_user_authentication", max_age="${freshness}"`,
  });
}
