// Passwords as an administrator sets them: judged by the policy of the connection, hashed outside the transaction.
import { hashUnlessUsedBefore } from '../../login/passwords/password-history.ts';
import {
  findPasswordProblems,
  type PasswordOwner,
  type PasswordProblem,
} from '../../login/passwords/password-policy.ts';
import type { IdentityKey } from '../../login/ports.ts';
import type { DatabaseConnection } from '../../model/connection.ts';
import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts } from '../ports.ts';
import type { Caller } from '../route.ts';

const weak = 'PasswordStrengthError: Password is too weak';
const refusals: { [Problem in PasswordProblem]?: string } = {
  common: 'PasswordDictionaryError: Password is too common',
  personal: 'PasswordNoUserInfoError: Password contains user information',
  used_before: 'PasswordHistoryError: Password has previously been used',
};

export interface PasswordToSet {
  password: string;
  connection: Pick<DatabaseConnection, 'options'>;
  owner: PasswordOwner;
  /** Undefined where there is no user yet. */
  identity: IdentityKey | undefined;
}

/** Throws ManagementError 400, or PasswordQueueFull where too many wait already. */
export async function hashNewPassword(
  { password, connection: { options }, owner, identity }: PasswordToSet,
  { requester: { ip } }: Caller,
  ports: ManagementPorts,
): Promise<string> {
  const asked = passwordRequirementsOf(options);
  const [problem] = findPasswordProblems(password, asked, owner);
  if (problem !== undefined) throw refusal(problem);
  if (identity === undefined) return ports.passwordHashing.hash(password, networkOf(ip));
  const hash = await hashUnlessUsedBefore({ password, identity, history: asked.history, ip }, ports);
  if (hash === undefined) throw refusal('used_before');
  return hash;
}

function refusal(problem: PasswordProblem): ManagementError {
  return new ManagementError(400, refusals[problem] ?? weak, 'auth0_idp_error');
}
