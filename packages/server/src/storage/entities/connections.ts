import { sql } from 'kysely';
import type { OptionSecrets } from '../../configuration/connections/secrets.ts';
import type { ConfiguredConnectionStore } from '../../configuration/ports.ts';
import type {
  AdministeredConnection,
  AdministeredConnectionStore,
  ConnectionFilter,
} from '../../management/connections/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import { type Connection, isForLogin, type LoginConnection } from '../../model/connection.ts';
import type { ConnectionStore } from '../../oauth/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { type AnyConnection, connectionCodec, decodeConnection } from '../codecs/configuration.ts';
import type { ConfigurationReads } from '../configuration-cache.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import { ConnectionClients } from './connection-clients.ts';

const { columns } = connectionCodec;

const find = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('connection').select(columns).where('id', '=', p.id).where('deleted_at', 'is', null),
);
const findByName = prepare((db, p: Placeholders<{ name: string }>) =>
  db.selectFrom('connection').select(columns).where('name', '=', p.name).where('deleted_at', 'is', null),
);
const findDeleted = prepare((db, p: Placeholders<{ name: string }>) =>
  db.selectFrom('connection').select('id').where('name', '=', p.name).where('deleted_at', 'is not', null),
);
const findIdByRealm = prepare((db, p: Placeholders<{ realm: string }>) =>
  db.selectFrom('connection_realm').select('connection_id').where('realm', '=', p.realm),
);
const list = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('connection').select(columns).where('deleted_at', 'is', null).orderBy('name'),
);

/** `strategies` with commas around each, `name`, and `client_id`, for which it is enabled; empty: whichever. */
type Filter = { strategies: string; name: string; client_id: string };
const isListed = (p: Placeholders<Filter>) => sql<boolean>`
  deleted_at is null
  and (${p.name} = '' or name = ${p.name})
  and (${p.strategies} = '' or ${p.strategies} like '%,' || strategy || ',%')
  and (${p.client_id} = '' or exists (
    select 1 from connection_client
    where connection_client.connection_id = connection.id and connection_client.client_id = ${p.client_id}))`;
const page = prepare((db, p: Placeholders<Filter & PageParameters>) =>
  db
    .selectFrom('connection')
    .select([...columns, 'secrets'])
    .where(isListed(p))
    .where('name', '>', p.after)
    .orderBy('name')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, p: Placeholders<Filter>) =>
  db
    .selectFrom('connection')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where(isListed(p)),
);

const listForClient = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db
    .selectFrom('connection')
    .select(columns)
    .where('id', 'in', (enabled) =>
      enabled.selectFrom('connection_client').select('connection_id').where('client_id', '=', p.client_id),
    )
    .where('deleted_at', 'is', null)
    .orderBy('name'),
);
const upsert = prepare((db, p: Placeholders<Row<AnyConnection>>) =>
  db
    .insertInto('connection')
    .values(placeholdersOf(p, columns))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(excluded<AnyConnection, keyof AnyConnection>(columns)),
    ),
);
const removeRealms = prepare((db, p: Placeholders<{ connection_id: string }>) =>
  db.deleteFrom('connection_realm').where('connection_id', '=', p.connection_id),
);
const addRealm = prepare((db, p: Placeholders<{ realm: string; connection_id: string }>) =>
  db.insertInto('connection_realm').values({ realm: p.realm, connection_id: p.connection_id }),
);
const findSecrets = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('connection').select(['id', 'secrets']).where('id', '=', p.id),
);
const setSecrets = prepare((db, p: Placeholders<{ id: string; secrets: string | null }>) =>
  db.updateTable('connection').set({ secrets: p.secrets }).where('id', '=', p.id),
);
const markDeleted = prepare((db, p: Placeholders<{ id: string; now: number }>) =>
  db.updateTable('connection').set({ deleted_at: p.now, secrets: null }).where('id', '=', p.id),
);
const leaveOrganizations = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('organization_connection').where('connection_id', '=', p.id),
);
const remove = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('connection').where('id', '=', p.id).where('deleted_at', 'is not', null),
);

