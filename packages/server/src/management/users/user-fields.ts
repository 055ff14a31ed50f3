// What may be said of a user (contract §3.5, UP-5), in the words by which Auth0 refuses what may not.
import { z } from 'zod';
import { isEmail, isUsername, phoneNumberPattern, reservedAppMetadata } from '../../model/user.ts';
import { mostPasswordBytes } from '../../runtime/cryptography/password-hashing.ts';
import { secret } from '../wire.ts';

const formatted = (format: string, isValid: (text: string) => boolean) =>
  z.string().refine(isValid, {
    error: ({ input }) =>
      `Object didn't pass validation for format ${format}: ${String(input).slice(0, 300)}`,
  });

export const emailField = formatted('email', isEmail);
export const phoneNumberField = z.string().regex(phoneNumberPattern);
const metadataField = z.record(z.string(), z.unknown());

export const userFields = {
  email: emailField,
  email_verified: z.boolean(),
  phone_number: phoneNumberField,
  phone_verified: z.boolean(),
  username: formatted('username', isUsername),
  given_name: z.string().min(1).max(150),
  family_name: z.string().min(1).max(150),
  name: z.string().min(1).max(300),
  nickname: z.string().min(1).max(300),
  picture: formatted('strict-uri', (text) => text.length <= 2048 && /^https?:\/\/[\x21-\x7e]+$/.test(text)),
  blocked: z.boolean(),
  user_metadata: metadataField,
  app_metadata: metadataField.refine((metadata) => reservedNames(metadata).length === 0, {
    error: ({ input }) => `Additional properties not allowed: ${reservedNames(input).join(',')}`,
  }),
  password: secret(
    z
      .string()
      .min(1)
      .refine((password) => Buffer.byteLength(password) <= mostPasswordBytes, {
        error: `String is too long, maximum ${mostPasswordBytes} bytes`,
      }),
  ),
  verify_email: z.boolean(),
};

function reservedNames(metadata: unknown): string[] {
  return typeof metadata === 'object' && metadata !== null
    ? Object.keys(metadata).filter((name) => reservedAppMetadata.includes(name))
    : [];
}

export const newUserSchema = z.strictObject({
  ...z.object(userFields).partial().shape,
  connection: z.string().min(1),
  /** Without the provider, which goes before it; of characters that nobody mistakes for others. */
  user_id: z
    .string()
    .max(255)
    .regex(/^[\x21-\x7e]*$/)
    .optional(),
});
export type NewUserBody = z.infer<typeof newUserSchema>;

/** `null` takes away what was set. */
export const changedUserSchema = z
  .strictObject({
    ...userFields,
    email: userFields.email.nullable(),
    phone_number: userFields.phone_number.nullable(),
    username: userFields.username.nullable(),
    given_name: userFields.given_name.nullable(),
    family_name: userFields.family_name.nullable(),
    name: userFields.name.nullable(),
    nickname: userFields.nickname.nullable(),
    picture: userFields.picture.nullable(),
    password: userFields.password.nullable(),
    verify_phone_number: z.boolean(),
    connection: z.string().min(1),
    client_id: z.string().min(1),
  })
  .partial();
export type ChangedUserBody = z.infer<typeof changedUserSchema>;
