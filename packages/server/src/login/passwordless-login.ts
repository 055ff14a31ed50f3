// Logging in on a hosted page with a code that was sent (contract PL-*): proved, counted, recorded and begun in one
// transaction, as a login by password is.
import type { PasswordlessConnection } from '../model/connection.ts';
import { aboutClient, aboutConnection, type LogEvent } from '../model/events.ts';
import { type PasswordlessPorts, proveCode } from './passwordless.ts';
import { recordable } from './passwords/password-proof.ts';
import {
  type LoginRequest,
  type LoginResult,
  type PasswordPorts,
  recordLogin,
} from './passwords/passwords.ts';
import type { LoginStores } from './ports.ts';
import { refuseLogin } from './transaction.ts';

export interface PasswordlessLoginPorts extends PasswordlessPorts, PasswordPorts {
  unitOfWork: PasswordPorts['unitOfWork'];
}

export interface PasswordlessLogin extends LoginRequest {
  connection: PasswordlessConnection;
  /** An e-mail address or a telephone number, by the strategy of the connection. */
  identifier: string;
  code: string;
}

export async function logInWithCode(
  login: PasswordlessLogin,
  ports: PasswordlessLoginPorts,
): Promise<LoginResult> {
  const { connection, client, identifier, code, requester } = login;
  // Here, because the transaction may run again.
  const admitted = ports.ipThrottling.count('pre-login', requester.ip);
  return ports.unitOfWork.transaction(async (stores): Promise<LoginResult> => {
    if (!admitted) return refuse('throttled', undefined, login, stores);
    const claim = { connection, client, identifier, code, requester };
    const verdict = await proveCode(claim, stores, ports);
    if (verdict.outcome === 'refused') return refuse(verdict.reason, verdict.user_id, login, stores);
    ports.ipThrottling.forgive('pre-login', requester.ip);
    const { user } = verdict;
    if (!user.blocked) return recordLogin({ user, connection }, login, stores, ports);
    await refuseLogin(login.transaction.request, login.transaction, stores, ports.clock.now());
    return refuse('user_blocked', user.user_id, login, stores);
  });
}

type Reason = Extract<LoginResult, { outcome: 'refused' }>['reason'];

const refusals: Record<Reason, Pick<LogEvent, 'type' | 'description'>> = {
  wrong_credentials: { type: 'f', description: 'Wrong code.' },
  too_many_attempts: { type: 'limit_wc', description: 'Too many failed attempts' },
  throttled: { type: 'limit_mu', description: 'Too many failed logins from this address' },
  user_blocked: { type: 'f', description: 'user is blocked' },
};

async function refuse(
  reason: Reason,
  user_id: string | undefined,
  { client, connection, identifier, requester }: PasswordlessLogin,
  { log }: Pick<LoginStores, 'log'>,
): Promise<LoginResult> {
  const about = { ...aboutClient(client), ...aboutConnection(connection), user_name: recordable(identifier) };
  await log.write({ ...refusals[reason], ...about, user_id }, requester);
  return { outcome: 'refused', reason };
}
