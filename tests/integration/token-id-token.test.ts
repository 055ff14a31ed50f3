// What ID tokens say, and that anybody can verify them, and JWT access tokens, from discovery alone.
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  claimsOf,
  getTokens,
  sampleTenant,
  spa,
  type Tokens,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
const day = 86_400;
const open = { scopes: [{ value: 'read:orders' }], skip_consent_for_verifiable_first_party_clients: true };
let freehold: Freehold;
/** Logged in once. */
let agent: Agent;
let keySet: ReturnType<typeof createRemoteJWKSet>;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    { ...spa, name: 'Brief', client_id: 'brief', jwt_configuration: { lifetime_in_seconds: 300 } },
    { ...spa, name: 'Elliptic', client_id: 'elliptic', jwt_configuration: { alg: 'ES256' } },
  ];
  tenant.resourceServers = [
    ...(tenant.resourceServers as unknown[]),
    {
      ...open,
      name: 'Elliptic',
      identifier: 'https://es.example/',
      signing_alg: 'ES256',
    },
  ];
  freehold = await startFreehold({
    tenant,
    users: [
      ...users,
      { email: 'carol@example.com', password: users[0]?.password, phone_number: '+15550100' },
    ],
  });
  ({ agent } = await getTokens(freehold));
  keySet = createRemoteJWKSet(new URL('.well-known/jwks.json', freehold.issuer));
});
afterAll(() => freehold.stop());

async function tokensOf(authorize: Record<string, string | undefined>, token = {}): Promise<Tokens> {
  const client_id = authorize.client_id ?? 'spa';
  return (await getTokens(freehold, { agent, authorize, token: { client_id, ...token } })).tokens;
}

function now(): { currentDate: Date } {
  return { currentDate: new Date(freehold.clock.now() * 1000) };
}

describe('SD-93, SD-66, ID-15, WK-11: verified by jose from discovery and JWKS alone', () => {
  test.each([
    ['RS256', 'spa', audience],
    ['ES256', 'elliptic', 'https://es.example/'],
  ])('SG-1, SD-82: ID token and access token, %s', async (alg, client_id, api) => {
    const discovery = (await agent.send('/.well-known/openid-configuration')).json();
    const jwks = createRemoteJWKSet(new URL(String(discovery.jwks_uri)));
    const issuer = String(discovery.issuer);
    const { id_token, access_token } = await tokensOf({
      client_id,
      audience: api,
      scope: 'openid read:orders',
    });
    const common = { issuer, algorithms: [alg], clockTolerance: 0, ...now() };
    const verified = await jwtVerify(id_token ?? '', jwks, { ...common, audience: client_id, typ: 'JWT' });
    expect(verified.protectedHeader).toEqual({ alg, typ: 'JWT', kid: expect.any(String) });
    const access = await jwtVerify(access_token, jwks, { ...common, audience: api, typ: 'JWT' });
    expect(access.payload).toMatchObject({ iss: freehold.issuer, scope: 'openid read:orders' });
  });

  test('SD-87: an ID token is good until its exp, and no longer', async () => {
    const { id_token = '' } = await tokensOf({});
    const at = (seconds: number) => ({ currentDate: new Date((freehold.clock.now() + seconds) * 1000) });
    await jwtVerify(id_token, keySet, at(35_999));
    await expect(jwtVerify(id_token, keySet, at(36_000))).rejects.toBeInstanceOf(errors.JWTExpired);
  });

  test('ID-16: a confidential client gets an asymmetric signature too', async () => {
    const { id_token = '' } = await tokensOf({ client_id: 'web' }, { client_secret: webSecret });
    expect(decodeProtectedHeader(id_token).alg).toBe('RS256');
    await jwtVerify(id_token, keySet, { audience: 'web', ...now() });
  });
});

