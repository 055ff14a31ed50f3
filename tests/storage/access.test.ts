// What the lists of roles and organizations tell, a page at a time.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '../../packages/server/src/management/pagination.ts';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import {
  client,
  connection,
  identity,
  insertClientAndUser,
  invitation,
  organization,
  organizationConnection,
  role,
  user,
} from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

const page = (differs: Partial<Page> = {}): Page => ({
  limit: 50,
  offset: 0,
  after: undefined,
  counted: false,
  ...differs,
});
const api = 'https://api.example/';
const permission = (permission_name: string, resource_server_identifier = api) => ({
  resource_server_identifier,
  permission_name,
});

/** Every page after the other, as a client reads them that follows `next`. */
async function byCheckpoint<Item>(
  list: (page: Page) => Promise<{ items: Item[]; next?: string }>,
  limit: number,
): Promise<Item[][]> {
  const pages: Item[][] = [];
  let after: string | undefined;
  do {
    const { items, next } = await list(page({ limit, after }));
    pages.push(items);
    after = next;
  } while (after !== undefined);
  return pages;
}

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
  });

  const addUser = (id: string) =>
    opened.write(({ users }) =>
      users.insert(
        user({ user_id: `auth0|${id}`, email: `${id}@example.com` }),
        identity({ user_id: id, owner: `auth0|${id}`, email: `${id}@example.com` }),
        null,
      ),
    );

  describe('roles', () => {
    const names = ['Admin', 'Reader', 'read_only', '50%', 'Ünreadable'];
    const idOf = (name: string) => `rol_${names.indexOf(name)}`;
    beforeEach(() =>
      opened.write(async ({ roles }) => {
        for (const name of names) await roles.upsert(role({ id: idOf(name), name, permissions: [] }));
        await roles.upsert(role({ id: 'rol_own', name: 'owner', is_system: true, permissions: [] }));
      }),
    );
    const namesOf = async (name: string | undefined, is_system = false) =>
      (await opened.read.roles.list({ name, is_system }, page())).items.map((item) => item.name);

    test('are listed by name, those of administrators or the others', async () => {
      expect(await namesOf(undefined)).toEqual(names.toSorted());
      expect(await namesOf(undefined, true)).toEqual(['owner']);
    });

    test('are found by a part of their name in whatever case, and signs stand for themselves', async () => {
      expect(await namesOf('READ')).toEqual(['Reader', 'read_only', 'Ünreadable']);
      expect(await namesOf('ÜN')).toEqual(['Ünreadable']);
      expect(await namesOf('d_o')).toEqual(['read_only']);
      expect(await namesOf('0%')).toEqual(['50%']);
      expect(await namesOf('%')).toEqual(['50%']);
      expect(await namesOf('\\')).toEqual([]);
    });

    test('are paged by offset, with the number of all, and by checkpoint', async () => {
      const filter = { name: 'read', is_system: false };
      const second = await opened.read.roles.list(filter, page({ limit: 2, offset: 2, counted: true }));
      expect(second).toMatchObject({ items: [{ name: 'Ünreadable' }], total: 3 });
      expect(second.next).toBeUndefined();
      const pages = await byCheckpoint((at) => opened.read.roles.list(filter, at), 2);
      expect(pages.map((items) => items.map(({ name }) => name))).toEqual([
        ['Reader', 'read_only'],
        ['Ünreadable'],
      ]);
    });

    test('their permissions are added, taken away and listed', async () => {
      const id = idOf('Reader');
      await opened.write(async ({ roles }) => {
        for (const name of ['b', 'a', 'a', 'c']) await roles.addPermission(id, permission(name));
        await roles.removePermission(id, permission('c'));
      });
      expect(await opened.read.roles.listPermissions(id, page({ limit: 1, counted: true }))).toEqual({
        items: [permission('a')],
        next: expect.any(String),
        total: 2,
      });
      expect((await opened.read.roles.find(id))?.permissions).toEqual([permission('a'), permission('b')]);
    });

    test('are assigned to users; a role that is deleted is gone from them', async () => {
      for (const id of ['a', 'b', 'c']) await addUser(id);
      const id = idOf('Reader');
      await opened.write(async ({ userAccess }) => {
        for (const name of ['c', 'a', 'b', 'a']) await userAccess.assignRole(`auth0|${name}`, id);
        await userAccess.unassignRole('auth0|b', id);
        await userAccess.assignRole('auth0|a', idOf('Admin'));
      });
      const { userAccess } = opened.read;
      expect(await userAccess.listUsers(id, page({ counted: true }))).toEqual({
        items: ['a', 'c'].map((name) => {
          const { user_id, email, picture } = user({
            user_id: `auth0|${name}`,
            email: `${name}@example.com`,
          });
          return { user_id, email, name: user().name, picture };
        }),
        total: 2,
      });
      expect(await byCheckpoint((at) => userAccess.listUsers(id, at), 1)).toHaveLength(2);
      const roles = async () => (await userAccess.listRoles('auth0|a', page())).items.map(({ name }) => name);
      expect(await roles()).toEqual(['Admin', 'Reader']);
      await opened.write((stores) => stores.roles.delete(id));
      expect(await roles()).toEqual(['Admin']);
      expect(await opened.read.roles.find(id)).toBeUndefined();
    });
  });

  test('AT-10: what a user may do is listed once each, with everything it comes from', async () => {
    const other = 'https://other.example/';
    await opened.write(async ({ roles, userAccess }) => {
      await roles.upsert(
        role({ id: 'rol_r', name: 'R', permissions: [permission('read'), permission('z', other)] }),
      );
      await roles.upsert(
        role({ id: 'rol_w', name: 'W', permissions: [permission('read'), permission('write')] }),
      );
      for (const id of ['rol_r', 'rol_w']) await userAccess.assignRole('auth0|1', id);
      for (const name of ['direct', 'read', 'read', 'gone']) {
        await userAccess.addPermission('auth0|1', permission(name));
      }
      await userAccess.removePermission('auth0|1', permission('gone'));
    });
    const { userAccess } = opened.read;
    const all = [permission('direct'), permission('read'), permission('write'), permission('z', other)];
    expect(await userAccess.listPermissions('auth0|1', page({ counted: true }))).toEqual({
      items: all,
      total: 4,
    });
    expect((await userAccess.listPermissions('auth0|1', page({ limit: 2, offset: 1 }))).items).toEqual(
      all.slice(1, 3),
    );
    expect(await userAccess.listSources('auth0|1', permission('read'), permission('write'))).toEqual([
      { permission: permission('read'), role: undefined },
      { permission: permission('read'), role: { id: 'rol_r', name: 'R' } },
      { permission: permission('read'), role: { id: 'rol_w', name: 'W' } },
      { permission: permission('write'), role: { id: 'rol_w', name: 'W' } },
    ]);
    expect(await userAccess.countPermissions('auth0|1')).toBe(2);
    expect(await userAccess.listPermissions('auth0|2', page({ counted: true }))).toEqual({
      items: [],
      total: 0,
    });
  });

  describe('organizations', () => {
    const listed = [
      { id: 'org_a', name: 'c', display_name: null, created_at: start + 1 },
      { id: 'org_b', name: 'a', display_name: 'Z', created_at: start + 10 },
      { id: 'org_c', name: 'b', display_name: 'A b', created_at: start + 1 },
    ];
    beforeEach(() =>
      opened.write(async ({ organizations, connections, clients }) => {
        await clients.upsert(client());
        await connections.upsert(connection({ id: 'con_2', name: 'Another' }));
        for (const differs of listed) await organizations.upsert(organization(differs));
      }),
    );

    test.each([
      ['name', false, ['org_b', 'org_c', 'org_a']],
      ['name', true, ['org_a', 'org_c', 'org_b']],
      ['display_name', false, ['org_a', 'org_c', 'org_b']],
      ['display_name', true, ['org_b', 'org_c', 'org_a']],
      ['created_at', false, ['org_a', 'org_c', 'org_b']],
      ['created_at', true, ['org_b', 'org_c', 'org_a']],
    ] as const)(
      'are sorted by %s (descending: %s), by offset and by checkpoint',
      async (by, descending, ids) => {
        const { organizations } = opened.read;
        const list = (at: Page) => organizations.list({ by, descending }, at);
        const idsOf = (items: { id: string }[]) => items.map(({ id }) => id);
        expect(idsOf((await list(page())).items)).toEqual(ids);
        expect((await byCheckpoint(list, 1)).flatMap(idsOf)).toEqual(ids);
        expect((await byCheckpoint(list, 2)).map(idsOf)).toEqual([ids.slice(0, 2), ids.slice(2)]);
        expect(await list(page({ limit: 1, offset: 2, counted: true }))).toMatchObject({
          items: [{ id: ids[2] }],
          total: 3,
        });
      },
    );

    test.each(['', 'x', 'x y', 'org_a 9e99', 'org_a '])(
      'a checkpoint %j that is none of ours is a place all the same',
      async (after) => {
        const { organizations } = opened.read;
        for (const by of ['name', 'created_at'] as const) {
          const { items } = await organizations.list({ by, descending: false }, page({ after }));
          expect(items.length).toBeLessThanOrEqual(3);
        }
      },
    );

    test('tell their connections, one by one and all', async () => {
      const { organizationConnections } = opened.read;
      await opened.write(async (stores) => {
        for (const connection_id of ['con_2', 'con_1']) {
          await stores.organizationConnections.put(
            organizationConnection({ organization_id: 'org_a', connection_id }),
          );
        }
        await stores.organizationConnections.put(
          organizationConnection({
            organization_id: 'org_a',
            connection_id: 'con_2',
            is_enabled: false,
            organization_connection_name: 'Ours',
          }),
        );
      });
      const idsOf = async (is_enabled: boolean | undefined) =>
        (await organizationConnections.list('org_a', { is_enabled }, page())).items.map(
          ({ connection_id }) => connection_id,
        );
      expect(await idsOf(undefined)).toEqual(['con_1', 'con_2']);
      expect(await idsOf(true)).toEqual(['con_1']);
      expect(await idsOf(false)).toEqual(['con_2']);
      expect(await organizationConnections.find('org_a', 'con_2')).toMatchObject({
        organization_connection_name: 'Ours',
        is_enabled: false,
        connection: { name: 'Another', strategy: 'auth0' },
      });
      expect(await organizationConnections.find('org_b', 'con_2')).toBeUndefined();
      await opened.write((stores) => stores.organizationConnections.remove('org_a', 'con_2'));
      const counted = await organizationConnections.list(
        'org_a',
        { is_enabled: undefined },
        page({ counted: true }),
      );
      expect(counted).toMatchObject({ items: [{ connection_id: 'con_1' }], total: 1 });
    });

    test('have members with roles of their own, which go with the membership', async () => {
      for (const id of ['a', 'b']) await addUser(id);
      await opened.write(async ({ organizationMembers, roles }) => {
        for (const name of ['W', 'R']) await roles.upsert(role({ id: `rol_${name}`, name, permissions: [] }));
        for (const id of ['b', 'a', 'a']) await organizationMembers.add('org_a', `auth0|${id}`);
        await organizationMembers.add('org_b', 'auth0|a');
        for (const name of ['W', 'R', 'R']) {
          await organizationMembers.assignRole('org_a', 'auth0|a', `rol_${name}`);
        }
      });
      const { organizationMembers, organizations } = opened.read;
      const { items, total } = await organizationMembers.list('org_a', page({ counted: true }));
      expect([items.map(({ user_id }) => user_id), total]).toEqual([['auth0|a', 'auth0|b'], 2]);
      expect(await byCheckpoint((at) => organizationMembers.list('org_a', at), 1)).toHaveLength(2);
      const roles = async () =>
        (await organizationMembers.listRoles('org_a', 'auth0|a', page({ counted: true }))).items.map(
          ({ name }) => name,
        );
      expect(await roles()).toEqual(['R', 'W']);
      expect(await organizationMembers.listRolesOf('org_a', 'auth0|a', 'auth0|b')).toEqual([
        { user_id: 'auth0|a', id: 'rol_R', name: 'R' },
        { user_id: 'auth0|a', id: 'rol_W', name: 'W' },
      ]);
      expect(await organizationMembers.listRolesOf('org_a', 'auth0|b', 'auth0|b')).toEqual([]);
      expect(await organizations.listOf('auth0|a', page({ counted: true }))).toMatchObject({
        items: [{ id: 'org_a' }, { id: 'org_b' }],
        total: 2,
      });
      await opened.write((stores) => stores.organizationMembers.unassignRole('org_a', 'auth0|a', 'rol_R'));
      expect(await roles()).toEqual(['W']);
      await opened.write(async (stores) => {
        await stores.organizationMembers.remove('org_a', 'auth0|a');
        await stores.organizationMembers.add('org_a', 'auth0|a');
      });
      expect(await roles()).toEqual([]);
      expect(await organizationMembers.isMember('org_a', 'auth0|a')).toBe(true);
      expect(await organizationMembers.isMember('org_b', 'auth0|b')).toBe(false);
    });

    test('IV-3: an invitation keeps its ticket hashed and sealed, and opens in its own organization alone', async () => {
      await opened.write(async ({ invitations }) => {
        await invitations.insert(invitation({ organization_id: 'org_a' }), 'the-ticket');
        await invitations.insert(
          invitation({ id: 'uinv_2', organization_id: 'org_a', created_at: start + 1 }),
          'another',
        );
      });
      const { invitations } = opened.read;
      expect(await invitations.find('org_a', 'uinv_1')).toEqual({
        invitation: invitation({ organization_id: 'org_a' }),
        ticket: 'the-ticket',
      });
      expect(await invitations.find('org_b', 'uinv_1')).toBeUndefined();
      const [row] = await opened.database.read.rows<{ hash: string; ticket: string }>({
        sql: `select hash, ticket from invitation where id = 'uinv_1'`,
        parameters: [],
      });
      expect(JSON.stringify(row)).not.toContain('the-ticket');
      const idsOf = async (descending: boolean) =>
        (await invitations.list('org_a', { descending }, page({ counted: true }))).items.map(
          (invited) => invited.invitation.id,
        );
      expect(await idsOf(false)).toEqual(['uinv_1', 'uinv_2']);
      expect(await idsOf(true)).toEqual(['uinv_2', 'uinv_1']);
      await opened.write((stores) => stores.invitations.remove('org_b', 'uinv_2'));
      await opened.write((stores) => stores.invitations.remove('org_a', 'uinv_1'));
      expect(await idsOf(true)).toEqual(['uinv_2']);
    });

    test('IV-3: an invitation is gone a month after it has expired', async () => {
      await opened.write((stores) =>
        stores.invitations.insert(invitation({ organization_id: 'org_a' }), 'ticket'),
      );
      const { expires_at } = invitation();
      const isThereAt = async (now: number) => {
        await sweep(opened.database, now, { log_retention_days: 30 });
        return (await opened.read.invitations.find('org_a', 'uinv_1')) !== undefined;
      };
      expect(await isThereAt(expires_at + 30 * 86_400 - 1)).toBe(true);
      expect(await isThereAt(expires_at + 30 * 86_400)).toBe(false);
    });

    test('take with them what is theirs when they are deleted', async () => {
      await opened.write(async (stores) => {
        await stores.organizationMembers.add('org_a', 'auth0|1');
        await stores.organizationConnections.put(organizationConnection({ organization_id: 'org_a' }));
        await stores.invitations.insert(invitation({ organization_id: 'org_a' }), 'the-ticket');
        await stores.organizations.delete('org_a');
      });
      for (const table of ['organization_member', 'organization_connection', 'invitation']) {
        expect(await opened.database.read.rows({ sql: `select * from ${table}`, parameters: [] })).toEqual(
          [],
        );
      }
    });
  });
});
