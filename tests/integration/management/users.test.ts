// Users (§3.5): made, read, changed and deleted by the Management API.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../../setup/agent.ts';
import {
  authorizationUrl,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  sampleTenant,
} from '../../setup/flow.ts';
import { apiWith, type ManagementApi, managementApi } from '../../setup/management.ts';
import { messagesTo } from '../../setup/outbox.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const database = 'Username-Password-Authentication';
let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  const enabled_clients = ['spa'];
  freehold = await startFreehold({
    tenant: sampleTenant({
      databases: [
        { name: database, enabled_clients },
        { name: 'named', enabled_clients, options: { requires_username: true, passwordPolicy: 'excellent' } },
        { name: 'unused', enabled_clients: [] },
      ],
      connections: [
        { name: 'email', strategy: 'email', enabled_clients },
        { name: 'sms', strategy: 'sms', enabled_clients },
      ],
    }),
  });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

let made = 0;
async function create(profile: Record<string, unknown> = {}) {
  made += 1;
  const email = `user${made}@example.com`;
  const answer = await api.post('/users', { connection: database, email, password, ...profile });
  expect(answer.status, answer.text).toBe(201);
  return { ...answer.body, user_id: String(answer.body.user_id), email: String(answer.body.email) };
}
const at = (user_id: string, rest = '') => `/users/${encodeURIComponent(user_id)}${rest}`;
const refusal = (message: string, errorCode: string, status = 400) => ({
  status,
  body: { statusCode: status, message, errorCode },
});

async function logIn(username: string, withPassword = password) {
  const answer = await new Agent(freehold.issuer).logIn(
    authorizationUrl(freehold, newPkce()),
    username,
    withPassword,
  );
  return answer.location?.searchParams.has('code') === true;
}

