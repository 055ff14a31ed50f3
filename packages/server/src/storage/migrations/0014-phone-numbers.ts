import type { Migration } from './index.ts';

/** The number that a user of an `sms` connection logs in with. */
export const phoneNumbers: Migration = {
  name: '0014-phone-numbers',
  statements: ({ text }) => [
    `alter table identity add column phone_number ${text}`,
    'create unique index identity_by_phone_number on identity (connection_id, phone_number)',
  ],
};
