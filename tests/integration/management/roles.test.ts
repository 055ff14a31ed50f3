// Roles, their permissions and who has them (contract §3.6, §3.5), and that they take effect in tokens (AT-10, AT-11).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { claimsOf, getTokens, sampleTenant, users } from '../../setup/flow.ts';
import { type ApiAnswer, type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
const adaInPath = encodeURIComponent(ada);
const shop = 'https://shop.example/';
const permission = (permission_name: string, resource_server_identifier = shop) => ({
  resource_server_identifier,
  permission_name,
});

let freehold: Freehold;
let api: ManagementApi;
let made = 0;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.resourceServers = [
    ...(tenant.resourceServers as unknown[]),
    {
      name: 'Shop',
      identifier: shop,
      scopes: [
        { value: 'read:things', description: 'Read things' },
        { value: 'write:things', description: 'Write things' },
      ],
      enforce_policies: true,
      token_dialect: 'access_token_authz',
      skip_consent_for_verifiable_first_party_clients: true,
    },
  ];
  freehold = await startFreehold({ tenant, users });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

async function makeRole(differs: Record<string, unknown> = {}): Promise<{ id: string; name: string }> {
  const answer = await api.post('/roles', { name: `Role ${made++}`, ...differs });
  expect(answer.status).toBe(200);
  return { id: String(answer.body.id), name: String(answer.body.name) };
}

const refusal = (statusCode: number, error: string, message: string, errorCode?: string) => ({
  statusCode,
  error,
  message,
  ...(errorCode === undefined ? {} : { errorCode }),
});

describe('§3.6: a role', () => {
  test('is made, read, changed and deleted', async () => {
    const name = `The One <b>“${'x'.repeat(60)}”</b>`;
    const answer = await api.post('/roles', { name, description: 'Of a kind' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^rol_[A-Za-z0-9]{16}$/),
      name,
      description: 'Of a kind',
      type: 'tenant',
    });
    const at = `/roles/${answer.body.id}`;
    expect((await api.get(at)).body).toEqual(answer.body);
    const changed = await api.patch(at, { description: 'The Administrator' });
    expect(changed).toMatchObject({
      status: 200,
      body: { ...answer.body, description: 'The Administrator' },
    });
    expect((await api.get(at)).body).toEqual(changed.body);
    expect(await api.delete(at)).toMatchObject({ status: 200, body: {} });
    for (const gone of [await api.get(at), await api.patch(at, {}), await api.delete(at)]) {
      expect(gone.status).toBe(404);
      expect(gone.body).toEqual(refusal(404, 'Not Found', 'The role does not exist.'));
    }
  });

  test('without a description has none to tell', async () => {
    const { id, name } = await makeRole();
    expect((await api.get(`/roles/${id}`)).body).toEqual({ id, name, type: 'tenant' });
  });

  test('has a name of its own: 409', async () => {
    const [first, second] = [await makeRole(), await makeRole()];
    for (const answer of [
      await api.post('/roles', { name: first.name }),
      await api.patch(`/roles/${second.id}`, { name: first.name }),
    ]) {
      expect(answer.status).toBe(409);
      expect(answer.body).toEqual(refusal(409, 'Conflict', 'The role already exists.'));
    }
    expect((await api.patch(`/roles/${first.id}`, { name: first.name })).status).toBe(200);
    expect((await api.get(`/roles/${second.id}`)).body.name).toBe(second.name);
  });

  test.each([
    [{}, 'Missing required property: name'],
    [{ name: '' }, 'String is too short (0 chars), minimum 1'],
    [{ name: 7 }, 'Expected type string but found type integer'],
    [{ name: null }, 'Expected type string but found type null'],
    [{ name: 'x'.repeat(256) }, 'String is too long (256 chars), maximum 255'],
    [{ name: 'x', permissions: [] }, 'Additional properties not allowed: permissions'],
    [{ name: 'x', is_system: true }, 'Additional properties not allowed: is_system'],
    [{ name: 'x', id: 'rol_mine' }, 'Additional properties not allowed: id'],
    [{ name: 'x', type: 'system' }, 'enum'],
    [[], 'Expected type object but found type array'],
  ])('§3.1: %j is refused', async (body, reason) => {
    const { status, body: refused } = await api.post('/roles', body);
    expect(status).toBe(400);
    expect(refused).toMatchObject({ errorCode: 'invalid_body' });
    expect(String(refused.message).toLowerCase()).toContain(reason.toLowerCase());
  });

  test('is listed by name, found by a part of it, and paged', async () => {
    for (const name of ['Filter b', 'filter a', 'FILTER c']) await makeRole({ name });
    const { body } = await api.get('/roles?name_filter=ilTER&include_totals=true&per_page=2');
    expect(body).toMatchObject({ start: 0, limit: 2, total: 3 });
    expect(body.roles).toMatchObject([{ name: 'FILTER c' }, { name: 'Filter b' }]);
    const next = await api.get('/roles?name_filter=ilTER&per_page=2&page=1&type=tenant');
    expect(next.body).toMatchObject([{ name: 'filter a', type: 'tenant' }]);
    expect((await api.get('/roles?name_filter=ilTER&per_page=2&page=2')).body).toEqual([]);
    expect((await api.get('/roles?type=organization')).body).toEqual([]);
    expect((await api.get('/roles?name=x')).status).toBe(400);
  });

  test('may have the name that one of administrators has, and is another one', async () => {
    const { id } = await makeRole({ name: 'editor', description: 'Edits articles' });
    expect((await api.post('/roles', { name: 'editor' })).status).toBe(409);
    expect((await api.get('/roles?name_filter=editor')).body).toMatchObject([{ id, type: 'tenant' }]);
    const [own] = Array.from((await api.get('/roles?type=system&name_filter=editor')).body);
    expect(own).toMatchObject({ name: 'editor', type: 'system' });
    expect(own?.id).not.toBe(id);
    await api.post(`/users/${adaInPath}/roles`, { roles: [id] });
    expect((await api.get(`/users/${adaInPath}/permissions`)).body).toEqual([]);
    expect((await api.delete(`/roles/${id}`)).status).toBe(200);
    expect((await api.get(`/roles/${own?.id}`)).status).toBe(200);
  });

  test('is one of administrators where it is asked for, and then stays as it is', async () => {
    const names = ({ body }: ApiAnswer) => Array.from(body, ({ name }) => name);
    const system = await api.get('/roles?type=system');
    expect(names(system)).toEqual(['editor', 'owner', 'support', 'viewer']);
    expect(names(await api.get('/roles?name_filter=owner'))).toEqual([]);
    const own = permission('read:users', systemAudience(freehold.issuer));
    for (const { id } of Array.from(system.body)) {
      for (const answer of [
        await api.patch(`/roles/${id}`, { description: 'Mine' }),
        await api.delete(`/roles/${id}`),
        await api.post(`/roles/${id}/permissions`, { permissions: [own] }),
        await api.delete(`/roles/${id}/permissions`, { permissions: [own] }),
      ]) {
        expect(answer.status).toBe(400);
        expect(answer.body.message).toBe('A role of administrators cannot be changed.');
      }
    }
  });
});

