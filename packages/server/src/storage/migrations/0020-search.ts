import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

/**
 * What administrators search and list is found by an index that ends in the order of the list, so that neither a page
 * nor a count reads a row that is not asked for. What was saved before is spelled for the search as far as SQL can.
 */
export const search: Migration = {
  name: '0020-search',
  statements: (dialect) => [...userColumns(dialect), ...userIndexes(dialect), ...otherIndexes(dialect)],
};

function userColumns({ text, positionOf }: SqlDialect): string[] {
  return [
    ...['given_name_search', 'family_name_search', 'nickname_search', 'email_domain'].map(
      (column) => `alter table "user" add column ${column} ${text}`,
    ),
    `update "user" set
      given_name_search = lower(given_name),
      family_name_search = lower(family_name),
      nickname_search = lower(nickname),
      email_domain = substr(email_search, ${positionOf("'@'", 'email_search')} + 1)`,
  ];
}

function userIndexes({ nullsFirst }: SqlDialect): string[] {
  return [
    'drop index user_by_email',
    'drop index user_by_name',
    'drop index user_by_creation',
    `create index user_by_email on "user" (email_search ${nullsFirst}, user_id)`,
    'create index user_by_name on "user" (name_search, user_id)',
    'create index user_by_nickname on "user" (nickname_search, user_id)',
    'create index user_by_creation on "user" (created_at, user_id)',
    `create index user_by_last_login on "user" (last_login ${nullsFirst}, user_id)`,
    'create index user_by_block on "user" (blocked, user_id)',
    'create index user_by_logins on "user" (logins_count, user_id)',
    ...['given_name_search', 'family_name_search', 'username', 'phone_number', 'email_domain'].map(
      (column) => `create index user_by_${column} on "user" (${column}, user_id) where ${column} is not null`,
    ),
    'create index identity_by_connection on identity (connection, owner)',
    'create index identity_by_user_id on identity (user_id, owner)',
  ];
}

function otherIndexes({ text }: SqlDialect): string[] {
  return [
    // Written with every request: the entries of one user, and those of a type that is rare, are worth an index.
    'create index log_by_user on log (user_id, log_id) where user_id is not null',
    'create index log_by_type on log (type, log_id)',
    'drop index user_grant_by_client',
    'create index user_grant_by_client on user_grant (client_id, id)',
    'create index user_grant_by_audience on user_grant (audience, id)',
    // AT-14: what a user was given is taken back by its codes too.
    'create index authorization_code_by_user on authorization_code (user_id)',
    `alter table session add column session_metadata ${text}`,
    `alter table refresh_token_family add column refresh_token_metadata ${text}`,
  ];
}