describe('§3.5: POST /users', () => {
  test('UP-1, UP-4: what nobody said is derived, and what is not set is left out', async () => {
    const answer = await api.post('/users', { connection: database, email: 'Ada.B@Example.com', password });
    expect(answer.status).toBe(201);
    const { user_id } = answer.body as { user_id?: string };
    expect(answer.body).toEqual({
      user_id: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      email: 'ada.b@example.com',
      email_verified: false,
      name: 'ada.b@example.com',
      nickname: 'ada.b',
      picture: expect.stringMatching(/^https:\/\/s\.gravatar\.com\/avatar\/[0-9a-f]{32}\?s=480/),
      identities: [
        {
          connection: database,
          user_id: user_id?.slice('auth0|'.length),
          provider: 'auth0',
          isSocial: false,
        },
      ],
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
      updated_at: expect.any(String),
    });
    expect((await api.get(at(user_id ?? ''))).body).toEqual(answer.body);
    expect(await logIn('ada.b@example.com')).toBe(true);
    expect((await api.get(at(user_id ?? ''))).body).toMatchObject({
      logins_count: 1,
      last_ip: '127.0.0.1',
      last_login: expect.any(String),
    });
  });

  test('what is said is kept, markup, right-to-left text and emoji as the text that they are', async () => {
    const said = {
      given_name: '<img src=x onerror=alert(1)>',
      family_name: '⁧שלום⁩',
      name: '👩‍🚀'.repeat(60),
      nickname: 'Å',
      picture: 'https://example.com/a.png?x=1',
      phone_number: '+15550100',
      phone_verified: true,
      email_verified: true,
      blocked: false,
      user_metadata: { bio: 'x'.repeat(10_000), tags: [1, null, { a: 'b' }] },
      app_metadata: { plan: 'gold', constructor: 'c' },
      user_id: 'chosen-by-me',
    };
    const { user_id: _id, ...kept } = said;
    expect(await create(said)).toMatchObject({ ...kept, user_id: 'auth0|chosen-by-me' });
  });

  test('passwordless users are made by the address or the number that they log in with', async () => {
    const bySms = await api.post('/users', {
      connection: 'sms',
      phone_number: '+15550123',
      phone_verified: true,
    });
    expect(bySms.body).toMatchObject({ user_id: expect.stringMatching(/^sms\|/), phone_number: '+15550123' });
    expect(bySms.body).not.toHaveProperty('email_verified');
    const byEmail = await api.post('/users', { connection: 'email', email: 'less@example.com' });
    expect(byEmail.body).toMatchObject({
      user_id: expect.stringMatching(/^email\|/),
      email: 'less@example.com',
    });
    expect(await messagesTo(freehold, 'less@example.com')).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    [
      'an unknown connection',
      { connection: 'none' },
      'The connection does not exist',
      'inexistent_connection',
    ],
    [
      'a connection of nobody',
      { connection: 'unused' },
      'Connection is disabled.',
      'operation_not_supported',
    ],
    [
      'a username where none is asked for',
      { username: 'ada' },
      'Cannot set username for connection without requires_username.',
      'operation_not_supported',
    ],
    [
      'a weak password',
      { password: 'short' },
      'PasswordStrengthError: Password is too weak',
      'auth0_idp_error',
    ],
    [
      'a password of the policy of another connection',
      { connection: 'named', username: 'x', password: 'Short-1a' },
      'PasswordStrengthError: Password is too weak',
      'auth0_idp_error',
    ],
    [
      'no password',
      { password: undefined },
      "Payload validation error: 'Missing required property: password'.",
      'invalid_body',
    ],
    [
      'a password where there are none',
      { connection: 'email' },
      "Payload validation error: 'Additional properties not allowed: password'.",
      'invalid_body',
    ],
    [
      'a reserved name',
      { app_metadata: { plan: 1, user_id: 'x', blocked: false } },
      "Payload validation error: 'Additional properties not allowed: user_id,blocked' on property app_metadata.",
      'invalid_body',
    ],
    [
      'no address',
      { email: 'nonsense' },
      "Payload validation error: 'Object didn't pass validation for format email: nonsense' on property email.",
      'invalid_body',
    ],
    [
      'an unknown member',
      { role: 'owner' },
      "Payload validation error: 'Additional properties not allowed: role'.",
      'invalid_body',
    ],
  ])('%s is refused, and nothing is made', async (_what, profile, message, errorCode) => {
    const email = 'refused@example.com';
    const answer = await api.post('/users', { connection: database, email, password, ...profile });
    expect(answer).toMatchObject(refusal(message, errorCode));
    expect((await api.get('/users-by-email?email=refused@example.com')).body).toEqual([]);
  });

  test('UP-7: one address is one user of each connection', async () => {
    const { email, user_id } = await create();
    const again = await api.post('/users', { connection: database, email: email.toUpperCase(), password });
    expect(again).toMatchObject(refusal('The user already exists.', 'auth0_idp_error', 409));
    const id = user_id.slice('auth0|'.length);
    const sameId = await api.post('/users', {
      connection: database,
      email: 'z@example.com',
      password,
      user_id: id,
    });
    expect(sameId.status).toBe(409);
    expect((await api.post('/users', { connection: 'email', email })).status).toBe(201);
    const both = await api.get(`/users-by-email?email=${email}`);
    expect(both.body).toHaveLength(2);
    expect((await api.get(`/users-by-email?email=${email.toUpperCase()}`)).body).toEqual([]);
  });

  test('EM-3: whoever has not verified an address is sent a link, unless it is said otherwise', async () => {
    const sent = async (profile: Record<string, unknown>) =>
      (await messagesTo(freehold, (await create(profile)).email)).map(({ template }) => template);
    expect(await sent({})).toEqual(['verify_email']);
    expect(await sent({ email_verified: true })).toEqual([]);
    expect(await sent({ verify_email: false })).toEqual([]);
    expect(await sent({ email_verified: true, verify_email: true })).toEqual(['verify_email']);
  });

  test('neither the log nor an answer has the password', async () => {
    const secret = 'Unheard-of-7';
    const { user_id } = await create({ password: secret });
    await api.patch(at(user_id), { password: `${secret}b` });
    await api.post('/users', { connection: 'none', password: secret });
    const log = JSON.stringify(await freehold.logEntries());
    expect(log).toContain('"type":"sapi"');
    expect(log).not.toContain(secret);
    expect((await api.get(at(user_id))).text).not.toContain('argon2');
  });

  test('AT-14: tokens of a user who was deleted are not those of another with the same id', async () => {
    const { email } = await create({ user_id: 'reborn' });
    const { tokens } = await getTokens(freehold, { username: email });
    const userinfo = () =>
      new Agent(freehold.issuer).send('/userinfo', {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
    expect((await userinfo()).status).toBe(200);
    await api.delete(at('auth0|reborn'));
    expect((await userinfo()).status).toBe(401);
    await create({ user_id: 'reborn', email });
    expect((await userinfo()).status).toBe(401);
  });
});

describe('§3.5: PATCH /users/{id}', () => {
  test('members of the root are replaced, and null unsets', async () => {
    const { user_id, email } = await create({ given_name: 'Ada', nickname: 'a', name: 'Ada L' });
    freehold.clock.advance(5);
    const changed = await api.patch(at(user_id), { family_name: 'Lovelace', nickname: 'countess' });
    expect(changed).toMatchObject({
      status: 200,
      body: { given_name: 'Ada', family_name: 'Lovelace', nickname: 'countess', name: 'Ada L' },
    });
    expect(changed.body.updated_at).not.toBe(changed.body.created_at);
    const unset = await api.patch(at(user_id), { given_name: null, name: null, nickname: null });
    expect(unset.body).not.toHaveProperty('given_name');
    expect(unset.body).toMatchObject({ name: email, nickname: email.split('@')[0], family_name: 'Lovelace' });
  });

  test('metadata are merged one level deep; null takes a member away, {} all of them', async () => {
    const { user_id } = await create({
      user_metadata: { keep: 1, deep: { a: 1 }, gone: true },
      app_metadata: { plan: 'gold' },
    });
    const patch = async (body: Record<string, unknown>) => (await api.patch(at(user_id), body)).body;
    expect(await patch({ user_metadata: { deep: { b: 2 }, gone: null, more: [] } })).toMatchObject({
      user_metadata: { keep: 1, deep: { b: 2 }, more: [] },
      app_metadata: { plan: 'gold' },
    });
    const emptied = await patch({ user_metadata: {}, app_metadata: {} });
    expect(emptied).toMatchObject({ user_metadata: {} });
    expect(emptied).not.toHaveProperty('app_metadata');
    expect((await api.get(at(user_id))).body).not.toHaveProperty('user_metadata');
    const reserved = await api.patch(at(user_id), { app_metadata: { identities: [] } });
    expect(reserved.status).toBe(400);
  });

  test.each([
    ['password', 'email'],
    ['password', 'email_verified'],
    ['username', 'email'],
    ['username', 'email_verified'],
    ['username', 'password'],
  ])('%s and %s may not be changed together', async (one, other) => {
    const { user_id } = await create({
      connection: 'named',
      username: `u${made}`,
      password: `${password}xyz`,
    });
    const values: Record<string, unknown> = {
      password: 'Another-horse-2',
      email: 'x@example.com',
      email_verified: true,
      username: 'x',
    };
    const answer = await api.patch(at(user_id), { [one]: values[one], [other]: values[other] });
    const message = `Cannot update ${one} and ${other} simultaneously.`;
    expect(answer).toMatchObject(refusal(message, 'operation_not_supported'));
  });

  test.each(['email', 'password'])('what the user logs in with is not taken away: %s', async (name) => {
    const { user_id } = await create();
    const message = `The following user attributes cannot be removed: ${name}.`;
    const answer = await api.patch(at(user_id), { [name]: null });
    expect(answer).toMatchObject(refusal(message, 'operation_not_supported'));
  });

  test('another address is not verified, is what the user logs in with, and no other user’s', async () => {
    const { user_id } = await create({ email_verified: true });
    const other = await create();
    const email = `new${made}@example.com`;
    const changed = await api.patch(at(user_id), { email: email.toUpperCase() });
    expect(changed.body).toMatchObject({ email, email_verified: false });
    expect(await messagesTo(freehold, email)).toEqual([]);
    expect(await logIn(email)).toBe(true);
    expect((await api.patch(at(user_id), { email, email_verified: true })).body).toMatchObject({
      email_verified: true,
    });
    expect((await api.patch(at(user_id), { email })).body).toMatchObject({ email_verified: true });
    expect(await api.patch(at(user_id), { email: other.email })).toMatchObject(
      refusal('The specified new email already exists', 'auth0_idp_error'),
    );
    await api.patch(at(user_id), { verify_email: true, client_id: 'spa' });
    expect(await messagesTo(freehold, email)).toMatchObject([{ template: 'verify_email', client_id: 'spa' }]);
  });

  test('AT-14, EM-4: another password ends sessions and tokens, and is the only one', async () => {
    const { user_id, email } = await create();
    const authorize = { scope: 'openid offline_access' };
    const { tokens, agent } = await getTokens(freehold, { username: email, authorize });
    const answer = await api.patch(at(user_id), { password: 'Another-horse-2' });
    expect(answer).toMatchObject({ status: 200, body: { last_password_reset: expect.any(String) } });
    const refreshed = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
    expect(refreshed.json()).toMatchObject({ error: 'invalid_grant' });
    const silent = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
    expect(silent.location?.searchParams.get('error')).toBe('login_required');
    expect([await logIn(email), await logIn(email, 'Another-horse-2')]).toEqual([false, true]);
    expect(await api.patch(at(user_id), { password: 'weak' })).toMatchObject(
      refusal('PasswordStrengthError: Password is too weak', 'auth0_idp_error'),
    );
    expect(answer.body).toMatchObject({ email_verified: false });
  });

  test('SE-5: another address, name or number ends sessions and tokens; one that is added does not', async () => {
    const people: [Record<string, unknown>, Record<string, unknown>][] = [
      [{}, { email: `elsewhere${made}@example.com` }],
      [{ connection: 'named', username: `old${made}` }, { username: `new${made}` }],
      [{ phone_number: '+15550001' }, { phone_number: '+15550002' }],
      [{ phone_number: '+15550003' }, { phone_number: null }],
      [{}, { phone_number: '+15550004' }],
      [{}, { email_verified: true, name: 'Another' }],
    ];
    const stayed = [];
    for (const [members, changes] of people) {
      const { user_id, email } = await create(members);
      const authorize = { scope: 'openid offline_access' };
      const { tokens, agent } = await getTokens(freehold, { username: email, authorize });
      expect((await api.patch(at(user_id), changes)).status).toBe(200);
      const refreshed = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
      const silent = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
      stayed.push([refreshed.status, silent.location?.searchParams.get('error') ?? null]);
    }
    const out = [403, 'login_required'];
    expect(stayed).toEqual([out, out, out, out, [200, null], [200, null]]);
  });

  test('AT-14, AZ-64: who is blocked is out, is told so, and is in again by a new login alone', async () => {
    const { user_id, email } = await create();
    const { tokens, agent } = await getTokens(freehold, { username: email });
    expect((await api.patch(at(user_id), { blocked: true })).body).toMatchObject({ blocked: true });
    const userinfo = () =>
      agent.send('/userinfo', { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect((await userinfo()).status).toBe(401);
    const silent = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
    expect(silent.location?.searchParams.get('error_description')).toBe('user is blocked');
    expect(await logIn(email)).toBe(false);
    expect((await api.patch(at(user_id), { blocked: false })).body).toMatchObject({ blocked: false });
    expect((await userinfo()).status).toBe(401);
    const again = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
    expect(again.location?.searchParams.get('error')).toBe('login_required');
    expect(await logIn(email)).toBe(true);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['an address', { email: 'x@example.com' }, 'Cannot update email for non-database user.'],
    ['a password', { password: 'Another-horse-2' }, 'Connection is not supported for this operation.'],
    [
      'its number taken away',
      { phone_number: null },
      'The following user attributes cannot be removed: phone_number.',
    ],
    ['a verified address', { email_verified: true }, 'Email verification is not supported for sms users.'],
  ])('a user by text message is given no %s', async (_what, body, message) => {
    made += 1;
    const number = `+1555${1000 + made}`;
    const { user_id } = (await api.post('/users', { connection: 'sms', phone_number: number })).body;
    const answer = await api.patch(at(String(user_id)), body);
    expect(answer).toMatchObject(refusal(message, 'operation_not_supported'));
  });

  test('a user by text message gets another number', async () => {
    const { user_id } = (await api.post('/users', { connection: 'sms', phone_number: '+15559990' })).body;
    const changed = await api.patch(at(String(user_id)), { phone_number: '+15559991' });
    expect(changed.body).toMatchObject({ phone_number: '+15559991', phone_verified: false });
    expect((await api.post('/users', { connection: 'sms', phone_number: '+15559991' })).status).toBe(409);
    expect((await api.post('/users', { connection: 'sms', phone_number: '+15559990' })).status).toBe(201);
  });

  test('a refused change changes nothing', async () => {
    const { user_id, email } = await create({ user_metadata: { a: 1 } });
    const other = await create();
    const before = (await api.get(at(user_id))).text;
    const body = { email: other.email, blocked: true, user_metadata: { b: 2 }, name: 'X' };
    expect((await api.patch(at(user_id), body)).status).toBe(400);
    expect((await api.get(at(user_id))).text).toBe(before);
    expect(await logIn(email)).toBe(true);
  });

  test('two administrators at once: each keeps what the other changed, or is told', async () => {
    const { user_id } = await create();
    const patches = Array.from({ length: 8 }, (_, n) =>
      api.patch(at(user_id), { app_metadata: { [`n${n}`]: n } }),
    );
    await Promise.all(patches);
    expect(Object.keys((await api.get(at(user_id))).body.app_metadata ?? {})).toHaveLength(8);
    const etag = String((await api.get(at(user_id))).headers.etag);
    const save = (name: string) => api.patch(at(user_id), { name }, { 'if-match': etag });
    expect((await save('One')).status).toBe(200);
    expect((await save('Two')).status).toBe(412);
    expect((await api.get(at(user_id))).body.name).toBe('One');
  });

  test('who is not there is 404', async () => {
    const nobody = refusal('The user does not exist.', 'inexistent_user', 404);
    expect(await api.get(at('auth0|nobody'))).toMatchObject(nobody);
    expect(await api.patch(at('auth0|nobody'), { name: 'X' })).toMatchObject(nobody);
    expect(await api.patch(at('auth0|nobody'), { password: 'Another-horse-2' })).toMatchObject(nobody);
  });

  test('§3.1: fields choose members, and unknown ones are refused', async () => {
    const { user_id, email } = await create();
    expect((await api.get(at(user_id, '?fields=email,user_id'))).body).toEqual({ email, user_id });
    const without = await api.get(at(user_id, '?fields=identities,picture&include_fields=false'));
    expect(Object.keys(without.body)).not.toContain('picture');
    expect((await api.get(at(user_id, '?fields=hash'))).status).toBe(400);
    expect((await api.get(`/users-by-email?email=${email}&fields=user_id`)).body).toEqual([{ user_id }]);
  });
});

describe('§3.5: DELETE /users/{id}', () => {
  test('everything of the user goes, and who is gone is gone', async () => {
    const { user_id, email } = await create();
    const { tokens, agent } = await getTokens(freehold, {
      username: email,
      authorize: { scope: 'openid offline_access' },
    });
    for (let times = 0; times < 2; times += 1) {
      const answer = await api.delete(at(user_id));
      expect([answer.status, answer.text]).toEqual([204, '']);
    }
    expect((await api.get(at(user_id))).status).toBe(404);
    const refreshed = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
    expect(refreshed.json()).toMatchObject({ error: 'invalid_grant' });
    expect(await logIn(email)).toBe(false);
    expect((await api.post('/users', { connection: database, email, password })).status).toBe(201);
  });
});

describe('§3.1: scopes', () => {
  test('update:users_app_metadata changes app_metadata, and nothing else', async () => {
    const { user_id } = await create();
    const narrow = await managementApi(freehold, ['update:users_app_metadata'], 'narrow');
    expect((await narrow.patch(at(user_id), { app_metadata: { plan: 'gold' } })).status).toBe(200);
    for (const body of [{ name: 'X' }, { app_metadata: {}, blocked: true }, { user_metadata: {} }]) {
      const answer = await narrow.patch(at(user_id), body);
      expect(answer).toMatchObject(
        refusal('Insufficient scope, expected any of: update:users', 'insufficient_scope', 403),
      );
    }
  });

  test('of themselves people read all, change user_metadata, and may leave', async () => {
    const { user_id, email } = await create({ app_metadata: { plan: 'gold' } });
    const other = await create();
    const scope = 'openid read:current_user update:current_user_metadata delete:current_user';
    const { tokens } = await getTokens(freehold, {
      username: email,
      authorize: { scope, audience: `${freehold.issuer}api/v2/` },
    });
    const own = apiWith(freehold, tokens.access_token);
    expect((await own.get(at(user_id))).body).toMatchObject({ email, app_metadata: { plan: 'gold' } });
    expect((await own.patch(at(user_id), { user_metadata: { theme: 'dark' } })).body).toMatchObject({
      user_metadata: { theme: 'dark' },
    });
    expect((await own.patch(at(user_id), { app_metadata: { plan: 'free' } })).status).toBe(403);
    expect((await own.patch(at(user_id), { user_metadata: {}, email_verified: true })).status).toBe(403);
    for (const answer of [
      await own.get(at(other.user_id)),
      await own.patch(at(other.user_id), { user_metadata: {} }),
      await own.delete(at(other.user_id)),
    ]) {
      const message = 'User to be acted on does not match subject in bearer token.';
      expect([answer.status, answer.body.message]).toEqual([403, message]);
    }
    expect((await own.delete(at(user_id))).status).toBe(204);
    expect((await own.get(at(user_id))).status).toBe(401);
  });
});

test('every write leaves sapi with what was asked, every refusal fapi', async () => {
  const { user_id } = await create({ given_name: 'Ada' });
  await api.patch(at(user_id), { email: 'nonsense' });
  const entries = (await freehold.logEntries()).slice(-3);
  expect(entries.find(({ type }) => type === 'sapi')).toMatchObject({
    description: 'Create a User',
    client_id: 'manager',
    details: {
      request: { method: 'post', path: '/api/v2/users', body: { given_name: 'Ada', password: '[REDACTED]' } },
      response: { statusCode: 201, body: { user_id } },
    },
  });
  expect(entries.at(-1)).toMatchObject({ type: 'fapi', client_id: 'manager' });
});

test.each([
  ['what is not JSON', 400, '{"email":', {}, { client_id: 'manager' }],
  ['another type', 400, 'email=a', { 'content-type': 'text/plain' }, { client_id: 'manager' }],
  ['too much of it', 413, `"${'a'.repeat(300_000)}"`, {}, { client_id: null }],
] as const)(
  'LG-4: a body that cannot be read leaves fapi as well: %s',
  async (_what, status, body, headers, who) => {
    const before = (await freehold.logEntries()).length;
    freehold.clock.advance(60);
    expect((await api.post('/users', body, headers)).status).toBe(status);
    const entries = (await freehold.logEntries()).slice(before);
    const request = expect.not.objectContaining({ body: expect.anything() });
    const details = { request, response: { statusCode: status } };
    expect(entries).toMatchObject([{ type: 'fapi', ...who, details }]);
  },
);

test('§3.1: a form says texts, and lists of them; whatever is of another kind is refused', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = (path: string, members: [string, string][]) =>
    api.post(path, new URLSearchParams(members).toString(), form);
  const name: [string, string] = ['name', 'By a form'];
  const callbacks = ['https://a.example/', 'https://b.example/'];
  expect(
    await send('/clients', [name, ...callbacks.map((url): [string, string] => ['callbacks', url])]),
  ).toMatchObject({ status: 201, body: { name: 'By a form', callbacks } });
  expect(await send('/clients', [name, ['is_first_party', 'true']])).toMatchObject({
    status: 400,
    body: {
      message:
        "Payload validation error: 'Expected type boolean but found type string' on property is_first_party.",
      errorCode: 'invalid_body',
    },
  });
});

test('§3.1: who sends what cannot be read must show a token all the same', async () => {
  const { status, body } = await apiWith(freehold, '').post('/users', '{"email":');
  expect([status, body.message]).toEqual([401, 'Missing authentication']);
});
