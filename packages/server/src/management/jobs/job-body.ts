import { z } from 'zod';
import type { Job } from '../../model/job.ts';
import { isoTime, present, secret } from '../wire.ts';

export const jobSchema = z.object({
  id: z.string(),
  type: z.string(),
  status: z.string(),
  created_at: z.string(),
  connection_id: z.string().optional(),
  connection: z.string().optional(),
  format: z.string().optional(),
  limit: z.int().optional(),
  fields: z.array(z.record(z.string(), z.string())).optional(),
  /** Where the users are, for whoever has it. */
  location: secret(z.string()).optional(),
  external_id: z.string().optional(),
  summary: z.object({ failed: z.int(), updated: z.int(), inserted: z.int(), total: z.int() }).optional(),
  percentage_done: z.int().optional(),
});

export function jobBody({ id, type, status, created_at, connection_id, connection, described }: Job) {
  const told = { ...described, id, type, status, created_at: isoTime(created_at) };
  return { ...told, ...present({ connection_id, connection }) };
}
