import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

export const proofs: Migration = {
  name: '0004-proofs',
  statements: ({ text, integer, tableOptions }: SqlDialect) => [
    `create table used_identifier (
      hash ${text} primary key,
      presented ${text},
      until ${integer} not null
    ) ${tableOptions}`,
    'create index used_identifier_by_end on used_identifier (until)',
  ],
};
