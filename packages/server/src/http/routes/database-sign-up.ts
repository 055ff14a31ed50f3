// POST /dbconnections/signup (contract SU-*): an application makes a user, who then logs in.
import type { FastifyRequest } from 'fastify';
import type { PasswordProblem } from '../../login/passwords/password-policy.ts';
import { passwordRules, policyText } from '../../login/passwords/password-rules.ts';
import { type SignUp, type SignUpResult, signUp } from '../../login/sign-up.ts';
import { type DatabaseOptions, longestUsername, usernameDemandOf } from '../../model/database-options.ts';
import { type PasswordRequirements, passwordRequirementsOf } from '../../model/password-requirements.ts';
import { phoneNumberPattern, type User } from '../../model/user.ts';
import type { JsonObject, Parameters } from '../../oauth/parameters.ts';
import { bodyOf, requesterOf } from '../request.ts';
import type { Tenant } from '../tenant.ts';
import {
  DatabaseError,
  findDatabase,
  getClient,
  recordingRefusal,
  required,
  TooManySignUps,
} from './database-requests.ts';

/** SU-2: of the user, without the provider in front of `_id`. */
export async function signUpUser(request: FastifyRequest, tenant: Tenant): Promise<Record<string, unknown>> {
  const asked = await recordingRefusal('fs', request, tenant, () => parse(request, tenant));
  const result = await signUp(asked, tenant, async () => undefined);
  if (result.outcome === 'throttled') throw new TooManySignUps();
  if (result.outcome === 'refused') throw refusalOf(result, asked, tenant);
  return described(result.user, asked.profile);
}

type Asked = SignUp & { profile: NonNullable<SignUp['profile']> };

async function parse(request: FastifyRequest, tenant: Tenant): Promise<Asked> {
  const parameters = bodyOf(request);
  const client = await getClient(required(parameters, 'client_id'), tenant);
  const connection = await findDatabase(required(parameters, 'connection'), client, tenant);
  const password = required(parameters, 'password');
  const email = required(parameters, 'email').trim();
  const profile = parseProfile(parameters);
  // SU-5
  if (connection.options.disable_signup) {
    throw new DatabaseError('public_signup_disabled', 'Public signup is disabled');
  }
  return { client, connection, email, password, profile, requester: requesterOf(request) };
}

function refusalOf(
  { problems }: Extract<SignUpResult<unknown>, { outcome: 'refused' }>,
  { password, connection: { options } }: Asked,
  { settings }: Tenant,
): DatabaseError {
  if (problems.email !== undefined) return new DatabaseError('invalid_email', 'Invalid email address');
  if (problems.exists !== undefined) {
    // SU-3, DIS-22: in so many words only where the tenant wants it.
    if (!settings.flags.enable_public_signup_user_exists_error)
      return new DatabaseError('invalid_signup', 'Invalid sign up');
    return problems.exists === 'email'
      ? new DatabaseError('user_exists', 'The user already exists.')
      : new DatabaseError('username_exists', 'The username provided is in use already.');
  }
  if (problems.username !== undefined) return usernameRefusal(options);
  return passwordRefusal(problems.password, password, passwordRequirementsOf(options));
}

function usernameRefusal(options: DatabaseOptions): DatabaseError {
  const { min, max } = usernameDemandOf(options) ?? { min: 1, max: longestUsername };
  return invalid('username', `must be ${min} to ${max} letters, digits and _ + - . ! # $ ' ^ \` ~`);
}

/** SU-4, TK-98 */
function passwordRefusal(
  problems: PasswordProblem[],
  password: string,
  asked: PasswordRequirements,
): DatabaseError {
  const rules = passwordRules(password, asked);
  if (rules.every(({ verified }) => verified) && problems.includes('common')) {
    const name = 'PasswordDictionaryError';
    return new DatabaseError('invalid_password', 'Password is too common', {
      name,
      policy: policyText(rules),
    });
  }
  if (rules.every(({ verified }) => verified) && problems.includes('personal')) {
    const name = 'PasswordNoUserInfoError';
    return new DatabaseError('invalid_password', 'Password contains user information', {
      name,
      policy: policyText(rules),
    });
  }
  return new DatabaseError(
    'invalid_password',
    { rules, verified: false },
    { name: 'PasswordStrengthError', message: 'Password is too weak', policy: policyText(rules) },
  );
}

function described(user: User, profile: Asked['profile']): Record<string, unknown> {
  return {
    _id: user.user_id.slice(user.user_id.indexOf('|') + 1),
    email: user.email,
    email_verified: user.email_verified,
    ...profile,
    ...(profile.username === undefined ? {} : { username: user.username }),
    ...(profile.phone_number === undefined ? {} : { phone_verified: user.phone_verified }),
  };
}

/** Characters. */
const longest = { name: 300, nickname: 300, given_name: 150, family_name: 150, picture: 2048 };

function parseProfile(parameters: Parameters): Asked['profile'] {
  const profile: Asked['profile'] = {};
  for (const name of ['name', 'nickname', 'given_name', 'family_name', 'picture'] as const) {
    const value = parameters.get(name);
    if (value === undefined) continue;
    if (value.length > longest[name]) throw invalid(name, `is longer than ${longest[name]} characters`);
    profile[name] = value;
  }
  if (profile.picture !== undefined && !/^https?:\/\//.test(profile.picture)) {
    throw invalid('picture', 'must be an http or https URL');
  }
  const username = parameters.get('username');
  if (username !== undefined) profile.username = username;
  const phone_number = parameters.get('phone_number');
  if (phone_number !== undefined) profile.phone_number = asPhoneNumber(phone_number);
  const refuse = (problem: string) => new DatabaseError('invalid_request', problem);
  const user_metadata = parameters.getObject('user_metadata', refuse);
  if (user_metadata !== undefined) profile.user_metadata = asMetadata(user_metadata);
  return profile;
}

function asPhoneNumber(phone_number: string): string {
  if (phoneNumberPattern.test(phone_number)) return phone_number;
  throw invalid('phone_number', 'must be + and 1 to 15 digits');
}

/** SU-1 */
function asMetadata(metadata: JsonObject): Record<string, string> {
  const entries = Object.entries(metadata);
  if (entries.length > 10) throw invalid('user_metadata', 'has more than 10 properties');
  const strings = entries.map(([name, value]): [string, string] => {
    if (name.length > 100) throw invalid('user_metadata', 'has a name of more than 100 characters');
    if (typeof value !== 'string' || value.length > 500) {
      throw invalid('user_metadata', 'has a value that is no string of at most 500 characters');
    }
    return [name, value];
  });
  return Object.fromEntries(strings);
}

function invalid(property: string, problem: string): DatabaseError {
  return new DatabaseError('invalid_request', `Property ${property} ${problem}`);
}
