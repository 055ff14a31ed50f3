import type { AuthenticationMethodStore } from '../../management/authentication-methods/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { AuthenticationMethod } from '../../model/authentication-method.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import { authenticationMethodCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { listed } from '../pages.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const { columns } = authenticationMethodCodec;
type Key = Pick<AuthenticationMethod, 'user_id' | 'id'>;

const insert = prepare((db, p: Placeholders<Tables['authentication_method']>) =>
  db.insertInto('authentication_method').values({
    ...placeholdersOf<AuthenticationMethod, keyof AuthenticationMethod>(p, columns),
    totp_secret: p.totp_secret,
  }),
);
const find = prepare((db, p: Placeholders<Key>) =>
  db
    .selectFrom('authentication_method')
    .select(columns)
    .where('user_id', '=', p.user_id)
    .where('id', '=', p.id),
);
const list = prepare((db, p: Placeholders<{ user_id: string; limit: number; offset: number }>) =>
  db
    .selectFrom('authentication_method')
    .select(columns)
    .where('user_id', '=', p.user_id)
    .orderBy('created_at')
    .orderBy('id')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, p: Placeholders<{ user_id: string }>) =>
  db
    .selectFrom('authentication_method')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', p.user_id),
);
const update = prepare((db, p: Placeholders<Key & { name: string | null; described: string }>) =>
  db
    .updateTable('authentication_method')
    .set({ name: p.name, described: p.described })
    .where('user_id', '=', p.user_id)
    .where('id', '=', p.id),
);
const remove = prepare((db, p: Placeholders<Key>) =>
  db.deleteFrom('authentication_method').where('user_id', '=', p.user_id).where('id', '=', p.id),
);
const removeAllOf = prepare((db, p: Placeholders<{ user_id: string }>) =>
  db.deleteFrom('authentication_method').where('user_id', '=', p.user_id),
);

export class SqlAuthenticationMethodStore implements AuthenticationMethodStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;

  constructor(executor: Executor, encryption: Encryption) {
    this.#executor = executor;
    this.#encryption = encryption;
  }

  async insert(method: AuthenticationMethod, secret: string | null): Promise<void> {
    const totp_secret = secret === null ? null : this.#encryption.seal(placeOfSecret(method.id), secret);
    await insert.run(this.#executor, { ...authenticationMethodCodec.encode(method), totp_secret });
  }

  async find(user_id: string, id: string): Promise<AuthenticationMethod | undefined> {
    const row = await find.first(this.#executor, { user_id, id });
    return row && authenticationMethodCodec.decode(row);
  }

  async list(user_id: string, page: Page): Promise<Listed<AuthenticationMethod>> {
    const { limit, offset } = page;
    const rows = await list.all(this.#executor, { user_id, limit: limit + 1, offset });
    return listed(rows, page, {
      decode: authenticationMethodCodec.decode,
      keyOf: ({ id }) => id,
      count: () => count.first(this.#executor, { user_id }),
    });
  }

  async update(method: AuthenticationMethod): Promise<void> {
    const { user_id, id, name, described } = authenticationMethodCodec.encode(method);
    await update.run(this.#executor, { user_id, id, name, described });
  }

  async delete(user_id: string, id: string): Promise<boolean> {
    return (await remove.run(this.#executor, { user_id, id })) === 1;
  }

  async deleteAllOf(user_id: string): Promise<void> {
    await removeAllOf.run(this.#executor, { user_id });
  }
}

function placeOfSecret(id: string): SealedPlace {
  return { table: 'authentication_method', column: 'totp_secret', row: id };
}
