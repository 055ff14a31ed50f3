// Login without a password, contract PS-* and PL-*: a code goes to the user, and comes back at the token endpoint.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import { audience, callback, claimsOf, refreshRequest, refusalOf, sampleTenant } from '../setup/flow.ts';
import { codeSentTo, messagesTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const otpGrant = 'http://auth0.com/oauth/grant-type/passwordless/otp';
const client_secret = 'a-secret-of-the-back-end-that-is-64-characters-long-0123456789ab';
const native = {
  name: 'Direct',
  client_id: 'direct',
  app_type: 'native',
  callbacks: [callback],
  allowed_origins: ['https://app.example'],
  grant_types: [otpGrant, 'refresh_token'],
};
const backEnd = {
  ...native,
  name: 'Back end',
  client_id: 'back-end',
  app_type: 'regular_web',
  client_secret,
};
const enabled = ['direct', 'back-end', 'page', 'outsider', 'other'];

function tenantOf(settings: Record<string, unknown> = {}, options: Record<string, unknown> = {}) {
  return {
    ...sampleTenant(),
    tenant: settings,
    clients: [
      native,
      backEnd,
      { ...native, name: 'Page', client_id: 'page', app_type: 'spa' },
      { ...native, name: 'Outsider', client_id: 'outsider', is_first_party: false },
      { ...native, name: 'Other', client_id: 'other' },
      { ...native, name: 'No grant', client_id: 'no-grant', grant_types: ['authorization_code'] },
    ],
    databases: [{ name: defaultDatabaseName, enabled_clients: enabled }],
    connections: [
      { name: 'email', strategy: 'email', enabled_clients: enabled, options },
      { name: 'sms', strategy: 'sms', enabled_clients: enabled },
    ],
  };
}

let freehold: Freehold;
let agent: Agent;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: tenantOf() });
  agent = new Agent(freehold.issuer);
});
afterAll(() => freehold.stop());

let people = 0;
/** Each test has somebody of its own, so that no limit is shared. */
function somebody(): string {
  people += 1;
  return `somebody-${people}@example.com`;
}

type Fields = Record<string, unknown>;

function start(fields: Fields, at = agent, headers: Record<string, string> = {}): Promise<Answer> {
  // No two mails of one second.
  freehold.clock.advance(1);
  const body = { client_id: 'direct', connection: 'email', send: 'code', ...fields };
  return at.postJson('/passwordless/start', body, headers);
}

function exchange(username: string, otp: string, overrides: Fields = {}, at = agent): Promise<Answer> {
  const body = {
    grant_type: otpGrant,
    client_id: 'direct',
    realm: 'email',
    username,
    otp,
    scope: 'openid email',
  };
  return at.postJson('/oauth/token', { ...body, ...overrides });
}

/** A code that is not this one. */
const otherThan = (code: string) => code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));

const wrong = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Wrong email or verification code.',
};

async function lastEntry(of = freehold): Promise<Record<string, unknown> | undefined> {
  return (await of.logEntries()).at(-1);
}

