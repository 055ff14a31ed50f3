import type { Route } from '../route.ts';
import { getJob } from './get-job.ts';
import { createVerificationEmail } from './verification-email.ts';

export const jobRoutes: readonly Route[] = [createVerificationEmail, getJob];
