import type { RouteObject } from 'react-router';

export const brandingRoutes: RouteObject[] = [
  { path: 'branding', lazy: async () => ({ Component: (await import('./branding.tsx')).BrandingScreen }) },
];
