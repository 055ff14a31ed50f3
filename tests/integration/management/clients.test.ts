// Clients (contract §3.2): what they are made of, and that a change takes effect at once.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemAudience } from '../../../packages/server/src/model/resource-server.ts';
import { Agent } from '../../setup/agent.ts';
import { audience, callback, getTokens, sampleTenant, users } from '../../setup/flow.ts';
import { type ApiAnswer, type ManagementApi, managementApi } from '../../setup/management.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const made = async (members: Record<string, unknown> = {}) => {
  const answer = await api.post('/clients', { name: 'An application', ...members });
  expect(answer.status).toBe(201);
  return {
    ...answer.body,
    client_id: String(answer.body.client_id),
    secret: String(answer.body.client_secret),
  };
};

const agent = () => new Agent(freehold.issuer, freehold.port);
const authorize = (client_id: string, more: Record<string, string> = {}) =>
  agent().send(
    `/authorize?${new URLSearchParams({
      client_id,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
      ...more,
    })}`,
  );
const tokenOf = (client_id: string, client_secret: string, audience = systemAudience(freehold.issuer)) =>
  agent().postForm('/oauth/token', { grant_type: 'client_credentials', client_id, client_secret, audience });

const invalid = (reason: string, property: string) => ({
  statusCode: 400,
  error: 'Bad Request',
  message: expect.stringMatching(`^Payload validation error: '${reason}.* on property ${property}`),
  errorCode: 'invalid_body',
});

/** Of a refresh token, where nobody has said anything. */
const refresh_token = {
  rotation_type: 'non-rotating',
  expiration_type: 'non-expiring',
  leeway: 0,
  token_lifetime: 2_592_000,
  infinite_token_lifetime: true,
  idle_token_lifetime: 1_296_000,
  infinite_idle_token_lifetime: true,
};

