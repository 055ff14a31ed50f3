// Sign-up on a database connection: a person becomes a user and is logged in (contract SU-3, SU-4, UP-4, UP-5).
import type { DatabaseConnection } from '../model/connection.ts';
import { newUser } from '../model/new-user.ts';
import { isEmail } from '../model/user.ts';
import { networkOf } from '../runtime/ip-address.ts';
import { findPasswordProblems, type PasswordProblem } from './password-policy.ts';
import { type LoginRequest, type LoginResult, type PasswordPorts, recordLogin } from './passwords.ts';

export interface SignUp extends LoginRequest {
  connection: DatabaseConnection;
  email: string;
  password: string;
}

export interface SignUpProblems {
  email: 'missing' | 'invalid' | undefined;
  password: PasswordProblem[];
  exists: boolean;
}

export type SignUpResult =
  | { outcome: 'signed_up'; login: Extract<LoginResult, { outcome: 'logged_in' }> }
  | { outcome: 'refused'; problems: SignUpProblems }
  /** AP-5 */
  | { outcome: 'throttled' };

/** Throws PasswordQueueFull where too many wait already. */
export async function signUp(request: SignUp, ports: PasswordPorts): Promise<SignUpResult> {
  const { connection, email, password, requester } = request;
  const problems = findProblems(request);
  // AP-5: what is malformed does not count, any other outcome does.
  if (problems.email === undefined && !ports.ipThrottling.count('pre-user-registration', requester.ip)) {
    const description = 'Too many sign-ups from this address';
    await ports.unitOfWork.transaction(({ log }) =>
      log.write({ ...eventOf(request), type: 'limit_mu', description }, requester),
    );
    return { outcome: 'throttled' };
  }
  if (problems.email !== undefined || problems.password.length > 0) {
    const description = problems.password.length > 0 ? 'Password is too weak' : 'Invalid email address';
    await ports.unitOfWork.transaction(({ log }) =>
      log.write({ ...eventOf(request), type: 'fs', description }, requester),
    );
    return { outcome: 'refused', problems };
  }
  const password_hash = await ports.passwordHashing.hash(password, networkOf(requester.ip));
  const made = newUser({ email }, connection, ports.clock.now(), ports.random);
  return ports.unitOfWork.transaction(async (stores) => {
    if (!(await stores.users.insert(made.user, made.identity, password_hash))) {
      await stores.log.write(
        { ...eventOf(request), type: 'fs', description: 'The user already exists' },
        requester,
      );
      return { outcome: 'refused', problems: { ...problems, exists: true } };
    }
    await stores.log.write({ ...eventOf(request), type: 'ss', user_id: made.user.user_id }, requester);
    return {
      outcome: 'signed_up',
      login: await recordLogin({ user: made.user, connection }, request, stores, ports),
    };
  });
}

function findProblems({ connection, email, password }: SignUp): SignUpProblems {
  return {
    email: email === '' ? 'missing' : isEmail(email) ? undefined : 'invalid',
    password: findPasswordProblems(password, connection.options.passwordPolicy),
    exists: false,
  };
}

function eventOf({ client, connection }: SignUp) {
  return {
    client_id: client.client_id,
    client_name: client.name,
    connection: connection.name,
    connection_id: connection.id,
  };
}
