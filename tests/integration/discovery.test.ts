// What is advertised answers, and what answers is advertised.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { supportedGrantTypes } from '../../packages/server/src/configuration/unsupported-keys.ts';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  getTokens,
  newPkce,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Logged in once. */
let agent: Agent;
let discovery: Record<string, unknown>;

beforeAll(async () => {
  const tenant = sampleTenant();
  const signed = ['RS256', 'PS256', 'ES256', 'HS256'].map((alg) => ({
    ...spa,
    name: alg,
    client_id: alg,
    app_type: 'regular_web',
    client_secret: webSecret,
    jwt_configuration: { alg },
  }));
  const implicit = {
    ...spa,
    name: 'Implicit',
    client_id: 'implicit',
    grant_types: ['authorization_code', 'implicit'],
  };
  tenant.clients = [...(tenant.clients as unknown[]), ...signed, implicit];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
  discovery = (await agent.send('/.well-known/openid-configuration')).json();
});
afterAll(() => freehold.stop());

function advertised(name: string): string[] {
  return discovery[name] as string[];
}

const authenticationMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'];

test('WK-1, WK-2, WK-3, WK-4, WK-5, WK-6, WK-7, WK-8, WK-10: the whole document', () => {
  const { issuer } = freehold;
  expect(discovery).toEqual({
    issuer,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    device_authorization_endpoint: `${issuer}oauth/device/code`,
    userinfo_endpoint: `${issuer}userinfo`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
    revocation_endpoint: `${issuer}oauth/revoke`,
    introspection_endpoint: `${issuer}oauth/introspect`,
    introspection_endpoint_auth_methods_supported: authenticationMethods.filter(
      (method) => method !== 'none',
    ),
    introspection_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'PS256', 'ES256'],
    end_session_endpoint: `${issuer}oidc/logout`,
    scopes_supported: expect.arrayContaining(
      'openid profile offline_access name given_name family_name nickname email email_verified picture created_at identities phone address'.split(
        ' ',
      ),
    ),
    response_types_supported: [
      'code',
      'token',
      'id_token',
      'code token',
      'code id_token',
      'token id_token',
      'code token id_token',
    ],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'password',
      'http://auth0.com/oauth/grant-type/password-realm',
      'http://auth0.com/oauth/grant-type/passwordless/otp',
      'urn:ietf:params:oauth:grant-type:device_code',
      'urn:ietf:params:oauth:grant-type:token-exchange',
      'implicit',
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'HS256'],
    token_endpoint_auth_methods_supported: authenticationMethods,
    token_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'PS256', 'ES256'],
    revocation_endpoint_auth_methods_supported: authenticationMethods,
    revocation_endpoint_auth_signing_alg_values_supported: ['RS256', 'RS384', 'PS256', 'ES256'],
    dpop_signing_alg_values_supported: ['ES256'],
    claims_supported: expect.arrayContaining(
      'aud auth_time created_at email email_verified exp family_name given_name iat identities iss name nickname phone_number picture sub'.split(
        ' ',
      ),
    ),
    code_challenge_methods_supported: ['S256'],
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: ['RS256', 'RS384', 'PS256', 'ES256'],
    request_uri_parameter_supported: false,
    claims_parameter_supported: false,
    authorization_response_iss_parameter_supported: false,
  });
});

test('WK-1: what does not answer yet is not advertised', () => {
  for (const name of [
    'mfa_challenge_endpoint',
    'pushed_authorization_request_endpoint',
    'registration_endpoint',
  ]) {
    expect(discovery).not.toHaveProperty(name);
  }
});

