import type { Route } from '../route.ts';
import { grantRoutes } from './grants.ts';
import { refreshTokenRoutes } from './refresh-tokens.ts';
import { sessionItselfRoutes } from './sessions.ts';

export const sessionRoutes: readonly Route[] = [
  ...sessionItselfRoutes,
  ...refreshTokenRoutes,
  ...grantRoutes,
];
