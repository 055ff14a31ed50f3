import type { RouteObject } from 'react-router';

export const roleRoutes: RouteObject[] = [
  { path: 'roles', lazy: async () => ({ Component: (await import('./roles.tsx')).Roles }) },
  { path: 'roles/:id/:tab?', lazy: async () => ({ Component: (await import('./role.tsx')).RoleScreen }) },
];
