// Organizations, the connections they let people in by, and their members (contract §3.6, OR-1, OR-3, OR-5).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../../packages/server/src/model/connection.ts';
import { sampleTenant, users } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
let freehold: Freehold;
let api: ManagementApi;
let bob: string;
/** A database, another one, and one without passwords. */
let database: string;
let second: string;
let passwordless: string;
let made = 0;

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      databases: [{ name: defaultDatabaseName }, { name: 'second' }],
      connections: [{ name: 'email', strategy: 'email' }],
    }),
    users,
  });
  api = await managementApi(freehold);
  const idOf = async (name: string) => String((await freehold.stores.connections.findByName(name))?.id);
  [database, second, passwordless] = [
    await idOf(defaultDatabaseName),
    await idOf('second'),
    await idOf('email'),
  ];
  bob = String(freehold.execute(`select user_id from "user" where email = 'bob@example.com'`)[0]?.user_id);
});
afterAll(() => freehold.stop());

async function makeOrganization(differs: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await api.post('/organizations', { name: `organization-${made++}`, ...differs });
  expect(status).toBe(201);
  return `/organizations/${body.id}`;
}
async function makeRole() {
  const { body } = await api.post('/roles', { name: `Role ${made++}` });
  return { id: String(body.id), name: String(body.name), type: 'tenant' };
}
const refusal = (statusCode: number, error: string, message: string, errorCode?: string) => ({
  statusCode,
  error,
  message,
  ...(errorCode === undefined ? {} : { errorCode }),
});
const newer = { third_party_client_access: 'block', is_app_entitlement_active: false };

