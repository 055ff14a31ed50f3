// Connections, whom they are enabled for, their secrets, realms and users; and what goes with an API.
import { describe, expect, test } from 'vitest';
import { deleteUsersOf } from '../../packages/server/src/login/connection-deletion.ts';
import type { Page } from '../../packages/server/src/management/pagination.ts';
import type { Connection } from '../../packages/server/src/model/connection.ts';
import { newUser } from '../../packages/server/src/model/new-user.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import type { Stores } from '../../packages/server/src/storage/unit-of-work.ts';
import { client, connection, requester, resourceServer, role } from './builders.ts';
import { engines, start, useDatabase } from './databases.ts';

const page = (differs: Partial<Page> = {}): Page => ({
  limit: 10,
  offset: 0,
  after: undefined,
  counted: true,
  ...differs,
});
const everything = { strategies: [], name: undefined };

describe.each(engines)('$name', ({ create }) => {
  const opened = useDatabase(create);
  const named = (name: string, strategy = 'auth0'): Connection =>
    ({ ...connection({ id: `con_${name}`, name }), strategy, options: {} }) as Connection;
  const write = <T>(work: (stores: Stores) => Promise<T>) => opened.current.write(work);
  const put = (...connections: Connection[]) =>
    write(async (stores) => {
      for (const each of connections) await stores.connections.upsert(each);
    });

  test('a page is filtered, counted, and goes on after its last name', async () => {
    await put(named('a'), named('b', 'samlp'), named('c', 'oidc'), named('d', 'samlp'));
    const { connections } = opened.current.read;
    const names = async (filter: Parameters<typeof connections.page>[0], asked: Page) => {
      const { items, ...rest } = await connections.page(filter, asked);
      return { names: items.map((item) => item.connection.name), ...rest };
    };
    expect(await names(everything, page({ limit: 2 }))).toEqual({ names: ['a', 'b'], total: 4, next: 'b' });
    expect(await names(everything, page({ after: 'b', counted: false }))).toEqual({ names: ['c', 'd'] });
    expect(await names({ strategies: ['samlp', 'oidc'], name: undefined }, page({ offset: 1 }))).toEqual({
      names: ['c', 'd'],
      total: 3,
    });
    // Part of the name of a strategy is none.
    expect(await names({ strategies: ['sam'], name: undefined }, page())).toEqual({ names: [], total: 0 });
    expect(await names({ strategies: [], name: 'c' }, page())).toEqual({ names: ['c'], total: 1 });
  });

  test('realms lead to one connection, and follow it', async () => {
    await put({ ...named('a'), realms: ['a', 'people'] });
    const { connections } = opened.current.read;
    expect(await connections.findIdByRealm('people')).toBe('con_a');
    await put({ ...named('a'), realms: ['others'] });
    expect([await connections.findIdByRealm('people'), await connections.findIdByRealm('others')]).toEqual([
      undefined,
      'con_a',
    ]);
    await expect(put({ ...named('b'), realms: ['others'] })).rejects.toThrow();
    expect(await connections.findByName('b')).toBeUndefined();
  });

  test('secrets are sealed for their connection alone', async () => {
    await put(named('a'), named('b'));
    const secrets = { client_secret: 'tell nobody', 'signing_key.key': 'nor this' };
    await write((stores) => stores.connections.setSecrets('con_a', secrets));
    expect(await opened.current.read.connections.findSecrets('con_a')).toEqual(secrets);
    expect(await opened.current.read.connections.findSecrets('con_b')).toEqual({});
    const sql = "select secrets from connection where id = 'con_a'";
    const [row] = await opened.current.database.read.rows<{ secrets: string }>({ sql, parameters: [] });
    expect(row?.secrets).not.toContain('tell nobody');
    await opened.current.database.transaction((executor) =>
      executor.changes({
        sql: `update connection set secrets = '${row?.secrets}' where id = 'con_b'`,
        parameters: [],
      }),
    );
    await expect(opened.current.read.connections.findSecrets('con_b')).rejects.toThrow();
    await write((stores) => stores.connections.setSecrets('con_a', {}));
    expect(await opened.current.read.connections.findSecrets('con_a')).toEqual({});
  });

  test('the server’s own clients are not listed, and stay where a list is set', async () => {
    await put(named('a'));
    await write(async ({ clients, connections }) => {
      await clients.upsert(client({ client_id: 'own', name: 'Own', is_system: true }));
      await clients.upsert(client({ client_id: 'app', name: 'App' }));
      await clients.upsert(client({ client_id: 'other', name: 'Other', is_first_party: false }));
      await connections.setClients('con_a', ['own', 'app']);
    });
    const { connections } = opened.current.read;
    expect(await connections.listClientsOf(['con_a'])).toEqual(new Map([['con_a', ['app']]]));
    await write((stores) => stores.connections.replaceClients('con_a', []));
    expect(await connections.listClients('con_a')).toEqual(['own']);
    await write((stores) => stores.connections.setThirdParties('con_a', true));
    await write((stores) => stores.connections.setThirdParties('con_a', true));
    expect(await connections.listClients('con_a')).toEqual(['other', 'own']);
    await write((stores) => stores.connections.setThirdParties('con_a', false));
    expect(await connections.listClients('con_a')).toEqual(['own']);
  });

  test('only connections that people log in by are a client’s', async () => {
    await write(({ clients }) => clients.upsert(client({ client_id: 'app' })));
    await put(
      named('a'),
      named('b', 'samlp'),
      { ...named('c'), authentication: { active: false } },
      named('d'),
    );
    await write((stores) => stores.connections.enableAll('app'));
    await write((stores) => stores.connections.beginDeletion('con_d', start));
    const usable = await opened.current.read.connections.listForClient('app');
    expect(usable.map(({ name }) => name)).toEqual(['a']);
  });

  test('a connection that is deleted is found no more; its row goes with its last users', async () => {
    await put(named('a'));
    await write(async ({ users }) => {
      for (let index = 0; index < 150; index += 1) {
        const { user, identity } = newUser({ id: String(index) }, named('a'), start, systemRandom);
        await users.insert(user, identity, null);
      }
    });
    const { connections, connectionUsers } = opened.current.read;
    expect(await connectionUsers.has('con_a')).toBe(true);
    const making = { clock: opened.current.clock, random: systemRandom };
    await write(async (stores) => {
      await stores.connections.beginDeletion('con_a', start);
      await deleteUsersOf('con_a', requester, stores, making);
    });
    expect(await connections.find('con_a')).toBeUndefined();
    expect(await connections.findIdByRealm('a')).toBeUndefined();
    expect(await connections.isBeingDeleted('a')).toBe(true);
    expect(await connectionUsers.list('con_a', 100)).toHaveLength(50);
    await write((stores) => deleteUsersOf('con_a', requester, stores, making));
    expect(await connections.isBeingDeleted('a')).toBe(false);
    expect(await connectionUsers.has('con_a')).toBe(false);
    expect(await opened.current.read.users.find('auth0|149')).toBeUndefined();
  });

  test('whoever has a permission at an API is found among a connection’s users, however they came by it', async () => {
    await put(named('a'), named('b'));
    const audience = 'https://api.example/';
    const permission = { resource_server_identifier: audience, permission_name: 'read:things' };
    await write(async (stores) => {
      for (const [id, where] of [
        ['direct', 'a'],
        ['by-role', 'a'],
        ['nobody', 'a'],
        ['elsewhere', 'b'],
      ] as const) {
        const { user, identity } = newUser({ id }, named(where), start, systemRandom);
        await stores.users.insert(user, identity, null);
      }
      await stores.roles.upsert(role({ permissions: [permission] }));
      await stores.users.assignRole('auth0|by-role', role().id);
      await stores.users.assignRole('auth0|elsewhere', role().id);
      await stores.userAccess.addPermission('auth0|direct', permission);
    });
    const found = await opened.current.read.connectionUsers.listWithPermissionAt('con_a', audience);
    expect(found.sort()).toEqual(['auth0|by-role', 'auth0|direct']);
  });

  test('APIs are paged by identifier, or found by some; permissions go with them', async () => {
    const identifiers = ['https://a/', 'https://b/', 'https://c/'];
    const permission = { resource_server_identifier: 'https://b/', permission_name: 'read:things' };
    await write(async (stores) => {
      for (const identifier of identifiers) {
        await stores.resourceServers.upsert(resourceServer({ id: identifier.slice(8, 9), identifier }));
      }
      await stores.roles.upsert(role({ permissions: [permission] }));
    });
    const { resourceServers, roles } = opened.current.read;
    const list = async (these: string[], asked: Page) => {
      const { items, total } = await resourceServers.list(these, asked);
      return [items.map(({ identifier }) => identifier), total];
    };
    expect(await list([], page({ limit: 2, offset: 1 }))).toEqual([['https://b/', 'https://c/'], 3]);
    expect(await list(['https://c/', 'https://x/', 'https://a/'], page())).toEqual([
      ['https://a/', 'https://c/'],
      2,
    ]);
    const unset = { token_dialect: null, enforce_policies: null, subject_type_authorization: null };
    const whole = resourceServer({ id: 'b', identifier: 'https://b/', ...unset, unused: { a: [1] } });
    await write((stores) => stores.resourceServers.upsert(whole));
    expect(await resourceServers.findById('b')).toEqual(whole);
    await write((stores) => stores.resourceServers.delete(whole));
    expect(await resourceServers.find('https://b/')).toBeUndefined();
    expect((await roles.findByName(role().name))?.permissions).toEqual([]);
  });
});
