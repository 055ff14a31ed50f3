// The entry of a connection, as a tenant file or the Management API tells it. A tenant file may misspell no option of our
// own strategies; the Management API keeps what it does not know, as Auth0 does.
import { z } from 'zod';
import { type Connection, passwordlessStrategies, upstreamStrategies } from '../../model/connection.ts';
import { metadataEntryOf } from '../../model/members.ts';
import { noEffect } from '../unused.ts';
import { databaseOptions, passwordlessOptions, upstreamOptions } from './options.ts';

const connectionName = z
  .string()
  .max(128)
  .regex(/^[a-zA-Z0-9](?:-[a-zA-Z0-9]|[a-zA-Z0-9])*$/, 'must be letters, digits and inner hyphens');

const purpose = z.strictObject({ active: z.boolean() });

const members = {
  name: connectionName,
  display_name: z.string().max(128).nullable().optional(),
  enabled_clients: z.array(z.string().min(1).max(255)).max(10_000).optional(),
  is_domain_connection: z.boolean().optional(),
  realms: z.array(z.string().min(1).max(255)).max(10).optional(),
  metadata: metadataEntryOf(10).optional(),
  authentication: purpose.optional(),
  show_as_button: noEffect(z.boolean().nullable()),
  connected_accounts: noEffect(purpose.extend({ cross_app_access: z.boolean().optional() })),
  cross_app_access_requesting_app: noEffect(purpose),
};

export const databaseEntrySchema = z.strictObject({
  ...members,
  strategy: z.literal('auth0').default('auth0'),
  options: z.strictObject(databaseOptions).prefault({}),
});

export const passwordlessEntrySchema = z.strictObject({
  ...members,
  strategy: z.enum(passwordlessStrategies),
  options: z.strictObject(passwordlessOptions).prefault({}),
});

export const upstreamEntrySchema = z.strictObject({
  ...members,
  strategy: z.enum(upstreamStrategies),
  options: z.looseObject(upstreamOptions).prefault({}),
});

export type ConnectionEntry =
  | z.infer<typeof databaseEntrySchema>
  | z.infer<typeof passwordlessEntrySchema>
  | z.infer<typeof upstreamEntrySchema>;

const keptOptions = {
  auth0: databaseEntrySchema.extend({ options: z.looseObject(databaseOptions).prefault({}) }),
  passwordless: passwordlessEntrySchema.extend({ options: z.looseObject(passwordlessOptions).prefault({}) }),
};

/** Of the strategy, with options that nobody knows besides. */
export function entrySchemaOf(strategy: Connection['strategy']): z.ZodType<ConnectionEntry> {
  if (strategy === 'auth0') return keptOptions.auth0;
  return strategy === 'email' || strategy === 'sms' ? keptOptions.passwordless : upstreamEntrySchema;
}