describe('§3.2: a client', () => {
  test('CL-3: of a name alone has the defaults that Auth0 was recorded with', async () => {
    const { status, body } = await api.post('/clients', { name: 'Nothing but a name' });
    expect(status).toBe(201);
    expect(body).toEqual({
      tenant: 'localhost',
      global: false,
      name: 'Nothing but a name',
      client_id: expect.stringMatching(/^[A-Za-z0-9]{32}$/),
      client_secret: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
      is_first_party: true,
      oidc_conformant: false,
      is_token_endpoint_ip_header_trusted: false,
      sso_disabled: false,
      cross_origin_authentication: false,
      custom_login_page_on: true,
      require_pushed_authorization_requests: false,
      require_proof_of_possession: false,
      compliance_level: 'none',
      callbacks: [],
      allowed_logout_urls: [],
      web_origins: [],
      allowed_origins: [],
      client_metadata: {},
      // AT-16: unset, it is RS256.
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
      grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
      refresh_token,
      signing_keys: [
        {
          cert: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
          pkcs7: expect.stringMatching(/^-----BEGIN PKCS7-----/),
          subject: 'deprecated',
        },
      ],
    });
  });

  test.each([
    [{ token_endpoint_auth_method: 'none' }, ['authorization_code', 'implicit', 'refresh_token']],
    [{ app_type: 'native' }, ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']],
  ])('TK-13: grant types of %j', async (members, grant_types) => {
    expect(await made(members)).toMatchObject({ ...members, grant_types });
  });

  test('CL-1: of an API has no grant types; the API is one that there is', async () => {
    const members = { app_type: 'resource_server', resource_server_identifier: 'https://orders.example/' };
    expect(await made(members)).toMatchObject({ ...members, grant_types: [] });
    const unknown = { ...members, name: 'X', resource_server_identifier: 'https://nowhere.example/' };
    const { status, body } = await api.post('/clients', unknown);
    expect({ status, body }).toEqual({
      status: 400,
      body: invalid('names no resource server', 'resource_server_identifier'),
    });
  });

  test('of machines has refresh tokens of a year', async () => {
    expect(await made({ app_type: 'non_interactive' })).toMatchObject({
      refresh_token: { ...refresh_token, token_lifetime: 31_557_600, idle_token_lifetime: 2_592_000 },
    });
  });

  test('is read, changed and deleted; a second deletion does no harm', async () => {
    const { client_id } = await made({ description: 'Before' });
    const read = await api.get(`/clients/${client_id}`);
    expect(read).toMatchObject({ status: 200, body: { client_id, description: 'Before' } });
    const changed = await api.patch(`/clients/${client_id}`, { description: 'After', callbacks: [callback] });
    expect(changed).toMatchObject({ status: 200, body: { description: 'After', callbacks: [callback] } });
    expect((await api.get(`/clients/${client_id}`)).body).toEqual(changed.body);
    expect((await api.delete(`/clients/${client_id}`)).status).toBe(204);
    expect((await api.delete(`/clients/${client_id}`)).status).toBe(204);
    for (const answer of [
      await api.get(`/clients/${client_id}`),
      await api.patch(`/clients/${client_id}`, { description: 'Gone' }),
    ]) {
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 404,
        body: {
          statusCode: 404,
          error: 'Not Found',
          message: 'The client does not exist',
          errorCode: 'inexistent_client',
        },
      });
    }
  });

  test('what has no effect is kept and told again', async () => {
    const kept = {
      addons: { samlp: { audience: 'urn:a', mappings: { email: 'mail' } } },
      allowed_clients: ['other'],
      client_aliases: ['alias'],
      cross_origin_authentication: true,
      custom_login_page: '<html>',
      default_organization: { organization_id: 'org_0123456789abcdef', flows: ['client_credentials'] },
      mobile: { ios: { team_id: 'T', app_bundle_identifier: 'com.example' } },
      native_social_login: { apple: { enabled: true } },
      organization_discovery_methods: ['email'],
      session_transfer: { can_create_session_transfer_token: true },
      sso: true,
      token_quota: { client_credentials: { per_day: 5 } },
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 60, secret_encoded: true, scopes: {} },
    };
    const { client_id } = await made(kept);
    expect((await api.get(`/clients/${client_id}`)).body).toMatchObject(kept);
    const { body } = await api.patch(`/clients/${client_id}`, { description: 'changed' });
    expect(body).toMatchObject({ ...kept, description: 'changed' });
  });

  test('OR-2: whom it is for is kept; organizations are not for third parties', async () => {
    const members = { organization_usage: 'require', organization_require_behavior: 'pre_login_prompt' };
    const { client_id } = await made(members);
    const refused = await api.patch(`/clients/${client_id}`, { is_first_party: false });
    expect(refused).toMatchObject({
      status: 403,
      body: { message: expect.stringMatching(/^Organizations are only available to first party clients/) },
    });
    const unset = { is_first_party: false, organization_usage: null, organization_require_behavior: null };
    const { status, body } = await api.patch(`/clients/${client_id}`, unset);
    expect(status).toBe(200);
    expect(body).toMatchObject({ is_first_party: false });
    expect(body).not.toHaveProperty('organization_usage');
  });

  test('CL-2: of a third party under strict controls is known by its client_id, for good', async () => {
    const strict = await made({ is_first_party: false, third_party_security_mode: 'strict' });
    expect(strict.client_id).toMatch(/^tpc_[A-Za-z0-9]{28}$/);
    const change = { third_party_security_mode: 'permissive' };
    expect(await api.patch(`/clients/${strict.client_id}`, change)).toMatchObject({ status: 400 });
    expect(await api.patch(`/clients/${strict.client_id}`, { is_first_party: true })).toMatchObject({
      status: 400,
    });
  });
});