describe('ID token', () => {
  test('ID-1, ID-2, ID-11, SD-84, SD-85, SD-86, DIS-16: scope openid alone', async () => {
    const iat = freehold.clock.now();
    const { id_token, access_token } = await tokensOf({ scope: 'openid', nonce: 'n-0S6_WzA2Mj' });
    expect(claimsOf(id_token)).toEqual({
      iss: freehold.issuer,
      sub: ada,
      aud: 'spa',
      iat,
      exp: iat + 36_000,
      sid: expect.stringMatching(/^[\w-]{32}$/),
      nonce: 'n-0S6_WzA2Mj',
      at_hash: createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url'),
    });
    expect(freehold.issuer.endsWith('/')).toBe(true);
    expect(ada).toMatch(/^auth0\|[0-9a-f]{24}$/);
  });

  test('ID-3, SD-87: its lifetime is 36000 seconds, or what the client says', async () => {
    for (const [client_id, lifetime] of [
      ['spa', 36_000],
      ['brief', 300],
    ] as const) {
      const { id_token, expires_in } = await tokensOf({ client_id });
      const { exp, iat } = claimsOf(id_token);
      expect([Number(exp) - Number(iat), expires_in]).toEqual([lifetime, day]);
    }
  });

  const protocolClaims = ['iss', 'sub', 'aud', 'iat', 'exp', 'sid', 'at_hash'];
  const profile = ['name', 'family_name', 'given_name', 'nickname', 'picture', 'updated_at'];
  test.each([
    ['openid profile', profile],
    ['openid email', ['email', 'email_verified']],
    ['openid profile email', [...profile, 'email', 'email_verified']],
    ['openid name picture', ['name', 'picture']],
    [
      'openid given_name family_name nickname email_verified',
      ['given_name', 'family_name', 'nickname', 'email_verified'],
    ],
    ['openid created_at identities', ['created_at', 'identities']],
    ['openid phone address', []],
    ['openid favorite_color', []],
  ])(
    'ID-4, ID-5, ID-6, ID-7, SD-83, SD-96: scope %s releases what it names, and only what has a value',
    async (scope, names) => {
      const { id_token } = await tokensOf({ scope });
      expect(Object.keys(claimsOf(id_token)).sort()).toEqual([...protocolClaims, ...names].sort());
    },
  );

  test('ID-4, ID-5, SD-80, SD-83: the values', async () => {
    const { id_token } = await tokensOf({ scope: 'openid profile email identities' });
    expect(claimsOf(id_token)).toMatchObject({
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      nickname: 'ada',
      picture: 'https://example.com/ada.png',
      email: 'ada@example.com',
      email_verified: true,
      identities: [
        {
          connection: 'Username-Password-Authentication',
          provider: 'auth0',
          user_id: '0123456789abcdef01234567',
          isSocial: false,
        },
      ],
    });
  });

  test('ID-9: updated_at is an ISO 8601 string with milliseconds', async () => {
    const { id_token } = await tokensOf({ scope: 'openid profile' });
    expect(claimsOf(id_token).updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('ID-10: no nonce where none was sent', async () => {
    expect(claimsOf((await tokensOf({})).id_token)).not.toHaveProperty('nonce');
  });

  test.each([
    [{}, false],
    [{ max_age: '600' }, true],
    [{ prompt: 'none' }, false],
  ] as const)('ID-12: auth_time with %o: %s', async (parameters, present) => {
    // A session younger than max_age.
    const fresh = (await getTokens(freehold)).agent;
    const loggedInAt = freehold.clock.now();
    freehold.clock.advance(10);
    const { tokens } = await getTokens(freehold, { agent: fresh, authorize: parameters });
    expect(claimsOf(tokens.id_token).auth_time).toBe(present ? loggedInAt : undefined);
  });

  test('ID-12: auth_time with prompt=login', async () => {
    const { tokens } = await getTokens(freehold, { authorize: { prompt: 'login' } });
    expect(claimsOf(tokens.id_token).auth_time).toBe(freehold.clock.now());
  });

  test('ID-13: neither amr nor acr without a second factor, even if asked for', async () => {
    const claims = claimsOf((await tokensOf({})).id_token);
    expect(claims).not.toHaveProperty('amr');
    expect(claims).not.toHaveProperty('acr');
  });

  test('ID-11: sid is that of the session for every client, and never the cookie', async () => {
    const first = claimsOf((await tokensOf({})).id_token).sid;
    const second = claimsOf((await tokensOf({ client_id: 'brief' })).id_token).sid;
    expect(second).toBe(first);
    expect([...agent.cookies.values()]).not.toContain(first);
  });

  test('ID-6, SD-85: a user with a telephone number, whose user_id we made', async () => {
    const authorize = { scope: 'openid phone' };
    const { tokens } = await getTokens(freehold, { username: 'carol@example.com', authorize });
    expect(claimsOf(tokens.id_token)).toMatchObject({
      sub: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      phone_number: '+15550100',
      phone_number_verified: false,
    });
  });
});
