// RFC 6749 §4.3 and Auth0's password realm, contract PW-*: a trusted application sends the user's password.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  callback,
  claimsOf,
  consentAudience,
  newPkce,
  password,
  refreshRequest,
  refusalOf,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const passwordRealm = 'http://auth0.com/oauth/grant-type/password-realm';
const client_secret = 'a-secret-of-the-back-end-that-is-64-characters-long-0123456789ab';
const ada = 'auth0|0123456789abcdef01234567';
const native = {
  name: 'Direct',
  client_id: 'direct',
  app_type: 'native',
  callbacks: [callback],
  grant_types: ['password', passwordRealm, 'refresh_token'],
};
const backEnd = {
  ...native,
  name: 'Back end',
  client_id: 'back-end',
  client_secret,
  app_type: 'regular_web',
  is_token_endpoint_ip_header_trusted: true,
};

function tenantOf(settings: Record<string, unknown>) {
  const sample = sampleTenant();
  return {
    ...sample,
    tenant: { default_directory: defaultDatabaseName, ...settings },
    clients: [
      ...(sample.clients as unknown[]),
      native,
      backEnd,
      { ...backEnd, name: 'Untrusted', client_id: 'untrusted', is_token_endpoint_ip_header_trusted: false },
      { ...native, name: 'Public', client_id: 'public', is_token_endpoint_ip_header_trusted: true },
      { ...native, name: 'Outsider', client_id: 'outsider', is_first_party: false },
      { ...native, name: 'No grant', client_id: 'no-grant', grant_types: ['authorization_code'] },
      { ...native, name: 'Elsewhere', client_id: 'elsewhere' },
    ],
    databases: [
      {
        name: defaultDatabaseName,
        enabled_clients: ['spa', 'direct', 'back-end', 'untrusted', 'public', 'outsider', 'no-grant'],
      },
      { name: 'Other', enabled_clients: ['direct', 'elsewhere'] },
    ],
  };
}

let freehold: Freehold;
let agent: Agent;

beforeAll(async () => {
  const tenant = tenantOf({ brute_force_protection: { max_attempts: 3 } });
  freehold = await startFreehold({ tenant, users });
  agent = new Agent(freehold.issuer);
});
afterAll(() => freehold.stop());

type Fields = Record<string, string | undefined>;

function ask(overrides: Fields = {}, headers: Record<string, string> = {}, at = agent): Promise<Answer> {
  const fields: Fields = {
    grant_type: 'password',
    client_id: 'direct',
    username: 'ada@example.com',
    password,
    scope: 'openid',
    ...overrides,
  };
  const sent = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return at.postForm('/oauth/token', Object.fromEntries(sent), headers);
}

async function lastEntry(): Promise<Record<string, unknown> | undefined> {
  return (await freehold.logEntries()).at(-1);
}

const wrong = { status: 403, error: 'invalid_grant', error_description: 'Wrong email or password.' };

test('PW-1: a password gives tokens, in the default directory', async () => {
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json()).toEqual({
    access_token: expect.any(String),
    id_token: expect.any(String),
    scope: 'openid profile email address phone',
    expires_in: 86_400,
    token_type: 'Bearer',
  });
  const claims = claimsOf(String(answer.json().id_token));
  expect(claims).toMatchObject({ sub: ada, aud: 'direct', email: 'ada@example.com' });
  // No session stands behind it.
  expect(claims).not.toHaveProperty('sid');
  expect(answer.headers['set-cookie']).toBeUndefined();
  const { access_token } = answer.json();
  const userinfo = await agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
  expect(userinfo.json()).toMatchObject({ sub: ada });
});

test('PW-1: the database of the realm', async () => {
  expect((await ask({ grant_type: passwordRealm, realm: defaultDatabaseName })).status).toBe(200);
  // Nobody of that name is there.
  expect(refusalOf(await ask({ grant_type: passwordRealm, realm: 'Other' }))).toEqual(wrong);
  expect(refusalOf(await ask({ grant_type: passwordRealm }))).toMatchObject({
    status: 400,
    error_description: 'Missing required parameter: realm',
  });
});

test('PW-5: realm means nothing to the plain grant', async () => {
  expect((await ask({ realm: 'Other' })).status).toBe(200);
});

test.each(['nowhere', 'Oth"er'])('PW-3: the unknown realm %s is named', async (realm) => {
  expect(refusalOf(await ask({ grant_type: passwordRealm, realm }))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: `Unknown realm ${realm.replace('"', '?')}`,
  });
});

test('PW-3: a realm that is not enabled for the client is as unknown', async () => {
  const answer = await ask({ client_id: 'elsewhere', grant_type: passwordRealm, realm: defaultDatabaseName });
  expect(refusalOf(answer).error_description).toBe(`Unknown realm ${defaultDatabaseName}`);
});