describe('§3.1: a change', () => {
  test('replaces what it names, whole, and leaves the rest', async () => {
    const { client_id } = await made({
      client_metadata: { one: '1', two: '2' },
      jwt_configuration: { alg: 'PS256', lifetime_in_seconds: 60, secret_encoded: true },
      callbacks: [callback],
    });
    const change = {
      client_metadata: { two: '3', one: null },
      jwt_configuration: { lifetime_in_seconds: 120 },
    };
    const { body } = await api.patch(`/clients/${client_id}`, change);
    expect(body).toMatchObject({ callbacks: [callback] });
    expect(body.client_metadata).toEqual({ two: '3' });
    expect(body.jwt_configuration).toEqual({ alg: 'RS256', lifetime_in_seconds: 120, secret_encoded: false });
  });

  test('of no compliance_level is one of none; how it proves itself is said or left out', async () => {
    expect(await made({ compliance_level: null })).toMatchObject({ compliance_level: 'none' });
    const { status, body } = await api.post('/clients', { name: 'X', token_endpoint_auth_method: null });
    expect({ status, body }).toEqual({
      status: 400,
      body: invalid('No enum match for: null', 'token_endpoint_auth_method'),
    });
  });

  test('RT-11: refresh tokens live five years at most', async () => {
    const refresh_token = (token_lifetime: number) => ({
      refresh_token: { rotation_type: 'non-rotating', expiration_type: 'expiring', token_lifetime },
    });
    expect(await made(refresh_token(157_788_000))).toMatchObject(refresh_token(157_788_000));
    const { status, body } = await api.post('/clients', { name: 'X', ...refresh_token(157_788_001) });
    expect([status, body.message]).toEqual([
      400,
      expect.stringContaining('Value 157788001 is greater than maximum 157788000'),
    ]);
  });

  test('null takes a member away', async () => {
    const { client_id } = await made({
      token_endpoint_auth_method: 'client_secret_basic',
      refresh_token: { rotation_type: 'non-rotating', expiration_type: 'expiring', token_lifetime: 60 },
      session_transfer: { allow_refresh_token: true },
      token_quota: { client_credentials: { per_day: 5 } },
    });
    const { body } = await api.patch(`/clients/${client_id}`, {
      token_endpoint_auth_method: null,
      refresh_token: null,
      session_transfer: null,
      token_quota: null,
    });
    for (const name of ['token_endpoint_auth_method', 'session_transfer', 'token_quota'])
      expect(body).not.toHaveProperty(name);
    expect(body.refresh_token).toEqual(refresh_token);
  });

  test('nothing but null in a member takes it away', async () => {
    const apple = { enabled: true };
    const { client_id } = await made({
      native_social_login: { apple, google: { enabled: false } },
      fedcm_login: { google: { is_enabled: true } },
    });
    const at = `/clients/${client_id}`;
    const { body } = await api.patch(at, {
      native_social_login: { apple, google: null },
      fedcm_login: { google: null },
    });
    expect(body).toMatchObject({ native_social_login: { apple } });
    expect(body).not.toHaveProperty('fedcm_login');
    expect((await api.patch(at, { native_social_login: { apple: null } })).status).toBe(200);
    expect((await api.get(at)).body).not.toHaveProperty('native_social_login');
  });

  test('TX-4: which token exchanges a client may ask for may be left out: none', async () => {
    expect(await made({ token_exchange: {} })).toMatchObject({
      token_exchange: { allow_any_profile_of_type: [] },
    });
  });

  test('BC-1: oidc_backchannel_logout is the older name of oidc_logout', async () => {
    const [one, two] = ['https://one.example/out', 'https://two.example/out'];
    const { client_id, ...told } = await made({
      oidc_backchannel_logout: { backchannel_logout_urls: [one] },
    });
    expect(told).toMatchObject({ oidc_logout: { backchannel_logout_urls: [one] } });
    const change = { oidc_backchannel_logout: { backchannel_logout_urls: [two] } };
    const { body } = await api.patch(`/clients/${client_id}`, change);
    expect(body).toMatchObject({ oidc_logout: { backchannel_logout_urls: [two] }, ...change });
  });

  test.each([
    [{ callbacks: ['javascript:alert(1)'] }, 'must not use the scheme javascript:', 'callbacks\\[0\\]'],
    [{ web_origins: ['https://app.example/path'] }, 'must be an origin', 'web_origins\\[0\\]'],
    [{ allowed_logout_urls: ['nowhere'] }, 'must be a whole URL', 'allowed_logout_urls\\[0\\]'],
    [{ allowed_origins: ['nowhere'] }, 'must be a whole URL', 'allowed_origins\\[0\\]'],
    [{ initiate_login_uri: 'nowhere' }, 'must be a whole URL', 'initiate_login_uri'],
    [{ logo_uri: 'nowhere' }, 'must be a whole URL', 'logo_uri'],
    [
      { oidc_logout: { backchannel_logout_urls: ['nowhere'] } },
      'must be a whole URL',
      'oidc_logout.backchannel_logout_urls\\[0\\]',
    ],
    [{ grant_types: ['authorisation_code'] }, 'is no known grant type', 'grant_types\\[0\\]'],
    [
      {
        oidc_conformant: true,
        refresh_token: { rotation_type: 'rotating', expiration_type: 'non-expiring' },
      },
      'must not let rotating refresh tokens live for ever',
      'refresh_token.expiration_type',
    ],
    [
      { token_endpoint_auth_method: 'none', jwt_configuration: { alg: 'HS256' } },
      'must not be HS256',
      'jwt_configuration.alg',
    ],
    [{ name: '<b>' }, 'must not contain < or >', 'name'],
    [{ client_metadata: { a: 'x'.repeat(256) } }, 'String is too long', 'client_metadata.a'],
  ])('is judged as the tenant file is: %j', async (change, reason, property) => {
    const { client_id } = await made();
    const before = (await api.get(`/clients/${client_id}`)).body;
    const { status, body } = await api.patch(`/clients/${client_id}`, change);
    expect({ status, body }).toEqual({ status: 400, body: invalid(reason, property) });
    expect((await api.get(`/clients/${client_id}`)).body).toEqual(before);
    expect((await api.post('/clients', { name: 'New', ...change })).status).toBe(400);
  });

  test.each([
    'client_id',
    'global',
    'tenant',
    'signing_keys',
    'jwks_uri',
    'is_system',
    'created_at',
    'unused',
  ])('of %s, which nobody may write, is refused', async (name) => {
    const { client_id } = await made();
    for (const answer of [
      await api.post('/clients', { name: 'New', [name]: 'x' }),
      await api.patch(`/clients/${client_id}`, { [name]: 'x' }),
    ]) {
      expect({ status: answer.status, body: answer.body }).toEqual({
        status: 400,
        body: {
          statusCode: 400,
          error: 'Bad Request',
          message: `Payload validation error: 'Additional properties not allowed: ${name}'.`,
          errorCode: 'invalid_body',
        },
      });
    }
  });

  test('takes effect at the next request', async () => {
    const { client_id } = await made({ token_endpoint_auth_method: 'none' });
    expect((await authorize(client_id)).status).toBe(403);
    await api.patch(`/clients/${client_id}`, { callbacks: [callback] });
    expect((await authorize(client_id)).status).toBe(302);
    await api.patch(`/clients/${client_id}`, { callbacks: [] });
    expect((await authorize(client_id)).status).toBe(403);
  });

  test('two at once lose nothing unseen', async () => {
    const { client_id } = await made();
    const read = await api.get(`/clients/${client_id}`);
    const mine = { 'if-match': String(read.headers.etag) };
    expect((await api.patch(`/clients/${client_id}`, { description: 'theirs' })).status).toBe(200);
    expect((await api.patch(`/clients/${client_id}`, { description: 'mine' }, mine)).status).toBe(412);
  });

  test('RFC 9110 §13.1.1: one of several states, whichever, or none', async () => {
    const { client_id } = await made();
    const at = `/clients/${client_id}`;
    const saved = async (ifMatch: (etag: string) => string) => {
      const { headers } = await api.get(at);
      const condition = { 'if-match': ifMatch(String(headers.etag)) };
      return (await api.patch(at, { description: client_id }, condition)).status;
    };
    expect(await saved((etag) => `"another, one", ${etag}`)).toBe(200);
    expect(await saved(() => '*')).toBe(200);
    for (const other of ['"another"', '"another", "one"', 'another', ''])
      expect(await saved(() => other), other).toBe(412);
    expect(await saved((etag) => `W/${etag}`)).toBe(412);
    expect((await api.delete(at, undefined, { 'if-match': '"another"' })).status).toBe(412);
    expect((await api.delete(at, undefined, { 'if-match': '*' })).status).toBe(204);
    // Of what is there no more a change is refused as ever, and its deletion is one of nothing.
    expect((await api.patch(at, { description: 'x' }, { 'if-match': '*' })).status).toBe(404);
    expect((await api.delete(at, undefined, { 'if-match': '*' })).status).toBe(412);
    expect((await api.delete(at)).status).toBe(204);
  });
});

