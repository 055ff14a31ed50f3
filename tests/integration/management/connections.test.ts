// /connections (§3.4): made, read, changed and deleted by the Management API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newUser } from '../../../packages/server/src/model/new-user.ts';
import { apiOf, giveRole, grantSystemApi } from '../../setup/administrators.ts';
import { Agent } from '../../setup/agent.ts';
import { authorizationUrl, codeOf, newPkce, password, sampleTenant } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  const users = ['owner', 'editor'].map((user_id) => ({
    user_id,
    email: `${user_id}@example.com`,
    password,
  }));
  freehold = await startFreehold({
    tenant: sampleTenant(),
    users: users.map((user) => ({ ...user, email_verified: true })),
  });
  await grantSystemApi(freehold);
  for (const role of ['owner', 'editor'] as const) await giveRole(freehold, `auth0|${role}`, role);
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

let made = 0;
const newName = () => {
  made += 1;
  return `connection-${made}`;
};
async function create(members: Record<string, unknown> = {}) {
  const name = newName();
  const answer = await api.post('/connections', { name, strategy: 'auth0', ...members });
  expect(answer.status, answer.text).toBe(201);
  return { ...answer.body, id: String(answer.body.id), name };
}
const usual = {
  mfa: { active: true, return_enroll_settings: true },
  passwordPolicy: 'good',
  brute_force_protection: true,
  authentication_methods: { password: { enabled: true }, passkey: { enabled: false } },
  passkey_options: {
    challenge_ui: 'both',
    local_enrollment_enabled: true,
    progressive_enrollment_enabled: true,
  },
  strategy_version: 2,
};

