import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

export const mailAndOneTimePasswords: Migration = {
  name: '0005-mail-and-one-time-passwords',
  statements: ({ integer }: SqlDialect) => [
    `alter table client add column is_token_endpoint_ip_header_trusted ${integer} not null default 0`,
  ],
};
