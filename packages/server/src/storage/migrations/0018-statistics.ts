import type { Migration } from './index.ts';

/** What happened on each day, in UTC, counted once the day is over: it stays when its log entries go. */
export const statistics: Migration = {
  name: '0018-statistics',
  statements: ({ integer, tableOptions }) => [
    `create table daily_statistic (
      date ${integer} primary key,
      logins ${integer} not null,
      signups ${integer} not null,
      counted_at ${integer} not null
    ) ${tableOptions}`,
  ],
};
