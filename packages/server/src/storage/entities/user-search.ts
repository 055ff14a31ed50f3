// Searches for users. What an index answers is one statement; what it narrows to a few is looked at in those; anything
// else goes through the table in small steps, between which others have their turn, and is given up after many rows.
import { setImmediate } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { FoundUsers, UserSearch, UserSearchStore } from '../../management/search/ports.ts';
import { identityCodec, userCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { selectOnce } from '../prepared.ts';
import { Best, type Candidate } from '../search/best.ts';
import { candidatesOf, isIndexed } from '../search/candidates.ts';
import { conditionSql, testSql } from '../search/sql.ts';
import { orderBy, users } from '../search/user-places.ts';

export interface SearchLimits {
  /** Rows that one statement may look at beyond what an index tells, and sort. */
  few: number;
  /** Rows of a step, some milliseconds' work, and of all steps. */
  step: number;
  most: number;
}
/** Rows that are held at once where no index knows the order: a page beyond is asked for by narrower words. */
const farthestInSteps = 100_000;

const usualLimits: SearchLimits = { few: 10_000, step: 2000, most: 2_000_000 };

/** The ids of a page, in order, and how many were found in all. */
interface FoundIds {
  ids: string[];
  total: number | undefined;
}

export class SqlUserSearchStore implements UserSearchStore {
  readonly #executor: Executor;
  readonly #limits: SearchLimits;

  constructor(executor: Executor, limits = usualLimits) {
    this.#executor = executor;
    this.#limits = limits;
  }

  async find(search: UserSearch): Promise<FoundUsers | undefined> {
    const found =
      (await this.#findByIndex(search)) ??
      (await this.#findAmongFew(search)) ??
      (await this.#findStepByStep(search));
    if (found === undefined) return undefined;
    const items = await this.#load(found.ids);
    return { items, ...(found.total === undefined ? {} : { total: found.total }) };
  }

  /** Where an index has exactly what is asked for, in its order. */
  async #findByIndex(search: UserSearch): Promise<FoundIds | undefined> {
    const { condition, sort } = search;
    if (condition.kind === 'all') return this.#findAll(search);
    if (condition.kind !== 'test' || !isIndexed(condition, users)) return undefined;
    const { field, test } = condition;
    if (sort !== undefined && sort.field !== field) return undefined;
    const place = users.places[field];
    const from = sql.table(place.of?.table ?? users.table);
    const owner = sql.ref(place.of?.owner ?? users.id);
    const where = sql`where ${testSql(sql.ref(place.column), test, place, this.#executor.engine)}`;
    if (place.of !== undefined) {
      // Of several rows that name the same user, one counts.
      if (test.kind !== 'equals') return undefined;
      const page = sql`select distinct ${owner} as id from ${from} ${where} order by 1`;
      return this.#page(search, page, sql`select count(distinct ${owner}) as count from ${from} ${where}`);
    }
    const order = orderBy({ field, descending: sort?.descending ?? false }, { present: true });
    const page = sql`select ${owner} as id from ${from} ${where} ${order}`;
    return this.#page(search, page, sql`select count(*) as count from ${from} ${where}`);
  }

  async #findAll(search: UserSearch): Promise<FoundIds | undefined> {
    const order = search.sort ?? { field: 'user_id', descending: false };
    if (users.places[order.field].indexed !== 'whole') return undefined;
    const page = sql`select user_id as id from "user" ${orderBy(order)}`;
    return this.#page(search, page, sql`select count(*) as count from "user"`);
  }

  async #findAmongFew(search: UserSearch): Promise<FoundIds | undefined> {
    const { engine } = this.#executor;
    const everybody = sql<{ id: string }>`select user_id as id from "user"`;
    const ways = [...candidatesOf(search.condition, users, engine).map(({ ids }) => ids), everybody];
    for (const ids of ways) {
      if (!(await this.#areFew(ids))) continue;
      // The limit changes nothing. It keeps the condition from being looked for in the whole table again.
      const few = sql`select "user".* from (select id from (${ids}) as candidate group by id) as candidate
        inner join "user" on "user".user_id = candidate.id limit ${this.#limits.few}`;
      const found = sql`from (${few}) as "user" where ${conditionSql(search.condition, users, engine)}`;
      const order = orderBy(search.sort ?? { field: 'user_id', descending: false });
      const page = sql`select user_id as id ${found} ${order}`;
      return this.#page(search, page, sql`select count(*) as count ${found}`);
    }
    return undefined;
  }

  async #areFew(ids: RawBuilder<{ id: string }>): Promise<boolean> {
    const [bounded] = await selectOnce<{ count: number }>(
      this.#executor,
      sql`select count(*) as count from (select id from (${ids}) as candidate limit ${this.#limits.few + 1}) as bounded`,
    );
    return bounded !== undefined && bounded.count <= this.#limits.few;
  }

  async #page(
    { limit, offset, counted }: UserSearch,
    page: RawBuilder<unknown>,
    count: RawBuilder<unknown>,
  ): Promise<FoundIds> {
    // Side by side: counting takes the longer by far.
    const [rows, [counting]] = await Promise.all([
      selectOnce<{ id: string }>(
        this.#executor,
        sql<{ id: string }>`${page} limit ${limit} offset ${offset}`,
      ),
      counted ? selectOnce(this.#executor, sql<{ count: number }>`${count}`) : [],
    ]);
    return { ids: rows.map(({ id }) => id), total: counting?.count };
  }

  async #findStepByStep({
    condition,
    sort,
    limit,
    offset,
    counted,
  }: UserSearch): Promise<FoundIds | undefined> {
    const wanted = offset + limit;
    // All of them are held until the last is found.
    if (wanted > farthestInSteps) return undefined;
    const best = new Best(wanted, sort?.descending ?? false);
    const key = sort === undefined ? sql`null` : sql.ref(`user.${users.places[sort.field].column}`);
    const where = conditionSql(condition, users, this.#executor.engine);
    let total = 0;
    let after = '';
    for (let rows = 0; rows < this.#limits.most; rows += this.#limits.step) {
      const end = await this.#endOfStep(after);
      const isLast = end === undefined;
      const step = sql`select * from "user" where user_id > ${after}
        ${isLast ? sql`` : sql`and user_id <= ${end}`} order by user_id limit ${this.#limits.step}`;
      const found = await selectOnce<Candidate>(
        this.#executor,
        sql<Candidate>`select user_id as id, ${key} as key from (${step}) as "user" where ${where} order by user_id`,
      );
      total += found.length;
      best.add(found);
      const isFilled = sort === undefined && !counted && total >= wanted;
      if (isLast || isFilled) return { ids: best.ids().slice(offset), total: counted ? total : undefined };
      after = end;
      await setImmediate();
    }
    return undefined;
  }

  /** The last id of the step; undefined if all that are left fit into it. */
  async #endOfStep(after: string): Promise<string | undefined> {
    const [end] = await selectOnce(
      this.#executor,
      sql<{ id: string }>`select user_id as id from "user" where user_id > ${after}
        order by user_id limit 1 offset ${this.#limits.step - 1}`,
    );
    return end?.id;
  }

  async #load(ids: readonly string[]): Promise<FoundUsers['items']> {
    if (ids.length === 0) return [];
    const columns = sql.join(userCodec.columns.map((column) => sql.ref(column)));
    const identityColumns = sql.join(identityCodec.columns.map((column) => sql.ref(column)));
    const userRows = await selectOnce(
      this.#executor,
      sql<
        Parameters<typeof userCodec.decode>[0]
      >`select ${columns} from "user" where user_id in (${sql.join(ids)})`,
    );
    const identityRows = await selectOnce(
      this.#executor,
      sql<Parameters<typeof identityCodec.decode>[0]>`select ${identityColumns} from identity
        where owner in (${sql.join(ids)})
        order by case when provider || '|' || user_id = owner then 0 else 1 end, connection_id, user_id`,
    );
    const users = new Map(userRows.map((row) => [row.user_id, userCodec.decode(row)]));
    const identities = Map.groupBy(
      identityRows.map((row) => identityCodec.decode(row)),
      ({ owner }) => owner,
    );
    return ids.flatMap((id) => {
      const user = users.get(id);
      return user === undefined ? [] : [{ user, identities: identities.get(id) ?? [] }];
    });
  }
}
