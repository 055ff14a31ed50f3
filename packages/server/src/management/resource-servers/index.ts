import type { Route } from '../route.ts';
import {
  createResourceServer,
  deleteResourceServer,
  getResourceServer,
  listResourceServers,
  updateResourceServer,
} from './resource-servers.ts';

export const resourceServerRoutes: readonly Route[] = [
  listResourceServers,
  createResourceServer,
  getResourceServer,
  updateResourceServer,
  deleteResourceServer,
];