describe('§3.6: an organization', () => {
  const whole = {
    display_name: 'Acme <b>GmbH</b> 🦊',
    branding: {
      logo_url: 'https://acme.example/logo.svg',
      colors: { primary: '#e3e2f0', page_background: '#fff' },
    },
    metadata: { some_key: 'some_value' },
    token_quota: { client_credentials: { enforce: true, per_day: 10 } },
  };

  test('is made, read by id and by name, changed and deleted', async () => {
    const { status, body } = await api.post('/organizations', { name: 'acme', ...whole });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^org_[A-Za-z0-9]{16}$/),
      name: 'acme',
      ...newer,
      ...whole,
    });
    const at = `/organizations/${body.id}`;
    expect((await api.get(at)).body).toEqual(body);
    expect((await api.get('/organizations/name/acme')).body).toEqual(body);
    // The top level is replaced, what is not named stays.
    const changed = await api.patch(at, {
      name: 'acme-2',
      metadata: { other: 'x', gone: null },
      branding: { colors: { primary: '#57ddff', page_background: '#fff5f5' } },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({
      ...body,
      name: 'acme-2',
      metadata: { other: 'x' },
      branding: { colors: { primary: '#57ddff', page_background: '#fff5f5' } },
    });
    const emptied = await api.patch(at, { metadata: {}, token_quota: null });
    expect(emptied.body).not.toHaveProperty('metadata');
    expect(emptied.body).not.toHaveProperty('token_quota');
    expect((await api.get(at)).body).toEqual(emptied.body);
    expect((await api.delete(at)).status).toBe(204);
    for (const gone of [
      await api.get(at),
      await api.patch(at, {}),
      await api.delete(at),
      await api.get('/organizations/name/acme-2'),
    ]) {
      expect(gone.status).toBe(404);
      expect(gone.body).toEqual(refusal(404, 'Not Found', 'No organization found by that id or name'));
    }
  });

  test('has a name of its own: 409', async () => {
    await makeOrganization({ name: 'taken' });
    const other = await makeOrganization();
    for (const answer of [
      await api.post('/organizations', { name: 'taken' }),
      await api.patch(other, { name: 'taken' }),
    ]) {
      expect(answer.body).toEqual(refusal(409, 'Conflict', 'An organization with this name already exists.'));
    }
  });

  test.each([
    [{}, 'Missing required property: name'],
    [{ name: 'Acme' }, "Object didn't pass validation for format organization-name: Acme"],
    [{ name: '-acme' }, 'organization-name'],
    [{ name: 'a'.repeat(51) }, 'organization-name'],
    [{ name: 'x', display_name: '' }, 'String is too short (0 chars), minimum 1'],
    [{ name: 'x', display_name: 'x'.repeat(256) }, 'String is too long (256 chars), maximum 255'],
    [{ name: 'x', branding: { logo_url: 'http://x.example/' } }, 'strict-https-uri-or-null'],
    [{ name: 'x', branding: { logo_url: 'javascript:alert(1)' } }, 'strict-https-uri-or-null'],
    [{ name: 'x', branding: { colors: { primary: '#fff' } } }, 'Missing required property: page_background'],
    [{ name: 'x', branding: { colors: { primary: 'red', page_background: '#fff' } } }, 'html-color'],
    [{ name: 'x', metadata: { a: 1 } }, 'Expected type string but found type integer'],
    [{ name: 'x', metadata: { a: 'x'.repeat(256) } }, 'maximum 255'],
    [
      { name: 'x', metadata: Object.fromEntries(Array.from({ length: 26 }, (_, n) => [n, ''])) },
      'Too many properties defined (26), maximum 25',
    ],
    [{ name: 'x', token_quota: { client_credentials: {} } }, 'Too few properties defined (0), minimum 1'],
    [{ name: 'x', id: 'org_mine' }, 'Additional properties not allowed: id'],
    [{ name: 'x', enabled_connections: [{}] }, 'Missing required property: connection_id'],
  ])('§3.1: %j is refused', async (body, reason) => {
    const answer = await api.post('/organizations', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errorCode: 'invalid_body' });
    expect(answer.body.message).toContain(reason);
    expect((await api.get('/organizations/name/x')).status).toBe(404);
  });

  test('§2.1: is listed as it is sorted, by offset and by checkpoint', async () => {
    const tag = 'sorted';
    for (const [name, display_name] of [
      [`${tag}-b`, 'A'],
      [`${tag}-a`, 'C'],
      [`${tag}-c`, 'B'],
    ]) {
      freehold.clock.advance(1);
      await makeOrganization({ name, display_name });
    }
    const names = (body: ArrayLike<Record<string, unknown>>) =>
      Array.from(body, ({ name }) => String(name)).filter((name) => name.startsWith(tag));
    const sorted = async (sort: string) => names((await api.get(`/organizations?sort=${sort}`)).body);
    expect(await sorted('name:1')).toEqual(['sorted-a', 'sorted-b', 'sorted-c']);
    expect(await sorted('name:-1')).toEqual(['sorted-c', 'sorted-b', 'sorted-a']);
    expect(await sorted('display_name:1')).toEqual(['sorted-b', 'sorted-c', 'sorted-a']);
    expect(await sorted('created_at:-1')).toEqual(['sorted-c', 'sorted-a', 'sorted-b']);
    const { body } = await api.get('/organizations?include_totals=true&per_page=1&page=1');
    expect(body).toMatchObject({ start: 1, limit: 1, total: expect.any(Number) });
    const seen: string[] = [];
    for (let from = ''; ; ) {
      const page = (await api.get(`/organizations?take=2${from}&include_totals=true&sort=created_at:-1`))
        .body;
      seen.push(...names(page.organizations as Record<string, unknown>[]));
      expect(page).not.toHaveProperty('total');
      if (page.next === undefined) break;
      from = `&from=${page.next}`;
    }
    expect(seen).toEqual(['sorted-c', 'sorted-a', 'sorted-b']);
    for (const query of ['sort=id:1', 'sort=name:2', 'page=1001', 'per_page=101', 'from=%00', 'nonsense=1']) {
      expect((await api.get(`/organizations?${query}`)).body).toMatchObject({
        errorCode: 'invalid_query_string',
      });
    }
  });
});

