// /resource-servers (§3.3): APIs made, read, changed and deleted by the Management API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { apiOf, giveRole, grantSystemApi } from '../../setup/administrators.ts';
import { Agent } from '../../setup/agent.ts';
import { password, sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi, managementSecret } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  const users = ['owner', 'viewer'].map((user_id) => ({
    user_id,
    email: `${user_id}@example.com`,
    password,
  }));
  freehold = await startFreehold({
    tenant: sampleTenant(),
    users: users.map((user) => ({ ...user, email_verified: true })),
  });
  await grantSystemApi(freehold);
  for (const role of ['owner', 'viewer'] as const) await giveRole(freehold, `auth0|${role}`, role);
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

let made = 0;
async function create(members: Record<string, unknown> = {}) {
  made += 1;
  const identifier = `https://api-${made}.example/`;
  const answer = await api.post('/resource-servers', { identifier, ...members });
  expect(answer.status, answer.text).toBe(201);
  return { ...answer.body, id: String(answer.body.id), identifier };
}
async function grant(audience: string, scope: string[]): Promise<void> {
  const unset = { organization_usage: null, allow_any_organization: null, unused: {} };
  const client = { id: `cgr_${audience}`, client_id: 'manager', subject_type: 'client' } as const;
  await freehold.composed.unitOfWork.transaction(({ clientGrants }) =>
    clientGrants.upsert({ ...client, ...unset, audience, scope, allow_all_scopes: false }),
  );
}
const at = (id: string) => `/resource-servers/${encodeURIComponent(id)}`;
const scopes = [{ value: 'read:tea', description: 'Read tea leaves' }, { value: 'pour:tea' }];

describe('POST /resource-servers', () => {
  test('§3.3: the recorded defaults; what nobody has set is absent', async () => {
    const answer = await api.post('/resource-servers', { identifier: 'https://bare.example/', name: 'Bare' });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        name: 'Bare',
        identifier: 'https://bare.example/',
        scopes: [],
        signing_alg: 'RS256',
        allow_offline_access: false,
        token_lifetime: 86_400,
        token_lifetime_for_web: 7200,
        skip_consent_for_verifiable_first_party_clients: false,
      },
    ]);
  });

  test('§3.3: what is set is told again, with what has no effect', async () => {
    const members = {
      name: 'Whole',
      scopes,
      enforce_policies: false,
      token_dialect: 'access_token',
      token_lifetime: 3600,
      token_lifetime_for_web: 600,
      allow_online_access: true,
      subject_type_authorization: { user: { policy: 'require_client_grant' } },
      authorization_details: [{ type: 'payment' }],
      consent_policy: 'transactional-authorization-with-mfa',
      proof_of_possession: { mechanism: 'dpop', required: true, required_for: 'public_clients' },
    };
    const { id } = await create(members);
    expect((await api.get(at(id))).body).toMatchObject(members);
  });

  test.each<[Record<string, unknown>, number, string, string]>([
    [{ identifier: 'https://orders.example/' }, 409, 'already exists', 'conflict'],
    [{ identifier: 'spa' }, 400, 'is the id of a client', 'invalid_body'],
    [{ identifier: 'https://x/', name: 'a<b' }, 400, 'on property name', 'invalid_body'],
    [
      { identifier: 'https://x/', scopes: [{ value: 'a b' }] },
      400,
      'on property scopes[0].value',
      'invalid_body',
    ],
    [
      { identifier: 'https://x/', scopes: [{ value: 'a' }, { value: 'a' }] },
      400,
      'on property scopes[1].value',
      'invalid_body',
    ],
    [
      { identifier: 'https://x/', token_lifetime: 2_592_001 },
      400,
      'on property token_lifetime',
      'invalid_body',
    ],
    [
      { identifier: 'https://x/', token_lifetime: 60, token_lifetime_for_web: 61 },
      400,
      'on property token_lifetime_for_web',
      'invalid_body',
    ],
    [{ identifier: 'https://x/', signing_alg: 'RS512' }, 400, 'No enum match for: RS512', 'invalid_body'],
    [
      { identifier: 'https://x/', signing_alg: 'HS256', signing_secret: 'x'.repeat(31) },
      400,
      'on property signing_secret',
      'invalid_body',
    ],
    [{ identifier: 'https://x/', is_system: true }, 400, 'Additional properties not allowed', 'invalid_body'],
    [{ name: 'No identifier' }, 400, 'Missing required property: identifier', 'invalid_body'],
  ])('§3.3: %j is refused', async (body, status, message, errorCode) => {
    const before = freehold.execute('select id from resource_server').length;
    const answer = await api.post('/resource-servers', body);
    expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
    expect(answer.body.message).toContain(message);
    expect(freehold.execute('select id from resource_server')).toHaveLength(before);
  });

  test('§3.3: what our own endpoints take as audience is reserved', async () => {
    for (const path of ['userinfo', 'mfa/', 'me/']) {
      const answer = await api.post('/resource-servers', { identifier: `${freehold.issuer}${path}` });
      expect([answer.status, answer.body.message]).toEqual([400, 'The selected identifier is reserved.']);
    }
  });
});