test.each([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '//.well-known/openid-configuration',
  '//.well-known/oauth-authorization-server',
])('WK-1, RFC 8414 §3: %s, by GET and HEAD, readable by anybody', async (path) => {
  const url = freehold.issuer.slice(0, -1) + path;
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=15');
  expect(await answer.json()).toEqual(discovery);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('WK-11, GL-1: issuer is iss of every token, byte for byte, with its slash', async () => {
  const { tokens } = await getTokens(freehold, { agent, authorize: { audience: 'https://orders.example/' } });
  expect(discovery.issuer).toBe(freehold.issuer);
  expect(freehold.issuer).toBe(`http://localhost:${freehold.port}/`);
  expect([claimsOf(tokens.id_token).iss, claimsOf(tokens.access_token).iss]).toEqual([
    discovery.issuer,
    discovery.issuer,
  ]);
});

describe('what is advertised answers', () => {
  test.each([
    ['authorization_endpoint', 'GET', 400],
    ['token_endpoint', 'POST', 400],
    ['userinfo_endpoint', 'GET', 401],
    ['jwks_uri', 'GET', 200],
    ['revocation_endpoint', 'POST', 400],
    ['introspection_endpoint', 'POST', 400],
    ['end_session_endpoint', 'GET', 200],
  ])('WK-1: %s by %s: %i', async (name, method, status) => {
    expect((await new Agent(freehold.issuer).send(String(discovery[name]), { method })).status).toBe(status);
  });

  test('WK-2: every scope is granted to who asks for it', async () => {
    const scope = advertised('scopes_supported').join(' ');
    expect((await getTokens(freehold, { agent, authorize: { scope } })).tokens.scope).toBe(scope);
  });

  test('WK-6: every claim that a user has a value for is told, and no other', async () => {
    const scope = advertised('scopes_supported').join(' ');
    const { tokens } = await getTokens(freehold, { agent, authorize: { scope, max_age: '1000000' } });
    const told = Object.keys(claimsOf(tokens.id_token));
    // Of the session and the token itself; not of the user.
    const unlisted = ['at_hash', 'nonce', 'sid'];
    expect(
      told.filter((name) => !advertised('claims_supported').includes(name) && !unlisted.includes(name)),
    ).toEqual([]);
    const withoutValue = ['middle_name', 'phone_number', 'phone_number_verified'];
    expect(
      advertised('claims_supported')
        .filter((name) => !told.includes(name))
        .sort(),
    ).toEqual(withoutValue);
  });

  test('WK-3: every response mode', async () => {
    const expected: Record<string, (answer: { url: string; text: string }) => boolean> = {
      query: ({ url }) => /\?code=/.test(url),
      fragment: ({ url }) => /#code=/.test(url),
      form_post: ({ text }) => /name="code"/.test(text),
    };
    expect(advertised('response_modes_supported').toSorted()).toEqual(Object.keys(expected).sort());
    for (const response_mode of advertised('response_modes_supported')) {
      const answer = await agent.open(authorizationUrl(freehold, newPkce(), { response_mode }));
      const seen = { url: answer.headers.location ?? '', text: answer.text };
      expect([response_mode, expected[response_mode]?.(seen)]).toEqual([response_mode, true]);
    }
  });

  test('WK-3: every response type, and no other', async () => {
    const client_id = 'implicit';
    for (const response_type of advertised('response_types_supported')) {
      const url = authorizationUrl(freehold, newPkce(), { client_id, response_type, nonce: 'n' });
      const { location } = await agent.open(url);
      const carried = new URLSearchParams(location?.search || location?.hash.slice(1));
      const names = { code: 'code', token: 'access_token', id_token: 'id_token' };
      const values = Object.entries(names).flatMap(([value, name]) => (carried.has(name) ? [value] : []));
      expect(values.sort()).toEqual(response_type.split(' ').sort());
    }
    for (const response_type of ['none', 'code none', 'code cookie']) {
      const url = authorizationUrl(freehold, newPkce(), { client_id, response_type, nonce: 'n' });
      expect((await agent.open(url)).location?.href).toContain('error=unsupported_response_type');
    }
  });

  test('WK-4: the code challenge methods: plain is refused', async () => {
    const url = authorizationUrl(
      freehold,
      { code_challenge: 'p'.repeat(43) },
      { code_challenge_method: 'plain' },
    );
    expect((await agent.open(url)).location?.searchParams.get('error')).toBe('invalid_request');
  });

  test('WK-5: every signing algorithm of ID tokens', async () => {
    for (const alg of advertised('id_token_signing_alg_values_supported')) {
      const { tokens } = await getTokens(freehold, {
        agent,
        authorize: { client_id: alg },
        token: { client_id: alg, client_secret: webSecret },
      });
      const [header = ''] = tokens.id_token?.split('.') ?? [];
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg });
    }
  });

  test('WK-10: the token endpoint knows every grant type listed, and no other', async () => {
    const known = async (grant_type: string) =>
      (await agent.postForm('/oauth/token', { grant_type, client_id: 'spa' })).json().error !==
      'unsupported_grant_type';
    const candidates = ['urn:openid:params:grant-type:ciba'];
    // The authorization endpoint alone answers it.
    const listed = advertised('grant_types_supported').filter((grant_type) => grant_type !== 'implicit');
    for (const grant_type of listed) expect(await known(grant_type)).toBe(true);
    expect(await known('implicit')).toBe(false);
    for (const grant_type of candidates)
      expect([grant_type, await known(grant_type)]).toEqual([grant_type, false]);
  });

  test('WK-10: the tenant file takes for supported what is listed, and warns of the others', () => {
    expect(advertised('grant_types_supported')).toEqual([...supportedGrantTypes]);
  });

  test('WK-7, RFC 9101, RFC 9126: request and request_uri are refused to who has neither keys nor pushed', async () => {
    for (const name of ['request', 'request_uri']) {
      const { location, text } = await agent.open(authorizationUrl(freehold, newPkce(), { [name]: 'x' }));
      expect(location?.searchParams.get('error') ?? text).toContain(`${name}_not_supported`);
    }
  });
});

describe('what a tenant setting changes', () => {
  let other: Freehold;
  let document: Record<string, unknown>;
  beforeAll(async () => {
    const tenant = {
      acr_values_supported: ['urn:acr:silver'],
      authorization_response_iss_parameter_supported: true,
      flags: { remove_alg_from_jwks: true },
      oidc_logout: { rp_logout_end_session_endpoint_discovery: false },
    };
    other = await startFreehold({ tenant: sampleTenant({ tenant }), users });
    document = (await new Agent(other.issuer).send('/.well-known/openid-configuration')).json();
  });
  afterAll(() => other.stop());

  test('WK-9: acr_values_supported', () => {
    expect(document.acr_values_supported).toEqual(['urn:acr:silver']);
  });

  test('WK-1: end_session_endpoint may be left out', () => {
    expect(document).not.toHaveProperty('end_session_endpoint');
  });

  test('RFC 9207 §3: authorization_response_iss_parameter_supported, and iss comes', async () => {
    expect(document.authorization_response_iss_parameter_supported).toBe(true);
    const { location } = await new Agent(other.issuer).open(
      authorizationUrl(other, newPkce(), { prompt: 'none' }),
    );
    expect(location?.searchParams.get('iss')).toBe(other.issuer);
  });

  test('SG-4: the keys go without alg', async () => {
    const { keys } = (await new Agent(other.issuer).send('/.well-known/jwks.json')).json() as {
      keys: object[];
    };
    for (const key of keys) expect(key).not.toHaveProperty('alg');
    expect(keys).toHaveLength(4);
  });
});
