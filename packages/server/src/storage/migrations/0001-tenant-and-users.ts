import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

/** A row goes with what it belongs to, where it means nothing alone. Log entries and spent codes stay. */
const cascade = 'on delete cascade';

export const tenantAndUsers: Migration = {
  name: '0001-tenant-and-users',
  statements: (dialect) => [
    ...tenantTables(dialect),
    ...userTables(dialect),
    ...accessControlTables(dialect),
  ],
};

function tenantTables({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table tenant (
      id ${integer} primary key check (id = 1),
      settings ${text} not null
    ) ${tableOptions}`,
    `create table client (
      client_id ${text} primary key,
      client_secret ${text},
      name ${text} not null,
      description ${text},
      app_type ${text} not null,
      logo_uri ${text},
      callbacks ${text} not null,
      allowed_logout_urls ${text} not null,
      web_origins ${text} not null,
      allowed_origins ${text} not null,
      initiate_login_uri ${text},
      is_first_party ${integer} not null,
      oidc_conformant ${integer} not null,
      grant_types ${text} not null,
      token_endpoint_auth_method ${text},
      jwt_configuration ${text} not null,
      refresh_token ${text} not null,
      client_metadata ${text} not null,
      skip_non_verifiable_callback_uri_confirmation_prompt ${integer},
      is_system ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    ) ${tableOptions}`,
    `create table resource_server (
      id ${text} primary key,
      identifier ${text} not null unique,
      signing_secret ${text},
      name ${text} not null,
      scopes ${text} not null,
      signing_alg ${text} not null,
      token_lifetime ${integer} not null,
      token_lifetime_for_web ${integer} not null,
      token_dialect ${text} not null,
      enforce_policies ${integer} not null,
      skip_consent_for_verifiable_first_party_clients ${integer} not null,
      allow_offline_access ${integer} not null,
      subject_type_authorization ${text} not null,
      is_system ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    ) ${tableOptions}`,
    `create table client_grant (
      id ${text} primary key,
      client_id ${text} not null references client ${cascade},
      audience ${text} not null references resource_server (identifier) ${cascade},
      scope ${text} not null,
      subject_type ${text} not null,
      allow_all_scopes ${integer} not null,
      unique (client_id, audience, subject_type)
    ) ${tableOptions}`,
    'create index client_grant_by_audience on client_grant (audience)',
    `create table connection (
      id ${text} primary key,
      name ${text} not null unique,
      display_name ${text},
      strategy ${text} not null,
      options ${text} not null,
      is_domain_connection ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null
    ) ${tableOptions}`,
    `create table connection_client (
      connection_id ${text} not null references connection ${cascade},
      client_id ${text} not null references client ${cascade},
      primary key (connection_id, client_id)
    ) ${tableOptions}`,
    'create index connection_client_by_client on connection_client (client_id)',
  ];
}

function userTables({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table "user" (
      user_id ${text} primary key,
      email ${text},
      email_verified ${integer} not null,
      username ${text},
      phone_number ${text},
      phone_verified ${integer} not null,
      name ${text} not null,
      given_name ${text},
      family_name ${text},
      middle_name ${text},
      nickname ${text} not null,
      picture ${text} not null,
      user_metadata ${text} not null,
      app_metadata ${text} not null,
      blocked ${integer} not null,
      epoch ${integer} not null,
      created_at ${integer} not null,
      updated_at ${integer} not null,
      last_login ${integer},
      last_ip ${text},
      logins_count ${integer} not null,
      last_password_reset ${integer},
      email_search ${text},
      name_search ${text} not null
    ) ${tableOptions}`,
    'create index user_by_email on "user" (email_search)',
    'create index user_by_name on "user" (name_search)',
    'create index user_by_creation on "user" (created_at)',
    `create table identity (
      connection_id ${text} not null references connection ${cascade},
      user_id ${text} not null,
      owner ${text} not null references "user" ${cascade},
      connection ${text} not null,
      provider ${text} not null,
      email ${text},
      username ${text},
      "isSocial" ${integer} not null,
      primary key (connection_id, user_id),
      unique (connection_id, email),
      unique (connection_id, username)
    ) ${tableOptions}`,
    'create index identity_by_owner on identity (owner)',
    `create table password (
      user_id ${text} primary key references "user" ${cascade},
      hash ${text} not null,
      set_at ${integer} not null
    ) ${tableOptions}`,
  ];
}

function accessControlTables({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `create table role (
      id ${text} primary key,
      name ${text} not null unique,
      description ${text}
    ) ${tableOptions}`,
    `create table role_permission (
      role_id ${text} not null references role ${cascade},
      resource_server_identifier ${text} not null,
      permission_name ${text} not null,
      primary key (role_id, resource_server_identifier, permission_name)
    ) ${tableOptions}`,
    `create table user_role (
      user_id ${text} not null references "user" ${cascade},
      role_id ${text} not null references role ${cascade},
      primary key (user_id, role_id)
    ) ${tableOptions}`,
    'create index user_role_by_role on user_role (role_id)',
    `create table user_permission (
      user_id ${text} not null references "user" ${cascade},
      resource_server_identifier ${text} not null,
      permission_name ${text} not null,
      primary key (user_id, resource_server_identifier, permission_name)
    ) ${tableOptions}`,
    `create table organization (
      id ${text} primary key,
      name ${text} not null unique,
      display_name ${text},
      metadata ${text} not null,
      created_at ${integer} not null
    ) ${tableOptions}`,
    `create table organization_connection (
      organization_id ${text} not null references organization ${cascade},
      connection_id ${text} not null references connection ${cascade},
      primary key (organization_id, connection_id)
    ) ${tableOptions}`,
    'create index organization_connection_by_connection on organization_connection (connection_id)',
    `create table organization_member (
      organization_id ${text} not null references organization ${cascade},
      user_id ${text} not null references "user" ${cascade},
      primary key (organization_id, user_id)
    ) ${tableOptions}`,
    'create index organization_member_by_user on organization_member (user_id)',
    `create table organization_member_role (
      organization_id ${text} not null,
      user_id ${text} not null,
      role_id ${text} not null references role ${cascade},
      primary key (organization_id, user_id, role_id),
      foreign key (organization_id, user_id) references organization_member ${cascade}
    ) ${tableOptions}`,
    'create index organization_member_role_by_role on organization_member_role (role_id)',
  ];
}
