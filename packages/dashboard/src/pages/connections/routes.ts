import type { RouteObject } from 'react-router';

export const connectionRoutes: RouteObject[] = [
  { path: 'connections', lazy: async () => ({ Component: (await import('./connections.tsx')).Connections }) },
  {
    path: 'connections/:id/:tab?',
    lazy: async () => ({ Component: (await import('./connection.tsx')).ConnectionScreen }),
  },
];
