// Refusals at the callback: once client and callback are trusted, every error goes there (contract AZ-50).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, newPkce, responseOf, sampleTenant, spa, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let agent: Agent;
const pkce = newPkce();
const apis = [
  ['https://denied.example/', 'deny_all'],
  ['https://granted.example/', 'require_client_grant'],
] as const;

beforeAll(async () => {
  const sample = sampleTenant();
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [
        ...(sample.clients as object[]),
        { ...spa, name: 'Without code', client_id: 'without-code', grant_types: ['refresh_token'] },
        { ...spa, name: 'Without connection', client_id: 'without-connection' },
      ],
      resourceServers: [
        ...(sample.resourceServers as object[]),
        ...apis.map(([identifier, policy]) => ({
          name: policy,
          identifier,
          subject_type_authorization: { user: { policy } },
        })),
      ],
      clientGrants: [
        { client_id: 'web', audience: 'https://granted.example/', subject_type: 'user', scope: [] },
      ],
      databases: [
        {
          name: 'Username-Password-Authentication',
          strategy: 'auth0',
          enabled_clients: ['spa', 'native', 'web', 'third', 'without-code'],
        },
        { name: 'Other-Database', strategy: 'auth0', enabled_clients: ['web'] },
      ],
    }),
    users,
  });
  agent = new Agent(freehold.issuer);
});

afterAll(() => freehold.stop());

/** Everything at the callback but the state, which is always the one that was sent. */
async function refusalFor(overrides: Record<string, string | undefined>): Promise<[string, string]> {
  const answer = await agent.send(authorizationUrl(freehold, pkce, overrides));
  expect(answer.status).toBe(302);
  const { error, error_description, state, ...rest } = responseOf(answer);
  expect({ state, rest }).toEqual({ state: 'xyzABC123', rest: {} });
  return [error ?? '', error_description ?? ''];
}

type Row = [row: string, overrides: Record<string, string | undefined>, error: string, description: string];

const notSupported = (name: string) => `parameter ${name} is not supported`;
const rows: Row[] = [
  [
    'SD-24, AZ-60, DIS-23',
    { response_type: 'foo' },
    'unsupported_response_type',
    'Unsupported response type: foo',
  ],
  [
    'SD-5, AZ-61, CL-4',
    { client_id: 'without-code' },
    'unauthorized_client',
    "Grant type 'authorization_code' not allowed for the client.",
  ],
  ['AZ-29', { response_mode: 'foo' }, 'invalid_request', 'Unsupported response mode: foo'],
  ['AZ-15', { code_challenge: undefined }, 'invalid_request', 'code challenge required'],
  ['AZ-15', { code_challenge: '' }, 'invalid_request', 'code challenge required'],
  [
    'AZ-15',
    { code_challenge: undefined, code_challenge_method: undefined },
    'invalid_request',
    'code challenge required',
  ],
  [
    'AZ-15',
    { client_id: 'web', code_challenge: undefined },
    'invalid_request',
    'Missing required parameter: code_challenge',
  ],
  [
    'SD-26, AZ-11, AZ-13, DIS-2',
    { code_challenge_method: 'plain' },
    'invalid_request',
    'transform algorithm not supported',
  ],
  ['AZ-13', { code_challenge_method: 's256' }, 'invalid_request', 'transform algorithm not supported'],
  [
    'SD-26, AZ-12, DIS-2',
    { code_challenge_method: undefined },
    'invalid_request',
    'transform algorithm not supported',
  ],
  ['AZ-14', { code_challenge: 'a'.repeat(42) }, 'invalid_request', 'code_challenge is malformed'],
  ['AZ-14', { code_challenge: 'a'.repeat(129) }, 'invalid_request', 'code_challenge is malformed'],
  [
    'SD-10, AZ-14',
    { code_challenge: `${pkce.code_challenge}=` },
    'invalid_request',
    'code_challenge is malformed',
  ],
  [
    'AZ-14',
    { code_challenge: `+${pkce.code_challenge.slice(1)}` },
    'invalid_request',
    'code_challenge is malformed',
  ],
  [
    'AZ-20',
    { audience: 'https://nowhere.example/' },
    'access_denied',
    'Service not found: https://nowhere.example/',
  ],
  ...apis.map(
    ([audience]): Row => [
      'AZ-21, DIS-11',
      { audience },
      'invalid_request',
      `Client "spa" is not authorized to access resource server "${audience}".`,
    ],
  ),
  [
    'AZ-21',
    { client_id: 'third', audience: 'https://orders.example/' },
    'invalid_request',
    'Client "third" is not authorized to access resource server "https://orders.example/".',
  ],
  [
    'OG-1, AZ-26',
    { organization: 'org_1' },
    'invalid_request',
    'parameter organization is not allowed for this client',
  ],
  ['AZ-27', { invitation: 'abc' }, 'invalid_request', 'parameter invitation is not allowed for this client'],
  ['OpenID Connect Core §6.1', { request: 'e.y.J' }, 'request_not_supported', notSupported('request')],
  [
    'OpenID Connect Core §6.2',
    { request_uri: 'urn:ietf:params:oauth:request_uri:abc' },
    'request_uri_not_supported',
    notSupported('request_uri'),
  ],
  [
    'OpenID Connect Core §7.2.1',
    { registration: '{}' },
    'registration_not_supported',
    notSupported('registration'),
  ],
  ...['a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}=`].map(
    (dpop_jkt): Row => [
      'AZ-36',
      { dpop_jkt },
      'invalid_request',
      'dpop_jkt must be a SHA-256 JWK thumbprint',
    ],
  ),
  [
    'AZ-37, RFC 9396 §5',
    { authorization_details: '[{"type":"payment"}]' },
    'invalid_authorization_details',
    'authorization_details has a type that no API has registered',
  ],
  ['SD-92, AZ-24', { connection: 'github' }, 'invalid_request', 'the connection was not found'],
  ['AZ-24', { connection: 'Other-Database' }, 'invalid_request', 'the connection is not enabled'],
  ['AZ-25', { client_id: 'without-connection' }, 'invalid_request', 'no connections enabled for the client'],
  [
    'AZ-30',
    { prompt: 'none login' },
    'invalid_request',
    'prompt none must not be combined with other values',
  ],
  [
    'AZ-30',
    { prompt: 'consent none' },
    'invalid_request',
    'prompt none must not be combined with other values',
  ],
  ['AZ-30', { prompt: 'later' }, 'invalid_request', 'Unsupported prompt'],
  ...['-1', '1.5', 'soon', '1e3', ' 1', '99999999999'].map(
    (max_age): Row => ['AZ-31', { max_age }, 'invalid_request', 'max_age must be a whole number of seconds'],
  ),
  [
    'GL-14',
    { response_type: `"\\é\n${'x'.repeat(300)}` },
    'unsupported_response_type',
    `Unsupported response type: ????${'x'.repeat(196)}`,
  ],
];

