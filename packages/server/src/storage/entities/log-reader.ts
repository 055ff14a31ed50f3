// Reads the tenant log. It is in order of time by its ids, and goes through them in small steps where no index answers.
import { setImmediate } from 'node:timers/promises';
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LogEntry, LogReader, LogSearch } from '../../management/logs/ports.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare, selectOnce } from '../prepared.ts';
import { type LogRange, log, rangeOf } from '../search/log-places.ts';
import { conditionSql } from '../search/sql.ts';
import type { Tables } from '../tables.ts';
import { timeOfLogId } from './log.ts';
import type { SearchLimits } from './user-search.ts';

const find = prepare((db, p: Placeholders<{ log_id: string }>) =>
  db.selectFrom('log').selectAll().where('log_id', '=', p.log_id),
);
const listAfter = prepare((db, p: Placeholders<{ log_id: string; limit: number }>) =>
  db.selectFrom('log').selectAll().where('log_id', '>', p.log_id).orderBy('log_id').limit(p.limit),
);

type Range = Pick<LogRange, 'limits' | 'orderedBy'>;
type Direction = Pick<LogSearch, 'oldestFirst'>;

const usualLimits = { step: 2000, most: 1_000_000 };

export class SqlLogReader implements LogReader {
  readonly #executor: Executor;
  readonly #limits: Pick<SearchLimits, 'step' | 'most'>;

  constructor(executor: Executor, limits = usualLimits) {
    this.#executor = executor;
    this.#limits = limits;
  }

  async get(log_id: string): Promise<LogEntry | undefined> {
    const row = await find.first(this.#executor, { log_id });
    return row && entryOf(row);
  }

  async listAfter(log_id: string, limit: number): Promise<LogEntry[]> {
    return (await listAfter.all(this.#executor, { log_id, limit })).map(entryOf);
  }

  async find(search: LogSearch): Promise<LogEntry[] | undefined> {
    const { rest, ...range } = rangeOf(search.condition, this.#executor.engine);
    const condition = { kind: 'and', of: rest } as const;
    const ids =
      rest.length === 0
        ? await this.#ids(range, search)
        : await this.#idsStepByStep(range, conditionSql(condition, log, this.#executor.engine), search);
    if (ids === undefined || ids.length === 0) return ids && [];
    const rows = await selectOnce(
      this.#executor,
      sql<Tables['log']>`select * from log where log_id in (${sql.join(ids)}) ${order('log_id', search)}`,
    );
    return rows.map(entryOf);
  }

  async #ids({ limits, orderedBy }: Range, search: LogSearch): Promise<string[]> {
    const rows = await selectOnce(
      this.#executor,
      sql<{ id: string }>`select log_id as id from log ${where(limits)} ${order(orderedBy, search)}
        limit ${search.limit} offset ${search.offset}`,
    );
    return rows.map(({ id }) => id);
  }

  async #idsStepByStep(
    { limits, orderedBy }: Range,
    condition: RawBuilder<unknown>,
    search: LogSearch,
  ): Promise<string[] | undefined> {
    const { step, most } = this.#limits;
    // What goes before the page is counted and not kept: a page may be far.
    let before = search.offset;
    const found: string[] = [];
    let behind = limits;
    for (let rows = 0; rows < most; rows += step) {
      const [end] = await this.#ids({ limits: behind, orderedBy }, { ...search, limit: 1, offset: step - 1 });
      const within = sql`select * from log ${where(behind)} ${order(orderedBy, search)} limit ${step}`;
      const ids = await selectOnce(
        this.#executor,
        sql<{ id: string }>`select log_id as id from (${within}) as log where ${condition}
          ${order('log_id', search)} limit ${before + search.limit - found.length}`,
      );
      found.push(...ids.slice(before).map(({ id }) => id));
      before = Math.max(0, before - ids.length);
      if (found.length === search.limit || end === undefined) return found;
      behind = [...limits, ...beyond(end, orderedBy, search)];
      await setImmediate();
    }
    return undefined;
  }
}

function where(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

/** By the id, which is by time: behind another column, by which an index has nearly that order. */
function order(orderedBy: Range['orderedBy'], { oldestFirst }: Direction): RawBuilder<unknown> {
  const direction = sql.raw(oldestFirst ? 'asc' : 'desc');
  const first = orderedBy === 'date' ? sql`date ${direction}, ` : sql``;
  return sql`order by ${first}log_id ${direction}`;
}

/** What comes after that entry, in the order of such an index. */
function beyond(
  end: string,
  orderedBy: Range['orderedBy'],
  { oldestFirst }: Direction,
): RawBuilder<SqlBool>[] {
  const sign = sql.raw(oldestFirst ? '>' : '<');
  const id = sql<SqlBool>`log_id ${sign} ${end}`;
  return orderedBy === 'date' ? [sql`date ${sign}= ${timeOfLogId(end)}`, id] : [id];
}

function entryOf({ entry, ...columns }: Tables['log']): LogEntry {
  return { ...JSON.parse(entry), ...columns };
}
