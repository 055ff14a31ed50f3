// Roles and permissions as they stand on the wire.
import { z } from 'zod';
import type { Permission, RoleItself } from '../../model/access-control.ts';
import { roleSchema } from '../../model/access-control.ts';
import { present } from '../wire.ts';
import type { UserSummary } from './ports.ts';

/** Auth0's roles are the tenant's, or an organization's, which this server does not have; our own are administrators'. */
export const roleTypes = ['tenant', 'organization', 'system'] as const;

/** In one transaction, which others wait for. */
export const mostAtOnce = 500;
const mostPermissionsAtOnce = 2000;

export const idParams = z.strictObject({ id: z.string().min(1).max(255) });

export const roleAnswer = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  type: z.enum(roleTypes),
});

export function roleOnWire({ id, name, description, is_system }: RoleItself): z.input<typeof roleAnswer> {
  return { ...present({ description }), id, name, type: is_system ? 'system' : 'tenant' };
}

/** Those that somebody gets or loses. */
export const rolesBody = z.strictObject({
  roles: z.array(z.string().min(1).max(255)).min(1).max(mostAtOnce),
});

export const permissionBody = z.strictObject({
  permissions: z.array(roleSchema.shape.permissions.element).min(1).max(mostPermissionsAtOnce),
});

export const permissionAnswer = z.object({
  permission_name: z.string(),
  description: z.string(),
  resource_server_identifier: z.string(),
  resource_server_name: z.string(),
});

export const userAnswer = z.object({
  user_id: z.string(),
  email: z.string().optional(),
  picture: z.string(),
  name: z.string(),
});

export function userOnWire({ user_id, email, picture, name }: UserSummary): z.input<typeof userAnswer> {
  return { ...present({ email }), user_id, picture, name };
}

export function keyOf({ resource_server_identifier, permission_name }: Permission): string {
  return JSON.stringify([resource_server_identifier, permission_name]);
}
