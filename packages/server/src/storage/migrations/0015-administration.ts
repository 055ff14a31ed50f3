import type { Migration } from './index.ts';

/** The server's own roles. The one that earlier versions made for the first administrator becomes one of them. */
export const administration: Migration = {
  name: '0015-administration',
  statements: ({ integer }) => [
    `alter table role add column is_system ${integer} not null default 0`,
    `update role set is_system = 1
      where name = 'owner' and description = 'May administer the whole tenant'
        and not exists (select 1 from role_permission where role_id = role.id)`,
    'create index authorization_code_by_aid on authorization_code (aid)',
  ],
};