describe('PS-1, PS-2: /passwordless/start', () => {
  test('a code is sent, and the answer does not hold it', async () => {
    const email = somebody();
    const answer = await start({ email: ` ${email.toUpperCase()}` });
    expect([answer.status, answer.json()]).toEqual([
      200,
      { _id: expect.stringMatching(/^[0-9a-f]{24}$/), email, email_verified: false },
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const code = await codeSentTo(freehold, email);
    expect(code).toMatch(/^\d{6}$/);
    expect(answer.text).not.toContain(code);
    expect(await lastEntry()).toMatchObject({
      type: 'cls',
      client_id: 'direct',
      connection: 'email',
      user_name: email,
    });
    expect(JSON.stringify(await lastEntry())).not.toContain(code);
    const [row] = freehold.execute('select * from one_time_password order by expires_at desc limit 1');
    expect(JSON.stringify(row)).not.toContain(code);
    expect(JSON.stringify(row)).not.toContain(email);
  });

  test('GL-5: a form does as well, and authParams may come', async () => {
    const email = somebody();
    const form = { client_id: 'direct', connection: 'email', send: 'code', email };
    expect((await agent.postForm('/passwordless/start', form)).status).toBe(200);
    expect((await start({ email, authParams: { scope: 'openid', nested: { a: [1] } } })).status).toBe(200);
  });

  test.each<[string, Fields, string, string]>([
    ['no client_id', { client_id: undefined }, 'bad.client_id', 'Missing required property: client_id'],
    ['an unknown client', { client_id: 'nobody' }, 'bad.client_id', 'Client does not exist'],
    ['no connection', { connection: undefined }, 'bad.connection', 'Missing required property: connection'],
    ['an unknown connection', { connection: 'fax' }, 'bad.connection', 'Connection does not exist'],
    ['a connection of others', { client_id: 'no-grant' }, 'bad.connection', 'Connection is disabled'],
    [
      'a database',
      { connection: defaultDatabaseName },
      'bad.connection',
      'Invalid connection strategy. It must either be sms or email.',
    ],
    ['no email', {}, 'bad.email', 'Missing required property: email'],
    ['no address', { email: 'nonsense' }, 'bad.email', 'Invalid email address'],
    [
      'a strange send',
      { email: 'a@example.com', send: 'pigeon' },
      'bad.request',
      "send must be 'link' or 'code'",
    ],
    [
      'authParams as text',
      { email: 'a@example.com', authParams: 'x' },
      'bad.authParams',
      "Parameter 'authParams' must be an object",
    ],
    [
      'authParams as a list',
      { email: 'a@example.com', authParams: [] },
      'bad.authParams',
      "Parameter 'authParams' must be an object",
    ],
    [
      'something else',
      { email: 'a@example.com', colour: 'red' },
      'bad.request',
      'the following properties are not allowed: colour',
    ],
  ])('PS-3: %s', async (_what, fields, error, error_description) => {
    expect(refusalOf(await start(fields))).toEqual({ status: 400, error, error_description });
    expect(await lastEntry()).toMatchObject({ type: 'f', description: error_description });
  });

  test('PS-5: a confidential client may start without its secret, unless the tenant forbids it', async () => {
    const email = somebody();
    const asked = { client_id: 'back-end', email };
    expect((await start(asked)).status).toBe(200);
    expect((await start({ ...asked, client_secret })).status).toBe(200);
    expect(refusalOf(await start({ ...asked, client_secret: 'wrong' }))).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    const flags = { enforce_client_authentication_on_passwordless_start: true };
    const strict = await startFreehold({ tenant: tenantOf({ flags }) });
    try {
      const at = new Agent(strict.issuer);
      expect((await start(asked, at)).status).toBe(401);
      expect((await start({ ...asked, client_secret }, at)).status).toBe(200);
      expect((await start({ email }, at)).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });

  test('CO-1, CO-6: the client’s own origin may read the answer', async () => {
    const answer = await start({ email: somebody() }, agent, { origin: 'https://app.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
    const evil = await start({ email: somebody() }, agent, { origin: 'https://evil.example' });
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('too many messages to one address are refused, known or not; an hour later it goes on', async () => {
    const email = somebody();
    for (let sent = 0; sent < 5; sent += 1) expect((await start({ email })).status).toBe(200);
    expect(refusalOf(await start({ email })).error).toBe('too_many_requests');
    expect((await start({ email: email.toUpperCase() })).status).toBe(429);
    expect((await messagesTo(freehold, email)).length).toBe(5);
    expect((await start({ email: somebody() })).status).toBe(200);
    freehold.clock.advance(3600);
    expect((await start({ email })).status).toBe(200);
  });
});

describe('PL-1: the passwordless grant', () => {
  test('a code gives tokens, and makes the user at the first login', async () => {
    const email = somebody();
    await start({ email });
    const answer = await exchange(email, await codeSentTo(freehold, email), {
      audience,
      scope: 'openid email offline_access read:orders',
    });
    expect(answer.status).toBe(200);
    const tokens = answer.json();
    expect(tokens).toMatchObject({ scope: 'openid email offline_access read:orders', token_type: 'Bearer' });
    const claims = claimsOf(String(tokens.id_token));
    expect(claims).toMatchObject({
      sub: expect.stringMatching(/^email\|[0-9a-f]{24}$/),
      email,
      email_verified: true,
    });
    expect(claimsOf(String(tokens.access_token))).not.toHaveProperty('gty');
    const types = (await freehold.logEntries()).slice(-2);
    expect(types).toMatchObject([
      { type: 'ss', user_name: email },
      { type: 's', user_id: claims.sub, connection: 'email', client_id: 'direct' },
    ]);
    const refreshed = await agent.postForm(
      '/oauth/token',
      refreshRequest(String(tokens.refresh_token), { client_id: 'direct' }),
    );
    expect(refreshed.status).toBe(200);

    await start({ email });
    const again = (await exchange(email.toUpperCase(), await codeSentTo(freehold, email))).json();
    expect(claimsOf(String(again.id_token)).sub).toBe(claims.sub);
  });

  test('DIS-25: redirect_uri may be left out or sent', async () => {
    const email = somebody();
    await start({ email });
    const code = await codeSentTo(freehold, email);
    expect((await exchange(email, code, { redirect_uri: callback })).status).toBe(200);
  });

  test('PL-2, TK-91: a wrong code, one of nobody, and one that was never sent are the same', async () => {
    const email = somebody();
    await start({ email });
    const code = await codeSentTo(freehold, email);
    expect(refusalOf(await exchange(email, otherThan(code)))).toEqual(wrong);
    expect(await lastEntry()).toMatchObject({ type: 'fepotpft', user_name: email, client_id: 'direct' });
    expect(refusalOf(await exchange(somebody(), code))).toEqual(wrong);
    expect(refusalOf(await exchange('not an address', code))).toEqual(wrong);
    expect((await exchange(email, code)).status).toBe(200);
  });

  test('PL-3: a code is good once, for three minutes, and for three tries', async () => {
    const email = somebody();
    await start({ email });
    const used = await codeSentTo(freehold, email);
    expect((await exchange(email, used)).status).toBe(200);
    expect(refusalOf(await exchange(email, used))).toEqual(wrong);

    await start({ email });
    const late = await codeSentTo(freehold, email);
    freehold.clock.advance(180);
    expect(refusalOf(await exchange(email, late))).toEqual(wrong);

    await start({ email });
    const guessed = await codeSentTo(freehold, email);
    for (let wrongTry = 0; wrongTry < 3; wrongTry += 1) await exchange(email, otherThan(guessed));
    expect(refusalOf(await exchange(email, guessed))).toEqual(wrong);
  });

  test('PL-3: a new code ends the one before it', async () => {
    const email = somebody();
    await start({ email });
    const first = await codeSentTo(freehold, email);
    await start({ email });
    const second = await codeSentTo(freehold, email);
    if (first !== second) expect(refusalOf(await exchange(email, first))).toEqual(wrong);
    expect((await exchange(email, second)).status).toBe(200);
  });

  test('a code is good for the client, the connection and the address it was sent for', async () => {
    const [email, other] = [somebody(), somebody()];
    await start({ email });
    const code = await codeSentTo(freehold, email);
    expect(refusalOf(await exchange(email, code, { client_id: 'other' }))).toEqual(wrong);
    expect(refusalOf(await exchange(other, code))).toEqual(wrong);
    expect(refusalOf(await exchange(email, code, { realm: 'sms' }))).toEqual({
      ...wrong,
      error_description: 'Wrong phone number or verification code.',
    });
    expect(refusalOf(await exchange(email, code, { realm: defaultDatabaseName }))).toMatchObject({
      status: 400,
      error_description: `Unknown realm ${defaultDatabaseName}`,
    });
    expect((await exchange(email, code)).status).toBe(200);
  });

  test.each(['page', 'outsider', 'no-grant'])('PL-1, PL-5, TK-10: not for client %s', async (client_id) => {
    expect(refusalOf(await exchange('ada@example.com', '123456', { client_id }))).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: `Grant type '${otpGrant}' not allowed for the client.`,
    });
  });

  test.each(['username', 'otp', 'realm'])('a missing %s is named', async (name) => {
    const answer = await exchange('ada@example.com', '123456', { [name]: undefined });
    expect(refusalOf(answer)).toMatchObject({
      status: 400,
      error_description: `Missing required parameter: ${name}`,
    });
  });
});

test('SU-5: with sign-up disabled a stranger is answered the same, sent nothing, and not let in', async () => {
  const closed = await startFreehold({ tenant: tenantOf({}, { disable_signup: true }) });
  try {
    const at = new Agent(closed.issuer);
    const email = somebody();
    const answer = await start({ email }, at);
    expect([answer.status, Object.keys(answer.json())]).toEqual([200, ['_id', 'email', 'email_verified']]);
    expect(await messagesTo(closed, email)).toEqual([]);
    expect(closed.execute('select user_id from user')).toEqual([]);
    expect(await lastEntry(closed)).toMatchObject({ type: 'f' });
  } finally {
    await closed.stop();
  }
});

test('a blocked user is told so by the right code alone', async () => {
  const email = somebody();
  await start({ email });
  await exchange(email, await codeSentTo(freehold, email));
  freehold.execute('update user set blocked = 1 where email = ?', email);
  await start({ email });
  const code = await codeSentTo(freehold, email);
  expect(refusalOf(await exchange(email, otherThan(code)))).toEqual(wrong);
  expect(refusalOf(await exchange(email, code)).error_description).toBe('user is blocked');
});