test('PW-1: no default directory, or one that is not there, is an error of the server', async () => {
  const server = await startFreehold({ tenant: tenantOf({ default_directory: '' }), users });
  try {
    expect(refusalOf(await ask({}, {}, new Agent(server.issuer)))).toEqual({
      status: 500,
      error: 'server_error',
      error_description: 'Authorization server not configured with default connection.',
    });
    expect((await server.logEntries()).at(-1)).toMatchObject({ type: 'fepft', client_id: 'direct' });
  } finally {
    await server.stop();
  }
  expect(refusalOf(await ask({ client_id: 'elsewhere' })).error).toBe('server_error');
});

test.each(['username', 'password'])('a missing %s is named', async (name) => {
  expect(refusalOf(await ask({ [name]: undefined }))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: `Missing required parameter: ${name}`,
  });
  expect(await lastEntry()).toMatchObject({ type: 'fepft', client_id: 'direct' });
});

describe('PW-2, TK-91, DIS-4: wrong credentials', () => {
  test('an unknown user is refused in the words of a wrong password', async () => {
    expect(refusalOf(await ask({ username: 'eve@example.com' }))).toEqual(wrong);
    expect(refusalOf(await ask({ username: 'bob@example.com', password: 'wrong' }))).toEqual(wrong);
    expect(refusalOf(await ask({ password: 'x'.repeat(2000) }))).toEqual(wrong);
  });

  test('PW-13, PW-20: fepft names the user who is known, and no identifier that is no e-mail address', async () => {
    await ask({ username: 'bob@example.com', password: 'wrong' });
    expect(await lastEntry()).toMatchObject({
      type: 'fepft',
      description: 'Wrong email or password.',
      user_name: 'bob@example.com',
      connection: defaultDatabaseName,
    });
    await ask({ username: 'my-secret-password', password: 'wrong' });
    expect(JSON.stringify(await lastEntry())).not.toContain('my-secret-password');
  });

  test('in dialect oidc the status is 400', async () => {
    const server = await startFreehold({ tenant: tenantOf({ dialect: 'oidc' }), users });
    try {
      const answer = await ask({ password: 'wrong' }, {}, new Agent(server.issuer));
      expect(refusalOf(answer)).toEqual({ ...wrong, status: 400 });
    } finally {
      await server.stop();
    }
  });
});

test('PW-8, AP-2, TK-97: after too many failures even the right password is 429', async () => {
  const server = await startFreehold({
    tenant: tenantOf({ brute_force_protection: { max_attempts: 2 } }),
    users,
  });
  try {
    const at = new Agent(server.issuer);
    for (const attempt of ['wrong-1', 'wrong-2']) {
      expect((await ask({ password: attempt }, {}, at)).status).toBe(403);
    }
    expect(refusalOf(await ask({}, {}, at))).toEqual({
      status: 429,
      error: 'too_many_attempts',
      error_description: 'Your account has been blocked after multiple consecutive login attempts.',
    });
    expect((await server.logEntries()).at(-1)).toMatchObject({ type: 'limit_wc', client_id: 'direct' });
    // The hosted login counts with it: who is blocked here is blocked there.
    const page = await new Agent(server.issuer).logIn(
      authorizationUrl(server, newPkce()),
      'ada@example.com',
      password,
    );
    expect(page.status).toBe(429);
    // The other user is not.
    expect((await ask({ username: 'bob@example.com' }, {}, at)).status).toBe(200);
  } finally {
    await server.stop();
  }
});

describe('PW-4: scopes', () => {
  test('no scope means all those of the API, and they are told', async () => {
    const answer = (await ask({ scope: undefined, audience })).json();
    expect(answer.scope).toBe('read:orders write:orders');
    expect(claimsOf(String(answer.access_token))).toMatchObject({
      aud: audience,
      sub: ada,
      azp: 'direct',
      gty: 'password',
      scope: 'read:orders write:orders',
    });
    expect(answer).not.toHaveProperty('id_token');
  });

  test('openid alone means every scope of OpenID Connect', async () => {
    expect((await ask({ audience })).json().scope).toBe('openid profile email address phone');
    expect((await ask({ scope: undefined })).json().scope).toBe('openid profile email address phone');
  });

  test('what is asked for is given, and nothing unheard of', async () => {
    const answer = (await ask({ audience, scope: 'openid read:orders unheard:of' })).json();
    expect(answer.scope).toBe('openid read:orders');
    expect(claimsOf(String(answer.access_token)).aud).toEqual([audience, `${freehold.issuer}userinfo`]);
  });
});