describe('POST /connections', () => {
  test('§3.4: a database of a name alone has the recorded options', async () => {
    const name = newName();
    const answer = await api.post('/connections', { name, strategy: 'auth0' });
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^con_[A-Za-z0-9]{16}$/),
        name,
        strategy: 'auth0',
        options: usual,
        is_domain_connection: false,
        realms: [name],
        enabled_clients: [],
        authentication: { active: true },
        connected_accounts: { active: false },
      },
    ]);
    expect((await api.get(`/connections/${answer.body.id}`)).body).toEqual(answer.body);
  });

  test('§3.4: what is set is told again, with what has no effect', async () => {
    const members = {
      display_name: 'Tea & Co <b>',
      realms: ['tea.example', 'coffee.example'],
      metadata: { team: 'leaves' },
      is_domain_connection: true,
      show_as_button: false,
      options: { customScripts: { login: 'function login() {}' }, import_mode: false, a_later_option: [1] },
    };
    const { id } = await create({ ...members, metadata: { ...members.metadata, gone: null } });
    const { body } = await api.get(`/connections/${id}`);
    expect(body).toMatchObject({ ...members, options: { ...usual, ...members.options } });
    expect(body.metadata).toEqual(members.metadata);
    const options = { passwordPolicy: null };
    expect((await api.get(`/connections/${(await create({ options })).id}`)).body).toMatchObject({ options });
    // CX-1: of domain level, it is for the third-party client.
    expect(body.enabled_clients).toEqual(['third']);
  });

  test('§3.4: connections of other identity providers are kept; nobody logs in by them', async () => {
    const options = {
      client_id: 'x',
      client_secret: 'sealed-secret',
      issuer: 'https://idp.example/',
      scope: 'openid',
    };
    const { id, name } = await create({ strategy: 'oidc', options, enabled_clients: ['spa'] });
    const { body } = await api.get(`/connections/${id}`);
    expect(body).toMatchObject({ strategy: 'oidc', show_as_button: false, enabled_clients: ['spa'] });
    expect(body.options).toMatchObject({ ...options, connection_settings: { pkce: 'auto' } });
    const agent = new Agent(freehold.issuer);
    expect((await agent.open(authorizationUrl(freehold, newPkce()))).text).not.toContain(name);
    const asked = await agent.send(authorizationUrl(freehold, newPkce(), { connection: name }));
    expect(asked.location?.searchParams.get('error_description')).toBe('the connection is not enabled');
  });

  test.each<[string, Record<string, unknown>, number, string]>([
    ['no name', { name: undefined }, 400, 'Missing required property: name'],
    ['no strategy', { strategy: undefined }, 400, 'Missing required property: strategy'],
    ['a strategy that nobody knows', { strategy: 'facelook' }, 400, 'No enum match for: facelook'],
    ['a name with a hyphen at its end', { name: 'a-' }, 400, 'on property name'],
    ['a name with two hyphens', { name: 'a--b' }, 400, 'on property name'],
    ['a long name', { name: 'a'.repeat(129) }, 400, 'on property name'],
    ['a member that nobody knows', { unknown: 1 }, 400, 'Additional properties not allowed: unknown'],
    ['an id', { id: 'con_0000000000000000' }, 400, 'Additional properties not allowed: id'],
    ['a long display name', { display_name: 'x'.repeat(129) }, 400, 'on property display_name'],
    ['a number for metadata', { metadata: { a: 1 } }, 400, 'on property metadata.a'],
    [
      'eleven metadata',
      { metadata: Object.fromEntries([...'abcdefghijk'].map((key) => [key, key])) },
      400,
      'on property metadata',
    ],
    ['eleven realms', { realms: Array.from({ length: 11 }, (_, n) => `r${n}`) }, 400, 'on property realms'],
    ['options that are a list', { options: [] }, 400, 'on property options'],
    ['an unknown policy', { options: { passwordPolicy: 'best' } }, 400, 'on property options.passwordPolicy'],
    [
      'nothing to prove itself by',
      { strategy: 'oidc', options: { token_endpoint_auth_method: null } },
      400,
      'on property options.token_endpoint_auth_method',
    ],
    [
      'a history too long',
      { options: { password_history: { enable: true, size: 25 } } },
      400,
      'password_history.size',
    ],
    ['a client that is not there', { enabled_clients: ['nobody'] }, 400, 'The client does not exist'],
    [
      'a realm of another',
      { realms: ['Username-Password-Authentication'] },
      409,
      'already another connection',
    ],
    [
      'a name that is taken',
      { name: 'Username-Password-Authentication' },
      409,
      'A connection with the same name already exists',
    ],
    [
      'both generations of usernames',
      { options: { requires_username: true, attributes: { email: { identifier: { active: true } } } } },
      400,
      'Cannot set both options.attributes and options.requires_username',
    ],
    [
      'no active identifier',
      { options: { attributes: { email: { identifier: { active: false } } } } },
      400,
      'attributes must contain one active identifier',
    ],
    [
      'root attributes of a database of ours',
      { options: { set_user_root_attributes: 'on_each_login' } },
      400,
      'options.set_user_root_attributes can be set only for',
    ],
    [
      'a client_id that is no text',
      { strategy: 'oidc', options: { client_id: 1 } },
      400,
      'options.client_id',
    ],
  ])('§3.4: %s is refused, and nothing is made', async (_what, members, status, message) => {
    const before = freehold.execute('select id from connection').length;
    const answer = await api.post('/connections', { name: newName(), strategy: 'auth0', ...members });
    expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(message)]);
    expect(freehold.execute('select id from connection')).toHaveLength(before);
  });
});

describe('GET /connections', () => {
  test('§2.1: filtered by strategies and name, in every style', async () => {
    const { name } = await create({ strategy: 'samlp' });
    await create({ strategy: 'sms' });
    const strategies = async (query: string) =>
      Array.from((await api.get(`/connections?${query}`)).body, ({ strategy }) => strategy);
    expect(new Set(await strategies('strategy=samlp&strategy=sms'))).toEqual(new Set(['samlp', 'sms']));
    expect((await api.get(`/connections?name=${name}`)).body).toMatchObject([{ name, strategy: 'samlp' }]);
    expect((await api.get('/connections?name=nothing')).body).toEqual([]);
    const paged = await api.get('/connections?include_totals=true&per_page=1&page=1&fields=name');
    expect(paged.body).toMatchObject({ start: 1, limit: 1, connections: [{ name: expect.any(String) }] });
    expect((await api.get('/connections?strategy=nothing')).status).toBe(400);
    expect((await api.get('/connections?fields=secrets')).status).toBe(400);
  });

  test('§2.1: by checkpoint each is met once', async () => {
    const all = Array.from((await api.get('/connections?per_page=100')).body, ({ id }) => id);
    const met: unknown[] = [];
    let from = '';
    do {
      const { body } = await api.get(`/connections?take=2${from}`);
      met.push(...(body.connections as { id: unknown }[]).map(({ id }) => id));
      from = body.next === undefined ? '' : `&from=${body.next}`;
    } while (from !== '');
    expect(met).toEqual(all);
  });

  test('404 for what is not there', async () => {
    expect(await api.get('/connections/con_nothing')).toMatchObject({
      status: 404,
      body: { message: 'The connection does not exist', errorCode: 'inexistent_connection' },
    });
  });
});

