// The end of a login: what it grants is recorded by the statement that finishes the transaction (contract LT-2, AC-22).
import { type Client, isFapi } from '../model/client.ts';
import { held, isConsentMissing } from '../model/consent.ts';
import { aboutClient, aboutUser, type Requester } from '../model/events.ts';
import type { TenantSettings } from '../model/tenant.ts';
import type { DeviceActivation } from '../oauth/authorize/login-request.ts';
import type { ParsedRequest } from '../oauth/authorize/request.ts';
import type { Approval } from '../oauth/authorize/response.ts';
import type { RequestInProgress } from '../oauth/authorize/suspended-request.ts';
import type { GrantedByUser } from '../oauth/issue/authorization.ts';
import type { Clock } from '../runtime/clock.ts';
import { orderedHash, orderedId, orderedToken } from '../runtime/cryptography/ordered-token.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores, LoginTransaction } from './ports.ts';
import { type SignedIn, touchSession } from './sessions.ts';
import { finishLogin } from './transaction.ts';

export interface CompletePorts {
  clock: Clock;
  random: Random;
  issuer: string;
  settings: TenantSettings;
}

export interface Completion {
  parsed: RequestInProgress;
  signedIn: SignedIn;
  /** Absent where no page was needed. */
  transaction: LoginTransaction | undefined;
  requester: Requester;
}

export type Completed =
  | { outcome: 'approved'; approval: Approval }
  | { outcome: 'device_approved' }
  /** Another tab or a doubled request has finished the transaction, or the device's code has ended. */
  | { outcome: 'lost' }
  /** What the user had consented to was taken back in the same instant; nothing is recorded. */
  | { outcome: 'withdrawn' };

export async function complete(
  { parsed, signedIn, transaction, requester }: Completion,
  stores: LoginStores,
  ports: CompletePorts,
): Promise<Completed> {
  const { request, client } = parsed;
  const now = ports.clock.now();
  const { session, user } = signedIn;
  const asked = { user_id: user.user_id, audience: request.audience, scope: request.scope };
  if (await isConsentMissing(asked, client, parsed.resourceServer, held(stores)))
    return { outcome: 'withdrawn' };
  if (!(await finishLogin(request, transaction, stores, now))) return { outcome: 'lost' };
  const completed: Completed =
    'device_code' in request
      ? await approveDevice(request, signedIn, now, stores)
      : { outcome: 'approved', approval: await approve({ ...parsed, request }, signedIn, stores, ports) };
  if (completed.outcome === 'lost') return completed;
  await touchSession(session, requester, now, stores.sessions, ports.settings);
  await stores.sessions.recordClient(session.sid, client.client_id, now);
  // A login on this transaction has left its entry already.
  if (transaction?.authenticated_at == null) {
    const type = request.prompt.includes('none') ? 'ssa' : 's';
    await stores.log.write({ type, ...eventOf(parsed, signedIn) }, requester);
  }
  return completed;
}

/** DV-10 */
async function approveDevice(
  { device_code, scope }: DeviceActivation,
  { session, user }: SignedIn,
  now: number,
  { deviceCodes }: LoginStores,
): Promise<Completed> {
  const { user_id, epoch } = user;
  const approval = { scope, user_id, epoch, sid: session.sid };
  const approved = await deviceCodes.approve(device_code, approval, now);
  return { outcome: approved ? 'device_approved' : 'lost' };
}

async function approve(
  parsed: ParsedRequest,
  signedIn: SignedIn,
  stores: LoginStores,
  ports: CompletePorts,
): Promise<Approval> {
  const { request } = parsed;
  const granted = grantedTo(signedIn, parsed, ports);
  const code = request.response_type.includes('code')
    ? await issueCode(parsed, granted, signedIn, stores, ports)
    : undefined;
  return { granted, code };
}

function grantedTo(
  { user, session }: SignedIn,
  { request, resourceServer }: ParsedRequest,
  { clock, random }: CompletePorts,
): GrantedByUser {
  const tellsAuthTime = request.max_age !== null || request.prompt.includes('login');
  return {
    subject_type: 'user',
    user,
    aid: orderedId({ clock, random }),
    epoch: user.epoch,
    sid: session.sid,
    scope: request.scope,
    resourceServer,
    auth_time: tellsAuthTime ? session.authenticated_at : undefined,
    authenticated_at: session.authenticated_at,
    nonce: request.nonce ?? undefined,
    acr: undefined,
    gty: undefined,
  };
}

/** Stores what the code is bound to (AC-22); returns it in clear. */
async function issueCode(
  { request, client }: ParsedRequest,
  { user, aid, epoch, auth_time }: GrantedByUser,
  { session }: SignedIn,
  { authorizations }: LoginStores,
  { clock, random, issuer, settings }: CompletePorts,
): Promise<string> {
  const now = clock.now();
  const code = orderedToken({ clock, random });
  await authorizations.insertCode({
    hash: orderedHash(code),
    aid,
    client_id: request.client_id,
    redirect_uri: request.redirect_uri,
    redirect_uri_sent: request.redirect_uri_sent,
    code_challenge: request.code_challenge,
    nonce: request.nonce,
    scope: request.scope,
    audience: request.audience,
    organization: null,
    user_id: user.user_id,
    epoch,
    sid: session.sid,
    auth_time: session.authenticated_at,
    auth_time_requested: auth_time !== undefined,
    acr: null,
    dpop_jkt: request.dpop_jkt,
    issuer,
    created_at: now,
    expires_at: now + codeLifetime(client, settings),
    redeemed_at: null,
  });
  return code;
}

/** FAPI 2.0 Security Profile §5.3.2.1: "shall issue authorization codes with a maximum lifetime of 60 seconds". */
function codeLifetime(client: Client, { authorization_code_lifetime }: TenantSettings): number {
  return isFapi(client) ? Math.min(authorization_code_lifetime, 60) : authorization_code_lifetime;
}

function eventOf({ client, request }: RequestInProgress, { user, session }: SignedIn) {
  return {
    ...aboutClient(client),
    ...aboutUser(user),
    connection_id: session.connection_id,
    scope: request.scope,
    ...(request.audience === null ? {} : { audience: request.audience }),
    details: { session_id: session.sid },
  };
}
