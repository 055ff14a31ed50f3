import type { JoinedConnection, OrganizationConnectionStore } from '../../management/organizations/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { OrganizationConnection } from '../../model/organization.ts';
import type { Row } from '../codecs/codec.ts';
import { organizationConnectionCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const { columns } = organizationConnectionCodec;
type Column = keyof OrganizationConnection;
const joinedColumns = [
  ...columns.map((column): `organization_connection.${Column}` => `organization_connection.${column}`),
  'connection.name',
  'connection.strategy',
] as const;

type Enabled = { least_enabled: number; most_enabled: number };
type OfOrganization = { organization_id: string };
type Key = OfOrganization & { connection_id: string };

const list = prepare((db, p: Placeholders<OfOrganization & Enabled & PageParameters>) =>
  db
    .selectFrom('organization_connection')
    .innerJoin('connection', 'connection.id', 'organization_connection.connection_id')
    .select(joinedColumns)
    .where('organization_id', '=', p.organization_id)
    .where('is_enabled', '>=', p.least_enabled)
    .where('is_enabled', '<=', p.most_enabled)
    .where('connection_id', '>', p.after)
    .orderBy('connection_id')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, p: Placeholders<OfOrganization & Enabled>) =>
  db
    .selectFrom('organization_connection')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('organization_id', '=', p.organization_id)
    .where('is_enabled', '>=', p.least_enabled)
    .where('is_enabled', '<=', p.most_enabled),
);
const find = prepare((db, p: Placeholders<Key>) =>
  db
    .selectFrom('organization_connection')
    .innerJoin('connection', 'connection.id', 'organization_connection.connection_id')
    .select(joinedColumns)
    .where('organization_id', '=', p.organization_id)
    .where('connection_id', '=', p.connection_id),
);
const put = prepare((db, p: Placeholders<Row<OrganizationConnection>>) =>
  db
    .insertInto('organization_connection')
    .values(placeholdersOf(p, columns))
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'connection_id'])
        .doUpdateSet(excluded<OrganizationConnection, keyof OrganizationConnection>(columns)),
    ),
);
const remove = prepare((db, p: Placeholders<Key>) =>
  db
    .deleteFrom('organization_connection')
    .where('organization_id', '=', p.organization_id)
    .where('connection_id', '=', p.connection_id),
);

type JoinedRow = Row<OrganizationConnection> & Pick<Tables['connection'], 'name' | 'strategy'>;

export class SqlOrganizationConnectionStore implements OrganizationConnectionStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async list(
    organization_id: string,
    { is_enabled }: { is_enabled: boolean | undefined },
    page: Page,
  ): Promise<Listed<JoinedConnection>> {
    const filter = {
      organization_id,
      least_enabled: is_enabled === true ? 1 : 0,
      most_enabled: is_enabled === false ? 0 : 1,
    };
    const rows = await list.all(this.#executor, { ...filter, ...pageParameters(page) });
    return listed(rows, page, {
      decode: decoded,
      keyOf: ({ connection_id }) => connection_id,
      count: () => count.first(this.#executor, filter),
    });
  }

  async find(organization_id: string, connection_id: string): Promise<JoinedConnection | undefined> {
    const row = await find.first(this.#executor, { organization_id, connection_id });
    return row && decoded(row);
  }

  async put(connection: OrganizationConnection): Promise<void> {
    await put.run(this.#executor, organizationConnectionCodec.encode(connection));
  }

  async remove(organization_id: string, connection_id: string): Promise<void> {
    await remove.run(this.#executor, { organization_id, connection_id });
  }
}

function decoded({ name, strategy, ...row }: JoinedRow): JoinedConnection {
  return { ...organizationConnectionCodec.decode(row), connection: { name, strategy } };
}