describe('GET /resource-servers', () => {
  test('§2.1: an array, a page with its total, these identifiers alone', async () => {
    const { identifier } = await create();
    const all = await api.get('/resource-servers?per_page=100');
    expect(Array.isArray(all.body)).toBe(true);
    const paged = await api.get('/resource-servers?page=1&per_page=1&include_totals=true');
    expect(paged.body).toMatchObject({ start: 1, limit: 1, total: all.body.length });
    expect(paged.body.resource_servers).toEqual([all.body[1]]);
    const two = [identifier, 'https://orders.example/', 'https://nowhere.example/'];
    const query = new URLSearchParams(two.map((value): [string, string] => ['identifiers', value]));
    const found = await api.get(`/resource-servers?include_totals=true&fields=identifier&${query}`);
    expect(found.body).toEqual({
      start: 0,
      limit: 50,
      total: 2,
      resource_servers: [{ identifier }, { identifier: 'https://orders.example/' }],
    });
  });

  test('§3.3: the system API is there under its name', async () => {
    const { body } = await api.get(at(systemAudience(freehold.issuer)));
    expect(body).toMatchObject({ name: 'Auth0 Management API', is_system: true });
  });

  test('by id or by identifier; else 404', async () => {
    const { id, identifier } = await create({ scopes });
    expect((await api.get(at(identifier))).body).toEqual((await api.get(at(id))).body);
    expect(await api.get(at('nothing'))).toMatchObject({
      status: 404,
      body: { message: 'The resource server does not exist', errorCode: 'inexistent_resource_server' },
    });
  });
});

describe('PATCH /resource-servers/{id}', () => {
  test('§3.1: the members that are sent are replaced, the others stay; null takes away', async () => {
    const { id, identifier } = await create({ scopes, enforce_policies: true, authorization_details: [{}] });
    const answer = await api.patch(at(identifier), { name: 'Renamed', authorization_details: null });
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.objectContaining({ id, name: 'Renamed', scopes, enforce_policies: true }),
    ]);
    expect(answer.body).not.toHaveProperty('authorization_details');
  });

  test.each([{ identifier: 'https://other.example/' }, { token_lifetime: 60 }, { unknown: 1 }])(
    '%j is refused, and nothing changes',
    async (body) => {
      const { id } = await create();
      const before = await api.get(at(id));
      expect((await api.patch(at(id), body)).status).toBe(400);
      expect((await api.get(at(id))).body).toEqual(before.body);
    },
  );

  test('a scope that is gone is granted to nobody any more, also when it comes again', async () => {
    const { id, identifier } = await create({ scopes });
    const permission = { resource_server_identifier: identifier, permission_name: 'pour:tea' };
    const role = await api.post('/roles', { name: `Tea ${id}` });
    await api.post(`/roles/${role.body.id}/permissions`, { permissions: [permission] });
    await grant(identifier, ['read:tea', 'pour:tea']);
    await api.patch(at(id), { scopes: [{ value: 'read:tea' }] });
    await api.patch(at(id), { scopes });
    expect((await api.get(`/roles/${role.body.id}/permissions`)).body).toEqual([]);
    const left = await freehold.stores.clientGrants.find('manager', identifier, 'client');
    expect(left?.scope).toEqual(['read:tea']);
  });

  test('takes effect at the next token', async () => {
    const { id, identifier } = await create();
    const lifetime = async () => {
      const answer = await new Agent(freehold.issuer).postForm('/oauth/token', {
        grant_type: 'client_credentials',
        client_id: 'manager',
        client_secret: managementSecret,
        audience: identifier,
      });
      return answer.json().expires_in ?? answer.json().error;
    };
    expect(await lifetime()).toBe('access_denied');
    await api.patch(at(id), { token_lifetime: 77, token_lifetime_for_web: 7 });
    await grant(identifier, []);
    expect(await lifetime()).toBe(77);
  });
});

