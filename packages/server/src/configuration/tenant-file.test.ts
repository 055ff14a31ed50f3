import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from './findings.ts';
import { forThisServer } from './management-api.ts';
import { parseTenantFile, type TenantFile } from './tenant-file.ts';

const parse = (text: string) => parseTenantFile(text, 'tenant.yaml');
const json = (value: unknown) => parse(JSON.stringify(value));
const settingsOf = (client: object) => json({ clients: [{ name: 'App', ...client }] }).clients[0]?.settings;
const warningsOf = (file: TenantFile) => file.warnings.map(({ path, text }) => `${path} ${text}`);

/** `path text` of every problem. */
function problemsOf(value: unknown): string[] {
  try {
    typeof value === 'string' ? parse(value) : json(value);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path, text }) => `${path} ${text}`);
    throw error;
  }
  return [];
}
const clientProblems = (client: object) => problemsOf({ clients: [{ name: 'App', ...client }] });

describe('reading', () => {
  test('an empty file asks for nothing and does not speak of databases', () => {
    expect(parse('')).toMatchObject({ clients: [], databases: undefined, tenant: undefined, warnings: [] });
  });

  test('every problem is found at once, each with file, line, path and fix', () => {
    const text = 'clients:\n  - name: A\n    callbacks:\n      - javascript:x\n  - app_type: spa\nrole: []\n';
    expect(() => parse(text)).toThrow(ConfigurationError);
    expect(() => parse(text)).toThrow(
      [
        'tenant.yaml is not applied:',
        'tenant.yaml:4: clients[0].callbacks[0] must not use the scheme javascript:',
        'tenant.yaml:5: clients[1].name is missing: give a string',
        'tenant.yaml:6: role is no known key: take it out; did you mean roles?',
      ].join('\n  '),
    );
  });

  test.each([
    ['clients: [', 'cannot be read as YAML'],
    ['a: 1\n---\nb: 2', 'cannot be read as YAML'],
    ['clients: []\nclients: []', 'duplicate key at column 1'],
    ['a: *b', 'cannot be read as YAML'],
    [
      'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      'alias',
    ],
    ['- 1', 'must be keys with values'],
    ['clients: 7', 'must be a list'],
    ['clients: [7]', 'must be keys with values'],
    ['tenant: {friendly_name: "a\\0b"}', 'NUL'],
    ['tenant: {friendly_name: "\\uD800"}', 'well-formed Unicode'],
  ])('%j is refused', (text, words) => {
    expect(problemsOf(text).join()).toContain(words);
  });

  test.each(['clients:\n  - name: ##NAME##', 'tenant: {friendly_name: "@@NAME@@"}', 'clients: @@CLIENTS@@'])(
    'a marker of auth0-deploy-cli must be replaced first: %j',
    (text) => {
      expect(problemsOf(text)).toEqual([
        expect.stringMatching(/(##|@@)[A-Z]+\1 must be replaced by its value first/),
      ]);
    },
  );

  test('a marker in a comment does no harm', () => {
    expect(problemsOf('# ##NAME## was here\nclients: []')).toEqual([]);
  });

  test('a key that Auth0 knows and this server does not support yet is one warning, however often it stands', () => {
    const file = json({
      actions: [{ name: 'x' }],
      clients: [
        { name: 'A', sso_disabled: false, jwt_configuration: { secret_encoded: true } },
        { name: 'B', sso_disabled: true, app_type: 'spa' },
      ],
    });
    expect(warningsOf(file)).toEqual([
      'actions is not supported yet and has no effect',
      'clients[0].jwt_configuration.secret_encoded is not supported yet and has no effect',
      'clients[0].sso_disabled is not supported yet and has no effect',
      expect.stringContaining('client_secret'),
    ]);
  });

  test.each([
    [{ clientz: [] }, 'clientz is no known key: take it out; did you mean clients?'],
    [
      { clients: [{ name: 'A', callback: [] }] },
      'clients[0].callback is no known key: take it out; did you mean callbacks?',
    ],
    [
      { clients: [{ name: 'A', refresh_token: { rotation: 'x' } }] },
      'clients[0].refresh_token.rotation is no known key: take it out',
    ],
    [{ tenant: { flags: { remove_alg: true } } }, 'tenant.flags.remove_alg is no known key'],
    [{ databases: [{ name: 'x', options: { password_policy: 'x' } }] }, 'did you mean passwordPolicy?'],
  ])('a key that nobody knows is a problem: %j', (value, words) => {
    expect(problemsOf(value).join()).toContain(words);
  });

  test('whatever the text, the only exception is a ConfigurationError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void problemsOf(text)),
      { numRuns: 300 },
    );
  });

  test('whatever the values, the only exception is a ConfigurationError', () => {
    const key = fc.constantFrom(
      'tenant',
      'clients',
      'databases',
      'name',
      'callbacks',
      'options',
      'flags',
      '__proto__',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, fc.string()), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree), (value) => void problemsOf(value)),
      { numRuns: 300 },
    );
  });

  test('the example of the repository parses without a warning', () => {
    const example = readFileSync(new URL('../../../../examples/tenant.yaml', import.meta.url), 'utf8');
    expect(warningsOf(parse(example))).toEqual([]);
  });

  test('so does what docs/proofs.md says', () => {
    const page = readFileSync(new URL('../../../../docs/proofs.md', import.meta.url), 'utf8');
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const file = parse(example);
    expect(warningsOf(file)).toEqual([]);
    expect(file.clients).toHaveLength(2);
  });
});

