import type { ConfiguredResourceServerStore } from '../../configuration/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { AdministeredResourceServerStore } from '../../management/resource-servers/ports.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { ResourceServerStore } from '../../oauth/ports.ts';
import type { Encryption, SealedPlace } from '../../runtime/cryptography/encryption.ts';
import type { Row } from '../codecs/codec.ts';
import { resourceServerCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';

const find = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db.selectFrom('resource_server').select(resourceServerCodec.columns).where('identifier', '=', p.identifier),
);
const findById = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('resource_server').select(resourceServerCodec.columns).where('id', '=', p.id),
);
const list = prepare((db, p: Placeholders<PageParameters>) =>
  db
    .selectFrom('resource_server')
    .select(resourceServerCodec.columns)
    .where('identifier', '>', p.after)
    .orderBy('identifier')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('resource_server').select((select) => select.fn.countAll<number>().as('count')),
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

const remove = prepare((db, p: Placeholders<{ id: string }>) =>
  db.deleteFrom('resource_server').where('id', '=', p.id),
);
const removePermissionsOf = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db.deleteFrom('role_permission').where('resource_server_identifier', '=', p.identifier),
);
const removeDirectPermissionsOf = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db.deleteFrom('user_permission').where('resource_server_identifier', '=', p.identifier),
);
type Permission = { identifier: string; name: string };
const removePermission = prepare((db, p: Placeholders<Permission>) =>
  db
    .deleteFrom('role_permission')
    .where('resource_server_identifier', '=', p.identifier)
    .where('permission_name', '=', p.name),
);
const removeDirectPermission = prepare((db, p: Placeholders<Permission>) =>
  db
    .deleteFrom('user_permission')
    .where('resource_server_identifier', '=', p.identifier)
    .where('permission_name', '=', p.name),
);
const grantsOf = prepare((db, p: Placeholders<{ identifier: string }>) =>
  db
    .selectFrom('client_grant')
    .select(['id', 'scope'])
    .where('audience', '=', p.identifier)
    .unionAll(
      db.selectFrom('default_client_grant').select(['id', 'scope']).where('audience', '=', p.identifier),
    ),
);
const setGrantScope = prepare((db, p: Placeholders<{ id: string; scope: string }>) =>
  db.updateTable('client_grant').set({ scope: p.scope }).where('id', '=', p.id),
);
const setDefaultGrantScope = prepare((db, p: Placeholders<{ id: string; scope: string }>) =>
  db.updateTable('default_client_grant').set({ scope: p.scope }).where('id', '=', p.id),
);

export class SqlResourceServerStore
  implements ResourceServerStore, ConfiguredResourceServerStore, AdministeredResourceServerStore
{
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

  async findById(id: string): Promise<ResourceServer | undefined> {
    const row = await findById.first(this.#executor, { id });
    return row && resourceServerCodec.decode(row);
  }

  async list(identifiers: readonly string[], page: Page): Promise<Listed<ResourceServer>> {
    if (identifiers.length > 0) return this.#listThese(identifiers, page);
    return listed(await list.all(this.#executor, pageParameters(page)), page, {
      decode: (row) => resourceServerCodec.decode(row),
      keyOf: ({ identifier }) => identifier,
      count: () => count.first(this.#executor, {}),
    });
  }

  async #listThese(identifiers: readonly string[], page: Page): Promise<Listed<ResourceServer>> {
    const found: ResourceServer[] = [];
    for (const identifier of [...new Set(identifiers)].sort()) {
      const resourceServer = await this.find(identifier);
      if (resourceServer !== undefined) found.push(resourceServer);
    }
    return { items: found.slice(page.offset, page.offset + page.limit), total: found.length };
  }

  async delete({ id, identifier }: Pick<ResourceServer, 'id' | 'identifier'>): Promise<void> {
    await removePermissionsOf.run(this.#executor, { identifier });
    await removeDirectPermissionsOf.run(this.#executor, { identifier });
    await remove.run(this.#executor, { id });
  }

  async forgetScopes(identifier: string, scopes: readonly string[]): Promise<void> {
    if (scopes.length === 0) return;
    for (const name of scopes) {
      await removePermission.run(this.#executor, { identifier, name });
      await removeDirectPermission.run(this.#executor, { identifier, name });
    }
    for (const grant of await grantsOf.all(this.#executor, { identifier })) {
      const granted: string[] = JSON.parse(grant.scope);
      const left = granted.filter((name) => !scopes.includes(name));
      if (left.length === granted.length) continue;
      const changed = { id: grant.id, scope: JSON.stringify(left) };
      await setGrantScope.run(this.#executor, changed);
      await setDefaultGrantScope.run(this.#executor, changed);
    }
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
