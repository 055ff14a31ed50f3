// The end of a login: the code is issued by the statement that finishes the transaction (contract LT-2, AC-22).
import type { Client } from '../model/client.ts';
import type { Requester } from '../model/events.ts';
import type { TenantSettings } from '../model/tenant.ts';
import type { AuthorizationRequest } from '../oauth/authorize/request.ts';
import type { Clock } from '../runtime/clock.ts';
import { sha256 } from '../runtime/hash.ts';
import type { Random } from '../runtime/random.ts';
import type { LoginStores, LoginTransaction } from './ports.ts';
import { type SignedIn, touchSession } from './sessions.ts';

export interface CompletePorts {
  clock: Clock;
  random: Random;
  issuer: string;
  settings: TenantSettings;
}

export interface Completion {
  request: AuthorizationRequest;
  client: Client;
  signedIn: SignedIn;
  /** Absent where no page was needed. */
  transaction: LoginTransaction | undefined;
  requester: Requester;
}

/** Returns the code in clear; undefined if another request has finished this transaction. */
export async function complete(
  { request, client, signedIn, transaction, requester }: Completion,
  stores: LoginStores,
  { clock, random, issuer, settings }: CompletePorts,
): Promise<string | undefined> {
  const now = clock.now();
  const { session, user } = signedIn;
  if (transaction !== undefined && !(await stores.loginTransactions.finish(transaction.handle, now)))
    return undefined;
  const code = random.token();
  await stores.authorizations.insertCode({
    hash: sha256(code),
    aid: random.token(16),
    client_id: client.client_id,
    redirect_uri: request.redirect_uri,
    redirect_uri_sent: request.redirect_uri_sent,
    code_challenge: request.code_challenge,
    nonce: request.nonce,
    scope: request.scope,
    audience: request.audience,
    organization: null,
    user_id: user.user_id,
    epoch: user.epoch,
    sid: session.sid,
    auth_time: session.authenticated_at,
    auth_time_requested: request.max_age !== null || request.prompt.includes('login'),
    acr: null,
    dpop_jkt: null,
    issuer,
    created_at: now,
    expires_at: now + settings.authorization_code_lifetime,
    redeemed_at: null,
  });
  await touchSession(session, requester, now, stores.sessions, settings);
  await stores.sessions.recordClient(session.sid, client.client_id, now);
  // A login on this transaction has left its entry already.
  if (transaction?.authenticated_at == null) {
    const type = request.prompt.includes('none') ? 'ssa' : 's';
    await stores.log.write({ type, ...eventOf(client, request, signedIn) }, requester);
  }
  return code;
}

function eventOf(client: Client, request: AuthorizationRequest, { user, session }: SignedIn) {
  return {
    client_id: client.client_id,
    client_name: client.name,
    user_id: user.user_id,
    user_name: user.email ?? user.name,
    connection_id: session.connection_id,
    scope: request.scope,
    ...(request.audience === null ? {} : { audience: request.audience }),
    details: { session_id: session.sid },
  };
}
