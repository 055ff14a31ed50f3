import type { Migration } from './index.ts';

/**
 * What changes with an exchange moves from the tokens to their family: the one token that lives, and the one that was
 * spent for it. A token's own row never changes again, so that to lock the family is to see the truth.
 */
export const refreshRotation: Migration = {
  name: '0007-refresh-rotation',
  statements: ({ text, integer }) => [
    ...[
      `current_token ${text} not null default ''`,
      `counter ${integer} not null default 0`,
      `rotating ${integer} not null default 1`,
      `spent_token ${text}`,
      `spent_at ${integer}`,
      `box ${text}`,
      `box_ends_at ${integer}`,
      `revocation_reason ${text}`,
      `online ${integer} not null default 0`,
    ].map((column) => `alter table refresh_token_family add column ${column}`),
    `update refresh_token_family set
      current_token = (select token.hash from refresh_token token
        where token.aid = refresh_token_family.aid and token.spent_at is null and token.superseded_at is null),
      counter = (select max(token.n) from refresh_token token where token.aid = refresh_token_family.aid),
      rotating = case when exists (select client_id from client
        where client.client_id = refresh_token_family.client_id
        and client.refresh_token like '%"rotation_type":"rotating"%') then 1 else 0 end`,
    `update refresh_token_family set
      spent_token = (select token.hash from refresh_token token
        where token.aid = refresh_token_family.aid and token.successor = refresh_token_family.current_token),
      spent_at = (select token.spent_at from refresh_token token
        where token.aid = refresh_token_family.aid and token.successor = refresh_token_family.current_token)`,
    ...['spent_at', 'successor', 'box', 'superseded_at'].map(
      (column) => `alter table refresh_token drop column ${column}`,
    ),
    `alter table resource_server add column allow_online_access ${integer} not null default 0`,
    `create index refresh_token_family_by_box on refresh_token_family (box_ends_at) where box_ends_at is not null`,
  ],
};
