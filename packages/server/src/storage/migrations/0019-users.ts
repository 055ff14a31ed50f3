import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

/** Users as the Management API keeps them: linked identities, factors, jobs, and where failures came from. */
export const users: Migration = {
  name: '0019-users',
  statements: (dialect) => [
    ...identityColumns(dialect),
    ...userColumns(dialect),
    ...ticketColumns(dialect),
    ...authenticationMethodTable(dialect),
    ...jobTable(dialect),
    `alter table failed_login add column ip ${dialect.text}`,
  ],
};

/** A user with two identities of databases has two passwords: each stands with the identity that it proves. */
function identityColumns({ text, integer }: SqlDialect): string[] {
  return [
    `alter table identity add column profile ${text}`,
    `alter table identity add column password_hash ${text}`,
    `alter table identity add column password_set_at ${integer}`,
    `update identity set
      password_hash = (select hash from password where password.user_id = identity.owner),
      password_set_at = (select set_at from password where password.user_id = identity.owner)`,
    'drop table password',
    // The user_id that an identity has as a user of its own is nobody else's while it is linked.
    'create unique index identity_by_name on identity (provider, user_id)',
  ];
}

function userColumns({ text, integer }: SqlDialect): string[] {
  return [
    `alter table "user" add column blocked_set_at ${integer}`,
    `alter table "user" add column multifactor ${text} not null default '[]'`,
    `alter table "user" add column multifactor_last_modified ${integer}`,
  ];
}

function ticketColumns({ text, integer }: SqlDialect): string[] {
  return [
    `alter table ticket add column identity_user_id ${text} not null default ''`,
    // Until now there were tickets for users of databases alone, whose ids begin with `auth0|`.
    'update ticket set identity_user_id = substr(user_id, 7)',
    `alter table ticket add column mark_email_as_verified ${integer} not null default 1`,
    `alter table ticket add column result_url ${text}`,
    `alter table ticket add column organization_id ${text}`,
  ];
}

function authenticationMethodTable({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table authentication_method (
      id ${text} primary key,
      user_id ${text} not null references "user" on delete cascade,
      type ${text} not null,
      name ${text},
      described ${text} not null,
      created_at ${integer} not null,
      totp_secret ${text}
    ) ${tableOptions}`,
    'create index authentication_method_by_user on authentication_method (user_id, created_at, id)',
  ];
}

function jobTable({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table job (
      id ${text} primary key,
      type ${text} not null,
      status ${text} not null,
      connection_id ${text},
      connection ${text},
      described ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      result ${text}
    ) ${tableOptions}`,
    'create index job_by_expiry on job (expires_at)',
  ];
}