describe('PATCH /connections/{id}', () => {
  test('§3.4: options are replaced whole, other members stay', async () => {
    const { id, name } = await create({ display_name: 'Before', options: { disable_signup: true } });
    const answer = await api.patch(`/connections/${id}`, { options: { passwordPolicy: 'low' } });
    expect([answer.status, answer.body]).toEqual([
      200,
      expect.objectContaining({ name, display_name: 'Before', options: { passwordPolicy: 'low' } }),
    ]);
    const renamed = await api.patch(`/connections/${id}`, { display_name: 'After', metadata: { a: 'b' } });
    expect(renamed.body).toMatchObject({
      display_name: 'After',
      metadata: { a: 'b' },
      options: { passwordPolicy: 'low' },
    });
  });

  test.each([{ name: 'other' }, { strategy: 'sms' }, { options: { passwordPolicy: 1 } }, { realms: 'a' }])(
    '%j is refused, and nothing changes',
    async (body) => {
      const { id } = await create();
      const before = await api.get(`/connections/${id}`);
      expect((await api.patch(`/connections/${id}`, body)).status).toBe(400);
      expect((await api.get(`/connections/${id}`)).body).toEqual(before.body);
    },
  );

  test('§3.4: a database with users stays as custom as it is; another e-mail attribute is no way around', async () => {
    const { id, name } = await create({ enabled_clients: ['spa'] });
    expect(
      (await api.patch(`/connections/${id}`, { options: { enabledDatabaseCustomization: true } })).status,
    ).toBe(200);
    expect((await api.patch(`/connections/${id}`, { options: {} })).status).toBe(200);
    await api.post('/users', { connection: name, email: 'tea@example.com', password });
    const refused = await api.patch(`/connections/${id}`, {
      options: { enabledDatabaseCustomization: true },
    });
    expect([refused.status, refused.body.message]).toEqual([
      400,
      'This database contains users. You cannot change "options.enabledDatabaseCustomization" setting.',
    ]);
    const attributes = { email: { unique: false }, username: { identifier: { active: true } } };
    expect((await api.patch(`/connections/${id}`, { options: { attributes } })).body.message).toBe(
      'cannot add non-unique email attribute',
    );
  });

  test('§3.1: of two who change it at once, the second hears of the first', async () => {
    const { id } = await create();
    const { headers } = await api.get(`/connections/${id}`);
    const ifMatch = { 'if-match': String(headers.etag) };
    expect((await api.patch(`/connections/${id}`, { display_name: 'One' }, ifMatch)).status).toBe(200);
    expect((await api.patch(`/connections/${id}`, { display_name: 'Two' }, ifMatch)).status).toBe(412);
  });

  test('takes effect at the next login', async () => {
    const { id, name } = await create({ enabled_clients: ['spa'] });
    const signUp = (email: string, typed: string) =>
      new Agent(freehold.issuer).signUp(
        authorizationUrl(freehold, newPkce(), { connection: name, screen_hint: 'signup' }),
        email,
        typed,
      );
    expect((await signUp('short@example.com', 'abc')).text).toContain('too short');
    await api.patch(`/connections/${id}`, { options: { passwordPolicy: 'none' } });
    expect(codeOf(await signUp('short@example.com', 'abc'))).toBeTruthy();
    await api.patch(`/connections/${id}`, { authentication: { active: false } });
    const url = authorizationUrl(freehold, newPkce(), { connection: name });
    expect((await new Agent(freehold.issuer).send(url)).location?.searchParams.get('error_description')).toBe(
      'the connection is not enabled',
    );
  });
});

