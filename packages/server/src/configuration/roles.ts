// One role, of the tenant file or of the Management API, as it may be written.
import { z } from 'zod';
import { roleSchema } from '../model/access-control.ts';

export const roleEntrySchema = z.strictObject({
  name: roleSchema.shape.name,
  description: roleSchema.shape.description.optional(),
  permissions: roleSchema.shape.permissions.optional(),
  /** Auth0's word for one that is not an organization's own. */
  type: z.literal('tenant').optional(),
});
