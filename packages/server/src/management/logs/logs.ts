// /logs: the tenant log, searched, read from a checkpoint, or of one user.
import { z } from 'zod';
import { ManagementError } from '../errors.ts';
import { type Listed, type Page, paginated } from '../pagination.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { type Condition, equals } from '../search/condition.ts';
import { longestQuery } from '../search/parse.ts';
import { conditionIn, searchTooLong } from '../search/refusals.ts';
import { queryInteger } from '../wire.ts';
import { logBody, logSchema } from './log-body.ts';
import { type LogEntry, type LogField, searchableLog } from './ports.ts';

/** By time alone: the log is stored in that order. */
const sort = z
  .string()
  .regex(/^(?:date|log_id):(?:1|-1)$/)
  .optional();
const scopes = ['read:logs', 'read:logs_users'] as const;

const usualTake = 50;
const logs = paginated('logs', logSchema, {
  per_page: { least: 0 },
  length: true,
  filters: {
    q: z.string().max(longestQuery).optional(),
    search: z.string().max(longestQuery).optional(),
    sort,
    from: z.string().max(100).optional(),
    take: queryInteger(1, 100).optional(),
  },
});
const logsOfUser = paginated('logs', logSchema, { length: true, filters: { sort } });

/** A checkpoint wins over everything else, and is answered with entries alone. */
export const listLogs = route({
  method: 'GET',
  path: '/logs',
  summary: 'Search log events',
  scopes,
  ...logs.route,
  fields: true,
  async answer({ query }, stores) {
    const { from, take, q, search } = query;
    if (from !== undefined || take !== undefined) {
      return (await stores.logReader.listAfter(from ?? '', take ?? usualTake)).map(logBody);
    }
    const asked = [conditionIn(q ?? '', searchableLog), conditionIn(search ?? '', searchableLog, 'search')];
    const condition = { kind: 'and', of: asked } as const;
    return logs.answerEach(query, (page) => find(condition, query.sort, page, stores), logBody);
  },
});

export const getLog = route({
  method: 'GET',
  path: '/logs/{id}',
  summary: 'Get a log event by id',
  scopes,
  params: z.strictObject({ id: z.string() }),
  status: 200,
  response: logSchema,
  async answer({ params: { id } }, { logReader }) {
    const entry = await logReader.get(id);
    if (entry === undefined) throw new ManagementError(404, 'Log not found.', 'log_not_found');
    return logBody(entry);
  },
});

export const listLogsOfUser = route({
  method: 'GET',
  path: '/users/{id}/logs',
  summary: "Get user's log events",
  scopes,
  params: z.strictObject({ id: z.string() }),
  ...logsOfUser.route,
  async answer({ params: { id }, query }, stores) {
    const condition = equals<LogField>('user_id', id);
    return logsOfUser.answerEach(query, (page) => find(condition, query.sort, page, stores), logBody);
  },
});

/** Newest first unless told. Throws ManagementError 503. */
async function find(
  condition: Condition<LogField>,
  sorted: string | undefined,
  { limit, offset }: Page,
  { logReader }: Pick<ManagementStores, 'logReader'>,
): Promise<Listed<LogEntry>> {
  const oldestFirst = sorted?.endsWith(':1') ?? false;
  const items = await logReader.find({ condition, oldestFirst, limit, offset });
  if (items === undefined) throw searchTooLong();
  return { items };
}