describe('secrets among options', () => {
  const options = {
    client_id: 'x',
    client_secret: 'secret-of-the-provider',
    customHeaders: { authorization: 'secret-header' },
    a_private_key: 'secret-that-nobody-knows',
  };

  test('are sealed at rest, apart, and in no log', async () => {
    const { id } = await create({ strategy: 'oauth2', options });
    expect((await api.get(`/connections/${id}`)).body.options).toEqual(options);
    const stored = JSON.stringify(freehold.execute('select * from connection'));
    const log = JSON.stringify(await freehold.logEntries());
    for (const secret of ['secret-of-the-provider', 'secret-header', 'secret-that-nobody-knows']) {
      expect([stored.includes(secret), log.includes(secret)]).toEqual([false, false]);
    }
  });

  test('stay where options are replaced without them; null takes them away', async () => {
    const { id } = await create({ strategy: 'oauth2', options });
    const secretsAfter = async (changed: Record<string, unknown>) => {
      await api.patch(`/connections/${id}`, { options: changed });
      return (await api.get(`/connections/${id}`)).body.options;
    };
    expect(await secretsAfter({ client_id: 'y' })).toEqual({ ...options, client_id: 'y' });
    expect(await secretsAfter({ client_id: 'y', client_secret: 'other' })).toMatchObject({
      client_secret: 'other',
    });
    expect(await secretsAfter({ client_id: 'y', client_secret: null })).toMatchObject({
      client_secret: null,
    });
    expect(await secretsAfter({ client_id: 'y' })).not.toHaveProperty('client_secret');
  });

  test('are for clients that write connections, and for a person who asks soon after a login', async () => {
    const { id, name } = await create({ strategy: 'oauth2', options });
    const reader = await managementApi(freehold, ['read:connections'], 'reader');
    expect((await reader.get(`/connections/${id}`)).body.options).toEqual({ client_id: 'x' });
    const owner = await apiOf(freehold, 'owner@example.com');
    expect((await owner.get(`/connections/${id}`)).body.options).toEqual({ client_id: 'x' });
    expect((await owner.get(`/connections/${id}?fields=options`)).body.options).toEqual(options);
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      description: 'Reveal the secrets of a connection',
      user_id: 'auth0|owner',
      details: { revealed: [{ id, name }] },
    });
    freehold.clock.advance(301);
    expect((await owner.get(`/connections/${id}?fields=options`)).body.options).toEqual({ client_id: 'x' });
  });
});

