// POST /dbconnections/signup and the link that verifies the address, contract SU-*, EM-3.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import { authorizationUrl, getTokens, newPkce, password, sampleTenant, spa, users } from '../setup/flow.ts';
import { linkSentTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [spa, { ...spa, name: 'Other', client_id: 'other' }];
  tenant.databases = [
    { name: defaultDatabaseName, enabled_clients: ['spa'] },
    { name: 'Strict', enabled_clients: ['spa'], options: { passwordPolicy: 'excellent' } },
    { name: 'Fair', enabled_clients: ['spa'], options: { passwordPolicy: 'fair' } },
    { name: 'Closed', enabled_clients: ['spa'], options: { disable_signup: true } },
  ];
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());

let people = 0;
function somebody(): string {
  people += 1;
  return `somebody-${people}@example.com`;
}

function signUp(fields: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
  freehold.clock.advance(2);
  const body = { client_id: 'spa', connection: defaultDatabaseName, email: somebody(), password, ...fields };
  return new Agent(freehold.issuer).postJson('/dbconnections/signup', body, headers);
}

const refusal = (code: string, description: unknown) => ({
  name: 'BadRequestError',
  code,
  description,
  statusCode: 400,
});
const lastEntries = async (count: number) => (await freehold.logEntries()).slice(-count);

test('SU-1, SU-2: a user is made, described, and can log in', async () => {
  const profile = {
    given_name: 'Grace',
    family_name: 'Hopper',
    name: 'Grace Hopper',
    nickname: 'amazing',
    picture: 'https://example.com/grace.png',
    user_metadata: { plan: 'premium' },
  };
  const answer = await signUp({ email: 'Grace@Example.com', username: 'Grace_1', ...profile });
  expect([answer.status, answer.json()]).toEqual([
    200,
    {
      _id: expect.stringMatching(/^[0-9a-f]{24}$/),
      email: 'grace@example.com',
      email_verified: false,
      username: 'grace_1',
      ...profile,
    },
  ]);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.text).not.toContain(password);
  expect(await lastEntries(2)).toMatchObject([
    { type: 'ss', user_id: `auth0|${answer.json()._id}`, client_id: 'spa' },
    { type: 'svr', user_name: 'grace@example.com' },
  ]);
  for (const username of ['grace@example.com', 'grace_1']) {
    const { tokens } = await getTokens(freehold, { username });
    expect(tokens.id_token).toBeDefined();
  }
});

test('SU-2: what was not given is not told', async () => {
  expect(Object.keys((await signUp()).json()).sort()).toEqual(['_id', 'email', 'email_verified']);
});

test('SU-3, SU-6, DIS-22: an existing user is refused in general words', async () => {
  await signUp({ email: 'third@example.com', username: 'third' });
  const named = await signUp({ email: 'fourth@example.com', username: 'third' });
  expect(named.json()).toEqual(refusal('invalid_signup', 'Invalid sign up'));
  const answer = await signUp({ email: 'ADA@example.com' });
  expect([answer.status, answer.json()]).toEqual([400, refusal('invalid_signup', 'Invalid sign up')]);
  expect(await lastEntries(1)).toMatchObject([{ type: 'fs', description: 'The user already exists' }]);
  const told = await startFreehold({
    tenant: { ...sampleTenant(), tenant: { flags: { enable_public_signup_user_exists_error: true } } },
    users,
  });
  try {
    const signUpThere = (fields: Record<string, string>) => {
      const body = { client_id: 'spa', connection: defaultDatabaseName, password, ...fields };
      return new Agent(told.issuer).postJson('/dbconnections/signup', body);
    };
    const exists = await signUpThere({ email: 'ada@example.com' });
    expect(exists.json()).toEqual(refusal('user_exists', 'The user already exists.'));
    expect((await signUpThere({ email: 'first@example.com', username: 'first' })).status).toBe(200);
    const named = await signUpThere({ email: 'second@example.com', username: 'First' });
    expect(named.json()).toEqual(refusal('username_exists', 'The username provided is in use already.'));
  } finally {
    await told.stop();
  }
});

