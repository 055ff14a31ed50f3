import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

export const pushedAuthorizationRequests: Migration = {
  name: '0003-pushed-authorization-requests',
  statements: ({ text, integer, tableOptions }: SqlDialect) => [
    `create table pushed_request (
      hash ${text} primary key,
      client_id ${text} not null,
      parameters ${text} not null,
      browser ${text},
      expires_at ${integer} not null,
      spent_at ${integer}
    ) ${tableOptions}`,
    'create index pushed_request_by_expiry on pushed_request (expires_at)',
    `alter table client add column require_pushed_authorization_requests ${integer} not null default 0`,
    `alter table client add column par_request_expiry ${integer}`,
    `alter table client add column signed_request_object ${text}`,
    // A login in progress lacks what is read of its request from now on: it starts again (AZ-66).
    'delete from login_transaction',
  ],
};
