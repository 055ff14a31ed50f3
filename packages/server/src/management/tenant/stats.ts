// /stats (contract §3.7), in days of UTC.
import { z } from 'zod';
import { route } from '../route.ts';
import { isoTime } from '../wire.ts';
import type { DailyStatistic } from './ports.ts';

const day = 86_400;

/** `20260131`, as its first moment. */
const dayOfQuery = z
  .string()
  .regex(/^\d{8}$/)
  .transform((text, context) => {
    const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}T00:00:00.000Z`;
    const time = Date.parse(date);
    // The 31st of a month of 30 days would be another day.
    if (!Number.isNaN(time) && isoTime(time / 1000) === date) return time / 1000;
    context.addIssue({ code: 'custom', message: 'There is no such day' });
    return z.NEVER;
  });

const dailyStatisticSchema = z.object({
  date: z.string(),
  logins: z.int(),
  signups: z.int(),
  leaked_passwords: z.int(),
  created_at: z.string(),
  updated_at: z.string(),
});

export const statsRoutes = [
  route({
    method: 'GET',
    path: '/stats/daily',
    summary: 'Get daily stats',
    scopes: ['read:stats'],
    query: z.strictObject({ from: dayOfQuery.optional(), to: dayOfQuery.optional() }),
    status: 200,
    response: z.array(dailyStatisticSchema),
    async answer({ query }, { statistics }, { clock }) {
      const now = clock.now();
      const days = await statistics.listDays(query.from ?? 0, query.to ?? now, now);
      return days.map(told);
    },
  }),
  route({
    method: 'GET',
    path: '/stats/active-users',
    summary: 'Get active users count',
    scopes: ['read:stats'],
    status: 200,
    response: z.int().meta({ description: 'Who has logged in during the last 30 days' }),
    answer: async (_call, { statistics }, { clock }) => statistics.countActiveUsers(clock.now() - 30 * day),
  }),
];

/** Nobody looks for leaked passwords here. */
function told({ date, logins, signups, counted_at }: DailyStatistic): z.infer<typeof dailyStatisticSchema> {
  const at = isoTime(counted_at);
  return { date: isoTime(date), logins, signups, leaked_passwords: 0, created_at: at, updated_at: at };
}