describe('§3.6: the connections of an organization', () => {
  const settings = { assign_membership_on_login: true, show_as_button: true, is_signup_enabled: true };

  test('may be named when it is made, all or nothing', async () => {
    const { body } = await api.post('/organizations', {
      name: 'with-connections',
      enabled_connections: [
        { connection_id: database, assign_membership_on_login: true, is_signup_enabled: true },
        { connection_id: passwordless, show_as_button: false },
      ],
    });
    expect(body.enabled_connections).toEqual([
      { connection_id: database, ...settings, connection: { name: defaultDatabaseName, strategy: 'auth0' } },
      {
        connection_id: passwordless,
        assign_membership_on_login: false,
        show_as_button: false,
        connection: { name: 'email', strategy: 'email' },
      },
    ]);
    const unknown = await api.post('/organizations', {
      name: 'half',
      enabled_connections: [{ connection_id: database }, { connection_id: 'con_none' }],
    });
    expect(unknown.body).toEqual(
      refusal(400, 'Bad Request', 'The connection does not exist', 'inexistent_connection'),
    );
    expect((await api.get('/organizations/name/half')).status).toBe(404);
  });

  test('are added, read, changed and taken away under either name', async () => {
    const at = await makeOrganization();
    const connection = { name: defaultDatabaseName, strategy: 'auth0' };
    const added = await api.post(`${at}/connections`, {
      connection_id: database,
      organization_connection_name: 'Ours',
      is_enabled: true,
    });
    expect(added.status).toBe(201);
    expect(added.body).toEqual({
      connection_id: database,
      organization_connection_name: 'Ours',
      is_signup_enabled: false,
      assign_membership_on_login: false,
      show_as_button: true,
      is_enabled: true,
      organization_access_level: 'none',
      connection,
    });
    for (const name of ['connections', 'enabled_connections']) {
      const again = await api.post(`${at}/${name}`, { connection_id: database });
      expect(again.body).toEqual(refusal(409, 'Conflict', 'The organization connection already exists.'));
    }
    const older = {
      connection_id: database,
      is_signup_enabled: false,
      assign_membership_on_login: false,
      show_as_button: true,
      connection,
    };
    expect((await api.get(`${at}/enabled_connections/${database}`)).body).toEqual(older);
    expect(await api.patch(`${at}/enabled_connections/${database}`, settings)).toMatchObject({
      status: 200,
      body: { ...older, ...settings },
    });
    const changed = await api.patch(`${at}/connections/${database}`, {
      organization_connection_name: null,
      is_enabled: false,
      organization_access_level: 'full',
    });
    const { organization_connection_name: _none, ...expected } = added.body;
    expect(changed.body).toEqual({
      ...expected,
      ...settings,
      is_enabled: false,
      organization_access_level: 'full',
    });
    expect((await api.get(`${at}/connections/${database}`)).body).toEqual(changed.body);
    for (let times = 0; times < 2; times++) {
      expect((await api.delete(`${at}/enabled_connections/${database}`)).status).toBe(204);
      expect((await api.delete(`${at}/connections/${database}`)).status).toBe(204);
    }
    for (const gone of [
      await api.get(`${at}/enabled_connections/${database}`),
      await api.patch(`${at}/connections/${database}`, {}),
    ]) {
      expect(gone.body).toEqual(refusal(404, 'Not Found', 'No connection found by that id'));
    }
  });

  test('are listed, those that are enabled or all', async () => {
    const at = await makeOrganization();
    await api.post(`${at}/connections`, { connection_id: database, is_enabled: false });
    await api.post(`${at}/enabled_connections`, { connection_id: second });
    const idsIn = async (path: string) =>
      Array.from((await api.get(`${at}/${path}`)).body, ({ connection_id }) => connection_id);
    expect(await idsIn('connections')).toEqual([database, second].toSorted());
    expect(await idsIn('connections?is_enabled=true')).toEqual([second]);
    expect(await idsIn('connections?is_enabled=false')).toEqual([database]);
    expect((await api.get(`${at}/enabled_connections?include_totals=true&per_page=50`)).body).toMatchObject({
      enabled_connections: [{ connection_id: second }],
      start: 0,
      limit: 50,
      total: 1,
    });
    expect((await api.get(`${at}/connections?page=0&per_page=50&include_totals=true`)).body.total).toBe(2);
  });

  test('let people sign up where it is a database that makes members of them', async () => {
    const at = await makeOrganization();
    const refused = refusal(
      400,
      'Bad Request',
      'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.',
      'invalid_body',
    );
    for (const [connection_id, differs] of [
      [database, { is_signup_enabled: true }],
      [passwordless, { is_signup_enabled: true, assign_membership_on_login: true }],
    ] as const) {
      const answer = await api.post(`${at}/connections`, { connection_id, ...differs });
      expect(answer.body).toEqual(refused);
    }
    await api.post(`${at}/connections`, { connection_id: database, ...settings });
    const body = { assign_membership_on_login: false };
    expect((await api.patch(`${at}/enabled_connections/${database}`, body)).body).toEqual(refused);
    expect((await api.get(`${at}/connections/${database}`)).body).toMatchObject(settings);
  });

  test('belong to it alone, and to an organization that exists', async () => {
    const [one, other] = [await makeOrganization(), await makeOrganization()];
    await api.post(`${one}/connections`, { connection_id: database });
    expect((await api.get(`${other}/connections/${database}`)).status).toBe(404);
    expect((await api.patch(`${other}/connections/${database}`, { show_as_button: false })).status).toBe(404);
    for (const answer of [
      await api.get('/organizations/org_none/connections'),
      await api.get('/organizations/org_none/enabled_connections'),
      await api.post('/organizations/org_none/connections', { connection_id: database }),
      await api.delete('/organizations/org_none/connections/con_1'),
    ]) {
      expect(answer.body).toEqual(refusal(404, 'Not Found', 'No organization found by that id or name'));
    }
  });
});

