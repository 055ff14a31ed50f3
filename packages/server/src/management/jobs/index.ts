import type { Route } from '../route.ts';
import { getJob } from './get-job.ts';
import { importUsers, listImportErrors } from './users-imports.ts';
import { createVerificationEmail } from './verification-email.ts';

export const jobRoutes: readonly Route[] = [createVerificationEmail, importUsers, getJob, listImportErrors];
