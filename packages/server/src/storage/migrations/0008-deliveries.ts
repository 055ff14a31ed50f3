import type { Migration } from './index.ts';

export const deliveries: Migration = {
  name: '0008-deliveries',
  statements: ({ text, integer, tableOptions }) => [
    `create table delivery (
      id ${text} primary key,
      kind ${text} not null,
      content ${text} not null,
      requester ${text} not null,
      attempts ${integer} not null,
      created_at ${integer} not null,
      due_at ${integer} not null
    ) ${tableOptions}`,
    'create index delivery_by_kind on delivery (kind, due_at)',
    'create index delivery_by_creation on delivery (created_at)',
  ],
};
