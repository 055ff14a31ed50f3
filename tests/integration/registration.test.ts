// Dynamic client registration, as an application sees it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  callback,
  codeOf,
  newPkce,
  password,
  sampleTenant,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const enable_dynamic_client_registration = true;
let freehold: Freehold;
let permissive: Freehold;
let agent: Agent;
beforeAll(async () => {
  const flags = { enable_dynamic_client_registration };
  const dynamic_client_registration_security_mode = 'permissive';
  freehold = await startFreehold({ tenant: sampleTenant({ tenant: { flags } }), users });
  const tenant = sampleTenant({ tenant: { flags, dynamic_client_registration_security_mode } });
  permissive = await startFreehold({ tenant, users });
  agent = new Agent(freehold.issuer);
});
afterAll(async () => {
  await freehold.stop();
  await permissive.stop();
});

const least = { redirect_uris: [callback] };

async function register(metadata: object = {}, at = freehold): Promise<Answer> {
  return new Agent(at.issuer).postJson('/oidc/register', { ...least, ...metadata });
}

async function registered(metadata: object = {}, at = freehold): Promise<Record<string, string>> {
  const answer = await register(metadata, at);
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('client_id')]);
  return answer.json() as Record<string, string>;
}

async function manage(
  method: string,
  { registration_client_uri = '', registration_access_token = '' }: Record<string, string>,
  metadata?: object,
): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${registration_access_token}`,
    'content-type': 'application/json',
  };
  const body = metadata === undefined ? {} : { body: JSON.stringify(metadata) };
  return agent.send(registration_client_uri, { method, headers, ...body });
}

async function lastEntry(at = freehold) {
  return (await at.logEntries()).at(-1);
}

/** Logs in, consents, and redeems the code. */
async function useClient(client: Record<string, unknown>, at: Freehold, asked: Record<string, string> = {}) {
  const browser = new Agent(at.issuer);
  const pkce = newPkce();
  const client_id = String(client.client_id);
  const url = authorizationUrl(at, pkce, { client_id, scope: 'openid offline_access', ...asked });
  const question = await browser.logIn(url, 'ada@example.com', password);
  expect(question.text).toContain('value="accept"');
  const code = codeOf(await browser.follow(await browser.submit(question, { action: 'accept' })));
  const { client_secret } = client;
  const secret = client_secret === undefined ? {} : { client_secret: String(client_secret) };
  return browser.postForm('/oauth/token', tokenRequest(pkce, code, { client_id, ...secret }));
}

describe('DR-1: where it is off, as it is by default', () => {
  let off: Freehold;
  beforeAll(async () => {
    off = await startFreehold({ tenant: sampleTenant() });
  });
  afterAll(() => off.stop());

  test('there is no such endpoint, and none is advertised', async () => {
    expect((await register({}, off)).status).toBe(404);
    const document = (await new Agent(off.issuer).send('/.well-known/openid-configuration')).json();
    expect(document).not.toHaveProperty('registration_endpoint');
  });
});

describe('DR-1, DR-2: what is registered', () => {
  test('WK-1: registration_endpoint', async () => {
    const document = (await agent.send('/.well-known/openid-configuration')).json();
    expect(document.registration_endpoint).toBe(`${freehold.issuer}oidc/register`);
  });

  test('a callback is enough: the rest has defaults', async () => {
    const answer = await register();
    expect([answer.status, answer.headers['cache-control'], answer.headers['content-type']]).toEqual([
      201,
      'no-store',
      'application/json; charset=utf-8',
    ]);
    const information = answer.json();
    expect(information).toEqual({
      client_id: expect.stringMatching(/^tpc_[A-Za-z0-9]{28}$/),
      client_id_issued_at: freehold.clock.now(),
      client_secret: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      client_secret_expires_at: 0,
      client_name: 'Unnamed application',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'RS256',
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `${freehold.issuer}oidc/register/${String(information.client_id)}`,
    });
  });

  test('what is said is registered and told again; what is unknown is ignored', async () => {
    const said = {
      client_name: 'Notes',
      application_type: 'web',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      contacts: ['ops@app.example'],
      client_uri: 'https://app.example/',
      logo_uri: 'https://app.example/logo.png',
      policy_uri: 'https://app.example/policy',
      tos_uri: 'https://app.example/terms',
      initiate_login_uri: 'https://app.example/login',
      post_logout_redirect_uris: ['https://app.example/bye'],
      backchannel_logout_uri: 'https://app.example/logout',
      backchannel_logout_session_required: true,
      software_id: 'notes',
      software_version: '1.0',
    };
    const unknown = { 'client_name#de': 'Notizen', favourite_colour: 'blue', software_statement: 'x.y.z' };
    const information = await registered({ ...said, ...unknown, tos_uri: said.tos_uri, jwks_uri: null });
    expect(information).toMatchObject(said);
    for (const name of Object.keys(unknown)) expect(information).not.toHaveProperty(name);
    const client = await freehold.stores.clients.find(String(information.client_id));
    expect(client).toMatchObject({
      name: 'Notes',
      is_first_party: false,
      callbacks: [callback],
      oidc_logout: { backchannel_logout_urls: ['https://app.example/logout'] },
      refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring' },
    });
  });

  test('a public client has no secret', async () => {
    const information = await registered({ token_endpoint_auth_method: 'none' });
    expect(information).not.toHaveProperty('client_secret');
    expect(information).not.toHaveProperty('client_secret_expires_at');
  });

  test('grant types are filtered: nobody registers more than a code and its refreshing', async () => {
    const grant_types = ['implicit', 'password', 'client_credentials', 'refresh_token', 'authorization_code'];
    const information = await registered({ grant_types });
    expect(information.grant_types).toEqual(['authorization_code', 'refresh_token']);
  });

  test('the log names it', async () => {
    const { client_id } = await registered({ client_name: 'Logged' });
    expect(await lastEntry()).toMatchObject({ type: 'sapi', client_id, client_name: 'Logged' });
  });

  test('secrets are kept as secrets', async () => {
    const { client_id = '', client_secret, registration_access_token } = await registered();
    const [row] = freehold.execute('select * from client where client_id = ?', client_id);
    expect(JSON.stringify(row)).not.toContain(client_secret);
    expect(JSON.stringify(row)).not.toContain(registration_access_token);
  });

  test('any origin may register, and no cookie goes with it', async () => {
    const headers = { origin: 'https://anywhere.example' };
    const answer = await agent.postJson('/oidc/register', least, headers);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    const preflight = await agent.send('/oidc/register', { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'POST']);
  });
});

describe('DR-2: what has registered itself logs people in', () => {
  test('strict: an access token for an API of a client grant, and no ID token', async () => {
    const client = await registered({ grant_types: ['authorization_code', 'refresh_token'] });
    const answer = await useClient(client, freehold);
    expect(answer.json()).toMatchObject({
      scope: 'openid offline_access',
      refresh_token: expect.any(String),
    });
    expect(answer.json()).not.toHaveProperty('id_token');
    const url = authorizationUrl(freehold, newPkce(), { client_id: String(client.client_id), audience });
    expect((await agent.open(url)).text).toContain('is not authorized to access resource server');
  });

  test('AZ-21: default_for: what an API gives to every third-party client, and to no other', async () => {
    const flags = { enable_dynamic_client_registration };
    const sample = sampleTenant({ tenant: { flags } });
    const [orders, ...others] = sample.resourceServers as Record<string, unknown>[];
    const policies = { user: { policy: 'require_client_grant' }, client: { policy: 'deny_all' } };
    const tenant = {
      ...sample,
      resourceServers: [{ ...orders, subject_type_authorization: policies }, ...others],
      clientGrants: [
        { default_for: 'third_party_clients', audience, scope: ['read:orders'], subject_type: 'user' },
      ],
    };
    const other = await startFreehold({ tenant, users });
    try {
      const asked = { audience, scope: 'openid read:orders write:orders' };
      const answer = await useClient(await registered({}, other), other, asked);
      expect(answer.json().scope).toBe('openid read:orders');
      const firstParty = authorizationUrl(other, newPkce(), asked);
      const { location } = await new Agent(other.issuer).open(firstParty);
      expect(location?.searchParams.get('error_description')).toContain('is not authorized');
    } finally {
      await other.stop();
    }
  });

  test('permissive: an ordinary client_id, an ID token, and consent all the same', async () => {
    const client = await registered({}, permissive);
    expect(client.client_id).toMatch(/^[A-Za-z0-9]{32}$/);
    expect((await useClient(client, permissive)).json()).toHaveProperty('id_token');
  });

  test('a database that is not for everybody is not for it', async () => {
    const tenant = {
      ...sampleTenant({ tenant: { flags: { enable_dynamic_client_registration } } }),
      databases: [
        { name: 'Staff', enabled_clients: ['Single page'] },
        { name: 'Everybody', enabled_clients: ['Single page'], is_domain_connection: true },
      ],
    };
    const other = await startFreehold({ tenant });
    try {
      const { client_id = '' } = await registered({}, other);
      const connections = await other.stores.connections.listForClient(client_id);
      expect(connections.map(({ name }) => name)).toEqual(['Everybody']);
      // A third-party client of the file sees it as well (CX-1).
      const ofThird = await other.stores.connections.listForClient('third');
      expect(ofThird.map(({ name }) => name)).toEqual(['Everybody']);
      // The same file again, at the next start.
      const environment = { FREEHOLD_DATA_DIR: other.folder };
      const again = await startFreehold({ tenant, environment });
      const after = await again.stores.connections.listForClient(client_id);
      await again.stop();
      expect(after.map(({ name }) => name)).toEqual(['Everybody']);
    } finally {
      await other.stop();
    }
  });
});

describe('DR-3: what is refused', () => {
  test.each([
    ['no callback', { redirect_uris: [] }],
    ['none at all', { redirect_uris: undefined }],
    ['a text in place of a list', { redirect_uris: callback }],
    ['a fragment', { redirect_uris: [`${callback}#x`] }],
    ['plain http', { redirect_uris: ['http://app.example/callback'] }],
    ['plain http, loud', { redirect_uris: ['HTTP://app.example/callback'] }],
    ['a wildcard', { redirect_uris: ['https://*.app.example/callback'] }],
    ['a placeholder', { redirect_uris: ['https://{organization_name}.app.example/callback'] }],
    ['javascript:', { redirect_uris: ['javascript:alert(1)//'] }],
    ['data:', { redirect_uris: ['data:text/html,x'] }],
    ['a user name', { redirect_uris: ['https://me@app.example/callback'] }],
    ['a NUL', { redirect_uris: ['https://app.example/\0'] }],
    ['one good, one bad', { redirect_uris: [callback, 'callback'] }],
  ])('invalid_redirect_uri: %s', async (_what, metadata) => {
    const answer = await register(metadata);
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        error: 'invalid_redirect_uri',
        error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
      },
    ]);
    expect(await lastEntry()).toMatchObject({ type: 'fapi' });
  });

  test.each([
    ['a name with markup', { client_name: '<b>Bank</b>' }],
    ['a name that is a number', { client_name: 7 }],
    ['half a surrogate', { client_name: '\ud800' }],
    ['an unknown method', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['no code among the response types', { response_types: ['id_token'] }],
    ['no code among the grant types', { grant_types: ['implicit'] }],
    ['an algorithm that is none', { id_token_signed_response_alg: 'none' }],
    ['pairwise subjects', { subject_type: 'pairwise' }],
    ['private_key_jwt without a key', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['an http logo', { logo_uri: 'http://app.example/logo.png' }],
    ['a javascript: policy', { policy_uri: 'javascript:alert(1)//' }],
    ['an http address to begin a login', { initiate_login_uri: 'http://app.example/login' }],
    ['an http back channel', { backchannel_logout_uri: 'http://app.example/logout' }],
    ['a bad address after logout', { post_logout_redirect_uris: ['//evil.example'] }],
    [
      'a key set that holds a secret',
      { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } },
    ],
  ])('invalid_client_metadata: %s', async (_what, metadata) => {
    const answer = await register(metadata);
    expect([answer.status, answer.json()]).toEqual([
      400,
      {
        error: 'invalid_client_metadata',
        error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
      },
    ]);
  });

  test('the names in an error are the application’s', async () => {
    const { error_description } = (await register({ client_name: '<b>' })).json();
    expect(error_description).toBe('client_name must not contain < or >');
    const bad = (await register({ post_logout_redirect_uris: [callback, 'x'] })).json();
    expect(bad.error_description).toMatch(/^post_logout_redirect_uris\[1\] must be a whole URL/);
  });

  test.each(['', '[]', '"x"', '{', 'null', '\xff'])('the body %j', async (body) => {
    const answer = await agent.postJson('/oidc/register', body);
    expect([answer.status, answer.json().error]).toEqual([400, 'invalid_client_metadata']);
  });

  test('another content type, another method', async () => {
    expect((await agent.postForm('/oidc/register', { redirect_uris: callback })).status).toBe(400);
    const answer = await agent.send('/oidc/register');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('RFC 7592: the client configuration endpoint', () => {
  test('§2.1: it is told what is registered', async () => {
    const client = await registered({ client_name: 'Read me' });
    const answer = await manage('GET', client);
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(answer.json()).toEqual(client);
  });

  test('§2.2: what is said anew replaces all; secret and token stay', async () => {
    const client = await registered({ client_name: 'Before', policy_uri: 'https://app.example/policy' });
    const { client_id, client_secret, registration_access_token } = client;
    const redirect_uris = ['https://app.example/new'];
    const answer = await manage('PUT', client, {
      client_id,
      client_secret,
      redirect_uris,
      client_name: 'After',
    });
    expect(answer.status).toBe(200);
    const information = answer.json();
    expect(information).toMatchObject({
      client_id,
      client_secret,
      registration_access_token,
      redirect_uris,
      client_name: 'After',
      client_id_issued_at: client.client_id_issued_at,
    });
    expect(information).not.toHaveProperty('policy_uri');
    expect((await manage('GET', client)).json()).toEqual(information);
    const old = authorizationUrl(freehold, newPkce(), { client_id: String(client_id) });
    expect((await agent.open(old)).status).toBe(403);
  });

  test('§2.2: who needs a secret no longer has none; who needs one anew gets another', async () => {
    const client = await registered();
    const { client_id } = client;
    const asPublic = { ...least, client_id, token_endpoint_auth_method: 'none' };
    expect((await manage('PUT', client, asPublic)).json()).not.toHaveProperty('client_secret');
    const again = (await manage('PUT', client, { ...least, client_id })).json();
    expect(again.client_secret).toMatch(/^[A-Za-z0-9]{64}$/);
    expect(again.client_secret).not.toBe(client.client_secret);
  });

  test.each([
    ['another client_id', { client_id: 'spa' }],
    ['no client_id', { client_id: undefined }],
    ['another secret', { client_secret: 'x'.repeat(64) }],
    ['the token', { registration_access_token: 'x' }],
    ['the address', { registration_client_uri: 'x' }],
    ['the time', { client_id_issued_at: 1 }],
    ['a bad callback', { redirect_uris: ['x'] }],
  ])('§2.2: nothing changes for %s', async (_what, differing) => {
    const client = await registered();
    const answer = await manage('PUT', client, { ...least, client_id: client.client_id, ...differing });
    expect([answer.status, answer.json().error]).toEqual([
      400,
      'redirect_uris' in differing ? 'invalid_redirect_uri' : 'invalid_client_metadata',
    ]);
    expect((await manage('GET', client)).json()).toEqual(client);
  });

  test('§2.3: it is deleted, and everything with it', async () => {
    const client = await registered({ grant_types: ['authorization_code', 'refresh_token'] });
    const { refresh_token } = (await useClient(client, freehold)).json();
    const answer = await manage('DELETE', client);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect((await manage('GET', client)).status).toBe(401);
    const { client_id = '', client_secret = '' } = client;
    const fields = {
      grant_type: 'refresh_token',
      client_id,
      client_secret,
      refresh_token: String(refresh_token),
    };
    expect((await agent.postForm('/oauth/token', fields)).status).toBe(401);
    expect((await agent.open(authorizationUrl(freehold, newPkce(), { client_id }))).status).toBe(400);
  });

  test('§2: without the token, with another, or for another client: 401, and no word more', async () => {
    const [one, other] = [await registered(), await registered()];
    const strangers: Record<string, string>[] = [
      { ...one, registration_access_token: '' },
      { ...one, registration_access_token: other.registration_access_token ?? '' },
      { ...one, registration_access_token: one.client_secret ?? '' },
      { ...one, registration_client_uri: `${freehold.issuer}oidc/register/nobody` },
      { ...one, registration_client_uri: `${freehold.issuer}oidc/register/spa` },
    ];
    for (const stranger of strangers) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const answer = await manage(method, stranger, method === 'PUT' ? least : undefined);
        expect([answer.status, answer.json(), answer.headers['www-authenticate']]).toEqual([
          401,
          { error: 'invalid_token', error_description: 'The registration access token is invalid' },
          'Bearer error="invalid_token"',
        ]);
      }
    }
    expect((await manage('GET', one)).status).toBe(200);
    expect(await freehold.stores.clients.find('spa')).toBeDefined();
  });
});
