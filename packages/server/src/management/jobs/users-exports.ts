// Exporting users (contract §6.2). No copy of anybody is kept: the link that the job tells reads them when it is opened.
import { z } from 'zod';
import { type Job, newJob } from '../../model/job.ts';
import type { ManagementPorts, ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { inexistentConnection } from '../users/user-access.ts';
import { userBody } from '../users/user-body.ts';
import { connectionIdField } from '../wire.ts';
import { exportFieldsSchema, exportSchema, lineFormat, type UsersExport } from './export-fields.ts';
import { jobBody, jobSchema } from './job-body.ts';

export const exportUsers = route({
  method: 'POST',
  path: '/jobs/users-exports',
  summary: 'Create export users job',
  scopes: ['read:users'],
  body: z.strictObject({
    connection_id: connectionIdField.optional(),
    format: z.enum(['json', 'csv']).default('csv'),
    limit: z.int().min(1).max(1_000_000_000).optional(),
    fields: exportFieldsSchema.optional(),
  }),
  status: 200,
  response: jobSchema,
  async answer({ body: { connection_id, ...described } }, stores, { clock, random }) {
    const connection = connection_id === undefined ? undefined : await stores.connections.find(connection_id);
    if (connection_id !== undefined && connection === undefined) throw inexistentConnection();
    const asked = { type: 'users_export', status: 'completed', described } as const;
    const job = newJob(asked, connection, { now: clock.now(), random });
    await stores.jobs.insert(job);
    return jobBody({ ...job, status: 'pending' });
  },
});

export const usersExportPath = '/exports/users';
/** Seconds that a link is good for; each look at the job gives another. */
const linkLifetime = 600;

/** Whoever has the link has the users. */
export function exportLinkOf(
  { id }: Pick<Job, 'id'>,
  { exportLinks, clock, issuer }: ManagementPorts,
): string {
  const link = exportLinks.seal({ job_id: id, exp: clock.now() + linkLifetime });
  return `${issuer.slice(0, -1)}${usersExportPath}?link=${link}`;
}

/** The export behind the link; undefined for a link that is none, or is old. */
export async function findExport(
  link: string,
  { unitOfWork, exportLinks, clock }: ManagementPorts,
): Promise<{ asked: UsersExport; connection_id: string | null } | undefined> {
  const { job_id, exp } = exportLinks.open(link) ?? {};
  if (typeof job_id !== 'string' || typeof exp !== 'number' || exp <= clock.now()) return undefined;
  const job = await unitOfWork.read.jobs.find(job_id, clock.now());
  if (job?.type !== 'users_export') return undefined;
  return { asked: exportSchema.parse(job.described), connection_id: job.connection_id };
}

/** Users of one read. */
const usersAtOnce = 500;

/** Line by line, a page of users in memory at a time. */
export async function* exportLines(
  { asked, connection_id }: { asked: UsersExport; connection_id: string | null },
  { exportedUsers }: Pick<ManagementStores, 'exportedUsers'>,
): AsyncGenerator<string> {
  const { head, lineOf } = lineFormat(asked);
  if (head !== '') yield head;
  let left = asked.limit ?? Number.POSITIVE_INFINITY;
  let after = '';
  while (left > 0) {
    const limit = Math.min(left, usersAtOnce);
    const { items, next } = await exportedUsers.listAfter({ connection_id, after, limit });
    if (items.length > 0)
      yield items.map(({ user, identities }) => lineOf(userBody(user, identities))).join('');
    if (next === undefined) return;
    after = next;
    left -= items.length;
  }
}
