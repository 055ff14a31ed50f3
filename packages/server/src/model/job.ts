// What a job is (contract §3.7): work that was asked for in one request, and is told of in others.
import type { Random } from '../runtime/random.ts';
import type { Connection } from './connection.ts';

export interface Job {
  id: string;
  type: 'verification_email' | 'users_import' | 'users_export';
  status: 'pending' | 'processing' | 'completed' | 'failed';
  connection_id: string | null;
  connection: string | null;
  /** What else the API tells of it, by the type of the job. */
  described: Record<string, unknown>;
  created_at: number;
  expires_at: number;
}

/** Auth0: "data kept 24 h" (§6.1). In seconds. */
const jobsKeptFor = 86_400;

export function newJob(
  { type, status, described }: Pick<Job, 'type' | 'status' | 'described'>,
  connection: Pick<Connection, 'id' | 'name'> | undefined,
  { now, random }: { now: number; random: Random },
): Job {
  return {
    id: random.id('job'),
    type,
    status,
    connection_id: connection?.id ?? null,
    connection: connection?.name ?? null,
    described,
    created_at: now,
    expires_at: now + jobsKeptFor,
  };
}
