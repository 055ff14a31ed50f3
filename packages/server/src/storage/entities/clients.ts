import { sql } from 'kysely';
import type { ConfiguredClientStore } from '../../configuration/ports.ts';
import type { ClientFilters, ClientStores } from '../../management/clients/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { Client } from '../../model/client.ts';
import type { ClientOrigins } from '../../oauth/ports.ts';
import type { RegisteredClientStore } from '../../oauth/registration/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import { Codec, type Row } from '../codecs/codec.ts';
import { clientCodec } from '../codecs/configuration.ts';
import type { ConfigurationReads } from '../configuration-cache.ts';
import type { Executor } from '../executor.ts';
import { listed } from '../pages.ts';
import {
  type Builder,
  excluded,
  type Placeholders,
  placeholdersOf,
  prepare,
  selectOnce,
} from '../prepared.ts';

type ManagedClientStore = ClientStores['clients'];

const originsCodec = new Codec<ClientOrigins>({
  client_id: 'text',
  callbacks: 'json',
  allowed_origins: 'json',
  web_origins: 'json',
  grant_types: 'json',
});

const find = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db.selectFrom('client').select(clientCodec.columns).where('client_id', '=', p.client_id),
);
const findSecret = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db.selectFrom('client').select('client_secret').where('client_id', '=', p.client_id),
);
const list = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('client').select(clientCodec.columns).orderBy('name').orderBy('client_id'),
);
const listOrigins = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('client').select(originsCodec.columns),
);
const upsert = prepare((db, p: Placeholders<Row<Client>>) =>
  db
    .insertInto('client')
    .values(placeholdersOf(p, clientCodec.columns))
    .onConflict((conflict) =>
      conflict.column('client_id').doUpdateSet(excluded<Client, keyof Client>(clientCodec.columns)),
    ),
);
const setSecret = prepare((db, p: Placeholders<{ client_id: string; client_secret: string | null }>) =>
  db.updateTable('client').set({ client_secret: p.client_secret }).where('client_id', '=', p.client_id),
);

const setRegistrationToken = prepare((db, p: Placeholders<{ client_id: string; hash: string }>) =>
  db.updateTable('client').set({ registration_access_token: p.hash }).where('client_id', '=', p.client_id),
);
const findRegistrationToken = prepare((db, p: Placeholders<{ client_id: string; hash: string }>) =>
  db
    .selectFrom('client')
    .select('client_id')
    .where('client_id', '=', p.client_id)
    .where('registration_access_token', '=', p.hash),
);
const remove = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db.deleteFrom('client').where('client_id', '=', p.client_id),
);

/** Of the server's own clients none but "All Applications" is seen. */
function matching(db: Builder, { global, is_first_party, app_types, for_any_organization }: ClientFilters) {
  let matching = db
    .selectFrom('client')
    .where(({ or, eb }) => or([eb('is_system', '=', 0), eb('global', '=', 1)]));
  if (global !== undefined) matching = matching.where('global', '=', Number(global));
  if (is_first_party !== undefined) matching = matching.where('is_first_party', '=', Number(is_first_party));
  if (app_types !== undefined) matching = matching.where('app_type', 'in', [...app_types]);
  if (for_any_organization === undefined) return matching;
  return matching.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('client_grant')
        .select('id')
        .whereRef('client_grant.client_id', '=', 'client.client_id')
        .where('allow_any_organization', '=', 1),
    ),
  );
}

/** The sort key is `client_id name`: no client_id has a space. */
function afterKey(key = '') {
  const end = key.indexOf(' ');
  const [client_id, name] = end < 0 ? [key, ''] : [key.slice(0, end), key.slice(end + 1)];
  return sql<boolean>`(name, client_id) > (${name}, ${client_id})`;
}

export class SqlClientStore implements RegisteredClientStore, ConfiguredClientStore, ManagedClientStore {
  readonly #executor: Executor;
  readonly #encryption: Encryption;

  readonly #configuration: ConfigurationReads;

  constructor(executor: Executor, encryption: Encryption, configuration: ConfigurationReads) {
    this.#executor = executor;
    this.#encryption = encryption;
    this.#configuration = configuration;
  }

  find(client_id: string): Promise<Client | undefined> {
    return this.#configuration.find(`client ${client_id}`, async () => {
      const row = await find.first(this.#executor, { client_id });
      return row && clientCodec.decode(row);
    });
  }

  async findSecret(client_id: string): Promise<string | undefined> {
    const sealed = (await findSecret.first(this.#executor, { client_id }))?.client_secret;
    return sealed ? this.#encryption.open(placeOfClientSecret(client_id), sealed) : undefined;
  }

  async list(): Promise<Client[]> {
    return (await list.all(this.#executor, {})).map((row) => clientCodec.decode(row));
  }

  async listPage(filters: ClientFilters, page: Page): Promise<Listed<Client>> {
    const rows = await selectOnce(this.#executor, (db) =>
      matching(db, filters)
        .select(clientCodec.columns)
        .where(afterKey(page.after))
        .orderBy('name')
        .orderBy('client_id')
        .limit(page.limit + 1)
        .offset(page.offset),
    );
    return await listed(rows, page, {
      decode: clientCodec.decode,
      keyOf: ({ name, client_id }: Row<Client>) => `${client_id} ${name}`,
      count: async () => {
        const [counted] = await selectOnce(this.#executor, (db) =>
          matching(db, filters).select(({ fn }) => fn.countAll<number>().as('count')),
        );
        return counted;
      },
    });
  }

  async listOrigins(): ReturnType<RegisteredClientStore['listOrigins']> {
    const origins = await this.#configuration.find('origins', async () => {
      const rows = await listOrigins.all(this.#executor, {});
      return rows.map((row) => originsCodec.decode(row));
    });
    return origins ?? [];
  }

  async upsert(client: Client): Promise<void> {
    this.#configuration.changed();
    await upsert.run(this.#executor, clientCodec.encode(client));
  }

  async setSecret(client_id: string, secret: string | null): Promise<void> {
    const client_secret =
      secret === null ? null : this.#encryption.seal(placeOfClientSecret(client_id), secret);
    this.#configuration.changed();
    await setSecret.run(this.#executor, { client_id, client_secret });
  }

  async setRegistrationToken(client_id: string, hash: string): Promise<void> {
    await setRegistrationToken.run(this.#executor, { client_id, hash });
  }

  async hasRegistrationToken(client_id: string, hash: string): Promise<boolean> {
    return (await findRegistrationToken.first(this.#executor, { client_id, hash })) !== undefined;
  }

  async delete(client_id: string): Promise<void> {
    this.#configuration.changed();
    await remove.run(this.#executor, { client_id });
  }
}

function placeOfClientSecret(client_id: string): SealedPlace {
  return { table: 'client', column: 'client_secret', row: client_id };
}
