import type { UserSummary } from '../../management/access/ports.ts';
import type { OrganizationMemberStore } from '../../management/organizations/ports.ts';
import type { Listed, Page } from '../../management/pagination.ts';
import type { Role, RoleItself } from '../../model/access-control.ts';
import { roleCodec } from '../codecs/configuration.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { type Placeholders, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

type OfOrganization = { organization_id: string };
type Member = Tables['organization_member'];
type MemberRole = Tables['organization_member_role'];

const list = prepare((db, p: Placeholders<OfOrganization & PageParameters>) =>
  db
    .selectFrom('organization_member')
    .innerJoin('user', 'user.user_id', 'organization_member.user_id')
    .select(['user.user_id', 'user.email', 'user.name', 'user.picture'])
    .where('organization_id', '=', p.organization_id)
    .where('organization_member.user_id', '>', p.after)
    .orderBy('organization_member.user_id')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, p: Placeholders<OfOrganization>) =>
  db
    .selectFrom('organization_member')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('organization_id', '=', p.organization_id),
);
const find = prepare((db, p: Placeholders<Member>) =>
  db
    .selectFrom('organization_member')
    .select('user_id')
    .where('organization_id', '=', p.organization_id)
    .where('user_id', '=', p.user_id),
);
const add = prepare((db, p: Placeholders<Member>) =>
  db
    .insertInto('organization_member')
    .values({ organization_id: p.organization_id, user_id: p.user_id })
    .onConflict((conflict) => conflict.doNothing()),
);
const remove = prepare((db, p: Placeholders<Member>) =>
  db
    .deleteFrom('organization_member')
    .where('organization_id', '=', p.organization_id)
    .where('user_id', '=', p.user_id),
);
const listRoles = prepare((db, p: Placeholders<Member & PageParameters>) =>
  db
    .selectFrom('role')
    .innerJoin('organization_member_role', 'organization_member_role.role_id', 'role.id')
    .select(roleCodec.columns)
    .where('organization_id', '=', p.organization_id)
    .where('user_id', '=', p.user_id)
    .where('name', '>', p.after)
    .orderBy('name')
    .limit(p.limit)
    .offset(p.offset),
);
const countRoles = prepare((db, p: Placeholders<Member>) =>
  db
    .selectFrom('organization_member_role')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('organization_id', '=', p.organization_id)
    .where('user_id', '=', p.user_id),
);
const listRolesOf = prepare((db, p: Placeholders<OfOrganization & { first: string; last: string }>) =>
  db
    .selectFrom('organization_member_role')
    .innerJoin('role', 'role.id', 'organization_member_role.role_id')
    .select(['organization_member_role.user_id', 'role.id', 'role.name'])
    .where('organization_id', '=', p.organization_id)
    .where('user_id', '>=', p.first)
    .where('user_id', '<=', p.last)
    .orderBy('role.name'),
);
const assignRole = prepare((db, p: Placeholders<MemberRole>) =>
  db
    .insertInto('organization_member_role')
    .values({ organization_id: p.organization_id, user_id: p.user_id, role_id: p.role_id })
    .onConflict((conflict) => conflict.doNothing()),
);
const unassignRole = prepare((db, p: Placeholders<MemberRole>) =>
  db
    .deleteFrom('organization_member_role')
    .where('organization_id', '=', p.organization_id)
    .where('user_id', '=', p.user_id)
    .where('role_id', '=', p.role_id),
);

export class SqlOrganizationMemberStore implements OrganizationMemberStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async list(organization_id: string, page: Page): Promise<Listed<UserSummary>> {
    const rows = await list.all(this.#executor, { organization_id, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => row,
      keyOf: ({ user_id }) => user_id,
      count: () => count.first(this.#executor, { organization_id }),
    });
  }

  async isMember(organization_id: string, user_id: string): Promise<boolean> {
    return (await find.first(this.#executor, { organization_id, user_id })) !== undefined;
  }

  async add(organization_id: string, user_id: string): Promise<void> {
    await add.run(this.#executor, { organization_id, user_id });
  }

  async remove(organization_id: string, user_id: string): Promise<void> {
    await remove.run(this.#executor, { organization_id, user_id });
  }

  async listRoles(organization_id: string, user_id: string, page: Page): Promise<Listed<RoleItself>> {
    const member = { organization_id, user_id };
    const rows = await listRoles.all(this.#executor, { ...member, ...pageParameters(page) });
    return listed(rows, page, {
      decode: (row) => roleCodec.decode(row),
      keyOf: ({ name }) => name,
      count: () => countRoles.first(this.#executor, member),
    });
  }

  async listRolesOf(
    organization_id: string,
    first: string,
    last: string,
  ): Promise<(Pick<Role, 'id' | 'name'> & { user_id: string })[]> {
    return listRolesOf.all(this.#executor, { organization_id, first, last });
  }

  async countRoles(organization_id: string, user_id: string): Promise<number> {
    return (await countRoles.first(this.#executor, { organization_id, user_id }))?.count ?? 0;
  }

  async assignRole(organization_id: string, user_id: string, role_id: string): Promise<void> {
    await assignRole.run(this.#executor, { organization_id, user_id, role_id });
  }

  async unassignRole(organization_id: string, user_id: string, role_id: string): Promise<void> {
    await unassignRole.run(this.#executor, { organization_id, user_id, role_id });
  }
}