describe('CA-7, CA-11: credentials', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const methods = (credential: object) => ({
    client_authentication_methods: { private_key_jwt: { credentials: [credential] } },
  });

  test('are told whole when they are made, and by their id from then on, which names them in a change', async () => {
    const credential = {
      name: 'Key',
      credential_type: 'public_key',
      pem,
      expires_at: '2040-01-01T00:00:00.000Z',
    };
    const client = await made(methods(credential));
    expect(client).toMatchObject(
      methods({
        id: expect.stringMatching(/^cred_[0-9A-Za-z]{22}$/),
        name: 'Key',
        credential_type: 'public_key',
        kid: expect.any(String),
        alg: 'RS256',
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.stringMatching(/Z$/),
        expires_at: '2040-01-01T00:00:00.000Z',
      }),
    );
    const read = (await api.get(`/clients/${client.client_id}`)).body;
    const byId = read.client_authentication_methods;
    expect(byId).toEqual({ private_key_jwt: { credentials: [{ id: expect.stringMatching(/^cred_/) }] } });
    const change = { client_authentication_methods: byId, description: 'x' };
    expect((await api.patch(`/clients/${client.client_id}`, change)).body).toMatchObject(change);
    const [stored] =
      (await freehold.stores.clients.find(client.client_id))?.client_authentication_methods?.private_key_jwt
        ?.credentials ?? [];
    expect(stored).toMatchObject({ name: 'Key', pem: pem.trim(), expires_at: 2_208_988_800 });
  });

  test('of another client, or none, are refused', async () => {
    const other = await made(methods({ credential_type: 'public_key', pem }));
    const { client_id } = await made();
    const { client_authentication_methods } = (await api.get(`/clients/${other.client_id}`)).body;
    expect(await api.patch(`/clients/${client_id}`, { client_authentication_methods })).toMatchObject({
      status: 400,
    });
  });

  test('a private key is refused, and stands nowhere in the log', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const answer = await api.post('/clients', {
      name: 'X',
      ...methods({ credential_type: 'public_key', pem: secret }),
    });
    expect(answer.status).toBe(400);
    const line = secret.split('\n')[1] ?? '';
    expect(JSON.stringify(await freehold.logEntries())).not.toContain(line);
    expect(answer.text).not.toContain(line);
  });

  test('rotate-secret is not for clients without one', async () => {
    const { client_id } = await made(methods({ credential_type: 'public_key', pem }));
    expect((await api.post(`/clients/${client_id}/rotate-secret`)).status).toBe(400);
  });
});

