import type { SigningKey } from '../../model/signing-key.ts';
import type { SigningKeyStore } from '../../oauth/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { signingKeyCodec } from '../codecs/configuration.ts';
import type { ConfigurationReads } from '../configuration-cache.ts';
import { acquireLock, type Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare, runOnce } from '../prepared.ts';

const list = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('signing_key').select(signingKeyCodec.columns).orderBy('created_at').orderBy('kid'),
);
const insert = prepare((db, p: Placeholders<Row<SigningKey>>) =>
  db.insertInto('signing_key').values(placeholdersOf(p, signingKeyCodec.columns)),
);

export class SqlSigningKeyStore implements SigningKeyStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;
  readonly #configuration: ConfigurationReads;

  constructor(executor: Executor, encryption: Encryption, configuration: ConfigurationReads) {
    this.#executor = executor;
    this.#encryption = encryption;
    this.#configuration = configuration;
  }

  lock(): Promise<void> {
    return acquireLock(this.#executor, 'signingKeys');
  }

  async list(): Promise<readonly SigningKey[]> {
    const keys = await this.#configuration.find('signing keys', async () =>
      (await list.all(this.#executor, {})).map((row) => this.#opened(signingKeyCodec.decode(row))),
    );
    return keys ?? [];
  }

  #opened(key: SigningKey): SigningKey {
    return { ...key, private_key: this.#encryption.open(placeOfPrivateKey(key.kid), key.private_key) };
  }

  async insert(key: SigningKey): Promise<void> {
    const private_key = this.#encryption.seal(placeOfPrivateKey(key.kid), key.private_key);
    await insert.run(this.#executor, signingKeyCodec.encode({ ...key, private_key }));
    this.#configuration.changed();
  }

  async setStatus(kid: string, status: SigningKey['status'], now: number): Promise<void> {
    await runOnce(this.#executor, (db) =>
      db
        .updateTable('signing_key')
        .set({ status })
        .$if(status === 'current', (update) => update.set({ current_since: now }))
        .$if(status === 'revoked', (update) => update.set({ revoked_at: now }))
        .where('kid', '=', kid),
    );
    this.#configuration.changed();
  }
}

function placeOfPrivateKey(kid: string): SealedPlace {
  return { table: 'signing_key', column: 'private_key', row: kid };
}
