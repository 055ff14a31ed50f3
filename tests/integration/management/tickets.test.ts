// Tickets and the jobs that send them (§3.7, EM-2 to EM-5): links that an application, or this server, gives to people.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../../setup/agent.ts';
import { authorizationUrl, newPkce, password, sampleTenant, spa } from '../../setup/flow.ts';
import { type ManagementApi, managementApi } from '../../setup/management.ts';
import { messagesTo } from '../../setup/outbox.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const database = 'Username-Password-Authentication';
const day = 86_400;
let freehold: Freehold;
let api: ManagementApi;
let connection_id: string;

beforeAll(async () => {
  const tenant = sampleTenant({
    databases: [{ name: database, enabled_clients: ['spa'] }],
    connections: [
      { name: 'email', strategy: 'email', enabled_clients: ['spa'] },
      { name: 'sms', strategy: 'sms', enabled_clients: ['spa'] },
    ],
    organizations: [{ name: 'acme' }, { name: 'others' }],
  });
  tenant.clients = [{ ...spa, initiate_login_uri: 'https://app.example/login' }];
  freehold = await startFreehold({ tenant });
  api = await managementApi(freehold);
  connection_id = (await freehold.stores.connections.findByName(database))?.id ?? '';
});
afterAll(() => freehold.stop());

let made = 0;
async function create(body: Record<string, unknown> = {}) {
  made += 1;
  const email = `ticket${made}@example.com`;
  const sent = { connection: database, email, password, verify_email: false, ...body };
  const answer = await api.post('/users', sent);
  expect(answer.status, answer.text).toBe(201);
  return { user_id: String(answer.body.user_id), email };
}
const passwordless = (connection: string, rest: Record<string, unknown>) =>
  create({ connection, email: undefined, password: undefined, verify_email: undefined, ...rest });

async function ticket(kind: 'password-change' | 'email-verification', body: Record<string, unknown>) {
  const answer = await api.post(`/tickets/${kind}`, body);
  expect(answer.status, answer.text).toBe(201);
  expect(Object.keys(answer.body)).toEqual(['ticket']);
  return new URL(String(answer.body.ticket));
}

async function open(link: URL, fields: Record<string, string> = {}) {
  const agent = new Agent(freehold.issuer);
  const page = await agent.open(link);
  return page.status === 200 ? agent.submit(page, fields) : page;
}

async function logIn(email: string, withPassword: string) {
  const agent = new Agent(freehold.issuer);
  const answer = await agent.logIn(authorizationUrl(freehold, newPkce()), email, withPassword);
  return answer.location?.searchParams.has('code') === true;
}
const verifiedOf = async (user_id: string) =>
  (await api.get(`/users/${encodeURIComponent(user_id)}`)).body.email_verified;

