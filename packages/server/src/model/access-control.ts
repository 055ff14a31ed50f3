// Roles and their permissions: what `FREEHOLD_ADMIN_EMAIL` and the tenant file's `roles` need.
import { z } from 'zod';

/** The role of the administrator that the first start makes. */
export const ownerRoleName = 'owner';

export const roleSchema = z.strictObject({
  id: z.string(),
  name: z.string().min(1).max(255),
  description: z.string().max(255).nullable(),
  permissions: z.array(
    z.strictObject({ resource_server_identifier: z.string(), permission_name: z.string().min(1) }),
  ),
});
export type Role = z.infer<typeof roleSchema>;
