// Roles, who has them, and what somebody may do without one.
import type { Permission, Role, RoleItself } from '../../model/access-control.ts';
import type { User } from '../../model/user.ts';
import type { Listed, Page } from '../pagination.ts';

/** What a list of people tells of each. */
export type UserSummary = Pick<User, 'user_id' | 'email' | 'name' | 'picture'>;

export interface RoleFilter {
  /** Part of the name, in whatever case. */
  name: string | undefined;
  is_system: boolean;
}

export interface RoleStore {
  find(id: string): Promise<Role | undefined>;
  /** One of the tenant's. */
  findByName(name: string): Promise<Role | undefined>;
  /** By `id`, with its permissions, exactly. */
  upsert(role: Role): Promise<void>;
  /** Whoever had it has it no more. */
  delete(id: string): Promise<void>;
  /** By name. */
  list(filter: RoleFilter, page: Page): Promise<Listed<RoleItself>>;
  /** By resource server and name. */
  listPermissions(id: string, page: Page): Promise<Listed<Permission>>;
  /** Changes nothing if the role has it. */
  addPermission(id: string, permission: Permission): Promise<void>;
  removePermission(id: string, permission: Permission): Promise<void>;
}

/** Where a permission of somebody comes from: given directly, or by a role. */
export interface PermissionSource {
  permission: Permission;
  role: Pick<Role, 'id' | 'name'> | undefined;
}

export interface UserAccessStore {
  /** By name. */
  listRoles(user_id: string, page: Page): Promise<Listed<RoleItself>>;
  /** By user_id. */
  listUsers(role_id: string, page: Page): Promise<Listed<UserSummary>>;
  /** Changes nothing if the user has the role. */
  assignRole(user_id: string, role_id: string): Promise<void>;
  unassignRole(user_id: string, role_id: string): Promise<void>;
  /** Each once, however the user came by it; by resource server and name. */
  listPermissions(user_id: string, page: Page): Promise<Listed<Permission>>;
  /** Of the permissions from the first to the last, in that order; what was given directly comes first of each. */
  listSources(user_id: string, first: Permission, last: Permission): Promise<PermissionSource[]>;
  /** How many the user was given directly. */
  countPermissions(user_id: string): Promise<number>;
  addPermission(user_id: string, permission: Permission): Promise<void>;
  removePermission(user_id: string, permission: Permission): Promise<void>;
}

export interface AccessStores {
  roles: RoleStore;
  userAccess: UserAccessStore;
}
