// An entry of the log as the Management API tells it: what is not known is null (recorded, §3.7).
import { z } from 'zod';
import type { LogEntry } from './ports.ts';

const known = z.string().nullable();

export const logSchema = z.object({
  _id: z.string(),
  log_id: z.string(),
  date: z.string(),
  type: z.string(),
  description: z.string(),
  connection: known,
  connection_id: known,
  organization_id: known,
  organization_name: known,
  client_id: known,
  client_name: known,
  ip: z.string(),
  hostname: known,
  user_id: known,
  user_name: known,
  user_agent: known,
  audience: known,
  scope: known,
  strategy: known,
  strategy_type: known,
  isMobile: z.boolean(),
  location_info: z.null(),
  details: z.record(z.string(), z.unknown()).nullable(),
  auth0_client: z.unknown().optional(),
});
export type LogBody = z.infer<typeof logSchema>;

export function logBody(entry: LogEntry): LogBody {
  return {
    _id: entry.log_id,
    log_id: entry.log_id,
    date: new Date(entry.date).toISOString(),
    type: entry.type,
    description: entry.description ?? '',
    connection: entry.connection ?? null,
    connection_id: entry.connection_id,
    organization_id: entry.organization_id ?? null,
    organization_name: entry.organization_name ?? null,
    client_id: entry.client_id,
    client_name: entry.client_name ?? null,
    ip: entry.ip,
    hostname: entry.hostname,
    user_id: entry.user_id,
    user_name: entry.user_name ?? null,
    user_agent: entry.user_agent,
    audience: entry.audience ?? null,
    scope: entry.scope?.join(' ') ?? null,
    strategy: entry.strategy ?? null,
    strategy_type: entry.strategy_type ?? null,
    isMobile: /Android|iPhone|iPad|\bMobile\b/.test(entry.user_agent),
    location_info: null,
    details: entry.details ?? null,
    ...(entry.auth0_client === undefined ? {} : { auth0_client: entry.auth0_client }),
  };
}
