// Invitations to organizations (contract §3.6, IV-1 to IV-6): what they say, where they lead, who may see the link.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { managementScopes } from '../../../packages/server/src/model/management-scopes.ts';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { sampleTenant, spa } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { messagesTo } from '../../setup/outbox.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const loginRoute = 'https://app.example/login';
const inviting = { ...spa, organization_usage: 'allow', initiate_login_uri: loginRoute };
const week = 604_800;
let freehold: Freehold;
let api: ManagementApi;
let organization: string;
let at: string;
let database: string;
let passwordless: string;

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      tenant: { friendly_name: 'Acme Tenant' },
      clients: [
        { ...inviting, name: 'Inviting', client_id: 'inviting' },
        {
          ...inviting,
          name: 'With a query',
          client_id: 'query',
          initiate_login_uri: `${loginRoute}?a=b%20c`,
        },
        { ...inviting, name: 'Nowhere', client_id: 'nowhere', initiate_login_uri: null },
        { ...spa, name: 'Without', client_id: 'without', initiate_login_uri: loginRoute },
      ],
      databases: [{ name: 'users' }],
      connections: [{ name: 'email', strategy: 'email' }],
    }),
  });
  api = await managementApi(freehold);
  const { body } = await api.post('/organizations', { name: 'acme', display_name: 'Acme <i>& Söhne</i>' });
  organization = String(body.id);
  at = `/organizations/${organization}/invitations`;
  const idOf = async (name: string) => String((await freehold.stores.connections.findByName(name))?.id);
  [database, passwordless] = [await idOf('users'), await idOf('email')];
});
afterAll(() => freehold.stop());

const asked = (differs: Record<string, unknown> = {}) => ({
  inviter: { name: 'Ada <b>Lovelace</b>' },
  invitee: { email: 'grace@example.com' },
  client_id: 'inviting',
  ...differs,
});
const refusal = (statusCode: number, error: string, message: string, errorCode?: string) => ({
  statusCode,
  error,
  message,
  ...(errorCode === undefined ? {} : { errorCode }),
});

describe('IV-1: an invitation', () => {
  test('is made, told again and deleted', async () => {
    const { status, body } = await api.post(at, asked());
    expect(status).toBe(201);
    const ticket = String(body.ticket_id);
    expect(ticket).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(body).toEqual({
      id: expect.stringMatching(/^uinv_[A-Za-z0-9]{16}$/),
      organization_id: organization,
      client_id: 'inviting',
      inviter: { name: 'Ada <b>Lovelace</b>' },
      invitee: { email: 'grace@example.com' },
      invitation_url: `${loginRoute}?invitation=${ticket}&organization=${organization}&organization_name=acme`,
      ticket_id: ticket,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      expires_at: expect.any(String),
    });
    expect((Date.parse(String(body.expires_at)) - Date.parse(String(body.created_at))) / 1000).toBe(week);
    expect((await api.get(`${at}/${body.id}`)).body).toEqual(body);
    expect((await api.get(`${at}/${body.id}?fields=id,invitee`)).body).toEqual({
      id: body.id,
      invitee: body.invitee,
    });
    for (let times = 0; times < 2; times++) expect((await api.delete(`${at}/${body.id}`)).status).toBe(204);
    const gone = await api.get(`${at}/${body.id}`);
    expect(gone.body).toEqual(
      refusal(404, 'Not Found', 'The invitation does not exist.', 'inexistent_invitation'),
    );
  });

  test('says everything that it was made with', async () => {
    await api.post(`/organizations/${organization}/connections`, { connection_id: database });
    const role = (await api.post('/roles', { name: 'Guest' })).body.id;
    const whole = {
      connection_id: database,
      roles: [role],
      user_metadata: { a: 1 },
      app_metadata: { plan: { b: [] } },
    };
    const { body } = await api.post(at, asked({ ...whole, ttl_sec: 60, client_id: 'query' }));
    expect(body).toMatchObject(whole);
    expect(String(body.invitation_url)).toMatch(/^https:\/\/app\.example\/login\?a=b%20c&invitation=/);
    expect((Date.parse(String(body.expires_at)) - Date.parse(String(body.created_at))) / 1000).toBe(60);
    const usual = (await api.post(at, asked({ ttl_sec: 0 }))).body;
    expect((Date.parse(String(usual.expires_at)) - Date.parse(String(usual.created_at))) / 1000).toBe(week);
  });

  test('is listed, the newest first, or the oldest', async () => {
    freehold.clock.advance(1);
    const first = (await api.post(at, asked())).body;
    freehold.clock.advance(1);
    const second = (await api.post(at, asked())).body;
    const ids = async (query: string) => Array.from((await api.get(`${at}${query}`)).body, ({ id }) => id);
    expect((await ids('')).slice(0, 2)).toEqual([second.id, first.id]);
    expect((await ids('?sort=created_at:1')).slice(-2)).toEqual([first.id, second.id]);
    const page = await api.get(`${at}?include_totals=true&per_page=1&fields=id`);
    expect(page.body).toMatchObject({ start: 0, limit: 1, invitations: [{ id: second.id }] });
    expect((await api.get(`${at}?sort=id:1`)).status).toBe(400);
  });

  test('belongs to its organization, and goes with it', async () => {
    const other = (await api.post('/organizations', { name: 'other' })).body.id;
    const { body } = await api.post(at, asked());
    const elsewhere = `/organizations/${other}/invitations/${body.id}`;
    expect((await api.get(elsewhere)).status).toBe(404);
    expect((await api.delete(elsewhere)).status).toBe(204);
    expect((await api.get(`${at}/${body.id}`)).status).toBe(200);
    await api.post(`/organizations/${other}/invitations`, asked());
    await api.delete(`/organizations/${other}`);
    for (const answer of [
      await api.get(`/organizations/${other}/invitations`),
      await api.get(elsewhere),
      await api.post(`/organizations/${other}/invitations`, asked()),
      await api.delete(elsewhere),
    ]) {
      expect(answer.body).toEqual(refusal(404, 'Not Found', 'No organization found by that id.'));
    }
    expect(freehold.execute('select * from invitation where organization_id = ?', String(other))).toEqual([]);
  });
});

