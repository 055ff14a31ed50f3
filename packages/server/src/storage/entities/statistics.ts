// How many logged in and signed up on each day, in UTC. Days that are over stand in a table, put there by the sweeper
// before it deletes log entries; the others are counted when somebody asks, from an index of the log. No request that
// people make has to count.
import type { DailyStatistic, StatisticStore } from '../../management/tenant/ports.ts';
import type { LogType } from '../../model/events.ts';
import type { Database, Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';
import { isOfRareTypeSql } from '../search/log-places.ts';
import { firstLogId, timeOfLogId } from './log.ts';

const day = 86_400;
/** Seconds after midnight: by then whoever wrote an entry before it has committed, and clocks agree that it is over. */
const countedAfter = 600;
const counted = { logins: 's', signups: 'ss' } as const satisfies Record<string, LogType>;

type Days = Placeholders<{ from: number; to: number }>;

const listDays = prepare((db, p: Days) =>
  db
    .selectFrom('daily_statistic')
    .selectAll()
    .where('date', '>=', p.from)
    .where('date', '<=', p.to)
    .orderBy('date'),
);
const lastDay = prepare((db, p: Placeholders<{ now: number }>) =>
  db.selectFrom('daily_statistic').select('date').where('date', '<=', p.now).orderBy('date', 'desc').limit(1),
);
const insertDay = prepare((db, p: Placeholders<DailyStatistic>) =>
  db
    .insertInto('daily_statistic')
    .values({ date: p.date, logins: p.logins, signups: p.signups, counted_at: p.counted_at })
    .onConflict((conflict) => conflict.column('date').doNothing()),
);
const firstEntry = prepare((db, p: Placeholders<{ type: string; from: string }>) =>
  db
    .selectFrom('log')
    .select('log_id')
    .where('type', '=', p.type)
    .where(isOfRareTypeSql)
    .where('log_id', '>=', p.from)
    .orderBy('log_id')
    .limit(1),
);
const countEntries = prepare((db, p: Placeholders<{ type: string; from: string; until: string }>) =>
  db
    .selectFrom('log')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('type', '=', p.type)
    .where(isOfRareTypeSql)
    .where('log_id', '>=', p.from)
    .where('log_id', '<', p.until),
);
const countUsers = prepare((db, p: Placeholders<{ since: number }>) =>
  db
    .selectFrom('user')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('last_login', '>=', p.since),
);

export class SqlStatisticStore implements StatisticStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async listDays(from: number, to: number, now: number): Promise<DailyStatistic[]> {
    const days = await listDays.all(this.#executor, { from, to });
    const uncounted = await firstUncounted(this.#executor, now);
    return [...days, ...(await countDays(this.#executor, Math.max(from, uncounted), to, now))];
  }

  async countActiveUsers(since: number): Promise<number> {
    return Number((await countUsers.first(this.#executor, { since }))?.count ?? 0);
  }
}

/**
 * Puts the days that are over into their table. Returns the first moment of the days that are not: of them all log
 * entries are still needed.
 */
export async function keepStatistics(database: Database, now: number): Promise<number> {
  const today = startOfDay(now - countedAfter);
  const days = await countDays(database.read, await firstUncounted(database.read, now), today - day, now);
  for (const statistic of days) {
    await database.transaction((executor) => insertDay.run(executor, statistic));
  }
  return today;
}

async function firstUncounted(executor: Executor, now: number): Promise<number> {
  const last = await lastDay.first(executor, { now });
  return last === undefined ? 0 : last.date + day;
}

/** From the log; days on which nothing happened are left out. */
async function countDays(
  executor: Executor,
  from: number,
  to: number,
  counted_at: number,
): Promise<DailyStatistic[]> {
  const days: DailyStatistic[] = [];
  let date = await nextDay(executor, from);
  while (date !== undefined && date <= to) {
    const [logins, signups] = [
      await countOf(executor, counted.logins, date),
      await countOf(executor, counted.signups, date),
    ];
    days.push({ date, logins, signups, counted_at });
    date = await nextDay(executor, date + day);
  }
  return days;
}

/** The first day from this moment on with anything to count. */
async function nextDay(executor: Executor, from: number): Promise<number | undefined> {
  const found: number[] = [];
  for (const type of Object.values(counted)) {
    const entry = await firstEntry.first(executor, { type, from: firstLogId(from * 1000) });
    if (entry !== undefined) found.push(startOfDay(timeOfLogId(entry.log_id) / 1000));
  }
  return found.length === 0 ? undefined : Math.min(...found);
}

async function countOf(executor: Executor, type: string, date: number): Promise<number> {
  const range = { from: firstLogId(date * 1000), until: firstLogId((date + day) * 1000) };
  return Number((await countEntries.first(executor, { type, ...range }))?.count ?? 0);
}

function startOfDay(time: number): number {
  return Math.floor(time / day) * day;
}
