import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

export const mailAndOneTimePasswords: Migration = {
  name: '0005-mail-and-one-time-passwords',
  statements: ({ text, integer, tableOptions }: SqlDialect) => [
    `alter table client add column is_token_endpoint_ip_header_trusted ${integer} not null default 0`,
    `create table one_time_password (
      key ${text} primary key,
      code ${text} not null,
      tries_left ${integer} not null,
      expires_at ${integer} not null
    ) ${tableOptions}`,
    'create index one_time_password_by_expiry on one_time_password (expires_at)',
    `create table message_count (
      key ${text} primary key,
      count ${integer} not null,
      until ${integer} not null
    ) ${tableOptions}`,
    'create index message_count_by_end on message_count (until)',
  ],
};
