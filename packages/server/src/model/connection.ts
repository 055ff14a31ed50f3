// What a connection is: contract row CX-1. Its strategy decides what `options` mean.
import { z } from 'zod';

export const defaultDatabaseName = 'Username-Password-Authentication';

const passwordPolicies = ['none', 'low', 'fair', 'good', 'excellent'] as const;
export type PasswordPolicy = (typeof passwordPolicies)[number];

export const databaseOptionsSchema = z.object({
  passwordPolicy: z.enum(passwordPolicies).default('good'),
  disable_signup: z.boolean().default(false),
  requires_username: z.boolean().default(false),
  brute_force_protection: z.boolean().default(true),
});
export type DatabaseOptions = z.infer<typeof databaseOptionsSchema>;

export const passwordlessOptionsSchema = z.object({
  disable_signup: z.boolean().default(false),
  brute_force_protection: z.boolean().default(true),
  totp: z
    .strictObject({
      /** Digits. */
      length: z.int().min(6).max(12).default(6),
      /** PL-3: how long a code or a link is good for, in seconds. */
      time_step: z.int().min(60).max(3600).default(180),
    })
    .prefault({}),
});

const shape = {
  id: z.string(),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,126}[a-zA-Z0-9])?$/, 'must be letters, digits and inner hyphens'),
  display_name: z.string().nullable(),
  is_domain_connection: z.boolean(),
  created_at: z.int(),
  updated_at: z.int(),
};

export const databaseSchema = z.strictObject({
  ...shape,
  strategy: z.literal('auth0'),
  options: databaseOptionsSchema,
});
/** Its users have passwords. */
export type DatabaseConnection = z.infer<typeof databaseSchema>;

export const passwordlessStrategies = ['email', 'sms'] as const;
export const passwordlessSchema = z.strictObject({
  ...shape,
  strategy: z.enum(passwordlessStrategies),
  options: passwordlessOptionsSchema,
});
/** Its users are sent a code or a link at each login. */
export type PasswordlessConnection = z.infer<typeof passwordlessSchema>;

export type Connection = DatabaseConnection | PasswordlessConnection;

export function isDatabase(connection: Connection): connection is DatabaseConnection {
  return connection.strategy === 'auth0';
}

export function isPasswordless(connection: Connection): connection is PasswordlessConnection {
  return passwordlessStrategies.some((strategy) => strategy === connection.strategy);
}
