// The tenant file, the users file and the administrator, applied to both databases.
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ensureAdministrator } from '../../packages/server/src/configuration/administrator.ts';
import { applyTenantFile } from '../../packages/server/src/configuration/apply/apply.ts';
import { applyUsersFile } from '../../packages/server/src/configuration/apply/apply-users.ts';
import { ConfigurationError } from '../../packages/server/src/configuration/findings.ts';
import { ensureSystem } from '../../packages/server/src/configuration/system.ts';
import { noTenantFile, parseTenantFile } from '../../packages/server/src/configuration/tenant-file.ts';
import { parseUsersFile } from '../../packages/server/src/configuration/users-file.ts';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { newUser } from '../../packages/server/src/model/new-user.ts';
import { createPasswordHashing } from '../../packages/server/src/runtime/cryptography/password-hashing.ts';
import { systemRandom as random } from '../../packages/server/src/runtime/random.ts';
import type { Stores } from '../../packages/server/src/storage/unit-of-work.ts';
import { engines, type OpenedDatabase, useDatabase } from '../storage/databases.ts';

const passwordHashing = createPasswordHashing({ random });
const bcrypt = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';
const example = (name: string) => readFile(new URL(`../../examples/${name}`, import.meta.url), 'utf8');

const applyTenant = (opened: OpenedDatabase, content: unknown) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return applyTenantFile(parseTenantFile(text, 'tenant.yaml'), opened.unit, { clock: opened.clock, random });
};
const applyNothing = (opened: OpenedDatabase) =>
  applyTenantFile(noTenantFile, opened.unit, { clock: opened.clock, random });
const applyUsers = (opened: OpenedDatabase, ...users: unknown[]) =>
  applyUsersFile(parseUsersFile(JSON.stringify(users), 'users.json'), opened.unit, {
    clock: opened.clock,
    random,
    passwordHashing,
  });
const administer = async (opened: OpenedDatabase, email = 'Root@example.com') => {
  const { clock, unit } = opened;
  await ensureSystem('https://login.example/', unit, { clock, random });
  return ensureAdministrator({ email, password: 'correct horse' }, unit, { clock, random, passwordHashing });
};

async function enabledNames({ read }: OpenedDatabase, connection: string): Promise<string[]> {
  const found = await read.connections.findByName(connection);
  const ids = await read.connections.listClients(found?.id ?? '');
  return (await read.clients.list())
    .filter((client) => ids.includes(client.client_id))
    .map(({ name }) => name);
}

async function organizationOf({ organizations }: Stores, name: string) {
  const organization = await organizations.findByName(name);
  return { ...organization, connections: await organizations.listConnections(organization?.id ?? '') };
}

async function findUser({ read }: OpenedDatabase, identifier: string) {
  const database = await read.connections.findByName(defaultDatabaseName);
  return await read.users.findByIdentifier(database?.id ?? '', identifier);
}

async function problemsOf(applying: Promise<unknown>): Promise<string[]> {
  const error: unknown = await applying.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ConfigurationError)) throw error ?? new Error('nothing was refused');
  return error.problems.map(({ path, text }) => `${path} ${text}`);
}