describe('CL-6: a secret', () => {
  const machine = async (members: Record<string, unknown> = {}) => {
    const client = await made({ app_type: 'non_interactive', ...members });
    const grant = {
      client_id: client.client_id,
      audience: systemAudience(freehold.issuer),
      scope: ['read:clients'],
    };
    expect((await api.post('/client-grants', grant)).status).toBe(201);
    return client;
  };

  test('is rotated: the former one is refused at once', async () => {
    const { client_id, secret } = await machine();
    expect((await tokenOf(client_id, secret)).status).toBe(200);
    const { status, body } = await api.post(`/clients/${client_id}/rotate-secret`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ client_id, name: 'An application' });
    expect(body.client_secret).toMatch(/^[A-Za-z0-9]{64}$/);
    expect((await tokenOf(client_id, secret)).status).toBe(401);
    expect((await tokenOf(client_id, String(body.client_secret))).status).toBe(200);
  });

  test('is set', async () => {
    const { client_id, secret } = await machine();
    const client_secret = 'a-secret-of-somebody-that-is-long-enough';
    expect((await api.patch(`/clients/${client_id}`, { client_secret })).body).toMatchObject({
      client_secret,
    });
    expect((await tokenOf(client_id, secret)).status).toBe(401);
    expect((await tokenOf(client_id, client_secret)).status).toBe(200);
  });

  test('of a client that is deleted opens nothing, nor do its tokens', async () => {
    const { client_id, secret } = await machine();
    const { access_token } = (await tokenOf(client_id, secret)).json();
    const headers = { authorization: `Bearer ${access_token}` };
    expect((await agent().send('/api/v2/clients', { headers })).status).toBe(200);
    await api.delete(`/clients/${client_id}`);
    expect((await agent().send('/api/v2/clients', { headers })).status).toBe(401);
    expect((await tokenOf(client_id, secret)).status).toBe(401);
  });
});

