import { sql } from 'kysely';
import type { ConfiguredRoleStore } from '../../configuration/ports.ts';
import type { RoleFilter, RoleStore } from '../../management/access/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { AdministrationStores } from '../../management/ports.ts';
import type { Permission, Role, RoleItself } from '../../model/access-control.ts';
import type { Row } from '../codecs/codec.ts';
import { roleCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import { searchable } from '../searchable.ts';
import type { Tables } from '../tables.ts';

type AdministratorRoles = AdministrationStores['roles'];

const find = prepare((db, p: Placeholders<{ id: string }>) =>
  db.selectFrom('role').select(roleCodec.columns).where('id', '=', p.id),
);
const findByName = prepare((db, p: Placeholders<{ name: string; is_system: number }>) =>
  db
    .selectFrom('role')
    .select(roleCodec.columns)
    .where('name', '=', p.name)
    .where('is_system', '=', p.is_system),
);
const remove = prepare((db, p: Placeholders<{ id: string }>) => db.deleteFrom('role').where('id', '=', p.id));

type Filter = { pattern: string; is_system: number };
const isListed = (p: Placeholders<Filter>) => sql<boolean>`
  name_search like ${p.pattern} escape '\\' and is_system = ${p.is_system}`;
const list = prepare((db, p: Placeholders<Filter & PageParameters>) =>
  db
    .selectFrom('role')
    .select(roleCodec.columns)
    .where(isListed(p))
    .where('name', '>', p.after)
    .orderBy('name')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, p: Placeholders<Filter>) =>
  db
    .selectFrom('role')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where(isListed(p)),
);

type OfRole = { role_id: string };
const pagePermissions = prepare((db, p: Placeholders<OfRole & PageParameters>) =>
  db
    .selectFrom('role_permission')
    .select(['resource_server_identifier', 'permission_name'])
    .where('role_id', '=', p.role_id)
    .orderBy('resource_server_identifier')
    .orderBy('permission_name')
    .limit(p.limit)
    .offset(p.offset),
);
const countPermissions = prepare((db, p: Placeholders<OfRole>) =>
  db
    .selectFrom('role_permission')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('role_id', '=', p.role_id),
);
const listPermissions = prepare((db, p: Placeholders<OfRole>) =>
  db
    .selectFrom('role_permission')
    .select(['resource_server_identifier', 'permission_name'])
    .where('role_id', '=', p.role_id)
    .orderBy('resource_server_identifier')
    .orderBy('permission_name'),
);
const upsert = prepare((db, p: Placeholders<Tables['role']>) =>
  db
    .insertInto('role')
    .values({
      ...placeholdersOf<RoleItself, keyof RoleItself>(p, roleCodec.columns),
      name_search: p.name_search,
    })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        ...excluded<RoleItself, keyof RoleItself>(roleCodec.columns),
        name_search: p.name_search,
      }),
    ),
);
const removePermissions = prepare((db, p: Placeholders<{ role_id: string }>) =>
  db.deleteFrom('role_permission').where('role_id', '=', p.role_id),
);
const addPermission = prepare((db, p: Placeholders<Tables['role_permission']>) =>
  db
    .insertInto('role_permission')
    .values({
      role_id: p.role_id,
      resource_server_identifier: p.resource_server_identifier,
      permission_name: p.permission_name,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

const removePermission = prepare((db, p: Placeholders<Tables['role_permission']>) =>
  db
    .deleteFrom('role_permission')
    .where('role_id', '=', p.role_id)
    .where('resource_server_identifier', '=', p.resource_server_identifier)
    .where('permission_name', '=', p.permission_name),
);

const listActiveMembers = prepare((db, p: Placeholders<{ role_id: string; limit: number }>) =>
  db
    .selectFrom('user_role')
    .innerJoin('user', 'user.user_id', 'user_role.user_id')
    .select('user_role.user_id')
    .where('role_id', '=', p.role_id)
    .where('blocked', '=', 0)
    .limit(p.limit),
);

export class SqlRoleStore implements ConfiguredRoleStore, AdministratorRoles, RoleStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(id: string): Promise<Role | undefined> {
    return this.#withPermissions(await find.first(this.#executor, { id }));
  }

  async findByName(name: string): Promise<Role | undefined> {
    return this.#withPermissions(await findByName.first(this.#executor, { name, is_system: 0 }));
  }

  async findSystem(name: string): Promise<Role | undefined> {
    return this.#withPermissions(await findByName.first(this.#executor, { name, is_system: 1 }));
  }

  async #withPermissions(row: Row<RoleItself> | undefined): Promise<Role | undefined> {
    if (row === undefined) return undefined;
    return {
      ...roleCodec.decode(row),
      permissions: await listPermissions.all(this.#executor, { role_id: row.id }),
    };
  }

  async listActiveMembers(role_id: string, limit: number): Promise<string[]> {
    const rows = await listActiveMembers.all(this.#executor, { role_id, limit });
    return rows.map(({ user_id }) => user_id);
  }

  async upsert({ permissions, ...role }: Role): Promise<void> {
    const name_search = searchable(role.name);
    await upsert.run(this.#executor, { ...roleCodec.encode(role), name_search });
    await removePermissions.run(this.#executor, { role_id: role.id });
    for (const permission of permissions) await this.addPermission(role.id, permission);
  }

  async delete(id: string): Promise<void> {
    await remove.run(this.#executor, { id });
  }

  async list({ name, is_system }: RoleFilter, page: Page): Promise<Listed<RoleItself>> {
    const filter: Filter = {
      pattern: containing(searchable(name ?? '')),
      is_system: is_system ? 1 : 0,
    };
    const rows = await list.all(this.#executor, { ...filter, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => roleCodec.decode(row),
      keyOf: (row) => row.name,
      count: () => count.first(this.#executor, filter),
    });
  }

  async listPermissions(role_id: string, page: Page): Promise<Listed<Permission>> {
    const rows = await pagePermissions.all(this.#executor, { role_id, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => row,
      keyOf: ({ permission_name }) => permission_name,
      count: () => countPermissions.first(this.#executor, { role_id }),
    });
  }

  async addPermission(role_id: string, permission: Permission): Promise<void> {
    await addPermission.run(this.#executor, { role_id, ...permission });
  }

  async removePermission(role_id: string, permission: Permission): Promise<void> {
    await removePermission.run(this.#executor, { role_id, ...permission });
  }
}

/** What `like … escape '\\'` takes: the text itself, anywhere. */
function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
