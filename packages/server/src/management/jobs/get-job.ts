import { z } from 'zod';
import { ManagementError } from '../errors.ts';
import { route } from '../route.ts';
import { jobBody, jobSchema } from './job-body.ts';
import { exportLinkOf } from './users-exports.ts';

export function inexistentJob(): ManagementError {
  return new ManagementError(404, 'The job does not exist.', 'inexistent_job');
}

export const jobParams = z.strictObject({ id: z.string().regex(/^job_[A-Za-z0-9]{16}$/) });

export const getJob = route({
  method: 'GET',
  path: '/jobs/{id}',
  summary: 'Get a job',
  scopes: ['create:users', 'read:users'],
  params: jobParams,
  status: 200,
  response: jobSchema,
  async answer({ params: { id }, caller }, { jobs }, ports) {
    const job = await jobs.find(id, ports.clock.now());
    if (job === undefined) throw inexistentJob();
    return {
      ...jobBody(job),
      // The link reads users without a token.
      ...(job.type === 'users_export' && caller.scopes.has('read:users')
        ? { location: exportLinkOf(job, ports) }
        : {}),
    };
  },
});
