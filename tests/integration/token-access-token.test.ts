// What access tokens say: opaque or for an API, in each dialect of an API, narrowed by permissions.
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  claimsOf,
  getCode,
  getTokens,
  refusalOf,
  sampleTenant,
  spa,
  type Tokens,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
const day = 86_400;
const orders = { scopes: [{ value: 'read:orders' }, { value: 'write:orders' }, { value: 'delete:orders' }] };
const open = { ...orders, skip_consent_for_verifiable_first_party_clients: true };
const policies = { ...open, enforce_policies: true };
let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    { ...spa, name: 'Elliptic', client_id: 'elliptic', jwt_configuration: { alg: 'ES256' } },
  ];
  tenant.resourceServers = [
    ...(tenant.resourceServers as unknown[]),
    {
      ...open,
      name: 'Elliptic',
      identifier: 'https://es.example/',
      signing_alg: 'ES256',
      token_lifetime: 600,
    },
    { ...open, name: '9068', identifier: 'https://9068.example/', token_dialect: 'rfc9068_profile' },
    { ...policies, name: 'Policies', identifier: 'https://policies.example/' },
    { ...policies, name: 'Authz', identifier: 'https://authz.example/', token_dialect: 'access_token_authz' },
    {
      ...policies,
      name: '9068 authz',
      identifier: 'https://9068-authz.example/',
      token_dialect: 'rfc9068_profile_authz',
    },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
  for (const api of ['policies', 'authz', '9068-authz']) {
    for (const name of ['read:orders', 'delete:orders'])
      freehold.execute('insert into user_permission values (?, ?, ?)', ada, `https://${api}.example/`, name);
  }
});
afterAll(() => freehold.stop());

async function tokensOf(authorize: Record<string, string | undefined>, token = {}): Promise<Tokens> {
  const client_id = authorize.client_id ?? 'spa';
  return (await getTokens(freehold, { agent, authorize, token: { client_id, ...token } })).tokens;
}