describe('IV-2, IV-5: nobody is invited', () => {
  test.each([
    ['by a client that is none', { client_id: 'none' }, 'The specified client_id does not exist.'],
    [
      'by a client that has no organizations',
      { client_id: 'without' },
      'The specified client_id does not allow organizations.',
    ],
    [
      'to a connection that is none',
      { connection_id: 'con_none' },
      'The specified connection does not exist.',
    ],
    [
      'with roles that are none',
      { roles: ['rol_none', 'rol_never'] },
      'One or more of the specified roles do not exist: rol_none, rol_never',
    ],
  ])('%s', async (_why, differs, message) => {
    expect((await api.post(at, asked(differs))).body).toEqual(refusal(400, 'Bad Request', message));
  });

  test('to a connection that the organization does not let people in by', async () => {
    const { body } = await api.post('/organizations', { name: 'closed' });
    const closed = `/organizations/${body.id}`;
    const message = `The specified connection (${database}) is not enabled for the organization`;
    const invite = () => api.post(`${closed}/invitations`, asked({ connection_id: database }));
    expect((await invite()).body.message).toBe(message);
    await api.post(`${closed}/connections`, { connection_id: database, is_enabled: false });
    expect((await invite()).body.message).toBe(message);
    await api.patch(`${closed}/connections/${database}`, { is_enabled: true });
    expect((await invite()).status).toBe(201);
    const without = await api.post(`${closed}/invitations`, asked({ connection_id: passwordless }));
    expect(without.body.message).toBe('Passwordless connections are not supported.');
  });

  test('where no login begins anywhere; the tenant’s own route is one, and no header is', async () => {
    const nowhere = asked({ client_id: 'nowhere', send_invitation_email: false });
    const refused = await api.post(at, nowhere, {
      'x-forwarded-host': 'evil.example',
      origin: 'https://evil.example',
    });
    expect([refused.status, String(refused.body.message)]).toEqual([
      400,
      expect.stringContaining('A default login route is required to generate the invitation url.'),
    ]);
    await api.patch('/tenants/settings', { default_redirection_uri: 'https://acme.example/start' });
    const { body } = await api.post(at, nowhere);
    expect(String(body.invitation_url)).toMatch(/^https:\/\/acme\.example\/start\?invitation=/);
    // Where the link leads is settled: another route is for other invitations.
    await api.patch('/tenants/settings', { default_redirection_uri: '' });
    expect((await api.get(`${at}/${body.id}`)).body).toEqual(body);
  });

  test.each([
    [{ inviter: undefined }, 'Missing required property: inviter'],
    [{ invitee: {} }, 'Missing required property: email'],
    [{ invitee: { email: 'nobody' } }, "Object didn't pass validation for format email: nobody"],
    [{ inviter: { name: '' } }, 'String is too short (0 chars), minimum 1'],
    [{ inviter: { name: 'x'.repeat(301) } }, 'String is too long (301 chars), maximum 300'],
    [{ ttl_sec: -1 }, 'less than minimum 0'],
    [{ ttl_sec: 2_592_001 }, 'greater than maximum 2592000'],
    [{ roles: [] }, 'Array is too short (0), minimum 1'],
    [{ app_metadata: { user_id: 'x' } }, 'Additional properties not allowed: user_id'],
    [{ invitation_url: 'https://evil.example/' }, 'Additional properties not allowed: invitation_url'],
  ])('§3.1: %j is refused', async (differs, reason) => {
    const answer = await api.post(at, asked(differs));
    expect(answer.body).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' });
    expect(answer.body.message).toContain(reason);
  });

  test('with a role that the inviter may not give', async () => {
    const some = await managementApi(freehold, ['create:organization_invitations'], 'inviter');
    const { body } = await api.post('/roles', { name: 'Reader of users' });
    await api.post(`/roles/${body.id}/permissions`, {
      permissions: [
        { resource_server_identifier: systemAudience(freehold.issuer), permission_name: 'read:users' },
      ],
    });
    expect((await some.post(at, asked({ roles: [body.id] }))).status).toBe(403);
    const made = await api.post(at, asked({ roles: [body.id] }));
    expect(made.status).toBe(201);
    const { invitation_url: _url, ticket_id: _ticket, ...rest } = made.body;
    const scopes = ['create:organization_invitations', 'read:organization_invitations'];
    const reader = await managementApi(freehold, scopes, 'inviting-reader');
    expect((await reader.get(`${at}/${made.body.id}`)).body).toEqual(rest);
    expect((await reader.get(at)).body).toContainEqual(rest);
    expect((await api.get(`${at}/${made.body.id}`)).body).toEqual(made.body);
  });
});

