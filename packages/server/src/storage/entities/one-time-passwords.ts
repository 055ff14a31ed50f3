import { sql } from 'kysely';
import type { MessageCountStore, OneTimePassword, OneTimePasswordStore } from '../../login/ports.ts';
import type { Row } from '../codecs/codec.ts';
import { oneTimePasswordCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const { columns } = oneTimePasswordCodec;

const put = prepare((db, p: Placeholders<Row<OneTimePassword>>) =>
  db
    .insertInto('one_time_password')
    .values(placeholdersOf(p, columns))
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet(excluded<OneTimePassword, keyof OneTimePassword>(columns)),
    ),
);
const takeTry = prepare((db, p: Placeholders<{ key: string; now: number }>) =>
  db
    .updateTable('one_time_password')
    .set((set) => ({ tries_left: set('tries_left', '-', 1) }))
    .where('key', '=', p.key)
    .where('tries_left', '>', 0)
    .where('expires_at', '>', p.now)
    .returning(columns),
);
const remove = prepare((db, p: Placeholders<Pick<OneTimePassword, 'key' | 'code'>>) =>
  db.deleteFrom('one_time_password').where('key', '=', p.key).where('code', '=', p.code),
);

export class SqlOneTimePasswordStore implements OneTimePasswordStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async put(password: OneTimePassword): Promise<void> {
    await put.run(this.#executor, oneTimePasswordCodec.encode(password));
  }

  async takeTry(key: string, now: number): Promise<OneTimePassword | undefined> {
    const row = await takeTry.first(this.#executor, { key, now });
    return row && oneTimePasswordCodec.decode(row);
  }

  async remove({ key, code }: Pick<OneTimePassword, 'key' | 'code'>): Promise<boolean> {
    return (await remove.run(this.#executor, { key, code })) === 1;
  }
}

const count = prepare((db, p: Placeholders<Tables['message_count'] & { limit: number }>) =>
  db
    .insertInto('message_count')
    .values({ key: p.key, count: p.count, until: p.until })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ count: sql<number>`message_count.count + 1` })
        .where('message_count.count', '<', p.limit),
    ),
);

export class SqlMessageCountStore implements MessageCountStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async add(key: string, limit: number, until: number): Promise<boolean> {
    return (await count.run(this.#executor, { key, count: 1, until, limit })) === 1;
  }
}
