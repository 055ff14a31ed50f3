import type { Migration } from './index.ts';

/** What the Management API tells and pages of roles and organizations. */
export const organizations: Migration = {
  name: '0021-organizations',
  statements: ({ text, integer, tableOptions }) => [
    `alter table organization add column branding ${text}`,
    `alter table organization add column unused ${text} not null default '{}'`,
    'create index organization_by_creation on organization (created_at, id)',
    `create index organization_by_display_name on organization ((coalesce(display_name, '')), id)`,
    `alter table organization_connection add column organization_connection_name ${text}`,
    `alter table organization_connection add column assign_membership_on_login ${integer} not null default 0`,
    `alter table organization_connection add column show_as_button ${integer} not null default 1`,
    `alter table organization_connection add column is_signup_enabled ${integer} not null default 0`,
    `alter table organization_connection add column is_enabled ${integer} not null default 1`,
    `alter table organization_connection add column unused ${text} not null default '{}'`,
    // Whoever has a role, and whatever somebody belongs to, is listed a page at a time.
    'drop index user_role_by_role',
    'create index user_role_by_role on user_role (role_id, user_id)',
    'drop index organization_member_by_user',
    'create index organization_member_by_user on organization_member (user_id, organization_id)',
    // Lower-case, for a filter by name; written anew with every change of a role.
    `alter table role add column name_search ${text} not null default ''`,
    'update role set name_search = lower(name)',
    `create table invitation (
      id ${text} primary key,
      organization_id ${text} not null references organization on delete cascade,
      client_id ${text} not null references client on delete cascade,
      connection_id ${text} references connection on delete cascade,
      inviter ${text} not null,
      invitee ${text} not null,
      roles ${text} not null,
      user_metadata ${text},
      app_metadata ${text},
      login_url ${text} not null,
      created_at ${integer} not null,
      expires_at ${integer} not null,
      hash ${text} not null unique,
      ticket ${text} not null
    ) ${tableOptions}`,
    'create index invitation_by_organization on invitation (organization_id, created_at, id)',
    'create index invitation_by_client on invitation (client_id)',
    'create index invitation_by_connection on invitation (connection_id)',
    'create index invitation_by_expiry on invitation (expires_at)',
  ],
};