test('AT-14: what a client was given for a person ends when it is deleted', async () => {
  const { client_id } = await made({
    app_type: 'spa',
    oidc_conformant: true,
    token_endpoint_auth_method: 'none',
    callbacks: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const options = {
    authorize: { client_id, scope: 'openid offline_access', audience },
    token: { client_id },
  };
  const { tokens } = await getTokens(freehold, options);
  const userinfo = async () =>
    (await agent().send('/userinfo', { headers: { authorization: `Bearer ${tokens.access_token}` } })).status;
  expect(await userinfo()).toBe(200);
  await api.delete(`/clients/${client_id}`);
  expect(await userinfo()).toBe(401);
  const refreshing = { grant_type: 'refresh_token', client_id, refresh_token: String(tokens.refresh_token) };
  expect((await agent().postForm('/oauth/token', refreshing)).status).toBe(401);
  expect(freehold.execute('select * from refresh_token_family where client_id = ?', client_id)).toEqual([]);
});

describe('lists', () => {
  const namesOf = ({ body }: ApiAnswer) => Array.from(body, ({ name }) => name);

  test('§2.1: an array, with totals, or from a checkpoint', async () => {
    const all = await api.get('/clients?per_page=100');
    expect(namesOf(all)).toEqual(namesOf(all).toSorted());
    const offset = await api.get('/clients?include_totals=true&page=1&per_page=2');
    expect(offset.body).toMatchObject({ start: 2, limit: 2, total: all.body.length });
    const seen: unknown[] = [];
    let from = '';
    do {
      const { body } = await api.get(`/clients?take=3${from}`);
      seen.push(...(body.clients as { name: string }[]).map(({ name }) => name));
      from = body.next === undefined ? '' : `&from=${body.next}`;
    } while (from !== '');
    expect(seen).toEqual(namesOf(all));
  });

  test('are filtered', async () => {
    const types = await api.get('/clients?app_type=spa,native&is_global=false&fields=app_type');
    expect(new Set(Array.from(types.body, ({ app_type }) => app_type))).toEqual(new Set(['spa', 'native']));
    const third = await api.get('/clients?is_first_party=false&fields=name,is_first_party');
    expect(Array.from(third.body)).toContainEqual({ name: 'Third', is_first_party: false });
    expect(Array.from(third.body).every(({ is_first_party }) => is_first_party === false)).toBe(true);
    expect(Array.from((await api.get('/clients?external_client_id=https://x.example/')).body)).toEqual([]);
  });

  test.each([
    'app_type=nonsense',
    'is_global=perhaps',
    'per_page=101',
    'take=0',
    'from=%00',
    'q=name:x',
    'sort=name:1',
  ])('refuse %s', async (query) => {
    expect(await api.get(`/clients?${query}`)).toMatchObject({
      status: 400,
      body: { errorCode: 'invalid_query_string' },
    });
  });
});

describe('the client of all applications', () => {
  const find = async () => {
    const { status, body } = await api.get('/clients?is_global=true');
    expect(status).toBe(200);
    return Array.from(body);
  };

  test('is one, and has its name', async () => {
    const found = await find();
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      name: 'All Applications',
      global: true,
      grant_types: [],
      callbacks: [],
    });
    expect(Array.from((await api.get('/clients?is_global=false')).body).some(({ global }) => global)).toBe(
      false,
    );
  });

  test('is undeletable, and keeps the pages of the classic login', async () => {
    const id = String((await find())[0]?.client_id);
    expect(await api.delete(`/clients/${id}`)).toMatchObject({
      status: 400,
      body: { message: 'Global client cannot be deleted.' },
    });
    const pages = { custom_login_page: '<html>', custom_login_page_on: true };
    expect((await api.patch(`/clients/${id}`, pages)).body).toMatchObject({ ...pages, global: true });
    expect(await find()).toHaveLength(1);
  });

  test.each([
    { grant_types: ['authorization_code'] },
    { callbacks: [callback] },
    { client_secret: 'a-secret-of-somebody-that-is-long-enough' },
    { name: 'Mine' },
  ])('lets nobody make it one that logs people in: %j', async (change) => {
    const id = String((await find())[0]?.client_id);
    expect((await api.patch(`/clients/${id}`, change)).status).toBe(400);
    expect((await api.post(`/clients/${id}/rotate-secret`)).status).toBe(400);
    expect((await authorize(id)).status).toBe(403);
    expect((await tokenOf(id, '')).status).toBe(401);
  });
});

