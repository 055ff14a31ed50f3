import type { Migration } from './index.ts';

/** AT-14: what a user approved for a device is taken back with what was given to applications. */
export const approvalsOfDevices: Migration = {
  name: '0028-approvals-of-devices',
  statements: () => [
    'create index device_code_by_user on device_code (user_id) where approved_at is not null',
  ],
};