describe('DELETE /resource-servers/{id}', () => {
  test('takes its client grants and permissions along; again is the same answer', async () => {
    const { id, identifier } = await create({ scopes });
    const permission = { resource_server_identifier: identifier, permission_name: 'pour:tea' };
    const role = await api.post('/roles', { name: `Gone ${id}` });
    await api.post(`/roles/${role.body.id}/permissions`, { permissions: [permission] });
    await api.post(`/users/${encodeURIComponent('auth0|viewer')}/permissions`, { permissions: [permission] });
    expect((await api.delete(at(identifier))).status).toBe(204);
    expect((await api.delete(at(identifier))).status).toBe(204);
    expect((await api.get(at(id))).status).toBe(404);
    for (const table of ['role_permission', 'user_permission']) {
      const left = freehold.execute(
        `select 1 from ${table} where resource_server_identifier = ?`,
        identifier,
      );
      expect(left).toEqual([]);
    }
  });

  test('§3.3: the system API is neither changed nor deleted', async () => {
    const system = at(systemAudience(freehold.issuer));
    const refusals = [await api.patch(system, { name: 'Mine' }), await api.delete(system)];
    expect(refusals.map(({ status, body }) => [status, body.message])).toEqual([
      [400, 'System resource servers cannot be patched.'],
      [400, 'System resource servers cannot be deleted.'],
    ]);
  });
});

describe('signing_secret', () => {
  const signing_secret = 'a-secret-for-signing-that-is-long-enough';

  test('is told to clients that write APIs, made where none is given, and sealed at rest', async () => {
    const given = await create({ signing_alg: 'HS256', signing_secret });
    expect((await api.get(at(given.id))).body.signing_secret).toBe(signing_secret);
    const drawn = await create({ signing_alg: 'HS256' });
    expect((await api.get(at(drawn.id))).body.signing_secret).toMatch(/^[A-Za-z0-9]{64}$/);
    const reader = await managementApi(freehold, ['read:resource_servers'], 'reader');
    expect((await reader.get(at(given.id))).body).not.toHaveProperty('signing_secret');
    expect(JSON.stringify(freehold.execute('select * from resource_server'))).not.toContain(signing_secret);
    expect(JSON.stringify(await freehold.logEntries())).not.toContain(signing_secret);
  });

  test('a person asks for it by name, soon after a login, and leaves an entry; a viewer never sees it', async () => {
    const { id, name } = { name: 'Signed', ...(await create({ name: 'Signed', signing_alg: 'HS256' })) };
    const [owner, viewer] = [
      await apiOf(freehold, 'owner@example.com'),
      await apiOf(freehold, 'viewer@example.com'),
    ];
    expect((await owner.get(at(id))).body).not.toHaveProperty('signing_secret');
    expect((await viewer.get(`${at(id)}?fields=signing_secret`)).body).toEqual({});
    expect((await owner.get(`${at(id)}?fields=signing_secret`)).body.signing_secret).toHaveLength(64);
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'sapi',
      description: 'Reveal the signing secret of an API',
      user_id: 'auth0|owner',
      details: { revealed: [{ id, name }] },
    });
    freehold.clock.advance(301);
    expect((await owner.get(`${at(id)}?fields=signing_secret`)).body).toEqual({});
  });
});
