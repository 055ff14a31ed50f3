import type { RouteObject } from 'react-router';

export const userRoutes: RouteObject[] = [
  { path: 'users', lazy: async () => ({ Component: (await import('./users.tsx')).Users }) },
  {
    path: 'users/import-export/:tab?',
    lazy: async () => ({ Component: (await import('./import-export.tsx')).ImportExport }),
  },
  { path: 'users/:id/:tab?', lazy: async () => ({ Component: (await import('./user.tsx')).UserScreen }) },
];
