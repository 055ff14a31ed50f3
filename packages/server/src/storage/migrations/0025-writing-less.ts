import type { Migration } from './index.ts';

/**
 * Each index of what requests write is a page more to write with every request. The types of entries that a busy tenant
 * is full of need none: whoever looks for one meets it at once. When somebody logged in their access token tells, so
 * that no code is looked for by its authorization.
 */
export const writingLess: Migration = {
  name: '0025-writing-less',
  statements: () => [
    'drop index log_by_type',
    `create index log_by_rare_type on log (type, log_id) where type not in ('ssa', 'seacft', 'sertft', 'seccft')`,
    'drop index authorization_code_by_aid',
  ],
};