describe('EM-5: POST /tickets/password-change', () => {
  test('the link changes the password once, without a mail, and verifies nothing', async () => {
    const { user_id, email } = await create();
    const link = await ticket('password-change', { user_id });
    expect(link.href).toMatch(new RegExp(`^${freehold.issuer}u/reset-password\\?ticket=[\\w-]{43}#$`));
    expect(await messagesTo(freehold, email)).toEqual([]);
    expect((await open(link, { password: 'Another-horse-2' })).status).toBe(200);
    expect([await logIn(email, password), await logIn(email, 'Another-horse-2')]).toEqual([false, true]);
    expect(await verifiedOf(user_id)).toBe(false);
    expect((await open(link, { password: 'Another-horse-3' })).status).toBe(400);
  });

  test('mark_email_as_verified, by address and connection; the newest link alone is good', async () => {
    const { user_id, email } = await create();
    const first = await ticket('password-change', { user_id });
    const body = { email: email.toUpperCase(), connection_id, mark_email_as_verified: true };
    const second = await ticket('password-change', body);
    expect((await open(first, { password: 'Another-horse-2' })).status).toBe(400);
    expect((await open(second, { password: 'Another-horse-2' })).status).toBe(200);
    expect(await verifiedOf(user_id)).toBe(true);
  });

  test('EM-2: ttl_sec; five days if it is 0', async () => {
    const { user_id } = await create();
    const short = await ticket('password-change', { user_id, ttl_sec: 60 });
    freehold.clock.advance(60);
    expect((await open(short, { password: 'Another-horse-2' })).status).toBe(400);
    const usual = await ticket('password-change', { user_id, ttl_sec: 0 });
    freehold.clock.advance(5 * day - 1);
    expect((await new Agent(freehold.issuer).open(usual)).status).toBe(200);
    freehold.clock.advance(1);
    expect((await new Agent(freehold.issuer).open(usual)).status).toBe(400);
    api = await managementApi(freehold);
  });

  test('EM-3: on to result_url, with what came of it and, if asked for, the address', async () => {
    const { user_id, email } = await create();
    const result_url = 'https://app.example/done?a=b';
    const link = await ticket('password-change', { user_id, result_url, includeEmailInRedirect: true });
    const page = await new Agent(freehold.issuer).open(link);
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://app.example");
    const weak = await open(link, { password: 'x' });
    expect(weak.status).toBe(400);
    const { status, location } = await open(link, { password: 'Another-horse-2' });
    expect([status, location?.origin, location?.pathname]).toEqual([303, 'https://app.example', '/done']);
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      a: 'b',
      email,
      success: 'true',
      message: 'You can now login to the application with the new password.',
    });
  });

  test('UL-6: on to the application, which is told the organization', async () => {
    const { user_id } = await create();
    const organization = await freehold.stores.organizations.findByName('acme');
    const organization_id = organization?.id ?? '';
    await freehold.composed.unitOfWork.transaction(({ organizationMembers }) =>
      organizationMembers.add(organization_id, user_id),
    );
    const link = await ticket('password-change', { user_id, client_id: 'spa', organization_id });
    const done = await open(link, { password: 'Another-horse-2' });
    expect(done.text).toContain(
      `https://app.example/login?organization_id=${organization_id}&amp;organization_name=acme`,
    );
  });

  test.each<[string, (user: { user_id: string; email: string }) => Record<string, unknown>, string]>([
    ['nobody', () => ({}), 'Missing required property: user_id'],
    ['two ways at once', ({ user_id, email }) => ({ user_id, email, connection_id }), 'exclude each other'],
    ['an address of no connection', ({ email }) => ({ email }), 'Missing required property: connection_id'],
    [
      'where to twice',
      ({ user_id }) => ({ user_id, result_url: 'https://a.example/', client_id: 'spa' }),
      'exclude each other',
    ],
    ['script', ({ user_id }) => ({ user_id, result_url: 'javascript:alert(1)' }), 'format url'],
    ['an unknown client', ({ user_id }) => ({ user_id, client_id: 'nobody' }), 'The client does not exist'],
    [
      'an unknown organization',
      ({ user_id }) => ({ user_id, organization_id: 'org_0000000000000000' }),
      'The organization does not exist',
    ],
    [
      'another identity',
      ({ user_id }) => ({ user_id, identity: { provider: 'auth0', user_id: 'x' } }),
      'The user exists, but does not contain the given identity.',
    ],
    [
      'an unknown member',
      ({ user_id }) => ({ user_id, new_password: 'x' }),
      'Additional properties not allowed',
    ],
  ])('%s is refused', async (_what, bodyOf, message) => {
    const answer = await api.post('/tickets/password-change', bodyOf(await create()));
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(message)]);
  });

  test('nobody has a ticket who has no password, no address, or no account', async () => {
    const refusalOf = async (user_id: string) => {
      const { status, body } = await api.post('/tickets/password-change', { user_id });
      return [status, body.message];
    };
    const unsupported = "The user's main connection does not support this operation.";
    const byEmail = await passwordless('email', { email: 'less@example.com' });
    const bySms = await passwordless('sms', { phone_number: '+15550177' });
    expect(await refusalOf(byEmail.user_id)).toEqual([400, unsupported]);
    expect(await refusalOf(bySms.user_id)).toEqual([400, unsupported]);
    expect(await refusalOf('auth0|nobody')).toEqual([404, 'The user does not exist.']);
    const nobody = { email: 'nobody@example.com', connection_id };
    expect((await api.post('/tickets/password-change', nobody)).status).toBe(404);
    const others = await freehold.stores.organizations.findByName('others');
    const { user_id } = await create();
    const stranger = await api.post('/tickets/password-change', { user_id, organization_id: others?.id });
    expect(stranger.body.message).toBe(
      `The user with id ${user_id} is not a member of organization with id ${others?.id}.`,
    );
  });

  test('the log has the request, and not the link', async () => {
    const { user_id } = await create();
    const link = await ticket('password-change', { user_id });
    const entries = (await freehold.logEntries()).slice(-1);
    expect(entries).toMatchObject([
      { type: 'sapi', details: { response: { body: { ticket: '[REDACTED]' } } } },
    ]);
    expect(JSON.stringify(entries)).not.toContain(link.searchParams.get('ticket'));
  });
});

