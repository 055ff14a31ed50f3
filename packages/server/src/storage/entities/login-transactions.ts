import type { LoginTransaction, LoginTransactionStore, ParkedRequestStore } from '../../login/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { loginTransactionCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare, runOnce } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const insert = prepare((db, p: Placeholders<Row<LoginTransaction>>) =>
  db.insertInto('login_transaction').values(placeholdersOf(p, loginTransactionCodec.columns)),
);
const find = prepare((db, p: Placeholders<{ handle: string }>) =>
  db.selectFrom('login_transaction').select(loginTransactionCodec.columns).where('handle', '=', p.handle),
);
const finish = prepare((db, p: Placeholders<{ handle: string; now: number }>) =>
  db
    .updateTable('login_transaction')
    .set({ finished_at: p.now })
    .where('handle', '=', p.handle)
    .where('finished_at', 'is', null),
);

export class SqlLoginTransactionStore implements LoginTransactionStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;

  constructor(executor: Executor, encryption: Encryption) {
    this.#executor = executor;
    this.#encryption = encryption;
  }

  async insert(transaction: LoginTransaction): Promise<void> {
    const identifier = this.#sealed(transaction.handle, transaction.identifier);
    await insert.run(this.#executor, loginTransactionCodec.encode({ ...transaction, identifier }));
  }

  async find(handle: string): Promise<LoginTransaction | undefined> {
    const row = await find.first(this.#executor, { handle });
    if (row === undefined) return undefined;
    const transaction = loginTransactionCodec.decode(row);
    const { identifier } = transaction;
    if (identifier === null) return transaction;
    return { ...transaction, identifier: this.#encryption.open(placeOfIdentifier(handle), identifier) };
  }

  async record(handle: string, acts: Parameters<LoginTransactionStore['record']>[1]): Promise<boolean> {
    const { identifier } = acts;
    const sealed = identifier === undefined ? {} : { identifier: this.#sealed(handle, identifier) };
    const changed = await runOnce(this.#executor, (db) =>
      db
        .updateTable('login_transaction')
        .set({ handle, ...loginTransactionCodec.encodePart({ ...acts, ...sealed }) })
        .where('handle', '=', handle)
        .where('finished_at', 'is', null),
    );
    return changed === 1;
  }

  async finish(handle: string, now: number): Promise<boolean> {
    return (await finish.run(this.#executor, { handle, now })) === 1;
  }

  #sealed(handle: string, identifier: string | null): string | null {
    return identifier === null ? null : this.#encryption.seal(placeOfIdentifier(handle), identifier);
  }
}

function placeOfIdentifier(handle: string): SealedPlace {
  return { table: 'login_transaction', column: 'identifier', row: handle };
}

const park = prepare((db, p: Placeholders<Tables['parked_request']>) =>
  db
    .insertInto('parked_request')
    .values({ handle: p.handle, parameters: p.parameters, expires_at: p.expires_at }),
);
const findParked = prepare((db, p: Placeholders<{ handle: string; now: number }>) =>
  db
    .selectFrom('parked_request')
    .select('parameters')
    .where('handle', '=', p.handle)
    .where('expires_at', '>', p.now),
);

export class SqlParkedRequestStore implements ParkedRequestStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insert(parked: Parameters<ParkedRequestStore['insert']>[0]): Promise<void> {
    await park.run(this.#executor, { ...parked, parameters: JSON.stringify(parked.parameters) });
  }

  async find(handle: string, now: number): Promise<[string, string][] | undefined> {
    const row = await findParked.first(this.#executor, { handle, now });
    return row && (JSON.parse(row.parameters) as [string, string][]);
  }
}
