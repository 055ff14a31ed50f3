// `freehold admin create`: an administrator from the terminal. Whoever has the database and its master key may do this.
import { makeAdministrator } from './configuration/administrator.ts';
import { findDefaultDatabase } from './configuration/apply/apply-connections.ts';
import { ensureSystem } from './configuration/system.ts';
import { findPasswordProblems } from './login/passwords/password-policy.ts';
import { passwordRules, policyText } from './login/passwords/password-rules.ts';
import { type PasswordRequirements, passwordRequirementsOf } from './model/password-requirements.ts';
import { isEmail } from './model/user.ts';
import type { UnitOfWork } from './oauth/ports.ts';
import { systemClock } from './runtime/clock.ts';
import { createPasswordHashing } from './runtime/cryptography/password-hashing.ts';
import { systemRandom } from './runtime/random.ts';
import { SettingsError } from './runtime/settings/settings.ts';
import type { Stores } from './storage/unit-of-work.ts';

export interface AdminInvocation {
  issuer: string;
  print(text: string): void;
  /** Undefined where there is no terminal to ask at, or the person gave up. */
  askSecret: (question: string) => Promise<string | undefined>;
}

export interface AdminFlags {
  email: string;
  generatePassword: boolean;
}

/** Throws SettingsError. */
export function parseAdminFlags([action, ...flags]: readonly string[]): AdminFlags {
  const [name, email, generate, ...more] = flags;
  const isRight = action === 'create' && name === '--email' && more.length === 0;
  if (!isRight || email === undefined || (generate !== undefined && generate !== '--generate-password')) {
    throw new SettingsError(['freehold admin takes create --email ADDRESS [--generate-password]']);
  }
  if (!isEmail(email)) throw new SettingsError([`${email} is not a complete email address`]);
  return { email, generatePassword: generate !== undefined };
}

/** Throws SettingsError with what stands in the way. */
export async function createAdministrator(
  { email, generatePassword }: AdminFlags,
  unitOfWork: UnitOfWork<Stores>,
  { issuer, print, askSecret }: AdminInvocation,
): Promise<void> {
  const ports = { clock: systemClock, random: systemRandom };
  const database = await findDefaultDatabase(unitOfWork.read);
  if (database === undefined) {
    throw new SettingsError(['There is no database connection yet: start the server once before']);
  }
  await ensureSystem(issuer, unitOfWork, ports);
  const asked = passwordRequirementsOf(database.options);
  const generated = generatePassword ? newPassword(asked) : undefined;
  const hash = await hashOf(generated ?? (await askTwice(askSecret)), email, asked);
  const made = await unitOfWork.transaction(async (stores) => {
    await stores.tenant.lock();
    return await makeAdministrator(email, hash, stores, ports);
  });
  if (made.outcome === 'refused') throw new SettingsError([`Nobody became an administrator: ${made.reason}`]);
  const changed = made.outcome === 'assigned' ? ', with another password' : '';
  print(`${email} is an owner now${changed}: ${issuer}dashboard`);
  if (generated !== undefined) print(`Password: ${generated}`);
}

async function askTwice(askSecret: AdminInvocation['askSecret']): Promise<string> {
  const password = await askSecret('Password: ');
  if (password === undefined) {
    throw new SettingsError(['There is no terminal to ask for the password at: use --generate-password']);
  }
  if ((await askSecret('Once more: ')) !== password) throw new SettingsError(['The two passwords differ']);
  return password;
}

function newPassword(asked: PasswordRequirements): string {
  // A token has four characters for each three bytes.
  const password = `${systemRandom.token(Math.max(18, asked.length))}-Aa1`;
  return findPasswordProblems(password, asked, {}).length === 0 ? password : newPassword(asked);
}

async function hashOf(password: string, email: string, asked: PasswordRequirements): Promise<string> {
  if (findPasswordProblems(password, asked, { email }).length > 0) {
    const demands = policyText(passwordRules(password, asked));
    throw new SettingsError([`The password is too weak. It needs:\n${demands}`]);
  }
  return await createPasswordHashing({ random: systemRandom }).hash(password, 'administrator');
}