describe('§3.7: POST /tickets/email-verification', () => {
  test('the link verifies the address, at the click and not before', async () => {
    const { user_id } = await create();
    const link = await ticket('email-verification', { user_id, result_url: 'https://app.example/verified' });
    expect(link.pathname).toBe('/u/email-verification');
    await new Agent(freehold.issuer).open(link);
    expect(await verifiedOf(user_id)).toBe(false);
    const { location } = await open(link);
    expect(location?.searchParams.get('success')).toBe('true');
    expect(await verifiedOf(user_id)).toBe(true);
  });

  test('it is of the address that the user had', async () => {
    const { user_id } = await create();
    const link = await ticket('email-verification', { user_id });
    await api.patch(`/users/${encodeURIComponent(user_id)}`, { email: `other${made}@example.com` });
    expect((await open(link)).status).toBe(400);
    expect(await verifiedOf(user_id)).toBe(false);
  });

  test('an identity of a passwordless connection is named; a telephone has no address', async () => {
    const { user_id } = await passwordless('email', { email: 'named@example.com' });
    expect((await api.post('/tickets/email-verification', { user_id })).status).toBe(400);
    const identity = { provider: 'email', user_id: user_id.slice('email|'.length) };
    await open(await ticket('email-verification', { user_id, identity }));
    expect(await verifiedOf(user_id)).toBe(true);
    const bySms = await passwordless('sms', { phone_number: '+15550178' });
    const number = { provider: 'sms', user_id: bySms.user_id.slice('sms|'.length) };
    const body = { user_id: bySms.user_id, identity: number };
    expect((await api.post('/tickets/email-verification', body)).status).toBe(400);
  });
});

describe('§3.7: jobs', () => {
  test('POST /jobs/verification-email sends a mail, and the job is told of', async () => {
    const { user_id, email } = await create();
    const identity = { provider: 'auth0', user_id: user_id.slice('auth0|'.length) };
    const answer = await api.post('/jobs/verification-email', { user_id, client_id: 'spa', identity });
    expect(answer).toMatchObject({
      status: 201,
      body: { type: 'verification_email', status: 'pending', id: expect.stringMatching(/^job_\w{16}$/) },
    });
    expect(Object.keys(answer.body).toSorted()).toEqual(['created_at', 'id', 'status', 'type']);
    const [mail] = await messagesTo(freehold, email);
    expect(mail).toMatchObject({ template: 'verify_email', client_id: 'spa' });
    const job = await api.get(`/jobs/${answer.body.id}`);
    expect(job.body).toEqual({ ...answer.body, status: 'completed' });
    freehold.clock.advance(day);
    api = await managementApi(freehold);
    expect(await api.get(`/jobs/${answer.body.id}`)).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_job' },
    });
    await freehold.composed.sweep();
    expect(freehold.execute('select id from job')).toEqual([]);
  });

  test('what is no id of a job is told so', async () => {
    expect((await api.get('/jobs/nonsense')).body.errorCode).toBe('invalid_uri');
    expect((await api.post('/jobs/verification-email', {})).body.errorCode).toBe('invalid_body');
  });
});

describe('AP-3: /user-blocks', () => {
  test('who failed too often is told with where from, and let in again', async () => {
    const { user_id, email } = await create();
    const at = `/user-blocks/${encodeURIComponent(user_id)}`;
    const byIdentifier = `/user-blocks?identifier=${encodeURIComponent(email)}`;
    expect((await api.get(at)).body).toEqual({ blocked_for: [] });
    for (let times = 0; times < 10; times += 1) await logIn(email, 'Wrong-horse-1');
    const blocked = { identifier: email, ip: '127.0.0.1', connection: database };
    expect((await api.get(at)).body).toEqual({ blocked_for: [blocked] });
    const shouted = await api.get(`/user-blocks?identifier=${encodeURIComponent(email.toUpperCase())}`);
    expect(shouted.body).toMatchObject({ blocked_for: [{ ip: '127.0.0.1' }] });
    expect(await logIn(email, password)).toBe(false);
    const unblocked = await api.delete(at);
    expect([unblocked.status, unblocked.text]).toEqual([204, '']);
    expect((await api.get(`${byIdentifier}&consider_brute_force_enablement=true`)).body).toEqual({
      blocked_for: [],
    });
    expect(await logIn(email, password)).toBe(true);
    for (let times = 0; times < 10; times += 1) await logIn(email, 'Wrong-horse-1');
    expect((await api.delete(byIdentifier)).status).toBe(204);
    expect(await logIn(email, password)).toBe(true);
    expect((await api.delete('/user-blocks?identifier=nobody@example.com')).status).toBe(204);
  });

  test('an unknown user is 404, a missing identifier 400', async () => {
    expect((await api.get('/user-blocks/auth0%7Cnobody')).status).toBe(404);
    expect((await api.delete('/user-blocks/auth0%7Cnobody')).status).toBe(404);
    expect((await api.get('/user-blocks')).body.errorCode).toBe('invalid_query_string');
  });

  test('RFC 9110 §13.1.1: are ended in the state that somebody has seen, or not at all', async () => {
    const { user_id, email } = await create();
    for (const at of [
      `/user-blocks/${encodeURIComponent(user_id)}`,
      `/user-blocks?identifier=${encodeURIComponent(email)}`,
    ]) {
      expect((await api.delete(at, undefined, { 'if-match': '"another"' })).status, at).toBe(412);
      expect((await api.delete(at, undefined, { 'if-match': '*' })).status, at).toBe(204);
    }
  });
});
