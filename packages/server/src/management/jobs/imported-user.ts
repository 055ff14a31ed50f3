// A user of an import file (contract §6.1), and what is wrong with it in Auth0's codes.
import { z } from 'zod';
import { userSchema } from '../../configuration/users-file.ts';
import { databaseProvider } from '../../model/new-user.ts';
import { reservedAppMetadata } from '../../model/user.ts';
import { emailField, phoneNumberField } from '../users/user-fields.ts';
import { inWords, valueAt } from '../validation.ts';
import type { ImportError } from './ports.ts';

const base32 = z.string().regex(/^[A-Z2-7]{16,200}=*$/i);

/** The users file of the first start takes the same, and passwords in clear beside. */
const importedUserSchema = userSchema.omit({ password: true }).extend({
  email: emailField,
  mfa_factors: z
    .array(
      z.union([
        z.strictObject({ totp: z.strictObject({ secret: base32 }) }),
        z.strictObject({ phone: z.strictObject({ value: phoneNumberField }) }),
        z.strictObject({ email: z.strictObject({ value: emailField }) }),
      ]),
    )
    .min(1)
    .max(10)
    .optional(),
});
export type ImportedUser = z.infer<typeof importedUserSchema>;

export function parseImportedUser(entry: unknown): ImportedUser | ImportError[] {
  const { success, data, error } = importedUserSchema.safeParse(entry);
  if (!success) return error.issues.map((issue) => errorOf(issue, entry));
  const reserved = Object.keys(data.app_metadata ?? {}).filter((name) => reservedAppMetadata.includes(name));
  if (reserved.length === 0) return data;
  return reserved.map((name) => ({
    code: 'NOT_PASSED',
    message: `Additional properties not allowed: ${name}`,
    path: `app_metadata.${name}`,
  }));
}

/** Without the provider: who exports from Auth0 has it in front. */
export function importedId({ user_id }: Pick<ImportedUser, 'user_id'>): string | undefined {
  return user_id?.replace(`${databaseProvider}|`, '');
}

function errorOf(issue: z.core.$ZodIssue, entry: unknown): ImportError {
  const path = inWords(issue.path);
  const isMissing = valueAt(entry, issue.path) === undefined && issue.code !== 'unrecognized_keys';
  if (isMissing && issue.path.length > 0)
    return { code: 'OBJECT_REQUIRED', message: `Missing required property: ${path}`, path };
  return { code: codeOf(issue), message: issue.message, ...(path === '' ? {} : { path }) };
}

function codeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'INVALID_TYPE';
    case 'invalid_format':
      return issue.format === 'regex' ? 'PATTERN' : 'FORMAT';
    case 'too_small':
      return issue.origin === 'array' ? 'ARRAY_LENGTH_SHORT' : 'MIN_LENGTH';
    case 'too_big':
      return issue.origin === 'array' ? 'ARRAY_LENGTH_LONG' : 'MAX_LENGTH';
    case 'invalid_value':
      return 'ENUM_MISMATCH';
    case 'invalid_union':
      return 'ANY_OF_MISSING';
    case 'unrecognized_keys':
      return 'NOT_PASSED';
    default:
      return 'FORMAT';
  }
}

const secretMembers = new Set(['password', 'password_hash', 'custom_password_hash', 'mfa_factors']);

/** As the file had it, for whoever mends it: the secrets stay with them. */
export function withoutSecrets(entry: unknown): Record<string, unknown> {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return {};
  return Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [name, secretMembers.has(name) ? '*****' : value]),
  );
}
