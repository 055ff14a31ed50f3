import { sql } from 'kysely';
import type { CountedFailure, FailedLoginStore, TryStore } from '../../login/ports.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';

const count = prepare((db, p: Placeholders<{ key: string; since: number }>) =>
  db
    .selectFrom('failed_login')
    .select('failures')
    .where('key', '=', p.key)
    .where('last_failed_at', '>=', p.since),
);
type Counting = CountedFailure & { since: number; now: number };
const add = prepare((db, p: Placeholders<Counting & { limit: number }>) =>
  db
    .insertInto('failed_login')
    .values({ key: p.key, identifier: p.identifier, failures: 1, last_failed_at: p.now, ip: p.ip })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet((set) => ({
          failures: set
            .case()
            .when('failed_login.last_failed_at', '<', p.since)
            .then(1)
            .else(sql<number>`failed_login.failures + 1`)
            .end(),
          last_failed_at: p.now,
        }))
        .where((where) =>
          where.or([
            where('failed_login.failures', '<', p.limit),
            where('failed_login.last_failed_at', '<', p.since),
          ]),
        ),
    ),
);
const giveBack = prepare((db, p: Placeholders<{ key: string }>) =>
  db
    .updateTable('failed_login')
    .set((set) => ({ failures: set('failures', '-', 1) }))
    .where('key', '=', p.key)
    .where('failures', '>', 0),
);
const clear = prepare((db, p: Placeholders<{ key: string }>) =>
  db.deleteFrom('failed_login').where('key', '=', p.key),
);
const listOf = prepare((db, p: Placeholders<{ identifier: string; since: number }>) =>
  db
    .selectFrom('failed_login')
    .select(['key', 'failures', 'ip'])
    .where('identifier', '=', p.identifier)
    .where('last_failed_at', '>=', p.since)
    .orderBy('ip')
    .orderBy('key'),
);
const clearAllOf = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db.deleteFrom('failed_login').where('identifier', '=', p.identifier),
);

export class SqlFailedLoginStore implements FailedLoginStore, TryStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async count(key: string, since: number): Promise<number> {
    return (await count.first(this.#executor, { key, since }))?.failures ?? 0;
  }

  async add({ key, identifier, ip }: CountedFailure, since: number, now: number): Promise<void> {
    await add.run(this.#executor, { key, identifier, ip, since, now, limit: Number.MAX_SAFE_INTEGER });
  }

  async take(
    { key, identifier, ip }: CountedFailure,
    limit: number,
    since: number,
    now: number,
  ): Promise<boolean> {
    return (await add.run(this.#executor, { key, identifier, ip, since, now, limit })) === 1;
  }

  async giveBack(key: string): Promise<void> {
    await giveBack.run(this.#executor, { key });
  }

  async clear(key: string): Promise<void> {
    await clear.run(this.#executor, { key });
  }

  async clearAllOf(identifier: string): Promise<number> {
    return clearAllOf.run(this.#executor, { identifier });
  }

  async listOf(
    identifier: string,
    since: number,
  ): Promise<{ key: string; failures: number; ip: string | null }[]> {
    return listOf.all(this.#executor, { identifier, since });
  }
}