describe('IV-6: the link', () => {
  test('goes by mail, unless it is not to', async () => {
    const to = 'mailed@example.com';
    const { body } = await api.post(at, asked({ invitee: { email: to }, ttl_sec: 86_400 }));
    expect(await messagesTo(freehold, to)).toEqual([
      {
        template: 'user_invitation',
        to,
        url: body.invitation_url,
        lifetime: 86_400,
        client_id: 'inviting',
        client_name: 'Inviting',
        inviter_name: 'Ada <b>Lovelace</b>',
        organization_name: 'Acme <i>& Söhne</i>',
      },
    ]);
    await api.post(at, asked({ invitee: { email: 'silent@example.com' }, send_invitation_email: false }));
    expect(await messagesTo(freehold, 'silent@example.com')).toEqual([]);
  });

  test('is shown to those who could make one, and stands neither in the log nor in clear in the database', async () => {
    const { body } = await api.post(at, asked());
    const ticket = String(body.ticket_id);
    const reads = managementScopes.filter((scope) => scope.startsWith('read:'));
    const viewer = await managementApi(freehold, reads, 'viewer');
    const { invitation_url: _url, ticket_id: _ticket, ...rest } = body;
    expect((await viewer.get(`${at}/${body.id}`)).body).toEqual(rest);
    expect((await viewer.get(at)).text).not.toContain('invitation_url');
    expect(JSON.stringify(await freehold.logEntries())).not.toContain(ticket);
    expect(JSON.stringify(freehold.execute('select * from invitation'))).not.toContain(ticket);
  });
});
