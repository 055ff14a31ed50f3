import type { RouteObject } from 'react-router';

export const organizationRoutes: RouteObject[] = [
  {
    path: 'organizations',
    lazy: async () => ({ Component: (await import('./organizations.tsx')).Organizations }),
  },
  {
    path: 'organizations/:id/:tab?',
    lazy: async () => ({ Component: (await import('./organization.tsx')).OrganizationScreen }),
  },
];
