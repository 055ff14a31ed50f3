import { sql } from 'kysely';
import type { ConfiguredOrganizationStore } from '../../configuration/ports.ts';
import type { OrganizationSort, OrganizationStore } from '../../management/organizations/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { Organization, OrganizationConnection } from '../../model/organization.ts';
import type { Row } from '../codecs/codec.ts';
import { organizationCodec, organizationConnectionCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, pageParameters } from '../pages.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const { columns } = organizationCodec;

const find = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('organization').select(columns).where('id', '=', p.id),
);
const findByName = prepare((db, p: Placeholders<{ name: string }>) =>
  db.selectFrom('organization').select(columns).where('name', '=', p.name),
);
const upsert = prepare((db, p: Placeholders<Row<Organization>>) =>
  db
    .insertInto('organization')
    .values(placeholdersOf(p, columns))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet(excluded<Organization, keyof Organization>(columns)),
    ),
);
const remove = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('organization').where('id', '=', p.id),
);
const count = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('organization').select((select) => select.fn.countAll<number>().as('count')),
);
const listOf = prepare((db, p: Placeholders<{ user_id: string; limit: number; offset: number }>) =>
  db
    .selectFrom('organization')
    .innerJoin('organization_member', 'organization_member.organization_id', 'organization.id')
    .select(columns)
    .where('user_id', '=', p.user_id)
    .orderBy('organization_id')
    .limit(p.limit)
    .offset(p.offset),
);
const countOf = prepare((db, p: Placeholders<{ user_id: string }>) =>
  db
    .selectFrom('organization_member')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', p.user_id),
);

/** The order of each list is that of an index, and total: the id ends it. */
const sortedBy = {
  name: sql<string | number>`name`,
  display_name: sql<string | number>`coalesce(display_name, '')`,
  created_at: sql<string | number>`created_at`,
};
type After = { value: string | number; id: string };
type Sorted = { limit: number; offset: number } & After;

const list = {
  name: listBy('name'),
  display_name: listBy('display_name'),
  created_at: listBy('created_at'),
};

function listBy(by: OrganizationSort['by']) {
  const key = sortedBy[by];
  const from = (direction: 'asc' | 'desc', isFirst: boolean) =>
    prepare((db, p: Placeholders<Sorted>) => {
      const [isAfter, isNotBefore] = direction === 'asc' ? [sql`>`, sql`>=`] : [sql`<`, sql`<=`];
      const all = db
        .selectFrom('organization')
        .select(columns)
        .orderBy(key, direction)
        .orderBy('id', direction)
        .limit(p.limit)
        .offset(p.offset);
      if (isFirst) return all;
      // SQLite finds its place in an index of an expression by the expression alone.
      return all
        .where(sql<boolean>`${key} ${isNotBefore} ${p.value}`)
        .where(sql<boolean>`(${key}, id) ${isAfter} (${p.value}, ${p.id})`);
    });
  return {
    ascending: { first: from('asc', true), later: from('asc', false) },
    descending: { first: from('desc', true), later: from('desc', false) },
  };
}

const listConnections = prepare((db, p: Placeholders<{ organization_id: string }>) =>
  db
    .selectFrom('organization_connection')
    .select(organizationConnectionCodec.columns)
    .where('organization_id', '=', p.organization_id)
    .orderBy('connection_id'),
);
const removeConnections = prepare((db, p: Placeholders<{ organization_id: string }>) =>
  db.deleteFrom('organization_connection').where('organization_id', '=', p.organization_id),
);
const addConnection = prepare((db, p: Placeholders<Row<OrganizationConnection>>) =>
  db
    .insertInto('organization_connection')
    .values(placeholdersOf(p, organizationConnectionCodec.columns))
    .onConflict((conflict) => conflict.doNothing()),
);

export class SqlOrganizationStore implements ConfiguredOrganizationStore, OrganizationStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(id: string): Promise<Organization | undefined> {
    const row = await find.first(this.#executor, { id });
    return row && organizationCodec.decode(row);
  }

  async findByName(name: string): Promise<Organization | undefined> {
    const row = await findByName.first(this.#executor, { name });
    return row && organizationCodec.decode(row);
  }

  async upsert(organization: Organization): Promise<void> {
    await upsert.run(this.#executor, organizationCodec.encode(organization));
  }

  async delete(id: string): Promise<void> {
    await remove.run(this.#executor, { id });
  }

  async list({ by, descending }: OrganizationSort, page: Page): Promise<Listed<Organization>> {
    const { first, later } = list[by][descending ? 'descending' : 'ascending'];
    const { limit, offset } = pageParameters(page);
    const statement = page.after === undefined ? first : later;
    const rows = await statement.all(this.#executor, { limit, offset, ...afterOf(page.after ?? '', by) });
    return listed(rows, page, {
      decode: (row) => organizationCodec.decode(row),
      keyOf: (row) => `${row.id} ${row[by] ?? ''}`,
      count: () => count.first(this.#executor, {}),
    });
  }

  async listOf(user_id: string, page: Page): Promise<Listed<Organization>> {
    const { limit, offset } = pageParameters(page);
    const rows = await listOf.all(this.#executor, { user_id, limit, offset });
    return listed(rows, page, {
      decode: (row) => organizationCodec.decode(row),
      keyOf: ({ id }) => id,
      count: () => countOf.first(this.#executor, { user_id }),
    });
  }

  async listConnections(organization_id: string): Promise<OrganizationConnection[]> {
    const rows = await listConnections.all(this.#executor, { organization_id });
    return rows.map((row) => organizationConnectionCodec.decode(row));
  }

  async setConnections(connections: OrganizationConnection[], organization_id: string): Promise<void> {
    await removeConnections.run(this.#executor, { organization_id });
    for (const connection of connections) {
      await addConnection.run(this.#executor, organizationConnectionCodec.encode(connection));
    }
  }
}

/** What a sort key of ours says; of another text, a place in the list all the same. */
function afterOf(key: string, by: OrganizationSort['by']): After {
  const space = key.indexOf(' ');
  const [id, value] = [key.slice(0, space), key.slice(space + 1)];
  if (by !== 'created_at') return { id, value };
  const created_at = Number(value);
  return { id, value: Number.isSafeInteger(created_at) ? created_at : 0 };
}
