import type { RouteObject } from 'react-router';

export const apiRoutes: RouteObject[] = [
  { path: 'apis', lazy: async () => ({ Component: (await import('./apis.tsx')).Apis }) },
  { path: 'apis/:id/:tab?', lazy: async () => ({ Component: (await import('./api.tsx')).ApiScreen }) },
];
