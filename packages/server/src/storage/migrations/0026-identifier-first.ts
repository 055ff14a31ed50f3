import type { Migration } from './index.ts';

/** UL-3: what was typed on the first of two pages, until the second has used it. Sealed. */
export const identifierFirst: Migration = {
  name: '0026-identifier-first',
  statements: ({ text }) => [`alter table login_transaction add column identifier ${text}`],
};
