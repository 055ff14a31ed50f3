import type { ConfiguredRoleStore } from '../../configuration/ports.ts';
import type { AdministrationStores } from '../../management/ports.ts';
import type { Role } from '../../model/access-control.ts';
import { type RoleItself, roleCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { excluded, type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import { searchable } from '../searchable.ts';
import type { Tables } from '../tables.ts';

type AdministratorRoles = AdministrationStores['roles'];

const findByName = prepare((db, p: Placeholders<{ name: string }>) =>
  db.selectFrom('role').select(roleCodec.columns).where('name', '=', p.name),
);
const listPermissions = prepare((db, p: Placeholders<{ role_id: string }>) =>
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

const listActiveMembers = prepare((db, p: Placeholders<{ role_id: string; limit: number }>) =>
  db
    .selectFrom('user_role')
    .innerJoin('user', 'user.user_id', 'user_role.user_id')
    .select('user_role.user_id')
    .where('role_id', '=', p.role_id)
    .where('blocked', '=', 0)
    .limit(p.limit),
);

export class SqlRoleStore implements ConfiguredRoleStore, AdministratorRoles {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async findByName(name: string): Promise<Role | undefined> {
    const row = await findByName.first(this.#executor, { name });
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
    for (const permission of permissions) {
      await addPermission.run(this.#executor, { role_id: role.id, ...permission });
    }
  }
}