describe('/connections/{id}/clients', () => {
  test('both ways: each client is enabled and disabled, and the connection tells which', async () => {
    const { id } = await create();
    const change = (client_id: string, status: boolean) =>
      api.patch(`/connections/${id}/clients`, [{ client_id, status }]);
    expect((await change('spa', true)).status).toBe(204);
    expect((await change('spa', true)).status).toBe(204);
    expect((await change('native', true)).status).toBe(204);
    expect((await api.get(`/connections/${id}/clients`)).body).toEqual({
      clients: [{ client_id: 'native' }, { client_id: 'spa' }],
    });
    const { body } = await api.get(`/connections/${id}/clients?take=1`);
    expect(body.clients).toEqual([{ client_id: 'native' }]);
    const rest = await api.get(`/connections/${id}/clients?take=1&from=${body.next}`);
    expect(rest.body).toEqual({ clients: [{ client_id: 'spa' }] });
    expect((await change('native', false)).status).toBe(204);
    expect((await api.get(`/connections/${id}`)).body.enabled_clients).toEqual(['spa']);
    await api.patch(`/connections/${id}`, { enabled_clients: ['web'] });
    expect((await api.get(`/connections/${id}/clients`)).body).toEqual({ clients: [{ client_id: 'web' }] });
  });

  test("the server's own clients are not told, and stay where a list is set", async () => {
    const [database] = Array.from((await api.get('/connections?name=Username-Password-Authentication')).body);
    const before = await freehold.stores.connections.listClients(String(database?.id));
    expect(before).toContain('freehold-try');
    expect(database?.enabled_clients).not.toContain('freehold-try');
    await api.patch(`/connections/${database?.id}`, { enabled_clients: database?.enabled_clients });
    expect(await freehold.stores.connections.listClients(String(database?.id))).toEqual(before);
  });

  test('§5: one of them is enabled all the same: the one that logins are tried with', async () => {
    const { id } = await create();
    const change = (client_id: string, status: boolean) =>
      api.patch(`/connections/${id}/clients`, [{ client_id, status }]);
    const enabled = () => freehold.stores.connections.listClients(String(id));
    expect((await change('freehold-dashboard-try', true)).status).toBe(204);
    expect(await enabled()).toEqual(['freehold-dashboard-try']);
    expect((await api.get(`/connections/${id}/clients`)).body).toEqual({ clients: [] });
    expect((await change('freehold-dashboard', true)).status).toBe(404);
    expect((await change('freehold-dashboard-try', false)).status).toBe(204);
    expect(await enabled()).toEqual([]);
  });

  test.each<[unknown, number]>([
    [[], 400],
    [[{ client_id: 'spa' }], 400],
    [[{ client_id: 'nobody', status: true }], 404],
    [Array.from({ length: 51 }, () => ({ client_id: 'spa', status: true })), 400],
    [{ client_id: 'spa', status: true }, 400],
  ])('%j is refused', async (body, status) => {
    const { id } = await create();
    expect((await api.patch(`/connections/${id}/clients`, body)).status).toBe(status);
    expect((await api.get(`/connections/${id}/clients`)).body).toEqual({ clients: [] });
  });

  test('404 for a connection that is not there', async () => {
    const body = [{ client_id: 'spa', status: true }];
    expect((await api.patch('/connections/con_nothing/clients', body)).status).toBe(404);
    expect((await api.get('/connections/con_nothing/clients')).status).toBe(404);
  });
});

