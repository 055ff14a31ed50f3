import { expect, test } from 'vitest';
import { clientProblemsOf, clientSettingsOf, parseValue, problemsOf, warningsOf } from '../testing/parsed.ts';

test.each([
  ['spa', 'none', ['authorization_code', 'implicit', 'refresh_token']],
  ['native', 'none', ['authorization_code', 'implicit', 'refresh_token']],
  [
    'regular_web',
    'client_secret_post',
    ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  ],
  [
    'non_interactive',
    'client_secret_post',
    ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
  ],
])(
  'TK-13, CL-3: %s is given method %s and its grant types',
  (app_type, token_endpoint_auth_method, grant_types) => {
    expect(clientSettingsOf({ app_type })).toMatchObject({ token_endpoint_auth_method, grant_types });
  },
);

test('CA-3: an explicit null stays "unspecified"', () => {
  expect(
    clientSettingsOf({ app_type: 'spa', token_endpoint_auth_method: null })?.token_endpoint_auth_method,
  ).toBeNull();
});

test('CL-2, CL-3: what is left out is resolved', () => {
  expect(clientSettingsOf({})).toEqual({
    name: 'App',
    description: null,
    app_type: 'regular_web',
    logo_uri: null,
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    allowed_origins: [],
    initiate_login_uri: null,
    is_first_party: true,
    oidc_conformant: true,
    grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_method: 'client_secret_post',
    client_authentication_methods: null,
    redirection_policy: null,
    registration: null,
    oidc_logout: null,
    require_pushed_authorization_requests: false,
    par_request_expiry: null,
    signed_request_object: null,
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
    refresh_token: {
      rotation_type: 'non-rotating',
      expiration_type: 'non-expiring',
      leeway: 0,
      token_lifetime: 2_592_000,
      infinite_token_lifetime: true,
      idle_token_lifetime: 1_296_000,
      infinite_idle_token_lifetime: true,
      retry_safe: null,
      retry_window: null,
      policies: null,
    },
    require_proof_of_possession: false,
    compliance_level: 'none',
    client_metadata: {},
    skip_non_verifiable_callback_uri_confirmation_prompt: null,
    resource_server_identifier: null,
    token_exchange: null,
    organization_usage: null,
    organization_require_behavior: null,
    unused: {},
    is_token_endpoint_ip_header_trusted: false,
  });
});

test('grant types to come are kept, with a warning', () => {
  const grant_types = ['authorization_code', 'urn:openid:params:grant-type:ciba'];
  const file = parseValue({ clients: [{ name: 'App', app_type: 'spa', grant_types }] });
  expect(file.clients[0]?.settings.grant_types).toEqual(grant_types);
  expect(warningsOf(file)).toEqual([
    'clients[0].grant_types[1] urn:openid:params:grant-type:ciba is not supported yet and has no effect',
  ]);
});

test('a grant type that nobody knows is a problem', () => {
  expect(clientProblemsOf({ grant_types: ['authorization-code'] })).toEqual([
    'clients[0].grant_types[0] is no known grant type: take it out; did you mean authorization_code?',
  ]);
});

test.each(['RS512', 'PS512'])('SG-1: %s is a warning, RS256 is used', (alg) => {
  const file = parseValue({ clients: [{ name: 'App', app_type: 'spa', jwt_configuration: { alg } }] });
  expect(file.clients[0]?.settings.jwt_configuration.alg).toBe('RS256');
  expect(warningsOf(file)).toEqual([
    `clients[0].jwt_configuration.alg ${alg} is not supported yet: RS256 is used`,
  ]);
});

test.each(['RS256', 'PS256', 'ES256', 'HS256'])('SG-1: %s is kept', (alg) => {
  expect(clientSettingsOf({ jwt_configuration: { alg } })?.jwt_configuration.alg).toBe(alg);
});

test('ID-16: HS256 needs a client_secret, which a public client has not', () => {
  expect(clientProblemsOf({ app_type: 'spa', jwt_configuration: { alg: 'HS256' } })).toEqual([
    'clients[0].jwt_configuration.alg must not be HS256: the client has no client_secret to verify its ID tokens with',
  ]);
});

test('AT-16: HS256 needs a secret of 32 bytes, of a client and of an API', () => {
  const short = 'x'.repeat(31);
  expect(clientProblemsOf({ jwt_configuration: { alg: 'HS256' }, client_secret: short })).toEqual([
    'clients[0].client_secret must be at least 32 bytes long to sign with HS256',
  ]);
  const api = { identifier: 'https://api', signing_alg: 'HS256', signing_secret: short };
  expect(problemsOf({ resourceServers: [api] })).toEqual([
    'resourceServers[0].signing_secret must be at least 32 bytes long to sign with HS256',
  ]);
});

test('a client of a type that is nothing particular here keeps it, with a warning', () => {
  const file = parseValue({
    clients: [{ name: 'App', app_type: 'zoom', token_endpoint_auth_method: 'none' }],
  });
  expect(file.clients[0]?.settings).toMatchObject({ app_type: 'zoom' });
  expect(warningsOf(file)).toEqual([
    'clients[0].app_type zoom is not supported yet: the client is as one of the type regular_web',
  ]);
});

