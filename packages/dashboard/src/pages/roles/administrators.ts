import type { Role } from '../../api/types.ts';

/** One of the server's own roles: what it allows is not the tenant's to change. */
export function isAdministrators({ type }: Pick<Role, 'type'>): boolean {
  return type === 'system';
}
