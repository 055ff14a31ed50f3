import type { ConfiguredResourceServerStore } from '../../configuration/ports.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { ResourceServerStore } from '../../oauth/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { resourceServerCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const find = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db.selectFrom('resource_server').select(resourceServerCodec.columns).where('identifier', '=', p.identifier),
);
const replaceable = resourceServerCodec.columns.filter((column) => column !== 'id');
const upsert = prepare((db, p: Placeholders<Row<ResourceServer>>) =>
  db
    .insertInto('resource_server')
    .values(placeholdersOf(p, resourceServerCodec.columns))
    .onConflict((conflict) =>
      conflict.column('identifier').doUpdateSet(excluded<ResourceServer, keyof ResourceServer>(replaceable)),
    ),
);

const findSigningSecret = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db.selectFrom('resource_server').select(['id', 'signing_secret']).where('identifier', '=', p.identifier),
);
const setSigningSecret = prepare((db, p: Placeholders<{ id: string; signing_secret: string }>) =>
  db.updateTable('resource_server').set({ signing_secret: p.signing_secret }).where('id', '=', p.id),
);

export class SqlResourceServerStore implements ResourceServerStore, ConfiguredResourceServerStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;

  constructor(executor: Executor, encryption: Encryption) {
    this.#executor = executor;
    this.#encryption = encryption;
  }

  async find(identifier: string): Promise<ResourceServer | undefined> {
    const row = await find.first(this.#executor, { identifier });
    return row && resourceServerCodec.decode(row);
  }

  async upsert(resourceServer: ResourceServer): Promise<void> {
    await upsert.run(this.#executor, resourceServerCodec.encode(resourceServer));
  }

  async findSigningSecret(identifier: string): Promise<string | undefined> {
    const row = await findSigningSecret.first(this.#executor, { identifier });
    return row?.signing_secret
      ? this.#encryption.open(placeOfSigningSecret(row.id), row.signing_secret)
      : undefined;
  }

  async setSigningSecret(id: string, secret: string): Promise<void> {
    const signing_secret = this.#encryption.seal(placeOfSigningSecret(id), secret);
    await setSigningSecret.run(this.#executor, { id, signing_secret });
  }
}

function placeOfSigningSecret(id: string): SealedPlace {
  return { table: 'resource_server', column: 'signing_secret', row: id };
}
