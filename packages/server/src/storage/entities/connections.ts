import { sql } from 'kysely';
import type { ConfiguredConnectionStore } from '../../configuration/ports.ts';
import type { ClientStores } from '../../management/clients/ports.ts';
import type { Connection } from '../../model/connection.ts';
import type { ConnectionStore } from '../../oauth/ports.ts';
import type { Row } from '../codecs/codec.ts';
import { connectionCodec } from '../codecs/configuration.ts';
import type { ConfigurationReads } from '../configuration-cache.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

type EnablingConnectionStore = ClientStores['connections'];

const { columns } = connectionCodec;

const find = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('connection').select(columns).where('id', '=', p.id),
);
const findByName = prepare((db, p: Placeholders<{ name: string }>) =>
  db.selectFrom('connection').select(columns).where('name', '=', p.name),
);
const list = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('connection').select(columns).orderBy('name'),
);
const listForClient = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db
    .selectFrom('connection')
    .select(columns)
    .where('id', 'in', (enabled) =>
      enabled.selectFrom('connection_client').select('connection_id').where('client_id', '=', p.client_id),
    )
    .orderBy('name'),
);
const upsert = prepare((db, p: Placeholders<Row<Connection>>) =>
  db
    .insertInto('connection')
    .values(placeholdersOf(p, columns))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(excluded<Connection, keyof Connection>(columns)),
    ),
);
const listClients = prepare((db, p: Placeholders<{ connection_id: string }>) =>
  db
    .selectFrom('connection_client')
    .select('client_id')
    .where('connection_id', '=', p.connection_id)
    .orderBy('client_id'),
);
const disableClients = prepare((db, p: Placeholders<{ connection_id: string }>) =>
  db.deleteFrom('connection_client').where('connection_id', '=', p.connection_id),
);
const enableDomainConnections = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db
    .insertInto('connection_client')
    .columns(['connection_id', 'client_id'])
    .expression((connections) =>
      connections
        .selectFrom('connection')
        .select(['id', sql<string>`${p.client_id}`.as('client_id')])
        .where('is_domain_connection', '=', 1),
    ),
);
const enableAll = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db
    .insertInto('connection_client')
    .columns(['connection_id', 'client_id'])
    .expression((connections) =>
      connections.selectFrom('connection').select(['id', sql<string>`${p.client_id}`.as('client_id')]),
    ),
);
const enableClient = prepare((db, p: Placeholders<{ connection_id: string; client_id: string }>) =>
  db
    .insertInto('connection_client')
    .values({ connection_id: p.connection_id, client_id: p.client_id })
    .onConflict((conflict) => conflict.doNothing()),
);

export class SqlConnectionStore
  implements ConnectionStore, ConfiguredConnectionStore, EnablingConnectionStore
{
  readonly #executor: Executor;

  readonly #configuration: ConfigurationReads;

  constructor(executor: Executor, configuration: ConfigurationReads) {
    this.#executor = executor;
    this.#configuration = configuration;
  }

  async find(id: string): Promise<Connection | undefined> {
    const row = await find.first(this.#executor, { id });
    return row && connectionCodec.decode(row);
  }

  async findByName(name: string): Promise<Connection | undefined> {
    const row = await findByName.first(this.#executor, { name });
    return row && connectionCodec.decode(row);
  }

  async list(): Promise<Connection[]> {
    return (await list.all(this.#executor, {})).map((row) => connectionCodec.decode(row));
  }

  async listForClient(client_id: string): Promise<Connection[]> {
    const found = await this.#configuration.find(`connections of ${client_id}`, async () =>
      (await listForClient.all(this.#executor, { client_id })).map((row) => connectionCodec.decode(row)),
    );
    return found ?? [];
  }

  async upsert(connection: Connection): Promise<void> {
    this.#configuration.changed();
    await upsert.run(this.#executor, connectionCodec.encode(connection));
  }

  async listClients(connection_id: string): Promise<string[]> {
    return (await listClients.all(this.#executor, { connection_id })).map(({ client_id }) => client_id);
  }

  async enableDomainConnections(client_id: string): Promise<void> {
    this.#configuration.changed();
    await enableDomainConnections.run(this.#executor, { client_id });
  }

  async enableAll(client_id: string): Promise<void> {
    this.#configuration.changed();
    await enableAll.run(this.#executor, { client_id });
  }

  async setClients(connection_id: string, client_ids: string[]): Promise<void> {
    this.#configuration.changed();
    await disableClients.run(this.#executor, { connection_id });
    for (const client_id of client_ids) await enableClient.run(this.#executor, { connection_id, client_id });
  }
}