describe('DELETE /connections/{id}', () => {
  async function withUsers(count: number) {
    const connection = await create({ enabled_clients: ['spa'], options: { passwordPolicy: 'none' } });
    const where = { id: connection.id, name: connection.name, strategy: 'auth0' } as const;
    await freehold.composed.unitOfWork.transaction(async ({ users }) => {
      for (let index = 0; index < count; index += 1) {
        const id = `${connection.name}-${index}`;
        const made = newUser(
          { id, email: `${id}@example.com` },
          where,
          freehold.clock.now(),
          freehold.composed.tenant.random,
        );
        await users.insert(made.user, made.identity, null);
      }
    });
    return connection;
  }
  const countUsersOf = (name: string) =>
    freehold.execute('select user_id from "user" where user_id like ?', `auth0|${name}-%`).length;

  test('§3.4: 202 with the time; an empty one is gone, its name and realms are free', async () => {
    const { id, name } = await create();
    const answer = await api.delete(`/connections/${id}`);
    expect([answer.status, answer.body]).toEqual([202, { deleted_at: expect.stringMatching(/^\d{4}-.*Z$/) }]);
    expect((await api.get(`/connections/${id}`)).status).toBe(404);
    expect((await api.post('/connections', { name, strategy: 'auth0' })).status).toBe(201);
  });

  test('§3.1: what is there no more was deleted already', async () => {
    expect((await api.delete('/connections/con_nothing')).status).toBe(204);
  });

  test('its users go with it, in steps; meanwhile nobody logs in, and the name is taken', async () => {
    const { id, name } = await withUsers(250);
    expect((await api.delete(`/connections/${id}`)).status).toBe(202);
    expect(countUsersOf(name)).toBe(150);
    const url = authorizationUrl(freehold, newPkce(), { connection: name });
    expect((await new Agent(freehold.issuer).send(url)).location?.searchParams.get('error_description')).toBe(
      'the connection was not found',
    );
    expect((await api.get(`/connections/${id}`)).status).toBe(404);
    expect((await api.delete(`/connections/${id}`)).status).toBe(204);
    const again = await api.post('/connections', { name, strategy: 'auth0' });
    expect([again.status, again.body.message]).toEqual([
      409,
      'A connection with the same name is being deleted, try again later',
    ]);
    await freehold.composed.deliverDue();
    expect(countUsersOf(name)).toBe(0);
    expect(freehold.execute('select 1 from connection where id = ?', id)).toEqual([]);
    expect((await api.post('/connections', { name, strategy: 'auth0' })).status).toBe(201);
  });

  test('a session that it began serves nobody any more', async () => {
    const { id, name } = await create({ enabled_clients: ['spa'] });
    const agent = new Agent(freehold.issuer);
    const asked = { connection: name, screen_hint: 'signup' };
    await agent.signUp(authorizationUrl(freehold, newPkce(), asked), 'silent@example.com', password);
    const silent = authorizationUrl(freehold, newPkce(), { prompt: 'none' });
    expect(codeOf(await agent.send(silent))).toBeTruthy();
    await api.delete(`/connections/${id}`);
    expect((await agent.send(silent)).location?.searchParams.get('error')).toBe('login_required');
  });

  test('of a user who is named after another connection, only the identity goes', async () => {
    const enabled_clients = ['spa'];
    const [kept, gone] = [await create({ enabled_clients }), await create({ enabled_clients })];
    const user = async (connection: string, email: string) =>
      String((await api.post('/users', { connection, email, password })).body.user_id);
    const primary = await user(kept.name, 'linked@example.com');
    const secondary = await user(gone.name, 'linked@example.com');
    await api.post(`/users/${encodeURIComponent(primary)}/identities`, {
      provider: 'auth0',
      user_id: secondary,
      connection_id: gone.id,
    });
    await api.delete(`/connections/${gone.id}`);
    const { body } = await api.get(`/users/${encodeURIComponent(primary)}`);
    expect(body.identities).toMatchObject([{ connection: kept.name }]);
  });

  test('who may not delete an administrator may not delete their connection', async () => {
    const [database] = Array.from((await api.get('/connections?name=Username-Password-Authentication')).body);
    const editor = await managementApi(freehold, ['delete:connections'], 'deleter');
    const refused = await editor.delete(`/connections/${database?.id}`);
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'This user is an administrator: one with the same permissions must do this',
    ]);
    const last = await api.delete(`/connections/${database?.id}`);
    expect([last.status, last.body.message]).toEqual([
      400,
      expect.stringContaining('This is the last owner'),
    ]);
    expect((await api.get(`/connections/${database?.id}`)).status).toBe(200);
  });
});

describe('DELETE /connections/{id}/users', () => {
  test('the user of this address, in whatever case, and nobody else; again is the same answer', async () => {
    const { id, name } = await create({ enabled_clients: ['spa'] });
    for (const email of ['one@example.com', 'two@example.com'])
      await api.post('/users', { connection: name, email, password });
    for (let times = 0; times < 2; times += 1)
      expect((await api.delete(`/connections/${id}/users?email=ONE@example.com`)).status).toBe(204);
    expect((await api.get('/users-by-email?email=one@example.com')).body).toEqual([]);
    expect((await api.get('/users-by-email?email=two@example.com')).body).toHaveLength(1);
  });

  test('§3.4: of a database alone; 404 for what is not there; an address is asked for', async () => {
    const { id } = await create({ strategy: 'email' });
    const answers = [
      await api.delete(`/connections/${id}/users?email=a@example.com`),
      await api.delete('/connections/con_nothing/users?email=a@example.com'),
      await api.delete(`/connections/${id}/users`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 400]);
    expect(answers[0]?.body.message).toBe('Connection must be a database connection');
  });

  test('an administrator goes by the hand of an equal alone', async () => {
    const [database] = Array.from((await api.get('/connections?name=Username-Password-Authentication')).body);
    const deleter = await managementApi(freehold, ['delete:users'], 'user-deleter');
    const refused = await deleter.delete(`/connections/${database?.id}/users?email=owner@example.com`);
    expect(refused.status).toBe(403);
  });
});