describe('§3.6: the permissions of a role', () => {
  test('are added, listed with what they are called, and taken away', async () => {
    const { id } = await makeRole();
    const at = `/roles/${id}/permissions`;
    const permissions = [permission('write:things'), permission('read:things')];
    expect(await api.post(at, { permissions })).toMatchObject({ status: 201, body: {} });
    expect((await api.post(at, { permissions: [permission('read:things')] })).status).toBe(201);
    const listed = await api.get(`${at}?per_page=100&page=0&include_totals=true`);
    expect(listed.body).toEqual({
      permissions: [
        { ...permission('read:things'), description: 'Read things', resource_server_name: 'Shop' },
        { ...permission('write:things'), description: 'Write things', resource_server_name: 'Shop' },
      ],
      start: 0,
      limit: 100,
      total: 2,
    });
    expect((await api.get(`${at}?per_page=1&page=1`)).body).toMatchObject([
      { permission_name: 'write:things' },
    ]);
    for (let times = 0; times < 2; times++) {
      expect((await api.delete(at, { permissions: [permission('write:things')] })).status).toBe(204);
    }
    expect((await api.get(at)).body).toMatchObject([{ permission_name: 'read:things' }]);
  });

  test('are of an API that exists, and that has them; nothing is half-written', async () => {
    const { id } = await makeRole();
    const at = `/roles/${id}/permissions`;
    const stranger = permission('read:things', 'https://nowhere.example/');
    const unknown = await api.post(at, { permissions: [permission('read:things'), stranger] });
    expect(unknown.body).toEqual(refusal(404, 'Not Found', 'The resource server does not exist.'));
    const missing = await api.post(at, { permissions: [permission('read:things'), permission('fly')] });
    expect([missing.status, missing.body.errorCode]).toEqual([400, 'invalid_body']);
    expect((await api.get(at)).body).toEqual([]);
  });

  test.each([
    [{}, 'Missing required property: permissions'],
    [{ permissions: [] }, 'Array is too short (0), minimum 1'],
    [{ permissions: [{ permission_name: 'x' }] }, 'Missing required property: resource_server_identifier'],
    [{ permissions: [{ ...permission('x'), description: 'x' }] }, 'Additional properties not allowed'],
  ])('§3.1: %j is refused', async (body, reason) => {
    const { id } = await makeRole();
    for (const answer of [
      await api.post(`/roles/${id}/permissions`, body),
      await api.delete(`/roles/${id}/permissions`, body),
      await api.post(`/users/${adaInPath}/permissions`, body),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain(reason);
    }
  });

  test('of a role that is none: 404', async () => {
    const body = { permissions: [permission('read:things')] };
    for (const { status, body: refused } of [
      await api.get('/roles/rol_none/permissions'),
      await api.post('/roles/rol_none/permissions', body),
      await api.delete('/roles/rol_none/permissions', body),
      await api.get('/roles/rol_none/users'),
      await api.post('/roles/rol_none/users', { users: [ada] }),
      await api.post(`/users/${adaInPath}/roles`, { roles: ['rol_none'] }),
    ]) {
      expect([status, refused.message]).toEqual([404, 'The role does not exist.']);
    }
  });
});

describe('§3.5: a user’s roles and permissions', () => {
  test('are given from either side, listed and taken away', async () => {
    const [one, two] = [await makeRole({ description: 'First' }), await makeRole()];
    expect(await api.post(`/roles/${one.id}/users`, { users: [ada] })).toMatchObject({
      status: 200,
      body: {},
    });
    expect((await api.post(`/users/${adaInPath}/roles`, { roles: [one.id, two.id] })).status).toBe(204);
    expect((await api.get(`/users/${adaInPath}/roles?include_totals=true&per_page=50`)).body).toEqual({
      roles: [
        { id: one.id, name: one.name, description: 'First', type: 'tenant' },
        { id: two.id, name: two.name, type: 'tenant' },
      ],
      start: 0,
      limit: 50,
      total: 2,
    });
    const ofRole = (await api.get(`/roles/${one.id}/users`)).body;
    expect(ofRole).toEqual([
      {
        user_id: ada,
        email: 'ada@example.com',
        name: 'Ada Lovelace',
        picture: 'https://example.com/ada.png',
      },
    ]);
    expect((await api.delete(`/users/${adaInPath}/roles`, { roles: [one.id, 'rol_none'] })).status).toBe(204);
    expect((await api.get(`/users/${adaInPath}/roles`)).body).toMatchObject([{ id: two.id }]);
    await api.delete(`/roles/${two.id}`);
    expect((await api.get(`/users/${adaInPath}/roles`)).body).toEqual([]);
  });

  test('§2.1: the users of a role are paged by checkpoint', async () => {
    const { id } = await makeRole();
    const [bob] = freehold.execute(`select user_id from "user" where email = 'bob@example.com'`);
    const both = [ada, String(bob?.user_id)].toSorted();
    await api.post(`/roles/${id}/users`, { users: both });
    const first = await api.get(`/roles/${id}/users?include_totals=true&per_page=50&take=1`);
    expect(first.body).toEqual({
      users: [expect.objectContaining({ user_id: both[0] })],
      next: expect.any(String),
    });
    const second = await api.get(`/roles/${id}/users?take=1&from=${first.body.next}`);
    expect(second.body).toEqual({ users: [expect.objectContaining({ user_id: both[1] })] });
  });

  test('tell what each comes from', async () => {
    const at = `/users/${adaInPath}/permissions`;
    const { id, name } = await makeRole();
    await api.post(`/roles/${id}/permissions`, {
      permissions: [permission('read:things'), permission('write:things')],
    });
    await api.post(`/users/${adaInPath}/roles`, { roles: [id] });
    const direct = { permissions: [permission('read:things')] };
    expect(await api.post(at, direct)).toMatchObject({ status: 201, body: {} });
    const byRole = { source_id: id, source_name: name, source_type: 'ROLE' };
    expect((await api.get(`${at}?include_totals=true&per_page=50`)).body).toEqual({
      permissions: [
        {
          ...permission('read:things'),
          description: 'Read things',
          resource_server_name: 'Shop',
          sources: [{ source_id: '', source_name: '', source_type: 'DIRECT' }, byRole],
        },
        {
          ...permission('write:things'),
          description: 'Write things',
          resource_server_name: 'Shop',
          sources: [byRole],
        },
      ],
      start: 0,
      limit: 50,
      total: 2,
    });
    expect((await api.delete(at, direct)).status).toBe(204);
    expect((await api.get(`${at}?per_page=1`)).body).toMatchObject([{ sources: [byRole] }]);
    await api.delete(`/roles/${id}`);
    expect((await api.get(at)).body).toEqual([]);
  });

  test('of nobody: 404', async () => {
    const role = await makeRole();
    const body = { permissions: [permission('read:things')] };
    for (const answer of [
      await api.get('/users/auth0%7Cnobody/roles'),
      await api.post('/users/auth0%7Cnobody/roles', { roles: [role.id] }),
      await api.delete('/users/auth0%7Cnobody/roles', { roles: [role.id] }),
      await api.get('/users/auth0%7Cnobody/permissions'),
      await api.post('/users/auth0%7Cnobody/permissions', body),
      await api.delete('/users/auth0%7Cnobody/permissions', body),
    ]) {
      expect(answer.status).toBe(404);
      expect(answer.body).toEqual(refusal(404, 'Not Found', 'The user does not exist.', 'inexistent_user'));
    }
    const several = await api.post(`/roles/${role.id}/users`, { users: [ada, 'auth0|nobody'] });
    expect(several.body).toEqual(refusal(404, 'Not Found', 'One or more of the users do not exist.'));
    expect((await api.get(`/roles/${role.id}/users`)).body).toEqual([]);
  });

  test('AT-10, AT-11: take effect in the next token, and their loss too', async () => {
    const { agent } = await getTokens(freehold);
    const tokenNow = async () => {
      const authorize = { audience: shop, scope: 'openid read:things write:things' };
      const { tokens } = await getTokens(freehold, { agent, authorize });
      const { scope, permissions } = claimsOf(tokens.access_token);
      return { scope, permissions };
    };
    const { id } = await makeRole();
    expect(await tokenNow()).toEqual({ scope: 'openid', permissions: [] });
    await api.post(`/users/${adaInPath}/roles`, { roles: [id] });
    await api.post(`/roles/${id}/permissions`, { permissions: [permission('read:things')] });
    expect(await tokenNow()).toEqual({ scope: 'openid read:things', permissions: ['read:things'] });
    await api.post(`/users/${adaInPath}/permissions`, { permissions: [permission('write:things')] });
    expect(await tokenNow()).toEqual({
      scope: 'openid read:things write:things',
      permissions: ['read:things', 'write:things'],
    });
    await api.delete(`/roles/${id}`);
    expect(await tokenNow()).toEqual({ scope: 'openid write:things', permissions: ['write:things'] });
    await api.delete(`/users/${adaInPath}/permissions`, { permissions: [permission('write:things')] });
    expect(await tokenNow()).toEqual({ scope: 'openid', permissions: [] });
  });

  test('are no more than a thousand of those given directly', async () => {
    const identifier = 'https://many.example/';
    const names = Array.from({ length: 1001 }, (_, number) => `p:${number}`);
    const scopes = names.map((value) => ({ value, description: '' }));
    const like = await freehold.stores.resourceServers.find(shop);
    if (like === undefined) throw new Error('The shop has no API');
    await freehold.composed.unitOfWork.transaction(({ resourceServers }) =>
      resourceServers.upsert({ ...like, id: 'rs_many', identifier, scopes }),
    );
    const at = `/users/${adaInPath}/permissions`;
    const add = (some: string[]) =>
      api.post(at, { permissions: some.map((name) => permission(name, identifier)) });
    expect((await add(names)).body).toEqual(
      refusal(400, 'Bad Request', 'No more permissions can be assigned to this user.'),
    );
    expect((await api.get(`${at}?per_page=1&include_totals=true`)).body.total).toBe(0);
    expect((await add(names.slice(1))).status).toBe(201);
  });
});
