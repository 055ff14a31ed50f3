// Roles and their permissions, those of administrators among them.
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
  /** Made by the server itself, for administrators: nobody renames, changes or deletes it. */
  is_system: z.boolean(),
});
export type Role = z.infer<typeof roleSchema>;
export type RoleItself = Omit<Role, 'permissions'>;
export type Permission = Role['permissions'][number];

/** Scopes that show or change what an administrator's work does not need. */
const keysAndSecrets = /^(?:create|update|delete):(?:signing_keys|custom_signing_keys|encryption_keys)$/;
const readsSecrets =
  /^read:(?:client_keys|client_credentials|connections_keys|user_idp_tokens|scim_token|encryption_keys|custom_signing_keys)$/;
const supports =
  /^(?:(?:read|update):users|(?:read|delete):(?:sessions|refresh_tokens|grants|authentication_methods|device_credentials)|create:user_tickets|read:(?:logs|logs_users|roles|role_members|organizations|organizations_summary|organization_members|organization_member_roles|client_summary|connections|stats))$/;

/** Who may do what in the dashboard, by the scopes of the system API. */
export const administratorRoles: readonly {
  name: string;
  description: string;
  has(scope: string): boolean;
}[] = [
  { name: ownerRoleName, description: 'May administer the whole tenant', has: () => true },
  {
    name: 'editor',
    description: 'May change everything but the keys of the tenant',
    has: (scope) => !keysAndSecrets.test(scope),
  },
  {
    name: 'viewer',
    description: 'May look at everything but secrets',
    has: (scope) => scope.startsWith('read:') && !readsSecrets.test(scope),
  },
  { name: 'support', description: 'May help people with their logins', has: (scope) => supports.test(scope) },
];
