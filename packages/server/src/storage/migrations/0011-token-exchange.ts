import type { Migration } from './index.ts';

export const tokenExchange: Migration = {
  name: '0011-token-exchange',
  statements: ({ text }) => [`alter table client add column token_exchange ${text}`],
};
