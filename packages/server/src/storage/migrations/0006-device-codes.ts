import type { Migration } from './index.ts';

export const deviceCodes: Migration = {
  name: '0006-device-codes',
  statements: ({ text, integer, tableOptions }) => [
    `create table device_code (
      hash ${text} primary key,
      user_code ${text} not null unique,
      aid ${text} not null,
      client_id ${text} not null references client on delete cascade,
      scope ${text} not null,
      audience ${text},
      "interval" ${integer} not null,
      polled_at ${integer},
      created_at ${integer} not null,
      expires_at ${integer} not null,
      denied_at ${integer},
      approved_at ${integer},
      user_id ${text},
      epoch ${integer},
      sid ${text},
      ended_at ${integer}
    ) ${tableOptions}`,
    'create index device_code_by_client on device_code (client_id)',
    'create index device_code_by_end on device_code (expires_at, approved_at)',
  ],
};