describe.each(engines)('$name', ({ create }) => {
  const opened = useDatabase(create);

  test('AZ-25: without a file there is Username-Password-Authentication with sign-up', async () => {
    await applyNothing(opened.current);
    const { read } = opened.current;
    expect(await read.connections.findByName(defaultDatabaseName)).toMatchObject({
      strategy: 'auth0',
      options: { brute_force_protection: true, passwordPolicy: 'good' },
    });
    expect(await read.tenant.get()).toMatchObject({ dialect: 'auth0', friendly_name: 'Freehold' });
  });

  test('AZ-25: without databases it is enabled for every client, at each start for new ones', async () => {
    await applyTenant(opened.current, { clients: [{ name: 'A' }] });
    await applyTenant(opened.current, { clients: [{ name: 'B' }] });
    expect(await enabledNames(opened.current, defaultDatabaseName)).toEqual(['A', 'B']);
  });

  test('AZ-25: a database of the file is enabled for exactly the clients it names, by name or client_id', async () => {
    const clients = [{ name: 'A' }, { name: 'B', client_id: 'b' }, { name: 'C' }];
    await applyTenant(opened.current, {
      clients,
      databases: [{ name: 'users', enabled_clients: ['A', 'b'] }],
    });
    expect(await enabledNames(opened.current, 'users')).toEqual(['A', 'B']);
    await applyTenant(opened.current, { clients, databases: [{ name: 'users', enabled_clients: ['C'] }] });
    expect(await enabledNames(opened.current, 'users')).toEqual(['C']);
    expect(await opened.current.read.connections.findByName(defaultDatabaseName)).toBeUndefined();
  });

  test('a second time changes nothing: not an id, not a secret, not updated_at', async () => {
    const { read, clock } = opened.current;
    const content = {
      tenant: { friendly_name: 'Acme', default_audience: 'https://api' },
      clients: [{ name: 'Web' }, { name: 'Spa', app_type: 'spa', client_metadata: { a: 'b' } }],
      resourceServers: [{ identifier: 'https://api', scopes: [{ value: 'read:x' }] }],
      clientGrants: [{ client_id: 'Web', audience: 'https://api', scope: ['read:x'] }],
      databases: [{ name: 'users', enabled_clients: ['Web', 'Spa'] }],
      roles: [
        {
          name: 'r',
          permissions: [{ resource_server_identifier: 'https://api', permission_name: 'read:x' }],
        },
      ],
      organizations: [{ name: 'acme', metadata: { a: 'b' }, connections: [{ name: 'users' }] }],
    };
    const state = async () => {
      const clients = await read.clients.list();
      return {
        clients,
        secrets: await Promise.all(clients.map(({ client_id }) => read.clients.findSecret(client_id))),
        grants: await Promise.all(
          clients.map(({ client_id }) => read.clientGrants.find(client_id, 'https://api', 'client')),
        ),
        connections: await read.connections.list(),
        enabled: await enabledNames(opened.current, 'users'),
        resourceServer: await read.resourceServers.find('https://api'),
        role: await read.roles.findByName('r'),
        organization: await organizationOf(read, 'acme'),
        tenant: await read.tenant.get(),
      };
    };
    const first = await applyTenant(opened.current, content);
    const before = await state();
    expect(before.grants.filter((grant) => grant !== undefined)).toHaveLength(1);
    expect(before.role?.permissions).toHaveLength(1);
    expect(before.organization?.connections).toMatchObject([{ connection_id: before.connections[0]?.id }]);
    clock.advance(60);
    const second = await applyTenant(opened.current, content);
    expect(await state()).toEqual(before);
    expect(first.clients.map(({ made }) => made)).toEqual([true, true]);
    expect(second.clients).toEqual(first.clients.map((client) => ({ ...client, made: false })));
  });

  test('what the file changes is changed, what it leaves out is deleted nowhere', async () => {
    const { read, clock } = opened.current;
    await applyTenant(opened.current, {
      clients: [
        { name: 'A', client_id: 'a' },
        { name: 'B', client_id: 'b' },
      ],
    });
    const before = await read.clients.find('a');
    clock.advance(60);
    await applyTenant(opened.current, {
      clients: [{ name: 'A', client_id: 'a', callbacks: ['https://a.example/'] }],
    });
    expect(await read.clients.find('a')).toEqual({
      ...before,
      callbacks: ['https://a.example/'],
      updated_at: clock.now(),
    });
    expect(await read.clients.find('b')).toBeDefined();
  });

  test('TX-2: token exchange profiles are exactly those of the file', async () => {
    const { read, clock } = opened.current;
    const profile = (subject_token_type: string, subject_token = {}) => ({
      name: `Of ${subject_token_type}`,
      subject_token_type,
      subject_token: {
        issuer: 'https://partner.example/',
        audience: 'https://acme.example/',
        jwks_uri: 'https://partner.example/jwks',
        connection: 'users',
        ...subject_token,
      },
    });
    const apply = (...tokenExchangeProfiles: object[]) =>
      applyTenant(opened.current, {
        databases: [{ name: 'users' }],
        connections: [{ name: 'upstream', strategy: 'oidc', options: { client_id: 'x' } }],
        tokenExchangeProfiles,
      });
    const [one, two] = [profile('urn:one:token'), profile('urn:two:token', { match: 'email' })];
    await apply(one, two);
    const before = await read.tokenExchangeProfiles.find('urn:one:token');
    expect(before).toMatchObject({
      id: expect.stringMatching(/^tep_\w{16}$/),
      name: 'Of urn:one:token',
      connection_id: (await read.connections.findByName('users'))?.id,
      subject_token: { issuer: 'https://partner.example/', match: 'user_id', user_claim: 'sub' },
    });
    clock.advance(60);
    await apply(one, two);
    expect(await read.tokenExchangeProfiles.find('urn:one:token')).toEqual(before);
    const issuer = 'https://other.example/';
    await apply(profile('urn:one:token', { issuer }));
    expect(await read.tokenExchangeProfiles.list()).toEqual([
      { ...before, subject_token: { ...before?.subject_token, issuer }, updated_at: clock.now() },
    ]);
    expect(await problemsOf(apply(one, profile('urn:two:token', { connection: 'user' })))).toEqual([
      'tokenExchangeProfiles[1].subject_token.connection names no connection: add "user" to databases',
    ]);
    expect(await problemsOf(apply(profile('urn:one:token', { connection: 'upstream' })))).toEqual([
      'tokenExchangeProfiles[0].subject_token.connection names a connection by which nobody logs in here',
    ]);
    expect(await read.tokenExchangeProfiles.list()).toHaveLength(1);
    await applyNothing(opened.current);
    expect(await read.tokenExchangeProfiles.list()).toEqual([]);
    await apply(one);
    await opened.current.write(async ({ connections }) => {
      await connections.beginDeletion(before?.connection_id ?? '', clock.now());
      await connections.delete(before?.connection_id ?? '');
    });
    expect(await read.tokenExchangeProfiles.list()).toEqual([]);
  });

  test('CL-2: client_id and client_secret are made for a confidential client, and no secret for a public one', async () => {
    const { read } = opened.current;
    const { clients } = await applyTenant(opened.current, {
      clients: [{ name: 'Web' }, { name: 'Phone', app_type: 'native' }],
    });
    const [web, phone] = clients.map(({ client_id }) => client_id);
    expect(web).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await read.clients.findSecret(web ?? '')).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(await read.clients.findSecret(phone ?? '')).toBeUndefined();
  });

  test('a client_secret that is given replaces the one that was made', async () => {
    await applyTenant(opened.current, { clients: [{ name: 'Web', client_id: 'web' }] });
    await applyTenant(opened.current, {
      clients: [{ name: 'Web', client_id: 'web', client_secret: 'of my own' }],
    });
    expect(await opened.current.read.clients.findSecret('web')).toBe('of my own');
  });

  test('what does not go together with the database is found at once, and nothing is applied', async () => {
    const { read } = opened.current;
    await applyTenant(opened.current, {
      clients: [{ name: 'Old', client_id: 'https://old' }],
      resourceServers: [{ identifier: 'https://api' }],
    });
    const problems = await problemsOf(
      applyTenant(opened.current, {
        tenant: { default_audience: 'https://none', default_directory: 'none' },
        clients: [{ name: 'New', client_id: 'https://api' }],
        resourceServers: [{ identifier: 'https://old' }],
        clientGrants: [{ client_id: 'Nobody', audience: 'https://api', scope: ['write'] }],
        databases: [{ name: 'users', enabled_clients: ['Newt', 'Old'] }],
        roles: [{ name: 'r', permissions: [{ resource_server_identifier: 'x', permission_name: 'y' }] }],
        organizations: [{ name: 'acme', connections: [{ name: 'ldap' }] }],
      }),
    );
    expect(problems).toHaveLength(9);
    expect(problems).toEqual(
      expect.arrayContaining([
        'tenant.default_audience names no resource server: add one with this identifier',
        'tenant.default_directory names no connection: add one of this name',
        'clients[0].client_id is the identifier of a resource server: choose another',
        'resourceServers[0].identifier is the client_id of a client: choose another',
        'clientGrants[0].client_id names no client: add "Nobody" to clients',
        'clientGrants[0].scope names "write", which https://api does not have: add it to its scopes',
        'roles[0].permissions[0].resource_server_identifier names no resource server: add "x" to resourceServers',
        'databases[0].enabled_clients[0] names no client: add "Newt" to clients; did you mean New?',
        'organizations[0].connections[0] names no connection: add "ldap" to databases',
      ]),
    );
    expect(await read.clients.find('https://api')).toBeUndefined();
    expect(await read.connections.findByName('users')).toBeUndefined();
    expect(await read.roles.findByName('r')).toBeUndefined();
  });

  test('OR-1: sign-up for an organization wants a database, and membership on login', async () => {
    const apply = (connection: object) =>
      applyTenant(opened.current, {
        databases: [{ name: 'users' }],
        connections: [{ name: 'email', strategy: 'email' }],
        organizations: [{ name: 'acme', connections: [{ is_signup_enabled: true, ...connection }] }],
      });
    for (const connection of [{ name: 'users' }, { name: 'email', assign_membership_on_login: true }]) {
      expect(await problemsOf(apply(connection))).toEqual([
        expect.stringMatching(
          /^organizations\[0\]\.connections\[0\]\.is_signup_enabled is refused: Only database/,
        ),
      ]);
    }
    await apply({ name: 'users', assign_membership_on_login: true });
    expect(await organizationOf(opened.current.read, 'acme')).toMatchObject({
      connections: [{ is_signup_enabled: true, assign_membership_on_login: true, show_as_button: true }],
    });
  });

  test('a name that several clients have is refused where it stands alone', async () => {
    const clients = [
      { name: 'A', client_id: 'a' },
      { name: 'A', client_id: 'b' },
    ];
    const content = { clients, databases: [{ name: 'users', enabled_clients: ['A'] }] };
    expect(await problemsOf(applyTenant(opened.current, content))).toEqual([
      'databases[0].enabled_clients[0] is the name of several clients: give the client_id',
    ]);
  });

  test('two processes that start at once make each client once', async () => {
    const other = await opened.open();
    const content = { clients: [{ name: 'A' }, { name: 'B' }], roles: [{ name: 'r' }] };
    await Promise.all([applyTenant(opened.current, content), applyTenant(other, content)]);
    expect((await opened.current.read.clients.list()).map(({ name }) => name)).toEqual(['A', 'B']);
  });

  test('UP-1 to UP-5: users are made with what the file leaves out', async () => {
    await applyNothing(opened.current);
    const result = await applyUsers(
      opened.current,
      { user_id: 'ada', email: 'Ada@Example.com', password: 'x', user_metadata: { a: [1] } },
      { username: 'Noor', password_hash: bcrypt },
      { email: 'nobody@example.com' },
    );
    expect(result).toEqual({ made: 3, existing: 0 });
    const ada = await findUser(opened.current, 'ada@example.com');
    expect(ada?.user).toMatchObject({ user_id: 'auth0|ada', name: 'ada@example.com', nickname: 'ada' });
    expect(ada?.password_hash).toMatch(/^\$argon2id\$/);
    expect((await findUser(opened.current, 'noor'))?.password_hash).toBe(bcrypt);
    expect((await findUser(opened.current, 'nobody@example.com'))?.password_hash).toBeNull();
  });

  test('users that exist are never overwritten, passwords included, nor are theirs hashed again', async () => {
    await applyNothing(opened.current);
    await applyUsers(opened.current, {
      user_id: 'ada',
      email: 'ada@example.com',
      username: 'ada',
      password: 'x',
    });
    const before = await findUser(opened.current, 'ada@example.com');
    const entries = [
      { user_id: 'auth0|ada', email: 'other@example.com', password: 'y' },
      { email: 'ADA@example.com', name: 'Other', password: 'y' },
      { username: 'Ada', password: 'y' },
    ];
    const hashed: string[] = [];
    const result = await applyUsersFile(
      parseUsersFile(JSON.stringify(entries), 'users.json'),
      opened.current.unit,
      {
        clock: opened.current.clock,
        random,
        passwordHashing: { hash: async (password) => hashed.push(password).toString() },
      },
    );
    expect(result).toEqual({ made: 0, existing: 3 });
    expect(hashed).toEqual([]);
    expect(await findUser(opened.current, 'ada@example.com')).toEqual(before);
    expect(await findUser(opened.current, 'other@example.com')).toBeUndefined();
  });

  test('users go into the default database; without a database there is a problem that says so', async () => {
    expect(await problemsOf(applyUsers(opened.current, { email: 'a@b.c' }))).toEqual([
      expect.stringContaining('needs a database connection'),
    ]);
    await applyTenant(opened.current, {
      tenant: { default_directory: 'staff' },
      databases: [{ name: 'guests' }, { name: 'staff' }],
    });
    await applyUsers(opened.current, { email: 'a@b.c' });
    const staff = await opened.current.read.connections.findByName('staff');
    expect(await opened.current.read.users.findByIdentifier(staff?.id ?? '', 'a@b.c')).toBeDefined();
  });

  test('the administrator is made once, verified and with the role owner, and never overwritten', async () => {
    await applyNothing(opened.current);
    expect(await administer(opened.current)).toMatchObject({ outcome: 'made' });
    const made = await findUser(opened.current, 'root@example.com');
    expect(made?.user.email_verified).toBe(true);
    const verification = await passwordHashing.verify(made?.password_hash ?? '', 'correct horse', 'test');
    expect(verification.matches).toBe(true);
    expect(await administer(opened.current)).toEqual({ outcome: 'unchanged' });
    expect(await administer(opened.current, 'second@example.com')).toEqual({ outcome: 'unchanged' });
    expect(await findUser(opened.current, 'root@example.com')).toEqual(made);
    expect(await findUser(opened.current, 'second@example.com')).toBeUndefined();
    const owner = await opened.current.read.roles.findSystem('owner');
    expect(await opened.current.read.users.countWithRole(owner?.id ?? '')).toBe(1);
  });

  test('a role of the tenant may have the name of one of administrators', async () => {
    await applyTenant(opened.current, {
      roles: [{ name: 'owner', description: 'Of a shop', type: 'tenant' }],
    });
    const { roles, users } = opened.current.read;
    expect(await roles.findByName('owner')).toMatchObject({ description: 'Of a shop', is_system: false });
    expect(await administer(opened.current)).toMatchObject({ outcome: 'made' });
    expect(await users.countWithRole((await roles.findByName('owner'))?.id ?? '')).toBe(0);
    expect(await users.countWithRole((await roles.findSystem('owner'))?.id ?? '')).toBe(1);
  });

  test('two processes that start at once make one administrator', async () => {
    await applyNothing(opened.current);
    const other = await opened.open();
    const outcomes = await Promise.all([administer(opened.current), administer(other)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['made', 'unchanged']);
  });

  test('whoever signed up with the address of the administrator does not become one', async () => {
    await applyNothing(opened.current);
    const { read, unit, clock } = opened.current;
    const database = await read.connections.findByName(defaultDatabaseName);
    if (database === undefined) throw new Error('there is a default database');
    const { user, identity } = newUser({ email: 'root@example.com' }, database, clock.now(), random);
    await unit.transaction((stores) => stores.users.insert(user, identity, null));
    expect(await administer(opened.current)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('has not verified it'),
    });
    const owner = await read.roles.findSystem('owner');
    expect(await read.users.countWithRole(owner?.id ?? '')).toBe(0);
    expect((await findUser(opened.current, 'root@example.com'))?.password_hash).toBeNull();
  });

  test('a user who has verified the address is given the role, with the password that was said', async () => {
    await applyNothing(opened.current);
    await applyUsers(opened.current, {
      email: 'root@example.com',
      email_verified: true,
      password_hash: bcrypt,
    });
    const before = await findUser(opened.current, 'root@example.com');
    expect(await administer(opened.current)).toEqual({ outcome: 'assigned' });
    const after = await findUser(opened.current, 'root@example.com');
    const verification = await passwordHashing.verify(after?.password_hash ?? '', 'correct horse', 'test');
    expect(verification.matches).toBe(true);
    // AT-14: what they were given before has ended.
    expect(after?.user.epoch).toBe((before?.user.epoch ?? 0) + 1);
  });

  test('nobody becomes the administrator by a username, or by an account that is linked', async () => {
    await applyTenant(opened.current, {
      databases: [{ name: defaultDatabaseName, options: { requires_username: true } }],
    });
    const { read, unit, clock } = opened.current;
    const database = await read.connections.findByName(defaultDatabaseName);
    if (database === undefined) throw new Error('there is a default database');
    const add = async (profile: { email: string; username?: string }, owner?: string) => {
      const made = newUser({ ...profile, email_verified: true }, database, clock.now(), random);
      await unit.transaction(async (stores) => {
        await stores.users.insert(made.user, made.identity, null);
        if (owner === undefined) return;
        await stores.identities.update({ ...made.identity, owner, profile: made.user });
      });
      return made.user.user_id;
    };
    await add({ email: 'mallory@example.com', username: 'root@example.com' });
    expect(await administer(opened.current)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('has not verified it'),
    });
    const victim = await add({ email: 'second@example.com' });
    await add({ email: 'puppet@example.com' }, victim);
    expect(await administer(opened.current, 'second@example.com')).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('linked'),
    });
    const owner = await read.roles.findSystem('owner');
    expect(await read.users.countWithRole(owner?.id ?? '')).toBe(0);
  });

  test('the examples of the repository are applied', async () => {
    await applyTenant(opened.current, await example('tenant.yaml'));
    expect(await applyUsers(opened.current, ...JSON.parse(await example('users.json')))).toEqual({
      made: 2,
      existing: 0,
    });
    expect(await enabledNames(opened.current, defaultDatabaseName)).toHaveLength(3);
  });
});
