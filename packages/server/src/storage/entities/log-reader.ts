// Reads the tenant log. It is in order of time by its ids, and goes through them in small steps where no index answers.
import { setImmediate } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { LogEntry, LogReader, LogSearch } from '../../management/logs/ports.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare, selectOnce } from '../prepared.ts';
import { log, rangeOf } from '../search/log-places.ts';
import { conditionSql } from '../search/sql.ts';
import type { Tables } from '../tables.ts';
import type { SearchLimits } from './user-search.ts';

const find = prepare((db, p: Placeholders<{ log_id: string }>) =>
  db.selectFrom('log').selectAll().where('log_id', '=', p.log_id),
);
const listAfter = prepare((db, p: Placeholders<{ log_id: string; limit: number }>) =>
  db.selectFrom('log').selectAll().where('log_id', '>', p.log_id).orderBy('log_id').limit(p.limit),
);

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
    const { limits, rest } = rangeOf(search.condition, this.#executor.engine);
    const condition = { kind: 'and', of: rest } as const;
    const ids =
      rest.length === 0
        ? await this.#ids(limits, search)
        : await this.#idsStepByStep(limits, conditionSql(condition, log, this.#executor.engine), search);
    if (ids === undefined || ids.length === 0) return ids && [];
    const rows = await selectOnce(
      this.#executor,
      sql<Tables['log']>`select * from log where log_id in (${sql.join(ids)}) ${order(search)}`,
    );
    return rows.map(entryOf);
  }

  async #ids(limits: readonly RawBuilder<unknown>[], search: LogSearch): Promise<string[]> {
    const rows = await selectOnce(
      this.#executor,
      sql<{ id: string }>`select log_id as id from log ${where(limits)} ${order(search)}
        limit ${search.limit} offset ${search.offset}`,
    );
    return rows.map(({ id }) => id);
  }

  async #idsStepByStep(
    limits: readonly RawBuilder<unknown>[],
    condition: RawBuilder<unknown>,
    search: LogSearch,
  ): Promise<string[] | undefined> {
    const { step, most } = this.#limits;
    // What goes before the page is counted and not kept: a page may be far.
    let before = search.offset;
    const found: string[] = [];
    let behind: readonly RawBuilder<unknown>[] = limits;
    for (let rows = 0; rows < most; rows += step) {
      const [end] = await this.#ids(behind, { ...search, limit: 1, offset: step - 1 });
      const within = sql`select * from log ${where(behind)} ${order(search)} limit ${step}`;
      const ids = await selectOnce(
        this.#executor,
        sql<{ id: string }>`select log_id as id from (${within}) as log where ${condition} ${order(search)}
          limit ${before + search.limit - found.length}`,
      );
      found.push(...ids.slice(before).map(({ id }) => id));
      before = Math.max(0, before - ids.length);
      if (found.length === search.limit || end === undefined) return found;
      behind = [...limits, search.oldestFirst ? sql`log_id > ${end}` : sql`log_id < ${end}`];
      await setImmediate();
    }
    return undefined;
  }
}

function where(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`;
}

function order({ oldestFirst }: Pick<LogSearch, 'oldestFirst'>): RawBuilder<unknown> {
  return sql`order by log_id ${sql.raw(oldestFirst ? 'asc' : 'desc')}`;
}

function entryOf({ entry, ...columns }: Tables['log']): LogEntry {
  return { ...JSON.parse(entry), ...columns };
}
