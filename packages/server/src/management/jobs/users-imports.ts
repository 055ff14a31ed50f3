import { z } from 'zod';
import { isDatabase } from '../../model/connection.ts';
import { newDelivery } from '../../model/delivery.ts';
import { newJob } from '../../model/job.ts';
import { ManagementError } from '../errors.ts';
import { route } from '../route.ts';
import { inexistentConnection, isDisabled } from '../users/user-access.ts';
import { parsed, payload } from '../validation.ts';
import { connectionIdField, secret } from '../wire.ts';
import { inexistentJob, jobParams } from './get-job.ts';
import { jobBody, jobSchema } from './job-body.ts';
import { noneYet, usersImport } from './users-import-kind.ts';

/** §6.1, in bytes. */
const largestFile = 512_000;
const mostAtOnce = 2;

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

function refused(message: string): ManagementError {
  return new ManagementError(400, message, 'invalid_body');
}

export const importUsers = route({
  method: 'POST',
  path: '/jobs/users-imports',
  summary: 'Create import users job',
  scopes: ['create:users'],
  body: z.strictObject({
    users: secret(z.string()).optional(),
    connection_id: connectionIdField.optional(),
    upsert: flag.default(false),
    external_id: z.string().max(1000).optional(),
    /** Nothing is sent: the job is told of. */
    send_completion_email: flag.optional(),
  }),
  status: 202,
  response: jobSchema,
  async answer({ body, caller }, stores, ports) {
    const users = usersOf(body.users);
    if (body.connection_id === undefined) throw refused("Must provide 'connection_id' as multipart part.");
    const connection = await stores.connections.find(body.connection_id);
    if (connection === undefined) throw inexistentConnection();
    if (!isDatabase(connection)) throw refused('Connection must be a database connection.');
    if (await isDisabled(connection, stores)) throw refused('Connection must be enabled.');
    const now = ports.clock.now();
    if ((await stores.jobs.countActive('users_import', now)) >= mostAtOnce)
      throw new ManagementError(
        429,
        `There are ${mostAtOnce} active import users jobs already`,
        'too_many_imports',
      );
    const named = body.external_id ? { external_id: body.external_id } : {};
    const described = { ...named, summary: noneYet };
    const making = { now, random: ports.random };
    const job = newJob({ type: 'users_import', status: 'pending', described }, connection, making);
    await stores.jobs.insert(job);
    const content = { job_id: job.id, upsert: body.upsert, users };
    const delivery = { kind: usersImport, content, requester: caller.requester };
    await stores.deliveries.add(newDelivery(delivery, making));
    return jobBody({ ...job, described: named });
  },
});

/** Throws ManagementError 400, 413. */
function usersOf(file: string | undefined): unknown[] {
  if (file === undefined) throw refused("Must provide 'users' file as multipart part.");
  if (Buffer.byteLength(file) > largestFile)
    throw new ManagementError(413, `Payload content length greater than maximum allowed: ${largestFile}`);
  const users = parsed(z.array(z.unknown()).nullable(), jsonOf(file), payload);
  if (users === null || users.length === 0) throw refused('Users file must not be empty.');
  return users;
}

function jsonOf(file: string): unknown {
  if (file.trim() === '') return null;
  try {
    return JSON.parse(file);
  } catch {
    throw refused("Payload validation error: 'The users file is not JSON' on property users.");
  }
}

export const listImportErrors = route({
  method: 'GET',
  path: '/jobs/{id}/errors',
  summary: 'Get job error details',
  scopes: ['create:users', 'read:users'],
  params: jobParams,
  status: 200,
  absent: 204,
  response: z
    .array(
      z.object({
        user: z.record(z.string(), z.unknown()),
        errors: z.array(z.object({ code: z.string(), message: z.string(), path: z.string().optional() })),
      }),
    )
    .nullable(),
  async answer({ params: { id } }, { jobs }, { clock }) {
    if ((await jobs.find(id, clock.now())) === undefined) throw inexistentJob();
    const failures = await jobs.listErrors(id);
    if (failures.length === 0) return null;
    return failures;
  },
});