describe('§3.6: the members of an organization', () => {
  const rolesAt = (at: string, user_id = ada) => `${at}/members/${encodeURIComponent(user_id)}/roles`;

  test('are added, listed by offset and by checkpoint, and removed', async () => {
    const at = await makeOrganization();
    for (let times = 0; times < 2; times++) {
      expect((await api.post(`${at}/members`, { members: [ada, bob] })).status).toBe(204);
    }
    const [first, other] = [ada, bob].toSorted();
    const offset = await api.get(`${at}/members?include_totals=true&per_page=50`);
    expect(offset.body).toMatchObject({ start: 0, limit: 50, total: 2 });
    expect(offset.body.members).toContainEqual({
      user_id: ada,
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      picture: 'https://example.com/ada.png',
    });
    const page = await api.get(`${at}/members?take=1&include_totals=true&fields=user_id&include_fields=true`);
    expect(page.body).toEqual({ members: [{ user_id: first }], next: expect.any(String) });
    const next = await api.get(`${at}/members?take=1&from=${page.body.next}&fields=user_id`);
    expect(next.body).toEqual({ members: [{ user_id: other }] });
    for (let times = 0; times < 2; times++) {
      expect((await api.delete(`${at}/members`, { members: [bob, 'auth0|nobody'] })).status).toBe(204);
    }
    expect((await api.get(`${at}/members`)).body).toMatchObject([{ user_id: ada }]);
    expect((await api.get(`${at}/members?page=1001`)).status).toBe(400);
  });

  test('are users that exist, all or none', async () => {
    const at = await makeOrganization();
    const { status, body } = await api.post(`${at}/members`, { members: [ada, 'auth0|nobody'] });
    expect([status, body.message]).toEqual([400, 'One or more of the users do not exist.']);
    expect((await api.get(`${at}/members`)).body).toEqual([]);
    expect((await api.post(`${at}/members`, { members: [] })).status).toBe(400);
    expect((await api.post('/organizations/org_none/members', { members: [ada] })).status).toBe(404);
  });

  test('OR-5: have roles there, which are told to those who may see them', async () => {
    const at = await makeOrganization();
    const [one, two] = [await makeRole(), await makeRole()];
    await api.post(`${at}/members`, { members: [ada, bob] });
    expect((await api.post(rolesAt(at), { roles: [one.id, two.id] })).status).toBe(204);
    expect((await api.get(`${rolesAt(at)}?include_totals=true&per_page=50`)).body).toEqual({
      roles: [one, two],
      start: 0,
      limit: 50,
      total: 2,
    });
    const withRoles = `${at}/members?fields=user_id,roles&include_fields=true`;
    expect((await api.get(withRoles)).body).toEqual(
      [
        { user_id: ada, roles: [one, two].map(({ id, name }) => ({ id, name })) },
        { user_id: bob, roles: [] },
      ].toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1)),
    );
    const some = await managementApi(freehold, ['read:organization_members'], 'sees-members');
    expect((await some.get(withRoles)).body).toMatchObject({
      statusCode: 403,
      message: 'Insufficient scope, expected any of: read:organization_member_roles',
    });
    expect((await some.get(`${at}/members`)).body[0]).not.toHaveProperty('roles');
    expect((await api.delete(rolesAt(at), { roles: [one.id, 'rol_none'] })).status).toBe(204);
    expect((await api.get(rolesAt(at))).body).toEqual([two]);
    // They are the organization's alone.
    expect((await api.get(`/users/${encodeURIComponent(ada)}/roles`)).body).toEqual([]);
    await api.delete(`${at}/members`, { members: [ada] });
    expect((await api.get(rolesAt(at))).body).toEqual([]);
  });

  test('have roles that exist, and are members, and have no more than fifty', async () => {
    const at = await makeOrganization();
    const role = await makeRole();
    const stranger = await api.post(rolesAt(at), { roles: [role.id] });
    expect([stranger.status, stranger.body.message]).toEqual([
      400,
      'The user is not a member of the organization.',
    ]);
    await api.post(`${at}/members`, { members: [ada] });
    expect((await api.post(rolesAt(at), { roles: [role.id, 'rol_none'] })).status).toBe(404);
    expect((await api.get(rolesAt(at))).body).toEqual([]);
    const many = await Promise.all(Array.from({ length: 51 }, makeRole));
    const full = await api.post(rolesAt(at), { roles: many.map(({ id }) => id) });
    expect(full.body).toEqual(
      refusal(409, 'Conflict', 'No more roles can be assigned to this organization member.'),
    );
    expect((await api.post(rolesAt(at), { roles: many.slice(1).map(({ id }) => id) })).status).toBe(204);
    expect((await api.get(rolesAt(at, 'auth0|nobody'))).body.message).toBe('The user does not exist.');
  });

  test('belong to organizations, which are listed for a user', async () => {
    const [one, two] = [await makeOrganization(), await makeOrganization()];
    for (const at of [one, two]) await api.post(`${at}/members`, { members: [bob] });
    const mine = `/users/${encodeURIComponent(bob)}/organizations`;
    const before = (await api.get(`${mine}?include_totals=true`)).body;
    expect(before.organizations).toEqual(
      expect.arrayContaining([(await api.get(one)).body, (await api.get(two)).body]),
    );
    await api.delete(one);
    expect((await api.get(`${mine}?include_totals=true`)).body.total).toBe(Number(before.total) - 1);
    expect((await api.get('/users/auth0%7Cnobody/organizations')).status).toBe(404);
  });
});
