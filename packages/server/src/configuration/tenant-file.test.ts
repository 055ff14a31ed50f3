import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigurationError } from './findings.ts';
import { forThisServer } from './management-api.ts';
import { parseTenantFile } from './tenant-file.ts';
import { parse, parseValue, problemsOf, warningsOf } from './testing/parsed.ts';

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
  const file = parseValue({
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

test('the Management API of whichever tenant is the one of this server', () => {
  const audience = 'https://tenant.eu.auth0.com/api/v2/';
  const permissions = ['read:users', 'read:tea_leaves'].map((permission_name) => ({
    resource_server_identifier: audience,
    permission_name,
  }));
  const written = parseValue({
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

test('what is stored and has no effect is a warning', () => {
  const options = { requires_username: true, mfa: { active: true } };
  const file = parseValue({
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
