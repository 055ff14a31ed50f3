import type { Role } from '../../api/types.ts';

const names = ['owner', 'editor', 'viewer', 'support'];

/** The server's own roles: what they may is not the tenant's to change. */
export function isAdministrators({ name }: Pick<Role, 'name'>): boolean {
  return names.includes(name);
}
