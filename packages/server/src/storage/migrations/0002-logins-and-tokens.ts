import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

/** A row goes with what it belongs to, where it means nothing alone. Log entries and spent codes stay. */
const cascade = 'on delete cascade';

export const loginsAndTokens: Migration = {
  name: '0002-logins-and-tokens',
  statements: (dialect) => [...loginTables(dialect), ...tokenTables(dialect), ...recordTables(dialect)],
};

function loginTables({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table session (
      sid ${text} primary key,
      secret ${text} not null unique,
      user_id ${text} not null references "user" ${cascade},
      epoch ${integer} not null,
      connection_id ${text} not null,
      authenticated_at ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      last_interacted_at ${integer} not null,
      expires_at ${integer} not null,
      idle_expires_at ${integer} not null,
      persistent ${integer} not null,
      initial_ip ${text} not null,
      initial_user_agent ${text} not null,
      last_ip ${text} not null,
      last_user_agent ${text} not null
    ) ${tableOptions}`,
    'create index session_by_user on session (user_id)',
    'create index session_by_expiry on session (expires_at)',
    `create table session_client (
      sid ${text} not null references session ${cascade},
      client_id ${text} not null,
      since ${integer} not null,
      primary key (sid, client_id)
    ) ${tableOptions}`,
    `create table login_transaction (
      handle ${text} primary key,
      browser ${text} not null,
      client_id ${text} not null,
      request ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      user_id ${text},
      sid ${text},
      authenticated_at ${integer},
      consented_at ${integer},
      confirmed_at ${integer},
      finished_at ${integer}
    ) ${tableOptions}`,
    'create index login_transaction_by_expiry on login_transaction (expires_at)',
    `create table parked_request (
      handle ${text} primary key,
      parameters ${text} not null,
      expires_at ${integer} not null
    ) ${tableOptions}`,
    'create index parked_request_by_expiry on parked_request (expires_at)',
    `create table user_grant (
      id ${text} primary key,
      user_id ${text} not null references "user" ${cascade},
      client_id ${text} not null references client ${cascade},
      audience ${text} not null,
      scope ${text} not null,
      created_at ${integer} not null,
      unique (user_id, client_id, audience)
    ) ${tableOptions}`,
    'create index user_grant_by_client on user_grant (client_id)',
    `create table failed_login (
      key ${text} primary key,
      identifier ${text} not null,
      failures ${integer} not null,
      last_failed_at ${integer} not null
    ) ${tableOptions}`,
    'create index failed_login_by_identifier on failed_login (identifier)',
    'create index failed_login_by_time on failed_login (last_failed_at)',
  ];
}

function tokenTables({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table authorization_code (
      hash ${text} primary key,
      aid ${text} not null,
      client_id ${text} not null,
      redirect_uri ${text} not null,
      redirect_uri_sent ${text},
      code_challenge ${text},
      nonce ${text},
      scope ${text} not null,
      audience ${text},
      organization ${text},
      user_id ${text} not null,
      epoch ${integer} not null,
      sid ${text} not null,
      auth_time ${integer} not null,
      auth_time_requested ${integer} not null,
      acr ${text},
      dpop_jkt ${text},
      issuer ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      redeemed_at ${integer}
    ) ${tableOptions}`,
    'create index authorization_code_by_end on authorization_code (redeemed_at, expires_at)',
    // RT-5: a family outlives its user, so that whoever holds its token is told why.
    `create table refresh_token_family (
      aid ${text} primary key,
      client_id ${text} not null references client ${cascade},
      user_id ${text} not null,
      epoch ${integer} not null,
      sid ${text} not null,
      jkt ${text},
      scope ${text} not null,
      audience ${text},
      auth_time ${integer},
      created_at ${integer} not null,
      absolute_at ${integer},
      idle_at ${integer},
      revoked_at ${integer},
      ends_at ${integer}
    ) ${tableOptions}`,
    // RT-14 looks at each new family: it must not meet all those that were revoked.
    `create index refresh_token_family_unrevoked on refresh_token_family (user_id, client_id, created_at, aid)
      where revoked_at is null`,
    'create index refresh_token_family_by_client on refresh_token_family (client_id)',
    'create index refresh_token_family_by_end on refresh_token_family (ends_at)',
    `create table refresh_token (
      hash ${text} primary key,
      aid ${text} not null references refresh_token_family ${cascade},
      n ${integer} not null,
      issued_at ${integer} not null,
      spent_at ${integer},
      successor ${text},
      box ${text},
      superseded_at ${integer},
      unique (aid, n)
    ) ${tableOptions}`,
    `create table revoked_authorization (
      aid ${text} primary key,
      until ${integer} not null
    ) ${tableOptions}`,
    'create index revoked_authorization_by_end on revoked_authorization (until)',
    `create table signing_key (
      kid ${text} primary key,
      alg ${text} not null,
      status ${text} not null,
      private_key ${text} not null,
      public_jwk ${text} not null,
      certificate ${text} not null,
      created_at ${integer} not null,
      current_since ${integer},
      revoked_at ${integer}
    ) ${tableOptions}`,
  ];
}

function recordTables({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    // Written with every request and read by time alone: an index more comes with the query that needs it.
    `create table log (
      log_id ${text} primary key,
      date ${integer} not null,
      type ${text} not null,
      user_id ${text},
      client_id ${text},
      connection_id ${text},
      ip ${text} not null,
      entry ${text} not null
    ) ${tableOptions}`,
    `create table master_key (
      key_id ${text} primary key,
      sealed ${text} not null
    ) ${tableOptions}`,
  ];
}
