// What is said of a factor when it is made, by its type, and how it is told: addresses and numbers hidden, secrets not.
import { z } from 'zod';
import type { AuthenticationMethod, FactorDescription } from '../../model/authentication-method.ts';
import { emailField, phoneNumberField } from '../users/user-fields.ts';
import { isoTime, present, secret } from '../wire.ts';

/** As Auth0's answers hold it. */
const nameField = z.string().min(1).max(20).optional();
const preferred_authentication_method = z.enum(['voice', 'sms']).optional();
/** RFC 4648 §6. */
const totpSecretField = secret(z.string().regex(/^[A-Z2-7]{16,200}=*$/i)).optional();
const text = (longest: number) => z.string().min(1).max(longest);

const phone = {
  type: z.literal('phone'),
  name: nameField,
  phone_number: phoneNumberField,
  preferred_authentication_method,
};
const email = { type: z.literal('email'), name: nameField, email: emailField };
const totp = { type: z.literal('totp'), name: nameField, totp_secret: totpSecretField };
const publicKey = {
  name: nameField,
  key_id: text(1400),
  public_key: text(4000),
  relying_party_identifier: z
    .string()
    .max(253)
    .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i)
    .optional(),
};
const passkey = {
  aaguid: z.uuid().optional(),
  credential_device_type: z.enum(['single_device', 'multi_device']).optional(),
  credential_backed_up: z.boolean().optional(),
  identity_user_id: text(512).optional(),
  user_agent: text(1000).optional(),
  user_handle: text(200).optional(),
  transports: z.array(text(50)).max(10).optional(),
};

export const newFactorSchema = z.discriminatedUnion('type', [
  z.strictObject(phone),
  z.strictObject(email),
  z.strictObject(totp),
  z.strictObject({ type: z.literal('webauthn-roaming'), ...publicKey }),
  z.strictObject({ type: z.literal('passkey'), ...publicKey, ...passkey }),
]);
export type NewFactor = z.infer<typeof newFactorSchema>;

/** Those that replace all others: of keys that somebody holds none can be made by writing it down. */
export const replacingFactorSchema = z.discriminatedUnion('type', [
  z.strictObject(phone),
  z.strictObject(email),
  z.strictObject(totp),
]);

export const changedFactorSchema = z.strictObject({ name: nameField, preferred_authentication_method });

export const factorSchema = z.object({
  id: z.string(),
  type: z.string(),
  confirmed: z.boolean().optional(),
  name: z.string().optional(),
  totp_secret: secret(z.string()).optional(),
  authentication_methods: z.array(z.object({ type: z.string(), id: z.string() })).optional(),
  phone_number: z.string().optional(),
  preferred_authentication_method: z.string().optional(),
  email: z.string().optional(),
  key_id: z.string().optional(),
  public_key: z.string().optional(),
  aaguid: z.string().optional(),
  relying_party_identifier: z.string().optional(),
  credential_device_type: z.string().optional(),
  credential_backed_up: z.boolean().optional(),
  identity_user_id: z.string().optional(),
  user_agent: z.string().optional(),
  user_handle: z.string().optional(),
  transports: z.array(z.string()).optional(),
  created_at: z.string(),
});

export function factorBody({ id, type, name, described, created_at }: AuthenticationMethod) {
  const { phone_number, email, ...rest } = described;
  return {
    id,
    type,
    created_at: isoTime(created_at),
    ...present({
      ...rest,
      name,
      email: email === undefined ? undefined : hiddenEmail(email),
      phone_number: phone_number === undefined ? undefined : hidden(phone_number, -4),
      authentication_methods: type === 'phone' ? [waysOf(id, described)] : undefined,
    }),
  };
}

function waysOf(id: string, { preferred_authentication_method: type = 'sms' }: FactorDescription) {
  return { type, id: id.replace(/^phone/, type) };
}

/** Recorded: `chuc****@exam*******`. */
function hiddenEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${hidden(email.slice(0, at), 4)}@${hidden(email.slice(at + 1), 4)}`;
}

/** All but the first so many characters, or the last. */
function hidden(value: string, shown: number): string {
  const stars = '*'.repeat(Math.max(0, value.length - Math.abs(shown)));
  return shown > 0 ? value.slice(0, shown) + stars : stars + value.slice(shown);
}
