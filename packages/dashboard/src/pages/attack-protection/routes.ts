import type { RouteObject } from 'react-router';

export const attackProtectionRoutes: RouteObject[] = [
  {
    path: 'attack-protection/:tab?',
    lazy: async () => ({ Component: (await import('./attack-protection.tsx')).AttackProtection }),
  },
];
