// The registry: every operation of the Management API that this server has.
import { accessRoutes } from './access/index.ts';
import { actionRoutes } from './actions.ts';
import { authenticationMethodRoutes } from './authentication-methods/index.ts';
import { clientsRoutes } from './clients/index.ts';
import { connectionRoutes } from './connections/index.ts';
import { jobRoutes } from './jobs/index.ts';
import { logRoutes } from './logs/index.ts';
import { organizationRoutes } from './organizations/index.ts';
import { resourceServerRoutes } from './resource-servers/index.ts';
import type { Route } from './route.ts';
import { sessionRoutes } from './sessions/index.ts';
import { tenantRoutes } from './tenant/index.ts';
import { ticketRoutes } from './tickets/index.ts';
import { userRoutes } from './users/index.ts';

export const routes: readonly Route[] = [
  ...tenantRoutes,
  ...clientsRoutes,
  ...userRoutes,
  ...authenticationMethodRoutes,
  ...accessRoutes,
  ...organizationRoutes,
  ...logRoutes,
  ...sessionRoutes,
  ...actionRoutes,
  ...ticketRoutes,
  ...jobRoutes,
  ...connectionRoutes,
  ...resourceServerRoutes,
];

/** What a conditional change compares with: the route that reads what stands at this path. */
export function readerOf({ path, method }: Route): Route | undefined {
  if (method === 'POST') return undefined;
  return routes.find((route) => route.method === 'GET' && route.path === path && route.list === undefined);
}

/** Whether what the route reads can be changed at the same place. */
export function isWritable({ path }: Route): boolean {
  return routes.some(({ method, path: other }) => other === path && (method === 'PATCH' || method === 'PUT'));
}
