import { sql } from 'kysely';
import type { PermissionSource, UserAccessStore, UserSummary } from '../../management/access/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { Permission, RoleItself } from '../../model/access-control.ts';
import { roleCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { type Builder, type Placeholders, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

type OfUser = { user_id: string };
type OfRole = { role_id: string };
type Paged<Parameters> = Placeholders<Parameters & PageParameters>;
type OwnPermission = Tables['user_permission'];

const listRoles = prepare((db, p: Paged<OfUser>) =>
  db
    .selectFrom('role')
    .innerJoin('user_role', 'user_role.role_id', 'role.id')
    .select(roleCodec.columns)
    .where('user_role.user_id', '=', p.user_id)
    .where('name', '>', p.after)
    .orderBy('name')
    .limit(p.limit)
    .offset(p.offset),
);
const countRoles = prepare((db, p: Placeholders<OfUser>) =>
  db
    .selectFrom('user_role')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', p.user_id),
);
const listUsers = prepare((db, p: Paged<OfRole>) =>
  db
    .selectFrom('user_role')
    .innerJoin('user', 'user.user_id', 'user_role.user_id')
    .select(['user.user_id', 'user.email', 'user.name', 'user.picture'])
    .where('role_id', '=', p.role_id)
    .where('user_role.user_id', '>', p.after)
    .orderBy('user_role.user_id')
    .limit(p.limit)
    .offset(p.offset),
);
const countUsers = prepare((db, p: Placeholders<OfRole>) =>
  db
    .selectFrom('user_role')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('role_id', '=', p.role_id),
);
const assignRole = prepare((db, p: Placeholders<Tables['user_role']>) =>
  db
    .insertInto('user_role')
    .values({ user_id: p.user_id, role_id: p.role_id })
    .onConflict((conflict) => conflict.doNothing()),
);
const unassignRole = prepare((db, p: Placeholders<Tables['user_role']>) =>
  db.deleteFrom('user_role').where('user_id', '=', p.user_id).where('role_id', '=', p.role_id),
);

const permissionColumns = ['resource_server_identifier', 'permission_name'] as const;

/** Given directly or by a role, each once. */
function permissionsOf(db: Builder, p: Placeholders<OfUser>) {
  return db
    .selectFrom('user_permission')
    .select(permissionColumns)
    .where('user_id', '=', p.user_id)
    .union(
      db
        .selectFrom('role_permission')
        .innerJoin('user_role', 'user_role.role_id', 'role_permission.role_id')
        .select(permissionColumns)
        .where('user_role.user_id', '=', p.user_id),
    )
    .as('permission');
}
const listPermissions = prepare((db, p: Paged<OfUser>) =>
  db
    .selectFrom(permissionsOf(db, p))
    .select(permissionColumns)
    .orderBy('resource_server_identifier')
    .orderBy('permission_name')
    .limit(p.limit)
    .offset(p.offset),
);
const countEveryPermission = prepare((db, p: Placeholders<OfUser>) =>
  db.selectFrom(permissionsOf(db, p)).select((select) => select.fn.countAll<number>().as('count')),
);
const countOwnPermissions = prepare((db, p: Placeholders<OfUser>) =>
  db
    .selectFrom('user_permission')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('user_id', '=', p.user_id),
);
type Range = OfUser & {
  first_identifier: string;
  first_name: string;
  last_identifier: string;
  last_name: string;
};
const isInRange = (p: Placeholders<Range>) => sql<boolean>`
  (resource_server_identifier, permission_name) >= (${p.first_identifier}, ${p.first_name})
  and (resource_server_identifier, permission_name) <= (${p.last_identifier}, ${p.last_name})`;
const listDirectSources = prepare((db, p: Placeholders<Range>) =>
  db
    .selectFrom('user_permission')
    .select(permissionColumns)
    .where('user_id', '=', p.user_id)
    .where(isInRange(p)),
);
const listRoleSources = prepare((db, p: Placeholders<Range>) =>
  db
    .selectFrom('role_permission')
    .innerJoin('user_role', 'user_role.role_id', 'role_permission.role_id')
    .innerJoin('role', 'role.id', 'role_permission.role_id')
    .select([...permissionColumns, 'role.id', 'role.name'])
    .where('user_role.user_id', '=', p.user_id)
    .where(isInRange(p))
    .orderBy('role.name'),
);
const addPermission = prepare((db, p: Placeholders<OwnPermission>) =>
  db
    .insertInto('user_permission')
    .values({
      user_id: p.user_id,
      resource_server_identifier: p.resource_server_identifier,
      permission_name: p.permission_name,
    })
    .onConflict((conflict) => conflict.doNothing()),
);
const removePermission = prepare((db, p: Placeholders<OwnPermission>) =>
  db
    .deleteFrom('user_permission')
    .where('user_id', '=', p.user_id)
    .where('resource_server_identifier', '=', p.resource_server_identifier)
    .where('permission_name', '=', p.permission_name),
);

export class SqlUserAccessStore implements UserAccessStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async listRoles(user_id: string, page: Page): Promise<Listed<RoleItself>> {
    const rows = await listRoles.all(this.#executor, { user_id, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => roleCodec.decode(row),
      keyOf: ({ name }) => name,
      count: () => countRoles.first(this.#executor, { user_id }),
    });
  }

  async listUsers(role_id: string, page: Page): Promise<Listed<UserSummary>> {
    const rows = await listUsers.all(this.#executor, { role_id, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => row,
      keyOf: ({ user_id }) => user_id,
      count: () => countUsers.first(this.#executor, { role_id }),
    });
  }

  async assignRole(user_id: string, role_id: string): Promise<void> {
    await assignRole.run(this.#executor, { user_id, role_id });
  }

  async unassignRole(user_id: string, role_id: string): Promise<void> {
    await unassignRole.run(this.#executor, { user_id, role_id });
  }

  async listPermissions(user_id: string, page: Page): Promise<Listed<Permission>> {
    const rows = await listPermissions.all(this.#executor, { user_id, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => row,
      keyOf: ({ permission_name }) => permission_name,
      count: () => countEveryPermission.first(this.#executor, { user_id }),
    });
  }

  async listSources(user_id: string, first: Permission, last: Permission): Promise<PermissionSource[]> {
    const range: Range = {
      user_id,
      first_identifier: first.resource_server_identifier,
      first_name: first.permission_name,
      last_identifier: last.resource_server_identifier,
      last_name: last.permission_name,
    };
    const direct = await listDirectSources.all(this.#executor, range);
    const byRole = await listRoleSources.all(this.#executor, range);
    return [
      ...direct.map((permission) => ({ permission, role: undefined })),
      ...byRole.map(({ id, name, ...permission }) => ({ permission, role: { id, name } })),
    ];
  }

  async countPermissions(user_id: string): Promise<number> {
    return (await countOwnPermissions.first(this.#executor, { user_id }))?.count ?? 0;
  }

  async addPermission(user_id: string, permission: Permission): Promise<void> {
    await addPermission.run(this.#executor, { user_id, ...permission });
  }

  async removePermission(user_id: string, permission: Permission): Promise<void> {
    await removePermission.run(this.#executor, { user_id, ...permission });
  }
}
