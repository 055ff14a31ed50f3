import type { Migration } from './index.ts';

/**
 * Each index of what requests write is a page more to write with every request, unless what is written lies together.
 * The types of entries that a busy tenant is full of need none: whoever looks for one meets it at once. The entries of a
 * user are in the order of their time, which is shorter than their ids. A code that nobody redeemed ends by itself. When
 * somebody logged in their access token tells, so that no code is looked for by its authorization.
 */
export const writingLess: Migration = {
  name: '0025-writing-less',
  statements: () => [
    'drop index log_by_type',
    `create index log_by_rare_type on log (type, log_id) where type not in ('ssa', 'seacft', 'sertft', 'seccft')`,
    'drop index log_by_user',
    'create index log_by_user on log (user_id, date) where user_id is not null',
    'drop index authorization_code_by_aid',
    'drop index authorization_code_by_user',
    'create index authorization_code_by_user on authorization_code (user_id) where redeemed_at is not null',
  ],
};
