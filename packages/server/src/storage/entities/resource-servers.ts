import type { ConfiguredClientGrantStore, ConfiguredResourceServerStore } from '../../configuration/ports.ts';
import type { ClientGrant, DefaultClientGrant, ResourceServer } from '../../model/resource-server.ts';
import type { ClientGrantStore, ResourceServerStore } from '../../oauth/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { clientGrantCodec, defaultClientGrantCodec, resourceServerCodec } from '../codecs/configuration.ts';
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

type GrantKey = Pick<ClientGrant, 'client_id' | 'audience' | 'subject_type'>;

const findGrant = prepare((db, p: Placeholders<GrantKey>) =>
  db
    .selectFrom('client_grant')
    .select(clientGrantCodec.columns)
    .where('client_id', '=', p.client_id)
    .where('audience', '=', p.audience)
    .where('subject_type', '=', p.subject_type),
);
const upsertGrant = prepare((db, p: Placeholders<Row<ClientGrant>>) =>
  db
    .insertInto('client_grant')
    .values(placeholdersOf(p, clientGrantCodec.columns))
    .onConflict((conflict) =>
      conflict
        .columns(['client_id', 'audience', 'subject_type'])
        .doUpdateSet(excluded<ClientGrant, 'scope' | 'allow_all_scopes'>(['scope', 'allow_all_scopes'])),
    ),
);

type DefaultKey = Pick<ClientGrant, 'audience' | 'subject_type'>;

const findDefaultGrant = prepare((db, p: Placeholders<DefaultKey>) =>
  db
    .selectFrom('default_client_grant')
    .select(defaultClientGrantCodec.columns)
    .where('audience', '=', p.audience)
    .where('subject_type', '=', p.subject_type),
);
const upsertDefaultGrant = prepare((db, p: Placeholders<Row<DefaultClientGrant>>) =>
  db
    .insertInto('default_client_grant')
    .values(placeholdersOf(p, defaultClientGrantCodec.columns))
    .onConflict((conflict) =>
      conflict
        .columns(['audience', 'subject_type', 'default_for'])
        .doUpdateSet(
          excluded<DefaultClientGrant, 'scope' | 'allow_all_scopes'>(['scope', 'allow_all_scopes']),
        ),
    ),
);

export class SqlClientGrantStore implements ClientGrantStore, ConfiguredClientGrantStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(
    client_id: string,
    audience: string,
    subject_type: ClientGrant['subject_type'],
  ): Promise<ClientGrant | undefined> {
    const row = await findGrant.first(this.#executor, { client_id, audience, subject_type });
    return row && clientGrantCodec.decode(row);
  }

  async upsert(clientGrant: ClientGrant): Promise<void> {
    await upsertGrant.run(this.#executor, clientGrantCodec.encode(clientGrant));
  }

  async findDefault(
    audience: string,
    subject_type: ClientGrant['subject_type'],
  ): Promise<DefaultClientGrant | undefined> {
    const row = await findDefaultGrant.first(this.#executor, { audience, subject_type });
    return row && defaultClientGrantCodec.decode(row);
  }

  async upsertDefault(clientGrant: DefaultClientGrant): Promise<void> {
    await upsertDefaultGrant.run(this.#executor, defaultClientGrantCodec.encode(clientGrant));
  }
}
