// /connections (contract §3.4).
import type { Route } from '../route.ts';
import { deleteUserByEmail } from './delete-user-by-email.ts';
import { listEnabledClients, setEnabledClients } from './enabled-clients.ts';
import { getConnection, listConnections } from './read-connections.ts';
import { createConnection, deleteConnection, updateConnection } from './write-connections.ts';

export const connectionRoutes: readonly Route[] = [
  listConnections,
  createConnection,
  getConnection,
  updateConnection,
  deleteConnection,
  listEnabledClients,
  setEnabledClients,
  deleteUserByEmail,
];