describe('clients', () => {
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
      expect(settingsOf({ app_type })).toMatchObject({ token_endpoint_auth_method, grant_types });
    },
  );

  test('CA-3: an explicit null stays "unspecified"', () => {
    expect(
      settingsOf({ app_type: 'spa', token_endpoint_auth_method: null })?.token_endpoint_auth_method,
    ).toBeNull();
  });

  test('CL-2, CL-3: what is left out is resolved', () => {
    expect(settingsOf({})).toEqual({
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

  test('DIS-24: an spa without refresh_token gets rotating ones of 2592000 and 1296000 seconds', () => {
    expect(settingsOf({ app_type: 'spa' })?.refresh_token).toMatchObject({
      rotation_type: 'rotating',
      expiration_type: 'expiring',
      token_lifetime: 2_592_000,
      infinite_token_lifetime: false,
      idle_token_lifetime: 1_296_000,
      infinite_idle_token_lifetime: false,
    });
  });

  test.each([
    { expiration_type: 'non-expiring' },
    { infinite_token_lifetime: true, infinite_idle_token_lifetime: true },
  ])('RT-12: an spa may not have refresh tokens without end: %j', (refresh_token) => {
    expect(clientProblems({ app_type: 'spa', refresh_token }).join()).toContain(
      'must not let the refresh tokens of an spa',
    );
  });

  test('RT-12: rotating requires expiring', () => {
    const refresh_token = { rotation_type: 'rotating', expiration_type: 'non-expiring' };
    expect(clientProblems({ refresh_token })).toEqual([
      'clients[0].refresh_token.expiration_type must not let rotating refresh tokens live for ever: make them expiring',
    ]);
  });

  test('RT-12: rotating that says nothing of expiry is expiring', () => {
    expect(settingsOf({ refresh_token: { rotation_type: 'rotating' } })?.refresh_token).toMatchObject({
      expiration_type: 'expiring',
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
    });
  });

  test('RT-11: the idle lifetime is not longer than the absolute one', () => {
    const refresh_token = { expiration_type: 'expiring', token_lifetime: 100, idle_token_lifetime: 101 };
    expect(clientProblems({ refresh_token })).toEqual([
      'clients[0].refresh_token.idle_token_lifetime must not be longer than token_lifetime (100)',
    ]);
  });

  test('RT-11: a lifetime that is left out keeps to the one that is given', () => {
    const short = settingsOf({ app_type: 'spa', refresh_token: { token_lifetime: 3600 } });
    expect(short?.refresh_token).toMatchObject({ token_lifetime: 3600, idle_token_lifetime: 3600 });
    const long = settingsOf({ app_type: 'spa', refresh_token: { idle_token_lifetime: 3_000_000 } });
    expect(long?.refresh_token).toMatchObject({ token_lifetime: 3_000_000, idle_token_lifetime: 3_000_000 });
  });

  test.each([0, 31_557_601, 1.5, '3600'])('RT-11: a lifetime of %j is refused', (token_lifetime) => {
    expect(clientProblems({ refresh_token: { token_lifetime } })).toHaveLength(1);
  });

  test('RT-15: rotating requires an OIDC-conformant client', () => {
    const refresh_token = { rotation_type: 'rotating' };
    expect(clientProblems({ oidc_conformant: false, refresh_token })).toEqual([
      'clients[0].refresh_token.rotation_type must not be rotating unless the client is oidc_conformant',
    ]);
    expect(clientProblems({ oidc_conformant: true, refresh_token })).toEqual([]);
    expect(settingsOf({ app_type: 'spa', oidc_conformant: false })?.refresh_token).toMatchObject({
      rotation_type: 'non-rotating',
      expiration_type: 'expiring',
    });
  });

  test('RR-8: retry_safe and retry_window are settings of the tenant, and of a client in their place', () => {
    expect(json({ tenant: {} }).tenant?.refresh_token).toEqual({ retry_safe: true, retry_window: 60 });
    const refresh_token = { retry_safe: false, retry_window: 0 };
    expect(json({ tenant: { refresh_token } }).tenant?.refresh_token).toEqual(refresh_token);
    expect(settingsOf({ refresh_token })?.refresh_token).toMatchObject(refresh_token);
    expect(settingsOf({ refresh_token: { retry_window: 600 } })?.refresh_token).toMatchObject({
      retry_safe: null,
      retry_window: 600,
    });
  });

  test.each([-1, 601, 1.5, '60'])('RR-8: a retry_window of %j is refused', (retry_window) => {
    expect(clientProblems({ refresh_token: { retry_window } })).toHaveLength(1);
    expect(problemsOf({ tenant: { refresh_token: { retry_window } } })).toHaveLength(1);
  });

  test('grant types to come are kept, with a warning', () => {
    const grant_types = ['authorization_code', 'urn:openid:params:grant-type:ciba'];
    const file = json({ clients: [{ name: 'App', app_type: 'spa', grant_types }] });
    expect(file.clients[0]?.settings.grant_types).toEqual(grant_types);
    expect(warningsOf(file)).toEqual([
      'clients[0].grant_types[1] urn:openid:params:grant-type:ciba is not supported yet and has no effect',
    ]);
  });

  test('a grant type that nobody knows is a problem', () => {
    expect(clientProblems({ grant_types: ['authorization-code'] })).toEqual([
      'clients[0].grant_types[0] is no known grant type: take it out; did you mean authorization_code?',
    ]);
  });

  test.each(['RS512', 'PS512'])('SG-1: %s is a warning, RS256 is used', (alg) => {
    const file = json({ clients: [{ name: 'App', app_type: 'spa', jwt_configuration: { alg } }] });
    expect(file.clients[0]?.settings.jwt_configuration.alg).toBe('RS256');
    expect(warningsOf(file)).toEqual([
      `clients[0].jwt_configuration.alg ${alg} is not supported yet: RS256 is used`,
    ]);
  });

  test.each(['RS256', 'PS256', 'ES256', 'HS256'])('SG-1: %s is kept', (alg) => {
    expect(settingsOf({ jwt_configuration: { alg } })?.jwt_configuration.alg).toBe(alg);
  });

  test('ID-16: HS256 needs a client_secret, which a public client has not', () => {
    expect(clientProblems({ app_type: 'spa', jwt_configuration: { alg: 'HS256' } })).toEqual([
      'clients[0].jwt_configuration.alg must not be HS256: the client has no client_secret to verify its ID tokens with',
    ]);
  });

  test('AT-16: HS256 needs a secret of 32 bytes, of a client and of an API', () => {
    const short = 'x'.repeat(31);
    expect(clientProblems({ jwt_configuration: { alg: 'HS256' }, client_secret: short })).toEqual([
      'clients[0].client_secret must be at least 32 bytes long to sign with HS256',
    ]);
    const api = { identifier: 'https://api', signing_alg: 'HS256', signing_secret: short };
    expect(problemsOf({ resourceServers: [api] })).toEqual([
      'resourceServers[0].signing_secret must be at least 32 bytes long to sign with HS256',
    ]);
  });

  test('a client of a type that is nothing particular here keeps it, with a warning', () => {
    const file = json({ clients: [{ name: 'App', app_type: 'zoom', token_endpoint_auth_method: 'none' }] });
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
    const settings = settingsOf({ addons, jwt_configuration, oidc_logout, sso: false, token_quota: null });
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
      clientProblems({ sso: 'yes', addons: { samlpp: {} }, session_transfer: { allow_refresh_token: 1 } }),
    ).toEqual([
      'clients[0].addons.samlpp is no known key: take it out; did you mean samlp?',
      'clients[0].session_transfer.allow_refresh_token must be a boolean',
      'clients[0].sso must be a boolean',
    ]);
  });

  test('OR-2: whose client it is for is kept, with a warning', () => {
    const file = json({ clients: [{ name: 'App', app_type: 'spa', organization_usage: 'require' }] });
    expect(file.clients[0]?.settings.organization_usage).toBe('require');
    expect(warningsOf(file)).toEqual([
      'clients[0].organization_usage is not supported yet and has no effect',
    ]);
  });

  test('CB-12, RM-8: every URL is looked at', () => {
    const problems = clientProblems({
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
    expect(clientProblems({ is_first_party: false, callbacks: ['https://*.example.com/'] }).join()).toContain(
      'exact',
    );
  });

  test('CB-5: a placeholder is accepted with a warning', () => {
    const callbacks = ['https://{organization_name}.example.com/'];
    expect(warningsOf(json({ clients: [{ name: 'App', app_type: 'spa', callbacks }] })).join()).toContain(
      'placeholder',
    );
  });

  test.each([
    'client_secret: !hunter2',
    'client_secret: *hunter2',
    'client_secret: "hunter2',
    'client_secret: @hunter2',
    '%hunter2\nclient_secret: 1',
    'client_secret: |hunter2',
    'client_secret: [hunter2: hunter2: hunter2',
    'client_secret: !<hunter2> x',
    'client_secret: !e!hunter2 x',
  ])('what cannot be read is told by its place, and not shown: %s', (text) => {
    let message = '';
    try {
      parseTenantFile(text, 'tenant.yaml');
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('cannot be read as YAML');
    expect(message).not.toContain('hunter');
  });

  test('CA-12: a client_secret of fewer than 32 characters is a warning, and is not shown', () => {
    const warningsFor = (client_secret: string) =>
      warningsOf(json({ clients: [{ name: 'App', client_secret }] })).join();
    expect(warningsFor('x'.repeat(31))).toContain('clients[0].client_secret has fewer than 32 characters');
    expect(warningsFor('x'.repeat(31))).not.toContain('xxx');
    expect(warningsFor('x'.repeat(32))).toBe('');
  });

  test('CA-12: the client_secret of a public client is a warning', () => {
    const file = json({ clients: [{ name: 'App', app_type: 'spa', client_secret: 'secret' }] });
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
    expect(clientProblems({ client_id })).toHaveLength(1);
  });
});

describe('resource servers, databases and the rest', () => {
  test('RS-1: what a resource server leaves out is resolved', () => {
    const file = json({ resourceServers: [{ identifier: 'https://api', scopes: [{ value: 'read:x' }] }] });
    expect(file.resourceServers[0]?.settings).toEqual({
      identifier: 'https://api',
      name: 'https://api',
      scopes: [{ value: 'read:x', description: '' }],
      signing_alg: 'RS256',
      token_lifetime: 86_400,
      token_lifetime_for_web: 86_400,
      token_dialect: null,
      enforce_policies: null,
      skip_consent_for_verifiable_first_party_clients: false,
      allow_offline_access: false,
      allow_online_access: false,
      subject_type_authorization: null,
      proof_of_possession: null,
      unused: {},
    });
  });

  test('AT-16: a resource server may not have the identifier of a client', () => {
    expect(
      problemsOf({ clients: [{ name: 'A', client_id: 'a' }], resourceServers: [{ identifier: 'a' }] }).join(),
    ).toContain('resourceServers[0].identifier must not be the client_id of a client');
  });

  test('RFC 6749 §3.3: a scope has no space and no quotation mark', () => {
    for (const value of ['read x', 'read"', 'read\\', '']) {
      expect(problemsOf({ resourceServers: [{ identifier: 'x', scopes: [{ value }] }] })).not.toEqual([]);
    }
  });

  test('scopes and identifiers may not repeat', () => {
    const scopes = [{ value: 'a' }, { value: 'a' }];
    expect(problemsOf({ resourceServers: [{ identifier: 'x', scopes }, { identifier: 'x' }] })).toHaveLength(
      2,
    );
  });

  test('AZ-25: databases name their clients; options are resolved', () => {
    const file = json({ databases: [{ name: 'users', enabled_clients: ['A'] }] });
    expect(file.databases).toMatchObject([
      {
        enabled_clients: [{ name: 'A', path: ['databases', 0, 'enabled_clients', 0] }],
        settings: {
          name: 'users',
          strategy: 'auth0',
          options: { passwordPolicy: 'good', brute_force_protection: true },
          realms: ['users'],
        },
      },
    ]);
  });

  test('CX-1: connections of other strategies are kept, with a warning; a database among them is a problem', () => {
    const options = { client_id: 'google', client_secret: 'sealed', scope: ['email'], anything: 1 };
    const file = json({ connections: [{ name: 'google', strategy: 'google-oauth2', options }] });
    expect(warningsOf(file)).toEqual([
      expect.stringContaining(
        'google-oauth2 is not supported yet: the connection is kept, and nobody logs in by it',
      ),
    ]);
    expect(file.connections).toMatchObject([
      {
        settings: {
          strategy: 'google-oauth2',
          options: { client_id: 'google', scope: ['email'], anything: 1 },
        },
        secrets: { client_secret: 'sealed' },
      },
    ]);
    expect(JSON.stringify(file.connections[0]?.settings)).not.toContain('sealed');
    expect(problemsOf({ connections: [{ name: 'users', strategy: 'auth0' }] }).join()).toContain(
      'under databases',
    );
    expect(problemsOf({ connections: [{ name: 'a', strategy: 'facelook' }] }).join()).toContain(
      'connections[0].strategy must be one of',
    );
  });

  test.each<[Record<string, unknown>, string]>([
    [{ metadata: Object.fromEntries([...'abcdefghijk'].map((n) => [n, n])) }, 'must have at most 10 members'],
    [{ metadata: { a: 'x'.repeat(256) } }, 'at most 255 characters'],
    [{ realms: ['a', 'a'] }, 'repeats "a"'],
    [{ options: { pasword_history: {} } }, 'is no known key'],
    [{ options: { password_history: { enable: true, size: 25 } } }, 'at most 24'],
    [{ options: { validation: { username: { min: 1, max: 129 } } } }, 'at most 128'],
    [
      { options: { requires_username: true, attributes: { email: { identifier: { active: true } } } } },
      'Cannot set both options.attributes and options.requires_username',
    ],
    [{ options: { attributes: { email: {} } } }, 'attributes must contain one active identifier'],
  ])('CX-1: a database with %j is a problem', (members, problem) => {
    expect(problemsOf({ databases: [{ name: 'users', ...members }] }).join()).toContain(problem);
  });

  test('each realm leads to one connection', () => {
    const databases = [{ name: 'users', realms: ['people'] }, { name: 'people' }];
    expect(problemsOf({ databases }).join()).toContain('databases[1].realms[0] repeats "people"');
  });

  test('the Management API of whichever tenant is the one of this server', () => {
    const audience = 'https://tenant.eu.auth0.com/api/v2/';
    const permissions = ['read:users', 'read:tea_leaves'].map((permission_name) => ({
      resource_server_identifier: audience,
      permission_name,
    }));
    const written = json({
      clientGrants: [{ client_id: 'A', audience, scope: ['read:clients'] }],
      roles: [{ name: 'r', permissions }],
    });
    const file = forThisServer(written, 'https://login.example/');
    const here = 'https://login.example/api/v2/';
    expect(file.clientGrants[0]?.settings).toMatchObject({ audience: here, scope: ['read:clients'] });
    expect(file.roles[0]?.settings.permissions).toEqual([
      { resource_server_identifier: here, permission_name: 'read:users' },
    ]);
    expect(warningsOf(file).join()).toContain('"read:tea_leaves" is no scope');
  });

  test('OR-1: an organization names its connections, and says how each lets people in', () => {
    const organizations = [{ name: 'acme', connections: [{ name: 'users', show_as_button: false }] }];
    const file = json({ organizations });
    expect(file.organizations[0]?.connections).toEqual([
      { name: 'users', path: ['organizations', 0, 'connections', 0], settings: { show_as_button: false } },
    ]);
    expect(problemsOf({ organizations: [{ name: 'Acme Inc' }] }).join()).toContain('lower-case');
    expect(problemsOf({ organizations: [{ name: 'acme', connections: [{}] }] }).join()).toContain(
      'must name a connection',
    );
  });

  test.each([
    ['branding', { logo_url: 'http://acme.example/logo.svg' }, 'must be an https:// URL'],
    ['branding', { colors: { primary: 'red', page_background: '#ffffff' } }, 'must be a colour'],
    ['branding', { colors: { primary: '#fff' } }, 'is missing: give a string'],
    ['metadata', Object.fromEntries(Array.from({ length: 26 }, (_, n) => [n, ''])), 'at most 25 keys'],
    ['display_name', '', 'must not be empty'],
  ])('OR-1: of an organization %s is refused if it is %j', (key, value, problem) => {
    expect(problemsOf({ organizations: [{ name: 'acme', [key]: value }] }).join()).toContain(problem);
  });

  test.each([{}, { client_id: 'App', default_for: 'third_party_clients' }])(
    'a client grant is for one client or for all third-party clients: %o',
    (whose) => {
      const clientGrants = [{ audience: 'https://api.example/', ...whose }];
      const resourceServers = [{ name: 'API', identifier: 'https://api.example/' }];
      expect(problemsOf({ clientGrants, resourceServers, clients: [{ name: 'App' }] })).toEqual([
        'clientGrants[0].client_id is missing: give it, or default_for, and not both',
      ]);
    },
  );

  test('what is stored and has no effect is a warning', () => {
    const options = { requires_username: true, mfa: { active: true } };
    const file = json({
      databases: [{ name: 'users', is_domain_connection: true, show_as_button: true, options }],
      resourceServers: [{ identifier: 'x', consent_policy: 'transactional-authorization-with-mfa' }],
    });
    expect(file.warnings.map(({ path }) => path).sort()).toEqual([
      'databases[0].options.mfa',
      'databases[0].show_as_button',
      'resourceServers[0].consent_policy',
    ]);
    expect(file.databases?.[0]?.settings).toMatchObject({ options, unused: { show_as_button: true } });
  });

  test('CL-2: client_metadata has at most 10 keys', () => {
    const keys = Array.from({ length: 11 }, (_, n) => [`key${n}`, 'x']);
    const clientWith = (count: number) => ({
      clients: [{ name: 'A', app_type: 'spa', client_metadata: Object.fromEntries(keys.slice(0, count)) }],
    });
    expect(problemsOf(clientWith(11))).toEqual(['clients[0].client_metadata must have at most 10 keys']);
    expect(Object.keys(json(clientWith(10)).clients[0]?.settings.client_metadata ?? {})).toHaveLength(10);
  });

  test.each(['office', '10.0.0.0/33', '10.0.0.0/8/8', '::/0', ''])(
    'AP-4: an allow-list with %j is a problem, not a server that does not start',
    (range) => {
      const tenant = { brute_force_protection: { allowlist: ['10.0.0.0/8', range] } };
      expect(problemsOf({ tenant })).toEqual([
        'tenant.brute_force_protection.allowlist[1] must be an IP address or a CIDR range',
      ]);
    },
  );

  test('AP-1, AP-4, AP-5: attackProtection, as auth0-deploy-cli writes it', () => {
    const file = json({
      attackProtection: {
        breachedPasswordDetection: { enabled: false },
        bruteForceProtection: { enabled: true, shields: ['block'], max_attempts: 3, allowlist: ['10.0.0.1'] },
        suspiciousIpThrottling: {
          shields: ['block'],
          stage: {
            'pre-login': { max_attempts: 7, rate: 1000 },
            'pre-custom-token-exchange': { max_attempts: 10, rate: 600_000 },
          },
        },
      },
    });
    expect(file.tenant).toMatchObject({
      brute_force_protection: { max_attempts: 3, allowlist: ['10.0.0.1'] },
      suspicious_ip_throttling: {
        shields: ['block'],
        stage: { 'pre-login': { max_attempts: 7, rate: 1000 } },
      },
    });
    expect(file.warnings.map(({ path }) => path).sort()).toEqual([
      'attackProtection.breachedPasswordDetection',
      'attackProtection.suspiciousIpThrottling.stage.pre-custom-token-exchange',
    ]);
    expect(problemsOf({ attackProtection: { bruteForceProtection: { max_attempts: 0 } } })).toHaveLength(1);
  });

  test('TN-1: tenant settings keep to their schema', () => {
    expect(json({ tenant: { session_lifetime: 8 } }).tenant).toMatchObject({
      session_lifetime: 8,
      idle_session_lifetime: 8,
      dialect: 'auth0',
    });
    expect(problemsOf({ tenant: { session_lifetime: 8, idle_session_lifetime: 9 } })).toHaveLength(1);
    expect(problemsOf({ tenant: { dialect: 'okta' } })).toEqual([
      'tenant.dialect must be one of "auth0", "oidc"',
    ]);
    expect(problemsOf({ tenant: { allowed_logout_urls: ['javascript:x'] } })).toHaveLength(1);
    expect(problemsOf({ tenant: { error_page: { url: 'http://a.example/' } } })).toEqual([
      'tenant.error_page.url must be an https:// URL (http:// only on a loopback host)',
    ]);
  });
});
