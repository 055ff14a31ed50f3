// Passwords as an administrator sets them: judged by the policy of the connection, hashed outside the transaction.
import {
  findPasswordProblems,
  type PasswordOwner,
  type PasswordProblem,
} from '../../login/passwords/password-policy.ts';
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

/** Throws ManagementError 400, or PasswordQueueFull where too many wait already. */
export async function hashNewPassword(
  password: string,
  { options }: Pick<DatabaseConnection, 'options'>,
  owner: PasswordOwner,
  { requester }: Caller,
  { passwordHashing }: ManagementPorts,
): Promise<string> {
  const [problem] = findPasswordProblems(password, passwordRequirementsOf(options), owner);
  if (problem !== undefined) throw new ManagementError(400, refusals[problem] ?? weak, 'auth0_idp_error');
  return passwordHashing.hash(password, networkOf(requester.ip));
}
