// Which clients a connection is enabled for. The server's own are not listed: whoever sets what a list shows would
// otherwise shut them out.
import { sql } from 'kysely';
import type { Listed, Page } from '../../management/pagination.ts';
import type { ConfigurationReads } from '../configuration-cache.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { type Placeholders, prepare } from '../prepared.ts';

type OfConnection = { connection_id: string };
type Enabled = OfConnection & { client_id: string };

const listClients = prepare((db, p: Placeholders<OfConnection>) =>
  db
    .selectFrom('connection_client')
    .select('client_id')
    .where('connection_id', '=', p.connection_id)
    .orderBy('client_id'),
);
const pageClients = prepare((db, p: Placeholders<OfConnection & PageParameters>) =>
  db
    .selectFrom('connection_client')
    .innerJoin('client', 'client.client_id', 'connection_client.client_id')
    .select('connection_client.client_id')
    .where('connection_id', '=', p.connection_id)
    .where('is_system', '=', 0)
    .where('connection_client.client_id', '>', p.after)
    .orderBy('connection_client.client_id')
    .limit(p.limit)
    .offset(p.offset),
);
const disableClients = prepare((db, p: Placeholders<OfConnection>) =>
  db.deleteFrom('connection_client').where('connection_id', '=', p.connection_id),
);
const disableClient = prepare((db, p: Placeholders<Enabled>) =>
  db
    .deleteFrom('connection_client')
    .where('connection_id', '=', p.connection_id)
    .where('client_id', '=', p.client_id),
);
const enableDomainConnections = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db
    .insertInto('connection_client')
    .columns(['connection_id', 'client_id'])
    .expression((connections) =>
      connections
        .selectFrom('connection')
        .select(['id', sql<string>`${p.client_id}`.as('client_id')])
        .where('is_domain_connection', '=', 1)
        .where('deleted_at', 'is', null),
    ),
);
const enableAll = prepare((db, p: Placeholders<{ client_id: string }>) =>
  db
    .insertInto('connection_client')
    .columns(['connection_id', 'client_id'])
    .expression((connections) =>
      connections
        .selectFrom('connection')
        .select(['id', sql<string>`${p.client_id}`.as('client_id')])
        .where('deleted_at', 'is', null),
    ),
);
const enableClient = prepare((db, p: Placeholders<Enabled>) =>
  db
    .insertInto('connection_client')
    .values({ connection_id: p.connection_id, client_id: p.client_id })
    .onConflict((conflict) => conflict.doNothing()),
);

function disableAllBut(kind: 'is_system' | 'is_first_party') {
  return prepare((db, p: Placeholders<OfConnection>) =>
    db
      .deleteFrom('connection_client')
      .where('connection_id', '=', p.connection_id)
      .where((where) =>
        where.exists(
          where
            .selectFrom('client')
            .select('client.client_id')
            .whereRef('client.client_id', '=', 'connection_client.client_id')
            .where(kind, '=', 0),
        ),
      ),
  );
}
const disableListed = disableAllBut('is_system');
const disableThirdParties = disableAllBut('is_first_party');
const enableThirdParties = prepare((db, p: Placeholders<OfConnection>) =>
  db
    .insertInto('connection_client')
    .columns(['connection_id', 'client_id'])
    .expression((clients) =>
      clients
        .selectFrom('client')
        .select([sql<string>`${p.connection_id}`.as('connection_id'), 'client_id'])
        .where('is_first_party', '=', 0),
    )
    .onConflict((conflict) => conflict.doNothing()),
);

/** More than a list shows of a connection. */
const mostListed = 1000;

export abstract class ConnectionClients {
  readonly #executor: Executor;
  readonly #configuration: ConfigurationReads;

  constructor(executor: Executor, configuration: ConfigurationReads) {
    this.#executor = executor;
    this.#configuration = configuration;
  }

  async listClients(connection_id: string): Promise<string[]> {
    return (await listClients.all(this.#executor, { connection_id })).map(({ client_id }) => client_id);
  }

  async pageClients(connection_id: string, page: Page): Promise<Listed<string>> {
    const rows = await pageClients.all(this.#executor, { connection_id, ...pageParameters(page) });
    return listed(rows, page, {
      decode: ({ client_id }) => client_id,
      keyOf: ({ client_id }) => client_id,
      count: async () => undefined,
    });
  }

  async listClientsOf(connection_ids: readonly string[]): Promise<Map<string, string[]>> {
    const page = { limit: mostListed, offset: 0, after: undefined, counted: false };
    const lists = new Map<string, string[]>();
    for (const id of connection_ids) lists.set(id, (await this.pageClients(id, page)).items);
    return lists;
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
    for (const client_id of client_ids) await this.enableClient(connection_id, client_id);
  }

  async replaceClients(connection_id: string, client_ids: readonly string[]): Promise<void> {
    this.#configuration.changed();
    await disableListed.run(this.#executor, { connection_id });
    for (const client_id of client_ids) await this.enableClient(connection_id, client_id);
  }

  async setThirdParties(connection_id: string, enabled: boolean): Promise<void> {
    this.#configuration.changed();
    const statement = enabled ? enableThirdParties : disableThirdParties;
    await statement.run(this.#executor, { connection_id });
  }

  async enableClient(connection_id: string, client_id: string): Promise<void> {
    this.#configuration.changed();
    await enableClient.run(this.#executor, { connection_id, client_id });
  }

  async disableClient(connection_id: string, client_id: string): Promise<void> {
    this.#configuration.changed();
    await disableClient.run(this.#executor, { connection_id, client_id });
  }
}
