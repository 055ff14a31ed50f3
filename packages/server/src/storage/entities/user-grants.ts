import type { UserGrant } from '../../model/session.ts';
import type { UserGrantStore } from '../../oauth/ports.ts';
import type { Row } from '../codecs/codec.ts';
import { userGrantCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare, rowLock } from '../prepared.ts';

type Key = Pick<UserGrant, 'user_id' | 'client_id' | 'audience'>;

const find = prepare((db, p: Placeholders<Key>) =>
  db
    .selectFrom('user_grant')
    .select(userGrantCodec.columns)
    .where('user_id', '=', p.user_id)
    .where('client_id', '=', p.client_id)
    .where('audience', '=', p.audience),
);
const lock = prepare((db, p: Placeholders<Key>, engine) =>
  db
    .selectFrom('user_grant')
    .select(['id', 'scope'])
    .where('user_id', '=', p.user_id)
    .where('client_id', '=', p.client_id)
    .where('audience', '=', p.audience)
    .modifyEnd(rowLock(engine, 'user_grant')),
);
const insert = prepare((db, p: Placeholders<Row<UserGrant>>) =>
  db
    .insertInto('user_grant')
    .values(placeholdersOf(p, userGrantCodec.columns))
    .onConflict((conflict) => conflict.columns(['user_id', 'client_id', 'audience']).doNothing()),
);
const setScope = prepare((db, p: Placeholders<{ id: string; scope: string }>) =>
  db.updateTable('user_grant').set({ scope: p.scope }).where('id', '=', p.id),
);
const deleteGrant = prepare((db, p: Placeholders<Key>) =>
  db
    .deleteFrom('user_grant')
    .where('user_id', '=', p.user_id)
    .where('client_id', '=', p.client_id)
    .where('audience', '=', p.audience),
);
const deleteAllOf = prepare((db, p: Placeholders<Pick<Key, 'user_id'>>) =>
  db.deleteFrom('user_grant').where('user_id', '=', p.user_id),
);

export class SqlUserGrantStore implements UserGrantStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(user_id: string, client_id: string, audience: string): Promise<UserGrant | undefined> {
    const row = await find.first(this.#executor, { user_id, client_id, audience });
    return row && userGrantCodec.decode(row);
  }

  async lock(
    user_id: string,
    client_id: string,
    audience: string,
  ): Promise<Pick<UserGrant, 'id' | 'scope'> | undefined> {
    const row = await lock.first(this.#executor, { user_id, client_id, audience });
    return row && { id: row.id, scope: JSON.parse(row.scope) };
  }

  async add(grant: UserGrant): Promise<void> {
    for (;;) {
      if ((await insert.run(this.#executor, userGrantCodec.encode(grant))) === 1) return;
      // A conflict was committed before this; the lock makes the union of both scopes whole.
      const found = await this.lock(grant.user_id, grant.client_id, grant.audience);
      // It may have been deleted in between.
      if (found === undefined) continue;
      const scope = new Set([...found.scope, ...grant.scope]);
      await setScope.run(this.#executor, { id: found.id, scope: JSON.stringify([...scope]) });
      return;
    }
  }

  async delete(user_id: string, client_id: string, audience: string): Promise<void> {
    await deleteGrant.run(this.#executor, { user_id, client_id, audience });
  }

  async deleteAllOf(user_id: string): Promise<void> {
    await deleteAllOf.run(this.#executor, { user_id });
  }
}
