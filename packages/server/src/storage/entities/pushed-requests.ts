import type { PushedRequest, PushedRequestStore } from '../../oauth/pushed-requests.ts';
import type { Row } from '../codecs/codec.ts';
import { pushedRequestCodec } from '../codecs/tokens.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const insert = prepare((db, p: Placeholders<Row<PushedRequest>>) =>
  db.insertInto('pushed_request').values(placeholdersOf(p, pushedRequestCodec.columns)),
);
const find = prepare((db, p: Placeholders<{ hash: string; now: number }>) =>
  db
    .selectFrom('pushed_request')
    .select(pushedRequestCodec.columns)
    .where('hash', '=', p.hash)
    .where('expires_at', '>', p.now)
    .where('spent_at', 'is', null),
);
const bind = prepare((db, p: Placeholders<{ hash: string; browser: string }>) =>
  db
    .updateTable('pushed_request')
    .set({ browser: p.browser })
    .where('hash', '=', p.hash)
    .where('spent_at', 'is', null)
    .where((or) => or.or([or('browser', 'is', null), or('browser', '=', p.browser)])),
);
const spend = prepare((db, p: Placeholders<{ hash: string; now: number }>) =>
  db
    .updateTable('pushed_request')
    .set({ spent_at: p.now })
    .where('hash', '=', p.hash)
    .where('spent_at', 'is', null),
);

export class SqlPushedRequestStore implements PushedRequestStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insert(request: PushedRequest): Promise<void> {
    await insert.run(this.#executor, pushedRequestCodec.encode(request));
  }

  async find(hash: string, now: number): Promise<PushedRequest | undefined> {
    const row = await find.first(this.#executor, { hash, now });
    return row && pushedRequestCodec.decode(row);
  }

  async bind(hash: string, browser: string): Promise<boolean> {
    return (await bind.run(this.#executor, { hash, browser })) === 1;
  }

  async spend(hash: string, now: number): Promise<boolean> {
    return (await spend.run(this.#executor, { hash, now })) === 1;
  }
}
