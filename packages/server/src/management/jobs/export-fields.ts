// What an export tells of each user (contract §6.2): the whole of it, or chosen members, a line for each user.
import { z } from 'zod';
import type { UserBody } from '../users/user-body.ts';

/** Such as `identities[0].connection` or `user_metadata.theme`. */
const memberPath = /^[A-Za-z0-9_$-]+(?:\.[A-Za-z0-9_$-]+|\[\d{1,3}\])*$/;

export const exportFieldsSchema = z
  .array(
    z.strictObject({
      name: z.string().max(100).regex(memberPath),
      export_as: z.string().min(1).max(100).optional(),
    }),
  )
  .max(30);

export const exportSchema = z.object({
  format: z.enum(['json', 'csv']),
  limit: z.int().min(1).optional(),
  fields: exportFieldsSchema.optional(),
});
export type UsersExport = z.infer<typeof exportSchema>;

const usualColumns = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
  'created_at',
  'updated_at',
  'last_login',
  'logins_count',
  'identities[0].connection',
];

/** How users become lines, and the line before them. */
export interface LineFormat {
  head: string;
  lineOf(user: UserBody): string;
}

export function lineFormat({ format, fields }: UsersExport): LineFormat {
  if (format === 'json') return { head: '', lineOf: (user) => `${JSON.stringify(chosen(user, fields))}\n` };
  const columns = fields ?? usualColumns.map((name) => ({ name, export_as: undefined }));
  const row = (values: unknown[]) => `${values.map(cell).join(',')}\n`;
  return {
    head: row(columns.map(({ name, export_as }) => export_as ?? name)),
    lineOf: (user) => row(columns.map(({ name }) => memberAt(user, name))),
  };
}

function chosen(user: UserBody, fields: UsersExport['fields']): unknown {
  if (fields === undefined) return user;
  return Object.fromEntries(
    fields.map(({ name, export_as }) => [export_as ?? name, memberAt(user, name)] as const),
  );
}

function memberAt(user: UserBody, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>((value, step) => {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
      return Reflect.get(value, step);
    }, user);
}

/** RFC 4180. What a spreadsheet would take for a formula is text: a name is chosen by whoever signs up. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
