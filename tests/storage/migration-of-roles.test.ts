// A database from before 0023: roles, what they allow and who has them stand where they stood.
import { expect, test } from 'vitest';
import { namesOfRoles } from '../../packages/server/src/storage/migrations/0023-names-of-roles.ts';
import { databaseBefore, engines } from './databases.ts';

test.each(engines)(
  '$name: a role keeps its users and permissions, and shares its name',
  async ({ create }) => {
    const former = await databaseBefore(namesOfRoles, create);
    await former.run(`insert into "user" (user_id, email_verified, phone_verified, name, nickname, picture, user_metadata,
    app_metadata, blocked, epoch, created_at, updated_at, logins_count, name_search)
    values ('auth0|1', 0, 0, 'A', 'a', '', '{}', '{}', 0, 0, 0, 0, 0, 'a')`);
    await former.run(
      `insert into role (id, name, is_system, name_search) values ('rol_1', 'Editor', 1, 'editor')`,
    );
    await former.run(`insert into role_permission values ('rol_1', 'https://api/', 'read')`);
    await former.run(`insert into user_role values ('auth0|1', 'rol_1')`);
    await former.run(
      `insert into organization (id, name, metadata, created_at) values ('org_1', 'acme', '{}', 0)`,
    );
    await former.run(`insert into organization_member values ('org_1', 'auth0|1')`);
    await former.run(`insert into organization_member_role values ('org_1', 'auth0|1', 'rol_1')`);
    await former.migrate();
    await former.run(`insert into role (id, name) values ('rol_2', 'Editor')`);
    const rowsOf = (table: string) => former.rows(`select * from ${table}`);
    expect(await rowsOf('role where is_system = 1')).toEqual([
      { id: 'rol_1', name: 'Editor', description: null, is_system: 1, name_search: 'editor' },
    ]);
    expect(await rowsOf('role_permission')).toHaveLength(1);
    expect(await rowsOf('user_role')).toEqual([{ user_id: 'auth0|1', role_id: 'rol_1' }]);
    expect(await rowsOf('organization_member_role')).toHaveLength(1);
    // What points to a role goes with it, as before.
    await former.run(`delete from role where id = 'rol_1'`);
    for (const table of ['role_permission', 'user_role', 'organization_member_role']) {
      expect(await rowsOf(table)).toEqual([]);
    }
    expect(await rowsOf('organization_member')).toHaveLength(1);
    await former.drop();
  },
);
