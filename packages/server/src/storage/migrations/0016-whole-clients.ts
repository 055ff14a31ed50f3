import type { Migration } from './index.ts';

/** What Auth0's clients and client grants have besides, and clients whose type nobody has said. */
export const wholeClients: Migration = {
  name: '0016-whole-clients',
  statements: ({ text, integer }) => [
    `alter table client add column organization_usage ${text}`,
    `alter table client add column organization_require_behavior ${text}`,
    `alter table client add column unused ${text} not null default '{}'`,
    `alter table client add column global ${integer} not null default 0`,
    // SQLite cannot take away a column's "not null".
    `alter table client add column said_app_type ${text}`,
    'update client set said_app_type = app_type',
    'alter table client drop column app_type',
    'alter table client rename column said_app_type to app_type',
    'create index client_by_name on client (name, client_id)',
    ...['client_grant', 'default_client_grant'].flatMap((table) => [
      `alter table ${table} add column organization_usage ${text}`,
      `alter table ${table} add column allow_any_organization ${integer}`,
      `alter table ${table} add column unused ${text} not null default '{}'`,
    ]),
  ],
};
