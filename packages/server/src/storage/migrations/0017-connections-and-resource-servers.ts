import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

/** What Auth0 tells of a connection and of an API, and what may be left unset of it. */
export const connectionsAndResourceServers: Migration = {
  name: '0017-connections-and-resource-servers',
  statements: (dialect) => [...ofResourceServers(dialect), ...ofConnections(dialect)],
};

function ofResourceServers({ text, integer }: SqlDialect): string[] {
  return [
    `alter table resource_server add column unused ${text} not null default '{}'`,
    ...withoutNotNull('resource_server', 'token_dialect', text),
    ...withoutNotNull('resource_server', 'enforce_policies', integer),
    ...withoutNotNull('resource_server', 'subject_type_authorization', text),
    // Permissions go with their API, or with the scope that they name.
    `create index role_permission_by_resource_server
      on role_permission (resource_server_identifier, permission_name)`,
    `create index user_permission_by_resource_server
      on user_permission (resource_server_identifier, permission_name)`,
  ];
}

function ofConnections({ text, integer, tableOptions }: SqlDialect): string[] {
  return [
    `alter table connection add column realms ${text} not null default '[]'`,
    `update connection set realms = '["' || name || '"]'`,
    `alter table connection add column metadata ${text} not null default '{}'`,
    `alter table connection add column authentication ${text}`,
    `alter table connection add column unused ${text} not null default '{}'`,
    `alter table connection add column secrets ${text}`,
    `alter table connection add column deleted_at ${integer}`,
    // A realm leads to one connection.
    `create table connection_realm (
      realm ${text} primary key,
      connection_id ${text} not null references connection on delete cascade
    ) ${tableOptions}`,
    'create index connection_realm_by_connection on connection_realm (connection_id)',
    'insert into connection_realm (realm, connection_id) select name, id from connection',
    // `password_history`: the hashes of earlier passwords, which nobody takes again.
    `create table earlier_password (
      connection_id ${text} not null,
      user_id ${text} not null,
      hash ${text} not null,
      replaced_at ${integer} not null,
      primary key (connection_id, user_id, hash),
      foreign key (connection_id, user_id) references identity on delete cascade
    ) ${tableOptions}`,
  ];
}

/** SQLite cannot drop `not null` from a column: the values go through another one. */
function withoutNotNull(table: string, column: string, type: string): string[] {
  return [
    `alter table ${table} add column nullable_${column} ${type}`,
    `update ${table} set nullable_${column} = ${column}`,
    `alter table ${table} drop column ${column}`,
    `alter table ${table} rename column nullable_${column} to ${column}`,
  ];
}