export class SqlConnectionStore
  extends ConnectionClients
  implements ConnectionStore, ConfiguredConnectionStore, AdministeredConnectionStore
{
  readonly #executor: Executor;
  readonly #encryption: Encryption;
  readonly #configuration: ConfigurationReads;

  constructor(executor: Executor, encryption: Encryption, configuration: ConfigurationReads) {
    super(executor, configuration);
    this.#executor = executor;
    this.#encryption = encryption;
    this.#configuration = configuration;
  }

  async find(id: string): Promise<Connection | undefined> {
    const row = await find.first(this.#executor, { id });
    return row && decodeConnection(row);
  }

  async findByName(name: string): Promise<Connection | undefined> {
    const row = await findByName.first(this.#executor, { name });
    return row && decodeConnection(row);
  }

  async isBeingDeleted(name: string): Promise<boolean> {
    return (await findDeleted.first(this.#executor, { name })) !== undefined;
  }

  async findIdByRealm(realm: string): Promise<string | undefined> {
    return (await findIdByRealm.first(this.#executor, { realm }))?.connection_id;
  }

  async list(): Promise<Connection[]> {
    return (await list.all(this.#executor, {})).map((row) => decodeConnection(row));
  }

  async page(
    { strategies, name, client_id }: ConnectionFilter,
    asked: Page,
  ): Promise<Listed<AdministeredConnection>> {
    const filter = {
      strategies: strategies.length === 0 ? '' : `,${strategies.join(',')},`,
      name: name ?? '',
      client_id: client_id ?? '',
    };
    return listed(await page.all(this.#executor, { ...filter, ...pageParameters(asked) }), asked, {
      decode: ({ secrets, ...row }) => ({
        connection: decodeConnection(row),
        secrets: this.#opened(row.id, secrets),
      }),
      keyOf: (row) => row.name,
      count: () => count.first(this.#executor, filter),
    });
  }

  async listForClient(client_id: string): Promise<LoginConnection[]> {
    const found = await this.#configuration.find(`connections of ${client_id}`, async () => {
      const rows = await listForClient.all(this.#executor, { client_id });
      return rows.map((row) => decodeConnection(row)).filter((connection) => isForLogin(connection));
    });
    return found ?? [];
  }

  async upsert(connection: Connection): Promise<void> {
    this.#configuration.changed();
    await upsert.run(this.#executor, connectionCodec.encode(connection));
    const connection_id = connection.id;
    await removeRealms.run(this.#executor, { connection_id });
    for (const realm of new Set(connection.realms)) {
      await addRealm.run(this.#executor, { realm, connection_id });
    }
  }

  async findSecrets(id: string): Promise<OptionSecrets> {
    return this.#opened(id, (await findSecrets.first(this.#executor, { id }))?.secrets);
  }

  async setSecrets(id: string, secrets: OptionSecrets): Promise<void> {
    const isEmpty = Object.keys(secrets).length === 0;
    const sealed = isEmpty ? null : this.#encryption.seal(placeOfSecrets(id), JSON.stringify(secrets));
    await setSecrets.run(this.#executor, { id, secrets: sealed });
  }

  #opened(id: string, sealed: string | null | undefined): OptionSecrets {
    return sealed == null ? {} : JSON.parse(this.#encryption.open(placeOfSecrets(id), sealed));
  }

  async beginDeletion(id: string, now: number): Promise<void> {
    await this.setClients(id, []);
    await leaveOrganizations.run(this.#executor, { id });
    await removeRealms.run(this.#executor, { connection_id: id });
    await markDeleted.run(this.#executor, { id, now });
  }

  async delete(id: string): Promise<void> {
    await remove.run(this.#executor, { id });
  }
}

function placeOfSecrets(id: string): SealedPlace {
  return { table: 'connection', column: 'secrets', row: id };
}
