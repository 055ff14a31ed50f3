import type { ConfiguredOrganizationStore } from '../../configuration/ports.ts';
import type { Organization } from '../../model/organization.ts';
import type { Row } from '../codecs/codec.ts';
import { type OrganizationItself, organizationCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const findByName = prepare((db, p: Placeholders<{ name: string }>) =>
  db.selectFrom('organization').select(organizationCodec.columns).where('name', '=', p.name),
);
const listConnections = prepare((db, p: Placeholders<{ organization_id: string }>) =>
  db
    .selectFrom('organization_connection')
    .select('connection_id')
    .where('organization_id', '=', p.organization_id)
    .orderBy('connection_id'),
);
const upsert = prepare((db, p: Placeholders<Row<OrganizationItself>>) =>
  db
    .insertInto('organization')
    .values(placeholdersOf(p, organizationCodec.columns))
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet(excluded<OrganizationItself, keyof OrganizationItself>(organizationCodec.columns)),
    ),
);
const removeConnections = prepare((db, p: Placeholders<{ organization_id: string }>) =>
  db.deleteFrom('organization_connection').where('organization_id', '=', p.organization_id),
);
const addConnection = prepare((db, p: Placeholders<Tables['organization_connection']>) =>
  db
    .insertInto('organization_connection')
    .values({ organization_id: p.organization_id, connection_id: p.connection_id })
    .onConflict((conflict) => conflict.doNothing()),
);

export class SqlOrganizationStore implements ConfiguredOrganizationStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async findByName(name: string): Promise<Organization | undefined> {
    const row = await findByName.first(this.#executor, { name });
    if (row === undefined) return undefined;
    const connections = await listConnections.all(this.#executor, { organization_id: row.id });
    return {
      ...organizationCodec.decode(row),
      connections: connections.map(({ connection_id }) => connection_id),
    };
  }

  async upsert({ connections, ...organization }: Organization): Promise<void> {
    const organization_id = organization.id;
    await upsert.run(this.#executor, organizationCodec.encode(organization));
    await removeConnections.run(this.#executor, { organization_id });
    for (const connection_id of connections) {
      await addConnection.run(this.#executor, { organization_id, connection_id });
    }
  }
}
