// The entries of a tenant file as they may be written, clients apart (clients/client-schema.ts): Management API field
// names, all but the name optional. What is left out is resolved in tenant-file.ts and beside it.
import { z } from 'zod';
import { roleSchema } from '../model/access-control.ts';
import {
  organizationConnectionSchema,
  organizationMetadataSchema,
  organizationSchema,
} from '../model/organization.ts';

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
