import type { Route } from '../route.ts';
import { clientConnectionsRoute } from './client-connections.ts';
import { clientGrantRoutes } from './client-grants.ts';
import { clientRoutes } from './clients.ts';

export const clientsRoutes: readonly Route[] = [
  ...clientRoutes,
  clientConnectionsRoute,
  ...clientGrantRoutes,
];
