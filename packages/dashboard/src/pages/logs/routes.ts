import type { RouteObject } from 'react-router';

export const logRoutes: RouteObject[] = [
  { path: 'logs', lazy: async () => ({ Component: (await import('./logs.tsx')).Logs }) },
  { path: 'logs/:id', lazy: async () => ({ Component: (await import('./log-entry.tsx')).LogEntryScreen }) },
];