test.each(rows)('RFC 6749 §4.1.2.1, AZ-50, %s: %o', async (_row, overrides, error, description) => {
  expect(await refusalFor(overrides)).toEqual([error, description]);
});

test.each(['scope', 'nonce', 'prompt', 'code_challenge', 'audience', 'my_param'])(
  'RFC 6749 §3.1, GL-10: %s twice is refused at the callback',
  async (name) => {
    const value = name === 'code_challenge' ? pkce.code_challenge : 'openid';
    const url = authorizationUrl(freehold, pkce, { [name]: value }).href;
    const answer = responseOf(await agent.send(`${url}&${name}=${value}`));
    expect(answer.error).toBe('invalid_request');
    expect(answer.error_description).toBe(`Parameter '${name}' must not be repeated`);
    expect(answer.state).toBe('xyzABC123');
  },
);

describe('AZ-51: the first error in order is the one that is told', () => {
  const inOrder: [string, Record<string, string | undefined>, string][] = [
    ['response_type', { response_type: 'foo' }, 'Unsupported response type: foo'],
    ['response_mode', { response_mode: 'bar' }, 'Unsupported response mode: bar'],
    ['code_challenge_method', { code_challenge_method: 'plain' }, 'transform algorithm not supported'],
    ['audience', { audience: 'https://nowhere.example/' }, 'Service not found: https://nowhere.example/'],
    ['organization', { organization: 'org_1' }, 'parameter organization is not allowed for this client'],
    ['connection', { connection: 'github' }, 'the connection was not found'],
    ['prompt', { prompt: 'later' }, 'Unsupported prompt'],
  ];

  test.each(inOrder.map(([name, , description], index) => ({ name, description, index })))(
    '$name, before all that follow',
    async ({ description, index }) => {
      const all = Object.assign({}, ...inOrder.slice(index).map(([, overrides]) => overrides));
      expect((await refusalFor(all))[1]).toBe(description);
    },
  );
});

test.each(['token', 'id_token', 'id_token token', 'code id_token', 'token id_token code'])(
  'AZ-61, RM-1, RM-11: %s is refused to a client without the grant implicit, where tokens would go',
  async (response_type) => {
    const url = authorizationUrl(freehold, pkce, { response_type, nonce: 'n' });
    const { location } = await agent.send(url);
    expect(location?.search).toBe('');
    expect(Object.fromEntries(new URLSearchParams(location?.hash.slice(1)))).toEqual({
      error: 'unauthorized_client',
      error_description: "Grant type 'implicit' not allowed for the client.",
      state: 'xyzABC123',
    });
  },
);

test('RM-2: response_mode=query does not bring a refused request for tokens into the query', async () => {
  const url = authorizationUrl(freehold, pkce, { response_type: 'token', response_mode: 'query' });
  expect((await agent.send(url)).location?.search).toBe('');
});

test('LG-1: a refusal leaves `f`, with client and reason; a silent one `fsa`', async () => {
  const before = (await freehold.logEntries()).length;
  await refusalFor({ connection: 'github' });
  await refusalFor({ connection: 'github', prompt: 'none' });
  const entries = (await freehold.logEntries()).slice(before);
  expect(entries.map(({ type, description, client_id }) => ({ type, description, client_id }))).toEqual([
    { type: 'f', description: 'the connection was not found', client_id: 'spa' },
    { type: 'fsa', description: 'the connection was not found', client_id: 'spa' },
  ]);
});

test('AZ-21: with a client grant for users the client may go on', async () => {
  const answer = await agent.send(
    authorizationUrl(freehold, pkce, { client_id: 'web', audience: 'https://granted.example/' }),
  );
  expect(answer.location?.pathname).toBe('/u/login');
});
