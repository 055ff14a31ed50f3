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
    `alter table client add column client_authentication_methods ${text}`,
    `alter table client add column require_proof_of_possession ${integer} not null default 0`,
    `alter table client add column compliance_level ${text} not null default 'none'`,
    `alter table resource_server add column proof_of_possession ${text}`,
    'create index used_identifier_by_end on used_identifier (until)',
  ],
};