test('what has no effect is kept, nested as it stood; null is as good as absent', () => {
  const jwt_configuration = { secret_encoded: true, lifetime_in_seconds: 60 };
  const oidc_logout = {
    backchannel_logout_urls: ['https://a.example/out'],
    backchannel_logout_session_metadata: { include: true },
  };
  const addons = { samlp: { audience: 'urn:a' } };
  const settings = clientSettingsOf({
    addons,
    jwt_configuration,
    oidc_logout,
    sso: false,
    token_quota: null,
  });
  expect(settings).toMatchObject({
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 60 },
    oidc_logout: { backchannel_logout_urls: ['https://a.example/out'] },
  });
  expect(settings?.unused).toEqual({
    addons,
    jwt_configuration: { secret_encoded: true },
    oidc_logout: { backchannel_logout_session_metadata: { include: true } },
    sso: false,
  });
});

test('what has no effect is of the kind that Auth0 wants', () => {
  expect(
    clientProblemsOf({ sso: 'yes', addons: { samlpp: {} }, session_transfer: { allow_refresh_token: 1 } }),
  ).toEqual([
    'clients[0].addons.samlpp is no known key: take it out; did you mean samlp?',
    'clients[0].session_transfer.allow_refresh_token must be a boolean',
    'clients[0].sso must be a boolean',
  ]);
});

test('OR-2: whose client it is for is kept, with a warning', () => {
  const file = parseValue({ clients: [{ name: 'App', app_type: 'spa', organization_usage: 'require' }] });
  expect(file.clients[0]?.settings.organization_usage).toBe('require');
  expect(warningsOf(file)).toEqual(['clients[0].organization_usage is not supported yet and has no effect']);
});

test('CB-12, RM-8: every URL is looked at', () => {
  const problems = clientProblemsOf({
    callbacks: ['https://a.example/', 'data:x'],
    allowed_logout_urls: ['https://a.example/#x'],
    web_origins: ['https://a.example/path'],
    allowed_origins: ['a.example'],
    initiate_login_uri: 'http://a.example/',
    logo_uri: 'javascript:x',
  });
  expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
    'clients[0].callbacks[1]',
    'clients[0].allowed_logout_urls[0]',
    'clients[0].web_origins[0]',
    'clients[0].allowed_origins[0]',
    'clients[0].initiate_login_uri',
    'clients[0].logo_uri',
  ]);
});

test('CB-8: a third-party client has exact callbacks', () => {
  expect(clientProblemsOf({ is_first_party: false, callbacks: ['https://*.example.com/'] }).join()).toContain(
    'exact',
  );
});

test('CB-5: a placeholder is accepted with a warning', () => {
  const callbacks = ['https://{organization_name}.example.com/'];
  expect(warningsOf(parseValue({ clients: [{ name: 'App', app_type: 'spa', callbacks }] })).join()).toContain(
    'placeholder',
  );
});

test('CA-12: a client_secret of fewer than 32 characters is a warning, and is not shown', () => {
  const warningsFor = (client_secret: string) =>
    warningsOf(parseValue({ clients: [{ name: 'App', client_secret }] })).join();
  expect(warningsFor('x'.repeat(31))).toContain('clients[0].client_secret has fewer than 32 characters');
  expect(warningsFor('x'.repeat(31))).not.toContain('xxx');
  expect(warningsFor('x'.repeat(32))).toBe('');
});

test('CA-12: the client_secret of a public client is a warning', () => {
  const file = parseValue({ clients: [{ name: 'App', app_type: 'spa', client_secret: 'secret' }] });
  expect(warningsOf(file).join()).toContain('clients[0].client_secret has no effect');
});

test('client_ids are unique, and so is the name of a client without one', () => {
  expect(problemsOf({ clients: [{ name: 'A' }, { name: 'A', client_id: 'a' }] })).toHaveLength(1);
  expect(
    problemsOf({
      clients: [
        { name: 'A', client_id: 'a' },
        { name: 'B', client_id: 'a' },
      ],
    }),
  ).toHaveLength(1);
  expect(
    problemsOf({
      clients: [
        { name: 'A', client_id: 'a' },
        { name: 'A', client_id: 'b' },
      ],
    }),
  ).toEqual([]);
});

test.each(['a b', '', 'ü', 'x'.repeat(129)])('CL-2: the client_id %j is refused', (client_id) => {
  expect(clientProblemsOf({ client_id })).toHaveLength(1);
});

test('CL-2: client_metadata has at most 10 keys', () => {
  const keys = Array.from({ length: 11 }, (_, n) => [`key${n}`, 'x']);
  const clientWith = (count: number) => ({
    clients: [{ name: 'A', app_type: 'spa', client_metadata: Object.fromEntries(keys.slice(0, count)) }],
  });
  expect(problemsOf(clientWith(11))).toEqual(['clients[0].client_metadata must have at most 10 keys']);
  expect(Object.keys(parseValue(clientWith(10)).clients[0]?.settings.client_metadata ?? {})).toHaveLength(10);
});
