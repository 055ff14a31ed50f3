import type { Route } from '../route.ts';
import { attackProtectionRoutes } from './attack-protection.ts';
import { brandingRoutes } from './branding.ts';
import { settingsRoutes } from './settings.ts';
import { signingKeyRoutes } from './signing-keys.ts';
import { statsRoutes } from './stats.ts';

export const tenantRoutes: readonly Route[] = [
  ...settingsRoutes,
  ...brandingRoutes,
  ...attackProtectionRoutes,
  ...signingKeyRoutes,
  ...statsRoutes,
];
