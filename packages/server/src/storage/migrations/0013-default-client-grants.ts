import type { Migration } from './index.ts';

/** What clients of one kind may have of an API, whoever they are: those that register themselves have no row yet. */
export const defaultClientGrants: Migration = {
  name: '0013-default-client-grants',
  statements: ({ text, integer, tableOptions }) => [
    `create table default_client_grant (
      id ${text} primary key,
      default_for ${text} not null,
      audience ${text} not null references resource_server (identifier) on delete cascade,
      scope ${text} not null,
      subject_type ${text} not null,
      allow_all_scopes ${integer} not null,
      unique (audience, subject_type, default_for)
    ) ${tableOptions}`,
  ],
};
