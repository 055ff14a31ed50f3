import type { Route } from '../route.ts';
import { rolePermissionRoutes } from './role-permissions.ts';
import { roleRoutes } from './roles.ts';
import { userPermissionRoutes } from './user-permissions.ts';
import { userRoleRoutes } from './user-roles.ts';

export const accessRoutes: readonly Route[] = [
  ...roleRoutes,
  ...rolePermissionRoutes,
  ...userRoleRoutes,
  ...userPermissionRoutes,
];