test('PW-11, CN-9: an API that asks for consent does not ask here', async () => {
  expect((await ask({ audience: consentAudience, scope: 'read:payments' })).json().scope).toBe(
    'read:payments',
  );
});

test('an unknown API is refused', async () => {
  expect(refusalOf(await ask({ audience: 'https://nowhere.example/' }))).toMatchObject({
    error: 'access_denied',
    error_description: 'Service not found: https://nowhere.example/',
  });
});

test('PW-12, TK-10: neither third-party clients nor those without the grant type', async () => {
  for (const client_id of ['outsider', 'no-grant']) {
    for (const grant_type of ['password', passwordRealm]) {
      expect(refusalOf(await ask({ client_id, grant_type, realm: defaultDatabaseName }))).toEqual({
        status: 403,
        error: 'unauthorized_client',
        error_description: `Grant type '${grant_type}' not allowed for the client.`,
      });
    }
  }
});

test('PW-13, LG-2: sepft, and the login is counted', async () => {
  const [before] = freehold.execute('select logins_count from user where user_id = ?', ada);
  await ask({ audience, scope: 'openid read:orders' });
  expect(await lastEntry()).toMatchObject({
    type: 'sepft',
    client_id: 'direct',
    user_id: ada,
    user_name: 'ada@example.com',
    connection: defaultDatabaseName,
    audience,
    scope: ['openid', 'read:orders'],
  });
  const [after] = freehold.execute('select logins_count from user where user_id = ?', ada);
  expect(Number(after?.logins_count)).toBe(Number(before?.logins_count) + 1);
});

test('TK-14: offline_access gives a refresh token, which refreshes without a session', async () => {
  const { refresh_token } = (await ask({ audience, scope: 'openid offline_access read:orders' })).json();
  const refreshed = await agent.postForm(
    '/oauth/token',
    refreshRequest(String(refresh_token), { client_id: 'direct' }),
  );
  expect(refreshed.status).toBe(200);
  expect(claimsOf(String(refreshed.json().id_token))).not.toHaveProperty('sid');
  expect(claimsOf(String(refreshed.json().access_token))).toMatchObject({ sub: ada, gty: 'refresh_token' });
});

test('AZ-64, TK-90: a blocked user learns of it with the right password alone', async () => {
  freehold.execute("update user set blocked = 1 where email = 'bob@example.com'");
  expect(refusalOf(await ask({ username: 'bob@example.com' }))).toMatchObject({
    error: 'unauthorized',
    error_description: 'user is blocked',
  });
  expect(refusalOf(await ask({ username: 'bob@example.com', password: 'wrong' }))).toEqual(wrong);
  freehold.execute("update user set blocked = 0 where email = 'bob@example.com'");
});

describe('GL-7: auth0-forwarded-for', () => {
  const forwarded = { 'auth0-forwarded-for': '203.0.113.7' };

  test('is believed of a confidential client that is trusted with it', async () => {
    await ask({ client_id: 'back-end', client_secret }, forwarded);
    expect(await lastEntry()).toMatchObject({ type: 'sepft', ip: '203.0.113.7' });
    const [user] = freehold.execute('select last_ip from user where user_id = ?', ada);
    expect(user).toEqual({ last_ip: '203.0.113.7' });
  });

  test('counts failures for the person, not for the back end', async () => {
    for (const ip of ['203.0.113.8', '203.0.113.8', '203.0.113.8']) {
      await ask({ client_id: 'back-end', client_secret, password: 'wrong' }, { 'auth0-forwarded-for': ip });
    }
    const from = async (ip: string) =>
      (await ask({ client_id: 'back-end', client_secret }, { 'auth0-forwarded-for': ip })).status;
    expect([await from('203.0.113.8'), await from('203.0.113.9')]).toEqual([429, 200]);
  });

  test.each([
    ['a confidential client that is not', { client_id: 'untrusted', client_secret }],
    ['a public client', { client_id: 'public' }],
  ])('is ignored of %s', async (_what, client) => {
    expect((await ask(client, forwarded)).status).toBe(200);
    expect((await lastEntry())?.ip).toBe('127.0.0.1');
  });

  test('is ignored where the client did not authenticate', async () => {
    expect((await ask({ client_id: 'back-end', client_secret: 'wrong' }, forwarded)).status).toBe(401);
    expect((await lastEntry())?.ip).toBe('127.0.0.1');
  });

  test.each(['', 'localhost', '203.0.113.7, 203.0.113.8', '999.1.1.1'])(
    '"%s" is no address',
    async (value) => {
      await ask({ client_id: 'back-end', client_secret }, { 'auth0-forwarded-for': value });
      expect((await lastEntry())?.ip).toBe('127.0.0.1');
    },
  );
});