describe('the server’s own clients', () => {
  test.each(['freehold-dashboard', 'freehold-dashboard-try', 'freehold-try'])(
    '%s is as if it did not exist',
    async (id) => {
      expect((await api.get(`/clients/${id}`)).status).toBe(404);
      expect((await api.patch(`/clients/${id}`, { callbacks: [callback] })).status).toBe(404);
      expect((await api.post(`/clients/${id}/rotate-secret`)).status).toBe(404);
      expect((await api.delete(`/clients/${id}`)).status).toBe(204);
      expect(await freehold.stores.clients.find(id)).toBeDefined();
      const ids = Array.from((await api.get('/clients?per_page=100')).body, ({ client_id }) => client_id);
      expect(ids).not.toContain(id);
    },
  );
});

describe('/clients/{id}/connections', () => {
  const usual = 'Username-Password-Authentication';
  const namesOf = ({ body }: ApiAnswer) => (body.connections as { name: string }[]).map(({ name }) => name);

  test('are those that the client may use, from a checkpoint, without their secrets', async () => {
    const connection = {
      name: 'upstream',
      strategy: 'oidc',
      options: { client_id: 'x', client_secret: 'of-upstream' },
    };
    const added = await api.post('/connections', connection);
    expect(added.status).toBe(201);
    const { client_id } = await made();
    const at = `/clients/${client_id}/connections`;
    const all = await api.get(at);
    expect(namesOf(all)).toEqual([usual, 'upstream']);
    expect(all.text).not.toContain('of-upstream');
    expect(all.text).not.toContain('enabled_clients');
    expect(namesOf(await api.get(`${at}?strategy=oidc&strategy=samlp`))).toEqual(['upstream']);
    const first = await api.get(`${at}?take=1&fields=name`);
    expect(first.body).toEqual({ connections: [{ name: usual }], next: expect.any(String) });
    expect(namesOf(await api.get(`${at}?take=1&from=${first.body.next}`))).toEqual(['upstream']);
    const off = [{ client_id, status: false }];
    expect((await api.patch(`/connections/${added.body.id}/clients`, off)).status).toBe(204);
    expect(namesOf(await api.get(at))).toEqual([usual]);
    await api.delete(`/connections/${added.body.id}`);
  });

  test('are for those who read both, and of a client that there is', async () => {
    const { client_id } = await made();
    const at = `/clients/${client_id}/connections`;
    for (const [index, scope] of ['read:connections', 'read:clients'].entries())
      expect((await (await managementApi(freehold, [scope], `half-${index}`)).get(at)).status).toBe(403);
    const both = await managementApi(freehold, ['read:connections', 'read:client_summary'], 'both');
    expect(namesOf(await both.get(at))).toEqual([usual]);
    expect((await both.get('/clients/unknown/connections')).status).toBe(404);
    expect((await both.get('/clients/freehold-dashboard/connections')).status).toBe(404);
  });
});

describe('TN-1: enable_client_connections', () => {
  const enabledOf = async (client_id: string) =>
    (await freehold.stores.connections.listForClient(client_id)).map(({ name }) => name);

  test('a new client has every connection, unless the flag is off', async () => {
    expect(await enabledOf((await made()).client_id)).toEqual(['Username-Password-Authentication']);
    await api.patch('/tenants/settings', { flags: { enable_client_connections: false } });
    expect(await enabledOf((await made()).client_id)).toEqual([]);
    await api.patch('/tenants/settings', { flags: { enable_client_connections: true } });
  });

  test('DR-2: a third party has those of the domain alone', async () => {
    await freehold.composed.unitOfWork.transaction(async ({ connections }) => {
      const usual = await connections.findByName('Username-Password-Authentication');
      if (usual === undefined) throw new Error('There is no database');
      const name = 'first-party';
      const own = { ...usual, id: 'con_ofthefirstparty1', name, realms: [name], is_domain_connection: false };
      await connections.upsert(own);
      await connections.upsert({ ...usual, is_domain_connection: true });
    });
    expect(await enabledOf((await made()).client_id)).toEqual([
      'Username-Password-Authentication',
      'first-party',
    ]);
    expect(await enabledOf((await made({ is_first_party: false })).client_id)).toEqual([
      'Username-Password-Authentication',
    ]);
  });
});
