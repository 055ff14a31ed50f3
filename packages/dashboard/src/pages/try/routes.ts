import type { RouteObject } from 'react-router';

export const tryRoutes: RouteObject[] = [
  { path: 'try', lazy: async () => ({ Component: (await import('./try.tsx')).TryLogin }) },
];
