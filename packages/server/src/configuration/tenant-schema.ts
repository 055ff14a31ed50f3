// The entries of a tenant file as they may be written, clients apart (clients/client-schema.ts): Management API field
// names, all but the name optional. What is left out is resolved in tenant-file.ts and beside it.
import { z } from 'zod';
import { roleSchema } from '../model/access-control.ts';
import { signingAlgorithms } from '../model/client.ts';
import {
  databaseOptionsSchema,
  databaseSchema,
  passwordlessOptionsSchema,
  passwordlessSchema,
} from '../model/connection.ts';
import {
  organizationConnectionSchema,
  organizationMetadataSchema,
  organizationSchema,
} from '../model/organization.ts';
import { resourceServerSchema } from '../model/resource-server.ts';
import { unsupportedSigningAlgorithms } from './unsupported-keys.ts';

const signingAlgorithm = z.enum([...signingAlgorithms, ...unsupportedSigningAlgorithms]);
const resourceServer = resourceServerSchema.shape;

/** RFC 6749 §3.3: scope-token. */
export const scopeToken = z
  .string()
  .max(280)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be visible ASCII without spaces, " and \\');

const permissionPolicies = resourceServer.subject_type_authorization.shape;
const proofOfPossession = resourceServer.proof_of_possession.unwrap().extend({
  required_for: z.enum(['public_clients', 'all_clients']).default('all_clients'),
});
export const resourceServerEntrySchema = z.strictObject({
  ...resourceServerSchema.omit({ id: true, is_system: true, created_at: true, updated_at: true }).partial()
    .shape,
  identifier: resourceServer.identifier,
  signing_alg: signingAlgorithm.optional(),
  signing_secret: z.string().max(1024).optional(),
  scopes: z
    .array(z.strictObject({ value: scopeToken, description: z.string().max(500).nullable().optional() }))
    .optional(),
  subject_type_authorization: z
    .strictObject({ user: permissionPolicies.user, client: permissionPolicies.client })
    .partial()
    .optional(),
  proof_of_possession: proofOfPossession.nullable().optional(),
});
export type ResourceServerEntry = z.infer<typeof resourceServerEntrySchema>;

export const databaseEntrySchema = z.strictObject({
  name: databaseSchema.shape.name,
  display_name: databaseSchema.shape.display_name.optional(),
  strategy: databaseSchema.shape.strategy.optional(),
  enabled_clients: z.array(z.string().min(1)).optional(),
  is_domain_connection: z.boolean().optional(),
  options: z.strictObject(databaseOptionsSchema.shape).prefault({}),
});

export const passwordlessEntrySchema = z.strictObject({
  name: passwordlessSchema.shape.name,
  display_name: passwordlessSchema.shape.display_name.optional(),
  strategy: passwordlessSchema.shape.strategy,
  enabled_clients: z.array(z.string().min(1)).optional(),
  is_domain_connection: z.boolean().optional(),
  options: z.strictObject(passwordlessOptionsSchema.shape).prefault({}),
});

/** Every other strategy: only its names are read, for what points to it. */
export const otherConnectionEntrySchema = z.looseObject({ name: z.string(), strategy: z.string() });

export const roleEntrySchema = z.strictObject({
  name: roleSchema.shape.name,
  description: roleSchema.shape.description.optional(),
  permissions: roleSchema.shape.permissions.optional(),
});

export const organizationConnectionEntrySchema = organizationConnectionSchema
  .omit({ organization_id: true, connection_id: true, unused: true })
  .partial();

const organization = organizationSchema.shape;
export const organizationEntrySchema = z.strictObject({
  name: organization.name,
  display_name: organization.display_name.optional(),
  branding: organization.branding.optional(),
  metadata: organizationMetadataSchema.optional(),
  connections: z
    .array(
      organizationConnectionEntrySchema
        .extend({ name: z.string().min(1).optional(), connection_id: z.string().min(1).optional() })
        .refine(
          (connection) => connection.name !== undefined || connection.connection_id !== undefined,
          'must name a connection: give its name',
        ),
    )
    .optional(),
});
