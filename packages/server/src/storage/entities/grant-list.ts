import { sql } from 'kysely';
import type { Listed, Page } from '../../management/pagination.ts';
import type { GrantFilter, GrantListStore } from '../../management/sessions/ports.ts';
import type { UserGrant } from '../../model/session.ts';
import { userGrantCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { listed, pageParameters } from '../pages.ts';
import { type Builder, type Placeholders, prepare, selectOnce } from '../prepared.ts';

const find = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('user_grant').select(userGrantCodec.columns).where('id', '=', p.id),
);
const deleteGrant = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('user_grant').where('id', '=', p.id),
);

export class SqlGrantListStore implements GrantListStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(id: string): Promise<UserGrant | undefined> {
    const row = await find.first(this.#executor, { id });
    return row && userGrantCodec.decode(row);
  }

  async list(filter: GrantFilter, page: Page): Promise<Listed<UserGrant>> {
    const { limit, offset } = pageParameters(page);
    const rows = await selectOnce(this.#executor, (db) =>
      selectGrants(db, filter).select(userGrantCodec.columns).orderBy('id').limit(limit).offset(offset),
    );
    return listed(rows, page, {
      decode: (row) => userGrantCodec.decode(row),
      keyOf: ({ id }) => id,
      count: async () => {
        const [counted] = await selectOnce(this.#executor, (db) =>
          selectGrants(db, filter).select(sql<number>`count(*)`.as('count')),
        );
        return counted;
      },
    });
  }

  async delete(id: string): Promise<void> {
    await deleteGrant.run(this.#executor, { id });
  }
}

function selectGrants(db: Builder, filter: GrantFilter) {
  return (['user_id', 'client_id', 'audience'] as const).reduce((select, column) => {
    const value = filter[column];
    return value === undefined ? select : select.where(column, '=', value);
  }, db.selectFrom('user_grant'));
}
