import type { Migration } from './index.ts';

/** Whose tokens are exchanged for a user's of which connection. */
export const tokenExchangeProfiles: Migration = {
  name: '0027-token-exchange-profiles',
  statements: ({ text, integer, tableOptions }) => [
    `create table token_exchange_profile (
      id ${text} primary key,
      name ${text} not null,
      subject_token_type ${text} not null unique,
      type ${text} not null,
      subject_token ${text} not null,
      connection_id ${text} not null references connection on delete cascade,
      created_at ${integer} not null,
      updated_at ${integer} not null
    ) ${tableOptions}`,
    'create index token_exchange_profile_by_connection on token_exchange_profile (connection_id)',
  ],
};
