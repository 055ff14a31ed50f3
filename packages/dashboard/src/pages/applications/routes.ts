import type { RouteObject } from 'react-router';

export const applicationRoutes: RouteObject[] = [
  {
    path: 'applications',
    lazy: async () => ({ Component: (await import('./applications.tsx')).Applications }),
  },
  {
    path: 'applications/:id/:tab?',
    lazy: async () => ({ Component: (await import('./application.tsx')).Application }),
  },
];
