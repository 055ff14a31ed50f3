import type { ConfiguredOrganizationStore } from '../../configuration/ports.ts';
import type { Organization, OrganizationConnection } from '../../model/organization.ts';
import type { Row } from '../codecs/codec.ts';
import { organizationCodec, organizationConnectionCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const { columns } = organizationCodec;

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

export class SqlOrganizationStore implements ConfiguredOrganizationStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async findByName(name: string): Promise<Organization | undefined> {
    const row = await findByName.first(this.#executor, { name });
    return row && organizationCodec.decode(row);
  }

  async upsert(organization: Organization): Promise<void> {
    await upsert.run(this.#executor, organizationCodec.encode(organization));
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
