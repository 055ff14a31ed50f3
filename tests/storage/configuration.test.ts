import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { tenantSettingsSchema } from '../../packages/server/src/model/tenant.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import type { Database } from '../../packages/server/src/storage/executor.ts';
import { createUnitOfWork } from '../../packages/server/src/storage/unit-of-work.ts';
import {
  client,
  clientGrant,
  connection,
  identity,
  insertClientAndUser,
  organization,
  organizationConnection,
  resourceServer,
  signingKey,
  user,
} from './builders.ts';
import { encryption, engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(() => {
    opened = databases.current;
  });

  test('tenant settings are put, and put again', async () => {
    expect(await opened.read.tenant.get()).toBeUndefined();
    for (const friendly_name of ['One', 'Two']) {
      const settings = tenantSettingsSchema.parse({ friendly_name });
      await opened.write((stores) => stores.tenant.put(settings));
      expect(await opened.read.tenant.get()).toEqual(settings);
    }
  });

  test('settings are read once a second, and at once after a change of our own', async () => {
    const { database, clock } = opened;
    let reads = 0;
    const noting: Database = {
      ...database,
      read: {
        ...database.read,
        rows: (statement) => {
          if (statement.sql.includes('from "tenant"')) reads += 1;
          return database.read.rows(statement);
        },
      },
      transaction: (work) => database.transaction(work),
    };
    const { settings, transaction } = createUnitOfWork(noting, { encryption, clock, random: systemRandom });
    const named = async () => {
      await settings.refresh();
      return settings.current.friendly_name;
    };
    const name = (friendly_name: string) => tenantSettingsSchema.parse({ friendly_name });
    expect([await named(), await named(), reads]).toEqual(['Freehold', 'Freehold', 1]);
    await transaction(({ tenant }) => tenant.put(name('Ours')));
    expect([await named(), await named(), reads]).toEqual(['Ours', 'Ours', 2]);
    await opened.write(({ tenant }) => tenant.put(name('Theirs')));
    expect([await named(), reads]).toEqual(['Ours', 2]);
    clock.advance(1);
    expect(await Promise.all([named(), named(), named()])).toEqual(['Theirs', 'Theirs', 'Theirs']);
    expect(reads).toBe(3);
  });

  test('settings stay as they were while the database is away, and are read when it is back', async () => {
    const { database, clock } = opened;
    let isAway = false;
    const failing: Database = {
      ...database,
      read: {
        ...database.read,
        rows: (statement) => (isAway ? Promise.reject(new Error('away')) : database.read.rows(statement)),
      },
    };
    const { settings } = createUnitOfWork(failing, { encryption, clock, random: systemRandom });
    await opened.write(({ tenant }) => tenant.put(tenantSettingsSchema.parse({ friendly_name: 'Before' })));
    await settings.refresh();
    isAway = true;
    clock.advance(1);
    await expect(settings.refresh()).rejects.toThrow('away');
    expect([settings.current.friendly_name, settings.refresh()]).toEqual(['Before', undefined]);
    await opened.write(({ tenant }) => tenant.put(tenantSettingsSchema.parse({ friendly_name: 'After' })));
    isAway = false;
    clock.advance(1);
    await settings.refresh();
    expect(settings.current.friendly_name).toBe('After');
  });

  test('processes that take the tenant’s lock apply one after the other', async () => {
    const other = await databases.open();
    const add = (at: OpenedDatabase) =>
      at.write(async ({ tenant }) => {
        await tenant.lock();
        const count = Number((await tenant.get())?.friendly_name ?? 0);
        await tenant.put(tenantSettingsSchema.parse({ friendly_name: String(count + 1) }));
      });
    await Promise.all(Array.from({ length: 20 }, (_, n) => add(n % 2 ? opened : other)));
    expect((await opened.read.tenant.get())?.friendly_name).toBe('20');
  });

  describe('what is kept for a second', () => {
    const rename = (at: OpenedDatabase, name: string) =>
      at.write((stores) => stores.clients.upsert(client({ name })));
    const nameAt = async (at: OpenedDatabase) => (await at.read.clients.find('spa'))?.name;

    test('a change is seen at once by the process that made it, by another after a second', async () => {
      const other = await databases.open();
      await rename(opened, 'One');
      expect([await nameAt(opened), await nameAt(other)]).toEqual(['One', 'One']);
      await rename(opened, 'Two');
      expect(await nameAt(opened)).toBe('Two');
      other.clock.advance(1);
      expect(await nameAt(other)).toBe('Two');
    });

    test('a connection that is taken from a client is gone at once', async () => {
      await insertClientAndUser(opened);
      expect(await opened.read.connections.listForClient('spa')).toHaveLength(1);
      await opened.write((stores) => stores.connections.setClients('con_1', []));
      expect(await opened.read.connections.listForClient('spa')).toEqual([]);
    });

    test('a transaction reads what it wrote, and what it rolled back is seen by nobody', async () => {
      await rename(opened, 'One');
      await nameAt(opened);
      const failing = opened.write(async (stores) => {
        await stores.clients.upsert(client({ name: 'Two' }));
        throw new Error((await stores.clients.find('spa'))?.name);
      });
      await expect(failing).rejects.toThrow('Two');
      expect(await nameAt(opened)).toBe('One');
    });

    test('nobody can change what others hold too', async () => {
      await rename(opened, 'One');
      const found = await opened.read.clients.find('spa');
      expect(() => found?.callbacks.push('https://evil.example/')).toThrow(TypeError);
    });
  });

  describe('clients', () => {
    test('a client is inserted, then replaced, and its secret stays', async () => {
      const upsert = (differs: Parameters<typeof client>[0]) =>
        opened.write((stores) => stores.clients.upsert(client(differs)));
      await upsert({});
      expect(await opened.read.clients.find('spa')).toEqual(client());
      expect(await opened.read.clients.findSecret('spa')).toBeUndefined();
      await opened.write((stores) => stores.clients.setSecret('spa', 's3cret'));
      const changed = { name: 'New', token_endpoint_auth_method: null, is_first_party: false };
      await upsert(changed);
      expect(await opened.read.clients.find('spa')).toEqual(client(changed));
      expect(await opened.read.clients.findSecret('spa')).toBe('s3cret');
      await opened.write((stores) => stores.clients.setSecret('spa', null));
      expect(await opened.read.clients.findSecret('spa')).toBeUndefined();
      expect(await opened.read.clients.find('unknown')).toBeUndefined();
    });

    test('CO-6: clients are listed, and their origins', async () => {
      const others = [
        client({ client_id: 'b', name: 'B', is_system: true }),
        client({ client_id: 'a', name: 'A' }),
      ];
      for (const other of others) await opened.write((stores) => stores.clients.upsert(other));
      expect(await opened.read.clients.list()).toEqual(others.toReversed());
      const { callbacks, allowed_origins, web_origins, grant_types } = client();
      expect(await opened.read.clients.listOrigins()).toEqual(
        expect.arrayContaining([{ client_id: 'a', callbacks, allowed_origins, web_origins, grant_types }]),
      );
    });
  });

  test('resource servers are upserted by identifier and keep their id', async () => {
    await opened.write((stores) => stores.resourceServers.upsert(resourceServer()));
    const changed = resourceServer({ id: 'rs_new', token_lifetime: 60, enforce_policies: true });
    await opened.write((stores) => stores.resourceServers.upsert(changed));
    expect(await opened.read.resourceServers.find(changed.identifier)).toEqual({ ...changed, id: 'rs_1' });
    expect(await opened.read.resourceServers.find('unknown')).toBeUndefined();
  });

  test('client grants are upserted by client, audience and subject type', async () => {
    await opened.write(async (stores) => {
      await stores.clients.upsert(client());
      await stores.resourceServers.upsert(resourceServer());
      await stores.clientGrants.upsert(clientGrant());
      await stores.clientGrants.upsert(
        clientGrant({ id: 'cgr_u', subject_type: 'user', allow_all_scopes: true }),
      );
      await stores.clientGrants.upsert(clientGrant({ id: 'cgr_2', scope: [] }));
    });
    const find = (subject_type: 'client' | 'user') =>
      opened.read.clientGrants.find('spa', 'https://api.example/', subject_type);
    expect(await find('client')).toEqual(clientGrant({ scope: [] }));
    expect(await find('user')).toMatchObject({ id: 'cgr_u', allow_all_scopes: true });
    expect(await opened.read.clientGrants.find('spa', 'unknown', 'user')).toBeUndefined();
  });

  test('AZ-25: a connection is enabled for exactly the clients that were set', async () => {
    await opened.write(async (stores) => {
      for (const client_id of ['a', 'b']) await stores.clients.upsert(client({ client_id }));
      await stores.connections.upsert(connection());
      await stores.connections.upsert(connection({ id: 'con_2', name: 'Another' }));
      await stores.connections.setClients('con_1', ['a', 'b', 'a']);
      await stores.connections.setClients('con_1', ['b']);
      await stores.connections.setClients('con_2', ['b']);
      await stores.connections.upsert(connection({ display_name: 'People' }));
    });
    const { connections } = opened.read;
    const [people, another] = [
      connection({ display_name: 'People' }),
      connection({ id: 'con_2', name: 'Another' }),
    ];
    expect(await connections.listClients('con_1')).toEqual(['b']);
    expect(await connections.listForClient('b')).toEqual([another, people]);
    expect(await connections.listForClient('a')).toEqual([]);
    expect(await connections.list()).toEqual([another, people]);
    expect(await connections.find('con_1')).toEqual(people);
    expect(await connections.findByName('Another')).toEqual(another);
    expect(await connections.find('Another')).toBeUndefined();
    expect(await connections.findByName('con_1')).toBeUndefined();
  });

  test('AT-10: a role has exactly its permissions; users have them, and those given directly, once each', async () => {
    await insertClientAndUser(opened);
    const api = 'https://api.example/';
    const permission = (permission_name: string, resource_server_identifier = api) => ({
      resource_server_identifier,
      permission_name,
    });
    const role = { id: 'rol_1', name: 'editor', description: null, is_system: false };
    await opened.write(async (stores) => {
      await stores.roles.upsert({ ...role, permissions: [permission('gone'), permission('read')] });
      await stores.roles.upsert({
        ...role,
        permissions: [permission('read'), permission('write'), permission('other', 'https://other/')],
      });
      expect(await stores.roles.findByName('editor')).toEqual({
        ...role,
        permissions: [permission('read'), permission('write'), permission('other', 'https://other/')],
      });
      expect(await stores.users.countWithRole('rol_1')).toBe(0);
      await stores.users.assignRole('auth0|1', 'rol_1');
      await stores.users.assignRole('auth0|1', 'rol_1');
      expect(await stores.users.countWithRole('rol_1')).toBe(1);
    });
    await opened.database.transaction(async (executor) => {
      for (const name of ['direct', 'read']) {
        const sql = `insert into user_permission (user_id, resource_server_identifier, permission_name)
          values ('auth0|1', '${api}', '${name}')`;
        await executor.changes({ sql, parameters: [] });
      }
    });
    expect(await opened.read.users.listPermissions('auth0|1', api)).toEqual(['direct', 'read', 'write']);
    expect(await opened.read.users.listPermissions('auth0|2', api)).toEqual([]);
    expect(await opened.read.roles.findByName('unknown')).toBeUndefined();
  });

  test('an organization has exactly its connections', async () => {
    await opened.write(async (stores) => {
      await stores.connections.upsert(connection());
      await stores.connections.upsert(connection({ id: 'con_2', name: 'Another' }));
      await stores.organizations.upsert(organization());
      const both = ['con_1', 'con_2'].map((connection_id) => organizationConnection({ connection_id }));
      await stores.organizations.setConnections(both, 'org_1');
      await stores.organizations.upsert(organization({ display_name: null }));
      await stores.organizations.setConnections(both.slice(1), 'org_1');
    });
    const { organizations } = opened.read;
    expect(await organizations.findByName('acme')).toEqual(organization({ display_name: null }));
    expect(await organizations.listConnections('org_1')).toEqual([
      organizationConnection({ connection_id: 'con_2' }),
    ]);
    expect(await organizations.findByName('unknown')).toBeUndefined();
  });

  test('signing keys are listed oldest first, and tell since when they are what they are', async () => {
    const next = signingKey({ kid: 'kid-0', status: 'next', created_at: start + 1, current_since: null });
    await opened.write(async ({ signingKeys }) => {
      await signingKeys.lock();
      await signingKeys.insert(next);
      await signingKeys.insert(signingKey());
    });
    expect(await opened.read.signingKeys.list()).toEqual([signingKey(), next]);
    await opened.write(async ({ signingKeys }) => {
      await signingKeys.setStatus('kid-1', 'previous', start + 5);
      await signingKeys.setStatus('kid-0', 'current', start + 5);
      await signingKeys.setStatus('kid-1', 'revoked', start + 6);
    });
    expect(await opened.read.signingKeys.list()).toEqual([
      signingKey({ status: 'revoked', revoked_at: start + 6 }),
      { ...next, status: 'current', current_since: start + 5 },
    ]);
  });

  test('KY-1: sealed columns never hold the clear text, and do not open in another row', async () => {
    await opened.write(async (stores) => {
      for (const client_id of ['a', 'b']) await stores.clients.upsert(client({ client_id }));
      await stores.clients.setSecret('a', 'SECRET-IN-CLEAR');
      await stores.signingKeys.insert(signingKey());
    });
    const sealed = await opened.database.read.rows<{ sealed: string }>({
      sql: 'select client_secret as sealed from client union select private_key as sealed from signing_key',
      parameters: [],
    });
    expect(JSON.stringify(sealed)).not.toMatch(/IN-CLEAR/);
    await opened.database.transaction((executor) =>
      executor.changes({
        sql: `update client set client_secret = (select client_secret from client where client_id = 'a')`,
        parameters: [],
      }),
    );
    expect(await opened.read.clients.findSecret('a')).toBe('SECRET-IN-CLEAR');
    await expect(opened.read.clients.findSecret('b')).rejects.toMatchObject({ name: 'SealedValueDamaged' });
    if (!opened.url.startsWith('sqlite:')) return;
    const path = opened.url.slice('sqlite:'.length);
    const files = await Promise.all([readFile(path), readFile(`${path}-wal`)]);
    expect(Buffer.concat(files).includes('IN-CLEAR')).toBe(false);
    expect(Buffer.concat(files).includes('Single page')).toBe(true);
  });

  test('what belongs to a deleted user goes with it', async () => {
    await insertClientAndUser(opened);
    await opened.write((stores) => stores.users.insert(user({ user_id: 'auth0|2' }), second, null));
    await opened.database.transaction((executor) =>
      executor.changes({ sql: `delete from "user" where user_id = 'auth0|1'`, parameters: [] }),
    );
    const rows = await opened.database.read.rows({
      sql: 'select owner, password_hash from identity',
      parameters: [],
    });
    expect(rows).toEqual([{ owner: 'auth0|2', password_hash: null }]);
  });
});

const second = identity({ user_id: '2', owner: 'auth0|2', email: 'two@example.com' });
