// What a connection is: contract row CX-1. Its strategy decides what `options` mean.
import { z } from 'zod';

export const defaultDatabaseName = 'Username-Password-Authentication';

export const passwordPolicies = ['none', 'low', 'fair', 'good', 'excellent'] as const;
export type PasswordPolicy = (typeof passwordPolicies)[number];

export const databaseOptionsSchema = z.object({
  passwordPolicy: z.enum(passwordPolicies).default('good'),
  disable_signup: z.boolean().default(false),
  requires_username: z.boolean().default(false),
  brute_force_protection: z.boolean().default(true),
});
export type DatabaseOptions = z.infer<typeof databaseOptionsSchema>;

export const connectionSchema = z.strictObject({
  id: z.string(),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,126}[a-zA-Z0-9])?$/, 'must be letters, digits and inner hyphens'),
  display_name: z.string().nullable(),
  strategy: z.enum(['auth0']),
  options: databaseOptionsSchema,
  is_domain_connection: z.boolean(),
  created_at: z.int(),
  updated_at: z.int(),
});
export type Connection = z.infer<typeof connectionSchema>;
