import type { RouteObject } from 'react-router';

export const settingsRoutes: RouteObject[] = [
  {
    path: 'settings/:tab?',
    lazy: async () => ({ Component: (await import('./settings.tsx')).SettingsScreen }),
  },
];
