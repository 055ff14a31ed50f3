import type { ConfiguredTokenExchangeProfileStore } from '../../configuration/ports.ts';
import type { TokenExchangeProfile } from '../../model/token-exchange-profile.ts';
import type { TokenExchangeProfileStore } from '../../oauth/ports.ts';
import type { Row } from '../codecs/codec.ts';
import { tokenExchangeProfileCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const { columns } = tokenExchangeProfileCodec;

const find = prepare((db, p: Placeholders<{ subject_token_type: string }>) =>
  db
    .selectFrom('token_exchange_profile')
    .select(columns)
    .where('subject_token_type', '=', p.subject_token_type),
);
const list = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('token_exchange_profile').select(columns).orderBy('id'),
);
const upsert = prepare((db, p: Placeholders<Row<TokenExchangeProfile>>) =>
  db
    .insertInto('token_exchange_profile')
    .values(placeholdersOf(p, columns))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(excluded<TokenExchangeProfile, keyof TokenExchangeProfile>(columns)),
    ),
);
const remove = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('token_exchange_profile').where('id', '=', p.id),
);

export class SqlTokenExchangeProfileStore
  implements TokenExchangeProfileStore, ConfiguredTokenExchangeProfileStore
{
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(subject_token_type: string): Promise<TokenExchangeProfile | undefined> {
    const row = await find.first(this.#executor, { subject_token_type });
    return row && tokenExchangeProfileCodec.decode(row);
  }

  async list(): Promise<TokenExchangeProfile[]> {
    return (await list.all(this.#executor, {})).map((row) => tokenExchangeProfileCodec.decode(row));
  }

  async upsert(profile: TokenExchangeProfile): Promise<void> {
    await upsert.run(this.#executor, tokenExchangeProfileCodec.encode(profile));
  }

  async delete(id: string): Promise<void> {
    await remove.run(this.#executor, { id });
  }
}
