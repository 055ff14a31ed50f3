import type { Route } from '../route.ts';
import { clientGrantRoutes } from './client-grants.ts';
import { clientRoutes } from './clients.ts';

export const clientsRoutes: readonly Route[] = [...clientRoutes, ...clientGrantRoutes];
