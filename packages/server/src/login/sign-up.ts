// Sign-up on a database connection: a person becomes a user and is logged in (contract SU-3, SU-4, UP-4, UP-5).
import type { LogEvent } from '../model/events.ts';
import { newUser } from '../model/new-user.ts';
import { isEmail } from '../model/user.ts';
import { networkOf } from './attack-protection.ts';
import { findPasswordProblems, type PasswordProblem } from './password-policy.ts';
import { type LoginResult, type PasswordLogin, type PasswordPorts, recordLogin } from './passwords.ts';

export interface SignUp extends Omit<PasswordLogin, 'identifier'> {
  email: string;
}

export type SignUpResult =
  | Extract<LoginResult, { outcome: 'logged_in' }>
  | { outcome: 'refused'; email: 'invalid' | undefined; password: PasswordProblem[] }
  | { outcome: 'refused'; reason: 'user_exists' };

/** Throws PasswordQueueFull where too many wait already. */
export async function signUp(request: SignUp, ports: PasswordPorts): Promise<SignUpResult> {
  const { connection, email, password, requester } = request;
  const problems = findPasswordProblems(password, connection.options.passwordPolicy);
  if (problems.length > 0 || !isEmail(email)) {
    await record(request, { type: 'fs', description: problems.length > 0 ? 'Password is too weak' : 'Invalid e-mail' }, ports);
    return { outcome: 'refused', email: isEmail(email) ? undefined : 'invalid', password: problems };
  }
  const password_hash = await ports.passwordHashing.hash(password, networkOf(requester.ip));
  const made = newUser({ email }, connection, ports.clock.now(), ports.random);
  return ports.unitOfWork.transaction(async (stores) => {
    if (!(await stores.users.insert(made.user, made.identity, password_hash))) {
      await stores.log.write({ ...eventOf(request), type: 'fs', description: 'The user already exists' }, requester);
      return { outcome: 'refused', reason: 'user_exists' };
    }
    await stores.log.write({ ...eventOf(request), type: 'ss', user_id: made.user.user_id }, requester);
    return recordLogin(made.user, request, stores, ports);
  });
}

async function record(request: SignUp, event: LogEvent, { unitOfWork }: PasswordPorts): Promise<void> {
  await unitOfWork.transaction(({ log }) => log.write({ ...eventOf(request), ...event }, request.requester));
}

function eventOf({ client, connection }: SignUp) {
  return {
    client_id: client.client_id,
    client_name: client.name,
    connection: connection.name,
    connection_id: connection.id,
  };
}
