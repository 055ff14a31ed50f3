import type { Route } from '../route.ts';
import { getJob } from './get-job.ts';
import { exportUsers } from './users-exports.ts';
import { importUsers, listImportErrors } from './users-imports.ts';
import { createVerificationEmail } from './verification-email.ts';

export const jobRoutes: readonly Route[] = [
  createVerificationEmail,
  importUsers,
  exportUsers,
  getJob,
  listImportErrors,
];
