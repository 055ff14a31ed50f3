import { sql } from 'kysely';
import type { ConfiguredClientGrantStore } from '../../configuration/ports.ts';
import type { AnyClientGrant, ClientGrantFilters, ClientStores } from '../../management/clients/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { ClientGrant, DefaultClientGrant } from '../../model/resource-server.ts';
import type { ClientGrantStore } from '../../oauth/ports.ts';
import type { Row } from '../codecs/codec.ts';
import { clientGrantCodec, defaultClientGrantCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, pageParameters } from '../pages.ts';
import {
  type Builder,
  excluded,
  type Placeholders,
  placeholdersOf,
  prepare,
  selectOnce,
} from '../prepared.ts';

type ManagedClientGrantStore = ClientStores['clientGrants'];

type GrantKey = Pick<ClientGrant, 'client_id' | 'audience' | 'subject_type'>;

/** What a change of a client grant may change. */
const replaceable = [
  'scope',
  'allow_all_scopes',
  'organization_usage',
  'allow_any_organization',
  'unused',
] as const;
type Replaceable = (typeof replaceable)[number];

const find = prepare((db, p: Placeholders<GrantKey>) =>
  db
    .selectFrom('client_grant')
    .select(clientGrantCodec.columns)
    .where('client_id', '=', p.client_id)
    .where('audience', '=', p.audience)
    .where('subject_type', '=', p.subject_type),
);
const findById = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('client_grant').select(clientGrantCodec.columns).where('id', '=', p.id),
);
const upsert = prepare((db, p: Placeholders<Row<ClientGrant>>) =>
  db
    .insertInto('client_grant')
    .values(placeholdersOf(p, clientGrantCodec.columns))
    .onConflict((conflict) =>
      conflict
        .columns(['client_id', 'audience', 'subject_type'])
        .doUpdateSet(excluded<ClientGrant, Replaceable>(replaceable)),
    ),
);
const remove = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('client_grant').where('id', '=', p.id),
);

type DefaultKey = Pick<ClientGrant, 'audience' | 'subject_type'>;

const findDefault = prepare((db, p: Placeholders<DefaultKey>) =>
  db
    .selectFrom('default_client_grant')
    .select(defaultClientGrantCodec.columns)
    .where('audience', '=', p.audience)
    .where('subject_type', '=', p.subject_type),
);
const findDefaultById = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('default_client_grant').select(defaultClientGrantCodec.columns).where('id', '=', p.id),
);
const upsertDefault = prepare((db, p: Placeholders<Row<DefaultClientGrant>>) =>
  db
    .insertInto('default_client_grant')
    .values(placeholdersOf(p, defaultClientGrantCodec.columns))
    .onConflict((conflict) =>
      conflict
        .columns(['audience', 'subject_type', 'default_for'])
        .doUpdateSet(excluded<DefaultClientGrant, Replaceable>(replaceable)),
    ),
);
const removeDefault = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('default_client_grant').where('id', '=', p.id),
);

const shared = ['id', 'audience', 'subject_type', ...replaceable] as const;

/** Both kinds as rows of one shape, of which `client_id` or `default_for` is null. */
function anyGrant(db: Builder) {
  const none = sql<string | null>`cast(null as text)`;
  return db.selectFrom(
    db
      .selectFrom('client_grant')
      .innerJoin('client', 'client.client_id', 'client_grant.client_id')
      .select(shared.map((column) => `client_grant.${column}` as const))
      .select([sql<string | null>`client_grant.client_id`.as('client_id'), none.as('default_for')])
      .where('client.is_system', '=', 0)
      .unionAll(
        db
          .selectFrom('default_client_grant')
          .select(shared)
          .select([none.as('client_id'), sql<string | null>`default_for`.as('default_for')]),
      )
      .as('any_grant'),
  );
}

function matching(db: Builder, { allow_any_organization, ...equal }: ClientGrantFilters) {
  let matching = anyGrant(db);
  for (const [column, value] of Object.entries(equal)) {
    if (value !== undefined) matching = matching.where(sql.ref(column), '=', value);
  }
  if (allow_any_organization === undefined) return matching;
  const said = sql<number>`coalesce(allow_any_organization, 0)`;
  return matching.where(said, '=', Number(allow_any_organization));
}

type AnyRow = Row<Omit<ClientGrant, 'client_id'>> & { client_id: string | null; default_for: string | null };

function decoded({ client_id, default_for, ...row }: AnyRow): AnyClientGrant {
  if (client_id !== null) return clientGrantCodec.decode({ ...row, client_id });
  return defaultClientGrantCodec.decode({ ...row, default_for: 'third_party_clients' });
}

export class SqlClientGrantStore
  implements ClientGrantStore, ConfiguredClientGrantStore, ManagedClientGrantStore
{
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(
    client_id: string,
    audience: string,
    subject_type: ClientGrant['subject_type'],
  ): Promise<ClientGrant | undefined> {
    const row = await find.first(this.#executor, { client_id, audience, subject_type });
    return row && clientGrantCodec.decode(row);
  }

  async findById(id: string): Promise<AnyClientGrant | undefined> {
    const row = await findById.first(this.#executor, { id });
    if (row !== undefined) return clientGrantCodec.decode(row);
    const byDefault = await findDefaultById.first(this.#executor, { id });
    return byDefault && defaultClientGrantCodec.decode(byDefault);
  }

  async listPage(filters: ClientGrantFilters, page: Page): Promise<Listed<AnyClientGrant>> {
    const { limit, offset, after } = pageParameters(page);
    const rows = await selectOnce(this.#executor, (db) =>
      matching(db, filters).selectAll().where('id', '>', after).orderBy('id').limit(limit).offset(offset),
    );
    return await listed(rows, page, {
      decode: decoded,
      keyOf: ({ id }) => id,
      count: async () => {
        const [counted] = await selectOnce(this.#executor, (db) =>
          matching(db, filters).select(({ fn }) => fn.countAll<number>().as('count')),
        );
        return counted;
      },
    });
  }

  async upsert(clientGrant: ClientGrant): Promise<void> {
    await upsert.run(this.#executor, clientGrantCodec.encode(clientGrant));
  }

  async findDefault(
    audience: string,
    subject_type: ClientGrant['subject_type'],
  ): Promise<DefaultClientGrant | undefined> {
    const row = await findDefault.first(this.#executor, { audience, subject_type });
    return row && defaultClientGrantCodec.decode(row);
  }

  async upsertDefault(clientGrant: DefaultClientGrant): Promise<void> {
    await upsertDefault.run(this.#executor, defaultClientGrantCodec.encode(clientGrant));
  }

  async deleteById(id: string): Promise<void> {
    await remove.run(this.#executor, { id });
    await removeDefault.run(this.#executor, { id });
  }
}