describe('SU-4, TK-98: a weak password is refused with every rule', () => {
  test('good: three of four kinds', async () => {
    const answer = await signUp({ password: 'weak' });
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        name: 'PasswordStrengthError',
        message: 'Password is too weak',
        code: 'invalid_password',
        description: {
          rules: [
            {
              message: 'At least %d characters in length',
              format: [8],
              code: 'lengthAtLeast',
              verified: false,
            },
            {
              message: 'Contain at least %d of the following %d types of characters:',
              format: [3, 4],
              code: 'containsAtLeast',
              items: [
                { message: 'lower case letters (a-z)', code: 'lowerCase', verified: true },
                { message: 'upper case letters (A-Z)', code: 'upperCase', verified: false },
                { message: 'numbers (i.e. 0-9)', code: 'numbers', verified: false },
                { message: 'special characters (e.g. !@#$%^&*)', code: 'specialCharacters', verified: false },
              ],
              verified: false,
            },
          ],
          verified: false,
        },
        policy: [
          '* At least 8 characters in length',
          '* Contain at least 3 of the following 4 types of characters:',
          ' * lower case letters (a-z)',
          ' * upper case letters (A-Z)',
          ' * numbers (i.e. 0-9)',
          ' * special characters (e.g. !@#$%^&*)',
        ].join('\n'),
        statusCode: 400,
      },
    ]);
  });

  test.each([
    ['Strict', 'Aaaa-1234567', ['lengthAtLeast', 'containsAtLeast', 'identicalChars'], [true, true, false]],
    ['Fair', 'alllower-case', ['lengthAtLeast', 'shouldContain'], [true, false]],
  ])('%s', async (connection, weak, codes, verified) => {
    const { description } = (await signUp({ connection, password: weak })).json() as {
      description: { rules: { code: string; verified: boolean }[] };
    };
    expect(description.rules.map(({ code }) => code)).toEqual(codes);
    expect(description.rules.map((rule) => rule.verified)).toEqual(verified);
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ['no client', { client_id: undefined }, 'invalid_request'],
  ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
  ['no connection', { connection: undefined }, 'invalid_request'],
  ['an unknown connection', { connection: 'nowhere' }, 'invalid_connection'],
  ['a connection of others', { client_id: 'other' }, 'invalid_connection'],
  ['sign-up disabled', { connection: 'Closed' }, 'public_signup_disabled'],
  ['no email', { email: undefined }, 'invalid_request'],
  ['no address', { email: 'nonsense' }, 'invalid_email'],
  ['no password', { password: undefined }, 'invalid_request'],
  ['a username that is an address', { username: 'ada@example.com' }, 'invalid_request'],
  ['a phone number that is none', { phone_number: '0049' }, 'invalid_request'],
  ['a picture that is no URL', { picture: 'javascript:alert(1)' }, 'invalid_request'],
  ['a long name', { name: 'x'.repeat(301) }, 'invalid_request'],
  ['metadata that is no object', { user_metadata: 'x' }, 'invalid_request'],
  ['nested metadata', { user_metadata: { a: { b: 'c' } } }, 'invalid_request'],
  ['a long value', { user_metadata: { a: 'x'.repeat(501) } }, 'invalid_request'],
  [
    'eleven properties',
    { user_metadata: Object.fromEntries([...'abcdefghijk'].map((n) => [n, n])) },
    'invalid_request',
  ],
])('SU-1, SU-5, SU-6: %s is refused, and the refusal recorded', async (_what, fields, code) => {
  const before = freehold.execute('select user_id from user').length;
  const answer = await signUp(fields);
  expect([answer.status, answer.json()]).toEqual([400, refusal(code, expect.any(String))]);
  expect(freehold.execute('select user_id from user')).toHaveLength(before);
  expect(await lastEntries(1)).toMatchObject([{ type: 'fs' }]);
});

test('nobody signs up with a verified address, metadata of the application, or a role', async () => {
  const email = somebody();
  await signUp({ email, email_verified: true, app_metadata: { admin: true }, blocked: true, user_id: 'x' });
  const [user] = freehold.execute('select * from user where email = ?', email);
  expect(user).toMatchObject({ email_verified: 0, app_metadata: '{}', blocked: 0 });
});

test('AP-5: sign-ups of one network are throttled', async () => {
  const tenant = sampleTenant();
  const stage = { 'pre-user-registration': { max_attempts: 2, rate: 60_000 } };
  const throttled = await startFreehold({
    tenant: { ...tenant, tenant: { suspicious_ip_throttling: { stage } } },
    environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' },
  });
  try {
    const statuses: number[] = [];
    for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
      const body = { client_id: 'spa', connection: defaultDatabaseName, email, password };
      const agent = new Agent(throttled.issuer);
      const from = { 'x-forwarded-for': '192.0.2.7' };
      statuses.push((await agent.postJson('/dbconnections/signup', body, from)).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  } finally {
    await throttled.stop();
  }
});

test('CO-1: the client’s own origin may read the answer', async () => {
  const answer = await signUp({}, { origin: 'https://app.example' });
  expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
});

describe('EM-3: the link that verifies the address', () => {
  const isVerified = (email: string) =>
    freehold.execute('select email_verified from user where email = ?', email)[0]?.email_verified === 1;

  test('it is sent after a sign-up here, asks, verifies once, and leads back', async () => {
    const email = somebody();
    await signUp({ email });
    const link = await linkSentTo(freehold, email);
    expect(link.href).toContain(`${freehold.issuer}u/email-verification?ticket=`);
    const agent = new Agent(freehold.issuer);
    const asked = await agent.open(link);
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Confirm your email address')]);
    expect(isVerified(email)).toBe(false);
    const done = await agent.submit(asked, { action: 'default' });
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('is confirmed')]);
    expect(isVerified(email)).toBe(true);
    expect(await lastEntries(1)).toMatchObject([{ type: 'sv', user_name: email }]);
    expect((await agent.submit(asked, { action: 'default' })).status).toBe(400);
    expect((await agent.open(link)).status).toBe(400);
  });

  test('and after one on the hosted page', async () => {
    const email = somebody();
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, newPkce(), { screen_hint: 'signup' }));
    await agent.submit(page, { email, password, action: 'default' });
    const asked = await agent.open(await linkSentTo(freehold, email));
    await agent.submit(asked, { action: 'default' });
    expect(isVerified(email)).toBe(true);
  });

  test('it verifies the address that it went to, and no later one', async () => {
    const email = somebody();
    await signUp({ email });
    const agent = new Agent(freehold.issuer);
    const asked = await agent.open(await linkSentTo(freehold, email));
    freehold.execute("update user set email = 'victim@example.com' where email = ?", email);
    expect((await agent.submit(asked, { action: 'default' })).status).toBe(400);
    expect(isVerified('victim@example.com')).toBe(false);
    expect(await lastEntries(1)).toMatchObject([{ type: 'fv' }]);
  });
});
