// Passwords as an administrator sets them: judged by the policy of the connection, hashed outside the transaction.
import { findPasswordProblems } from '../../login/passwords/password-policy.ts';
import type { DatabaseConnection } from '../../model/connection.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import { ManagementError } from '../errors.ts';
import type { ManagementPorts } from '../ports.ts';
import type { Caller } from '../route.ts';

/** Throws ManagementError 400, or PasswordQueueFull where too many wait already. */
export async function hashNewPassword(
  password: string,
  { options: { passwordPolicy } }: Pick<DatabaseConnection, 'options'>,
  { requester }: Caller,
  { passwordHashing }: ManagementPorts,
): Promise<string> {
  if (findPasswordProblems(password, passwordPolicy).length > 0)
    throw new ManagementError(400, 'PasswordStrengthError: Password is too weak', 'auth0_idp_error');
  return passwordHashing.hash(password, networkOf(requester.ip));
}
