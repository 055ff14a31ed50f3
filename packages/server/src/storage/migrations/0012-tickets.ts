import type { SqlDialect } from '../sql-dialects.ts';
import type { Migration } from './index.ts';

export const tickets: Migration = {
  name: '0012-tickets',
  statements: ({ text, integer, tableOptions }: SqlDialect) => [
    `create table ticket (
      hash ${text} primary key,
      purpose ${text} not null,
      user_id ${text} not null references "user" on delete cascade,
      email ${text} not null,
      connection_id ${text} not null references connection on delete cascade,
      client_id ${text},
      expires_at ${integer} not null,
      used_at ${integer}
    ) ${tableOptions}`,
    'create index ticket_by_user on ticket (user_id, purpose)',
    'create index ticket_by_connection on ticket (connection_id)',
    'create index ticket_by_expiry on ticket (expires_at)',
  ],
};
