// The users file: JSON in Auth0's bulk-import format, a list of users, with `password` in clear as an extension. Every
// problem is found at once; users that exist already are known only when it is applied (apply-users.ts).
import { z } from 'zod';
import { databaseProvider, type NewUserProfile } from '../model/new-user.ts';
import { normalizedEmail, phoneNumberPattern } from '../model/user.ts';
import { mostPasswordBytes } from '../runtime/cryptography/password-hashing.ts';
import { parseEntry, type UnsupportedKeys } from './entries.ts';
import { ConfigurationError, type Finding, Findings, type Path, refuseRepeated } from './findings.ts';
import { findUnstorableText } from './unstorable-text.ts';

export interface ConfiguredUser {
  path: Path;
  profile: NewUserProfile;
  /** In clear, to be hashed; or already a bcrypt hash. */
  password: { clear: string } | { hash: string } | undefined;
}

export interface UsersFile {
  file: string;
  warnings: readonly Finding[];
  users: ConfiguredUser[];
}

/** UP-11: bcrypt is an import format. Its cost is bounded, because a login pays it. */
const bcryptHash = /^\$2[ab]\$(0[4-9]|1[0-5])\$[./A-Za-z0-9]{53}$/;

export const userSchema = z
  .strictObject({
    user_id: z
      .string()
      .max(255)
      .regex(
        /^(?:auth0\|)?[\x21-\x7b\x7d\x7e]+$/,
        `must be an id, or ${databaseProvider}| and an id, in visible ASCII`,
      ),
    email: z
      .string()
      .max(254)
      .regex(/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]+$/u, 'must be an e-mail address'),
    email_verified: z.boolean(),
    // UP-5.
    username: z
      .string()
      .regex(
        /^[a-z0-9_+\-.!#$'^`~@]{1,128}$/i,
        "must be 1 to 128 letters, digits or any of _ + - . ! # $ ' ^ ` ~ @",
      )
      .refine((username) => !/.@./.test(username), 'must not be an e-mail address'),
    phone_number: z.string().regex(phoneNumberPattern, 'must be + and up to 15 digits'),
    phone_verified: z.boolean(),
    name: z.string().min(1).max(300),
    given_name: z.string().min(1).max(150),
    family_name: z.string().min(1).max(150),
    nickname: z.string().min(1).max(300),
    picture: z.string().regex(/^https?:\/\/[\x21-\x7e]+$/, 'must be an http or https URL'),
    blocked: z.boolean(),
    user_metadata: z.record(z.string(), z.unknown()),
    app_metadata: z.record(z.string(), z.unknown()),
    password: z.string().min(1),
    password_hash: z
      .string()
      .regex(bcryptHash, 'must be a bcrypt hash ($2a$ or $2b$) with a cost of at most 15'),
  })
  .partial();

/** Members of an exported or imported user that are not taken over. */
const unsupportedKeys: UnsupportedKeys = {
  '[]': [
    'blocked_for',
    'created_at',
    'custom_password_hash',
    'identities',
    'last_ip',
    'last_login',
    'last_password_reset',
    'locale',
    'logins_count',
    'mfa_factors',
    'multifactor',
    'multifactor_last_modified',
    'updated_at',
  ],
};

/** Throws ConfigurationError. `file` is only named in findings. */
export function parseUsersFile(text: string, file: string): UsersFile {
  const findings = new Findings(file);
  const value = readJson(text, file);
  findUnstorableText(value, findings);
  if (!Array.isArray(value)) {
    findings.problem([], 'must be a list of users: [{"email": "…", "password": "…"}]');
    findings.throwIfAny();
    return { file, warnings: [], users: [] };
  }
  const users = value.flatMap((entry: unknown, index) => {
    const parsed = parseEntry(userSchema, entry, [index], unsupportedKeys, findings);
    return parsed === undefined ? [] : resolveUser(parsed, [index], findings);
  });
  judgeRepeated(users, findings);
  findings.throwIfAny();
  return { file, warnings: findings.warnings, users };
}

function readJson(json: string, file: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    // The reason may quote what stands around the fault, which may be a password.
    const text = `is not valid JSON: ${reason.replace(/, (?:\.\.\.)?".*$/s, '')}`;
    throw new ConfigurationError(file, [{ path: '', line: undefined, text }]);
  }
}

function resolveUser(entry: z.infer<typeof userSchema>, path: Path, findings: Findings): ConfiguredUser {
  const { password, password_hash, user_id, ...profile } = entry;
  if (entry.email === undefined && entry.username === undefined) {
    findings.problem(path, 'has neither email nor username: give one');
  }
  if (password !== undefined && password_hash !== undefined) {
    findings.problem([...path, 'password'], 'stands beside password_hash: give one of them');
  }
  if (password !== undefined && Buffer.byteLength(password) > mostPasswordBytes) {
    findings.problem([...path, 'password'], `must be at most ${mostPasswordBytes} bytes long`);
  }
  return {
    path,
    profile: { ...profile, id: user_id?.replace(`${databaseProvider}|`, '') },
    password:
      password !== undefined
        ? { clear: password }
        : password_hash !== undefined
          ? { hash: password_hash }
          : undefined,
  };
}

function judgeRepeated(users: ConfiguredUser[], findings: Findings): void {
  const named = (key: string, nameOf: (profile: NewUserProfile) => string | undefined) =>
    refuseRepeated(
      users.flatMap(({ profile, path }): [string, Path][] => {
        const name = nameOf(profile);
        return name === undefined ? [] : [[name, [...path, key]]];
      }),
      findings,
    );
  named('user_id', ({ id }) => id);
  named('email', ({ email }) => (email === undefined ? undefined : normalizedEmail(email)));
  named('username', ({ username }) => username?.toLowerCase());
}
