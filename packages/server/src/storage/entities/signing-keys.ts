import type { SigningKey } from '../../model/signing-key.ts';
import type { SigningKeyStore } from '../../oauth/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { signingKeyCodec } from '../codecs/configuration.ts';
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

  constructor(executor: Executor, encryption: Encryption) {
    this.#executor = executor;
    this.#encryption = encryption;
  }

  lock(): Promise<void> {
    return acquireLock(this.#executor, 'signingKeys');
  }

  async list(): Promise<SigningKey[]> {
    return (await list.all(this.#executor, {})).map((row) => {
      const key = signingKeyCodec.decode(row);
      return { ...key, private_key: this.#encryption.open(placeOfPrivateKey(key.kid), key.private_key) };
    });
  }

  async insert(key: SigningKey): Promise<void> {
    const private_key = this.#encryption.seal(placeOfPrivateKey(key.kid), key.private_key);
    await insert.run(this.#executor, signingKeyCodec.encode({ ...key, private_key }));
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
  }
}

function placeOfPrivateKey(kid: string): SealedPlace {
  return { table: 'signing_key', column: 'private_key', row: kid };
}
