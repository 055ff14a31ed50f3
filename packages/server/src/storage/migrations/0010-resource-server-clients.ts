import type { Migration } from './index.ts';

export const resourceServerClients: Migration = {
  name: '0010-resource-server-clients',
  statements: ({ text }) => [`alter table client add column resource_server_identifier ${text}`],
};
