// Sign-up on a database connection: a person becomes a user, and is sent a link that verifies the address (contract
// SU-*, UP-4, UP-5, EM-3). Whether a login follows is the caller's to say.
import { type Client, nameInMails } from '../model/client.ts';
import type { DatabaseConnection } from '../model/connection.ts';
import { type DatabaseOptions, usernameDemandOf } from '../model/database-options.ts';
import { aboutClient, aboutConnection, aboutUser, type LogEvent, type Requester } from '../model/events.ts';
import { type NewUserProfile, newUser } from '../model/new-user.ts';
import { passwordRequirementsOf } from '../model/password-requirements.ts';
import { isEmail, type User } from '../model/user.ts';
import { networkOf } from '../runtime/network/ip-address.ts';
import { findPasswordProblems, type PasswordProblem } from './passwords/password-policy.ts';
import type { PasswordProofPorts } from './passwords/password-proof.ts';
import type { LoginStores } from './ports.ts';
import { hasEmail, sendTicket, type TicketPorts } from './tickets.ts';

export interface SignUp {
  client: Client;
  requester: Requester;
  connection: DatabaseConnection;
  email: string;
  password: string;
  /** What the application says of the user besides. */
  profile?: Pick<
    NewUserProfile,
    | 'username'
    | 'phone_number'
    | 'name'
    | 'given_name'
    | 'family_name'
    | 'nickname'
    | 'picture'
    | 'user_metadata'
  >;
}

export type SignUpPorts = Omit<PasswordProofPorts, 'bruteForceProtection'> & TicketPorts;

export interface SignUpProblems {
  email: 'missing' | 'invalid' | undefined;
  username: 'missing' | 'invalid' | 'too_short' | 'too_long' | undefined;
  password: PasswordProblem[];
  /** By which of the two another user of the connection is known. */
  exists: 'email' | 'username' | undefined;
}

export type SignUpResult<T> =
  | { outcome: 'signed_up'; user: User; settled: T }
  | { outcome: 'refused'; problems: SignUpProblems }
  /** AP-5 */
  | { outcome: 'throttled' };

/** `settle` runs in the transaction that makes the user. Throws PasswordQueueFull where too many wait already. */
export async function signUp<T>(
  request: SignUp,
  ports: SignUpPorts,
  settle: (user: User, stores: LoginStores) => Promise<T>,
): Promise<SignUpResult<T>> {
  const { connection, email, password, requester } = request;
  const problems = findProblems(request);
  // AP-5: what is malformed does not count, any other outcome does.
  if (
    problems.email === undefined &&
    problems.username === undefined &&
    !ports.ipThrottling.count('pre-user-registration', requester.ip)
  ) {
    const description = 'Too many sign-ups from this address';
    await ports.unitOfWork.transaction(({ log }) =>
      log.write({ ...eventOf(request), type: 'limit_mu', description }, requester),
    );
    return { outcome: 'throttled' };
  }
  if (problems.email !== undefined || problems.username !== undefined || problems.password.length > 0) {
    const description =
      problems.password.length > 0
        ? 'Password is too weak'
        : problems.email === undefined
          ? 'Invalid username'
          : 'Invalid email address';
    await ports.unitOfWork.transaction(({ log }) =>
      log.write({ ...eventOf(request), type: 'fs', description }, requester),
    );
    return { outcome: 'refused', problems };
  }
  const password_hash = await ports.passwordHashing.hash(password, networkOf(requester.ip));
  const now = ports.clock.now();
  const made = newUser({ ...request.profile, email }, connection, now, ports.random);
  return ports.unitOfWork.transaction(async (stores): Promise<SignUpResult<T>> => {
    if (!(await stores.users.insert(made.user, made.identity, password_hash))) {
      await stores.log.write(
        { ...eventOf(request), type: 'fs', description: 'The user already exists' },
        requester,
      );
      const byEmail = await stores.users.findByIdentifier(connection.id, email);
      return { outcome: 'refused', problems: { ...problems, exists: byEmail ? 'email' : 'username' } };
    }
    const { user } = made;
    await stores.log.write({ ...eventOf(request), type: 'ss', user_id: user.user_id }, requester);
    await sendVerification(made, request, stores, now, ports);
    return { outcome: 'signed_up', user, settled: await settle(user, stores) };
  });
}

async function sendVerification(
  { user, identity }: ReturnType<typeof newUser>,
  { connection, client, requester }: SignUp,
  stores: LoginStores,
  now: number,
  ports: TicketPorts,
): Promise<void> {
  if (!hasEmail(identity)) return;
  const named = { ...aboutClient(client), client_name: nameInMails(client) };
  const recipient = { identity, client: named, requester };
  await sendTicket('email_verification', recipient, stores, now, ports);
  const event: LogEvent = {
    type: 'svr',
    ...aboutUser(user),
    ...aboutClient(client),
    ...aboutConnection(connection),
  };
  await stores.log.write(event, requester);
}

function findProblems({ connection: { options }, email, password, profile = {} }: SignUp): SignUpProblems {
  return {
    email: email === '' ? 'missing' : isEmail(email) ? undefined : 'invalid',
    username: findUsernameProblem(profile.username, options),
    password: findPasswordProblems(password, passwordRequirementsOf(options), { email, ...profile }),
    exists: undefined,
  };
}

/** UP-5: no e-mail address, or one user's name would be another's address. */
const usernamePattern = /^[a-zA-Z0-9_+\-.!#$'^`~]{1,128}$/;

/** A username that nobody asks for may be given all the same. */
function findUsernameProblem(
  username: string | undefined,
  options: DatabaseOptions,
): SignUpProblems['username'] {
  const demand = usernameDemandOf(options);
  if (username === undefined) return demand?.required ? 'missing' : undefined;
  if (demand !== undefined && username.length < demand.min) return 'too_short';
  if (demand !== undefined && username.length > demand.max) return 'too_long';
  return usernamePattern.test(username) ? undefined : 'invalid';
}

function eventOf({ client, connection }: SignUp) {
  return { ...aboutClient(client), ...aboutConnection(connection) };
}