describe('access token', () => {
  test.each([
    ['no audience', {}],
    ['the audience of /userinfo', { userinfo: true }],
  ])(
    'AT-1, AZ-18: %s: opaque, for 86400 seconds',
    async (_what, { userinfo = false }: { userinfo?: boolean }) => {
      const { access_token, expires_in } = await tokensOf(
        userinfo ? { audience: `${freehold.issuer}userinfo` } : {},
      );
      expect(decodeProtectedHeader(access_token)).toEqual({ alg: 'dir', enc: 'A256GCM' });
      expect(access_token.split('.')).toHaveLength(5);
      expect(expires_in).toBe(day);
    },
  );

  test('AT-2, AT-3, AT-5, AT-7, AT-8, SD-82: the Auth0 profile', async () => {
    const iat = freehold.clock.now();
    const { access_token } = await tokensOf({
      audience,
      scope: 'openid profile email read:orders offline_access',
    });
    expect(decodeProtectedHeader(access_token)).toEqual({
      alg: 'RS256',
      typ: 'JWT',
      kid: expect.any(String),
    });
    expect(claimsOf(access_token)).toEqual({
      iss: freehold.issuer,
      sub: ada,
      aud: [audience, `${freehold.issuer}userinfo`],
      azp: 'spa',
      iat,
      exp: iat + day,
      scope: 'openid profile email read:orders offline_access',
      // AT-16 sets this against AT-5's "No jti".
      jti: expect.stringMatching(/^[\w-]+\.\d+\.[\w-]+$/),
    });
  });

  test('AT-3: without openid the audience is the API alone, as a string', async () => {
    expect(claimsOf((await tokensOf({ audience, scope: 'read:orders' })).access_token).aud).toBe(audience);
  });

  test('AT-6: the profile of RFC 9068', async () => {
    const iat = freehold.clock.now();
    const api = 'https://9068.example/';
    const { access_token } = await tokensOf({ audience: api, scope: 'read:orders' });
    expect(decodeProtectedHeader(access_token)).toMatchObject({ typ: 'at+jwt' });
    expect(claimsOf(access_token)).toEqual({
      iss: freehold.issuer,
      sub: ada,
      aud: api,
      client_id: 'spa',
      iat,
      exp: iat + day,
      scope: 'read:orders',
      jti: expect.any(String),
    });
  });

  test('AT-9, TK-7, SD-68: its lifetime is that of the API', async () => {
    const { access_token, expires_in } = await tokensOf({
      client_id: 'elliptic',
      audience: 'https://es.example/',
    });
    const { exp, iat } = claimsOf(access_token);
    expect([Number(exp) - Number(iat), expires_in]).toEqual([600, 600]);
  });

  test('AT-9: an API with a longer lifetime than 30 days is an error', async () => {
    const resourceServers = [
      { name: 'Long', identifier: 'https://long.example/', token_lifetime: 2_592_001 },
    ];
    await expect(startFreehold({ tenant: { resourceServers } })).rejects.toThrow(
      /resourceServers\[0\]\.token_lifetime/,
    );
  });

  const requested = 'openid read:orders write:orders delete:orders';
  test.each([
    ['off', audience, 'openid read:orders write:orders', undefined],
    ['on', 'https://policies.example/', 'openid read:orders delete:orders', undefined],
    [
      'on, with permissions',
      'https://authz.example/',
      'openid read:orders delete:orders',
      ['delete:orders', 'read:orders'],
    ],
    [
      'on, RFC 9068 with permissions',
      'https://9068-authz.example/',
      'openid read:orders delete:orders',
      ['delete:orders', 'read:orders'],
    ],
  ])('AT-10: enforce_policies %s', async (_what, api, scope, permissions) => {
    const { access_token, scope: answered } = await tokensOf({ audience: api, scope: requested });
    const claims = claimsOf(access_token);
    expect([claims.scope, claims.permissions, answered]).toEqual([scope, permissions, scope]);
  });

  test('AT-10: permissions are all that the user has, whatever was requested; of no other user', async () => {
    const api = 'https://authz.example/';
    const { access_token } = await tokensOf({ audience: api, scope: 'openid' });
    expect(claimsOf(access_token).permissions).toEqual(['delete:orders', 'read:orders']);
    const { tokens } = await getTokens(freehold, {
      username: 'bob@example.com',
      authorize: { audience: api, scope: requested },
    });
    expect(claimsOf(tokens.access_token)).toMatchObject({ scope: 'openid', permissions: [] });
  });

  test('AT-10: a refresh looks at the permissions of today', async () => {
    const api = 'https://policies.example/';
    freehold.execute('update resource_server set allow_offline_access = 1 where identifier = ?', api);
    const { refresh_token = '' } = await tokensOf({ audience: api, scope: `${requested} offline_access` });
    const gone = `delete from user_permission where resource_server_identifier = ? and permission_name = 'delete:orders'`;
    freehold.execute(gone, api);
    const request = { grant_type: 'refresh_token', client_id: 'spa', refresh_token };
    const answer = await agent.postForm('/oauth/token', request);
    freehold.execute('insert into user_permission values (?, ?, ?)', ada, api, 'delete:orders');
    expect(answer.json().scope).toBe('openid read:orders offline_access');
  });
});

test('AT-16: an API may not be named as a client is', async () => {
  const tenant = { clients: [spa], resourceServers: [{ name: 'Same', identifier: spa.client_id }] };
  await expect(startFreehold({ tenant })).rejects.toThrow(/resourceServers\[0\]\.identifier/);
});

test('AC-22: an API deleted since /authorize ends the code', async () => {
  const api = 'https://es.example/';
  const { code, pkce } = await getCode(freehold, { agent, authorize: { audience: api } });
  freehold.execute(
    'update resource_server set identifier = ? where identifier = ?',
    'https://moved.example/',
    api,
  );
  const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code));
  freehold.execute(
    'update resource_server set identifier = ? where identifier = ?',
    api,
    'https://moved.example/',
  );
  expect(refusalOf(answer)).toEqual({
    status: 403,
    error: 'invalid_grant',
    error_description: 'Invalid authorization code',
  });
});
