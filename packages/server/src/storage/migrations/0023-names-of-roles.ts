import type { Migration } from './index.ts';

const cascade = 'on delete cascade';

/**
 * A tenant may have a role of the name that one of administrators has. The constraint stood in the table itself, which
 * SQLite changes by no statement: the table is made anew, and with it those that point to it.
 */
export const namesOfRoles: Migration = {
  name: '0023-names-of-roles',
  statements: ({ text, integer, tableOptions }) => [
    ...tables.map((table) => `alter table ${table} rename to former_${table}`),
    `create table role (
      id ${text} primary key,
      name ${text} not null,
      description ${text},
      is_system ${integer} not null default 0,
      name_search ${text} not null default '',
      unique (name, is_system)
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
    `create table organization_member_role (
      organization_id ${text} not null,
      user_id ${text} not null,
      role_id ${text} not null references role ${cascade},
      primary key (organization_id, user_id, role_id),
      foreign key (organization_id, user_id) references organization_member ${cascade}
    ) ${tableOptions}`,
    ...tables.map((table) => `insert into ${table} select ${columns[table]} from former_${table}`),
    ...tables.toReversed().map((table) => `drop table former_${table}`),
    `create index role_permission_by_resource_server
      on role_permission (resource_server_identifier, permission_name)`,
    'create index user_role_by_role on user_role (role_id, user_id)',
    'create index organization_member_role_by_role on organization_member_role (role_id)',
  ],
};

/** In whichever order they stood. */
const columns = {
  role: 'id, name, description, is_system, name_search',
  role_permission: 'role_id, resource_server_identifier, permission_name',
  user_role: 'user_id, role_id',
  organization_member_role: 'organization_id, user_id, role_id',
};
const tables = ['role', 'role_permission', 'user_role', 'organization_member_role'] as const;
