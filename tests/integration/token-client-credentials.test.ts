// RFC 6749 §4.4, contract CC-*: a client acts for itself, with what its client grant gives it.

import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { audience, claimsOf, consentAudience, refusalOf, sampleTenant, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const client_secret = 'a-secret-of-the-machine-that-is-64-characters-long-0123456789abcd';
const machine = {
  name: 'Machine',
  client_id: 'machine',
  client_secret,
  app_type: 'non_interactive',
  grant_types: ['client_credentials'],
};
const authz = 'https://authz.example/';
const rfc9068 = 'https://rfc9068.example/';
const closed = 'https://closed.example/';
const scopes = [{ value: 'read:orders' }, { value: 'write:orders' }];

let freehold: Freehold;
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    machine,
    {
      ...machine,
      name: 'Public',
      client_id: 'public',
      token_endpoint_auth_method: 'none',
      client_secret: undefined,
    },
    { ...machine, name: 'No grant', client_id: 'no-grant', grant_types: ['authorization_code'] },
  ];
  tenant.resourceServers = [
    ...(tenant.resourceServers as unknown[]),
    { name: 'Authz', identifier: authz, scopes, token_dialect: 'access_token_authz', enforce_policies: true },
    { name: 'RFC 9068', identifier: rfc9068, scopes, token_dialect: 'rfc9068_profile', token_lifetime: 600 },
    {
      name: 'Closed',
      identifier: closed,
      scopes,
      subject_type_authorization: { user: { policy: 'allow_all' }, client: { policy: 'deny_all' } },
    },
  ];
  const grant = { client_id: 'Machine', audience, scope: ['read:orders'] };
  tenant.clientGrants = [
    grant,
    { ...grant, audience: authz },
    { ...grant, audience: rfc9068, allow_all_scopes: true },
    { ...grant, audience: closed },
    { ...grant, audience: consentAudience, scope: ['read:payments'], subject_type: 'user' },
  ];
  freehold = await startFreehold({ tenant, users });
  agent = new Agent(freehold.issuer);
});

afterAll(() => freehold.stop());

function ask(overrides: Record<string, string | undefined> = {}): Promise<Answer> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: 'machine',
    client_secret,
    audience,
    ...overrides,
  };
  return agent.postForm(
    '/oauth/token',
    Object.fromEntries(
      Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );
}

const denied = (error_description: string) => ({ status: 403, error: 'access_denied', error_description });

test('CC-1, TK-14, GL-8: an access token comes, and neither an ID token nor a refresh token', async () => {
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
  expect(answer.json()).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 86_400,
    scope: 'read:orders',
  });
});

test('CC-6, AT-3: sub, azp, gty and one audience, signed by a key of the JWKS', async () => {
  const { access_token } = (await ask()).json() as { access_token: string };
  const jwks = createRemoteJWKSet(new URL('.well-known/jwks.json', freehold.issuer));
  const { payload, protectedHeader } = await jwtVerify(access_token, jwks, {
    audience,
    issuer: freehold.issuer,
  });
  expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' });
  const now = freehold.clock.now();
  expect(payload).toEqual({
    iss: freehold.issuer,
    sub: 'machine@clients',
    aud: audience,
    azp: 'machine',
    gty: 'client-credentials',
    scope: 'read:orders',
    iat: now,
    exp: now + 86_400,
    jti: expect.any(String),
  });
});

test('CC-6, AT-6, AT-9: an RFC 9068 resource server gets client_id and its own lifetime, and no gty', async () => {
  const answer = (await ask({ audience: rfc9068 })).json();
  expect(answer).toMatchObject({ expires_in: 600, scope: 'read:orders write:orders' });
  const claims = claimsOf(String(answer.access_token));
  expect(claims).toMatchObject({ sub: 'machine@clients', client_id: 'machine' });
  expect(claims).not.toHaveProperty('gty');
  expect(claims).not.toHaveProperty('azp');
});

test('AT-10: where tokens carry permissions, those of the client are its scopes', async () => {
  const { access_token } = (await ask({ audience: authz })).json();
  expect(claimsOf(String(access_token))).toMatchObject({
    permissions: ['read:orders'],
    scope: 'read:orders',
  });
});

describe('CC-4, CC-5: scopes', () => {
  test('a requested subset is given', async () => {
    const answer = (await ask({ audience: rfc9068, scope: 'write:orders' })).json();
    expect(answer.scope).toBe('write:orders');
    expect(claimsOf(String(answer.access_token)).scope).toBe('write:orders');
  });

  test.each(['write:orders', 'read:orders write:orders', 'openid', 'offline_access', 'unheard:of'])(
    'what the client grant does not have is refused: %s',
    async (scope) => {
      const missing = scope.replace('read:orders ', '');
      expect(refusalOf(await ask({ scope }))).toEqual(
        denied(`Client has not been granted scopes: ${missing}`),
      );
    },
  );
});

test('CC-2: without a client grant, or with one for users alone, access is denied', async () => {
  const description = (name: string) =>
    `Client "machine" is not authorized to access resource server "${name}". You need to create a "client-grant" associated to this API.`;
  expect(refusalOf(await ask({ audience: consentAudience }))).toEqual(denied(description(consentAudience)));
});

test('CC-3: an unknown API', async () => {
  expect(refusalOf(await ask({ audience: 'https://nowhere.example/' }))).toEqual(
    denied('Service not enabled within domain: https://nowhere.example/'),
  );
  expect(refusalOf(await ask({ audience: `${freehold.issuer}userinfo` })).error).toBe('access_denied');
});

test('CC-8: the policy deny_all refuses in spite of a client grant', async () => {
  expect(refusalOf(await ask({ audience: closed })).error).toBe('access_denied');
});

test('CC-8, TK-12, TK-10: neither a public client nor one without the grant type', async () => {
  const expected = {
    status: 403,
    error: 'unauthorized_client',
    error_description: "Grant type 'client_credentials' not allowed for the client.",
  };
  expect(refusalOf(await ask({ client_id: 'public', client_secret: undefined }))).toEqual(expected);
  expect(refusalOf(await ask({ client_id: 'no-grant' }))).toEqual(expected);
});

test('CC-1: the audience is required', async () => {
  expect(refusalOf(await ask({ audience: undefined }))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: 'Missing required parameter: audience',
  });
  // AZ-19: `resource` counts in the compatibility profile alone.
  expect((await ask({ audience: undefined, resource: audience })).status).toBe(400);
});

test('CC-1, AT-12: `resource` in the compatibility profile, and the default audience where neither is sent', async () => {
  const server = await startFreehold({
    tenant: {
      tenant: { resource_parameter_profile: 'compatibility', default_audience: rfc9068 },
      clients: [machine],
      resourceServers: [
        { name: 'Orders', identifier: audience, scopes },
        { name: 'RFC 9068', identifier: rfc9068, scopes },
      ],
      clientGrants: [audience, rfc9068].map((identifier) => ({
        client_id: 'machine',
        audience: identifier,
        scope: ['read:orders'],
      })),
    },
  });
  try {
    const fields = { grant_type: 'client_credentials', client_id: 'machine', client_secret };
    const audienceOf = async (more: Record<string, string>) => {
      const answer = await new Agent(server.issuer).postForm('/oauth/token', { ...fields, ...more });
      return claimsOf(String(answer.json().access_token)).aud;
    };
    expect(await audienceOf({ resource: audience })).toBe(audience);
    expect(await audienceOf({})).toBe(rfc9068);
  } finally {
    await server.stop();
  }
});

test('an organization is refused, as the client grant allows none', async () => {
  expect(refusalOf(await ask({ organization: 'org_1' }))).toEqual({
    status: 400,
    error: 'invalid_request',
    error_description: 'parameter organization is not allowed for this client',
  });
});

test('UI-6: /userinfo refuses the token', async () => {
  const { access_token } = (await ask()).json();
  const answer = await agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
  expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
});

test('LG-2: seccft and feccft, with audience and scope and without a user', async () => {
  const before = (await freehold.logEntries()).length;
  await ask();
  await ask({ scope: 'write:orders' });
  await ask({ client_id: 'public', client_secret: undefined });
  const entries = (await freehold.logEntries()).slice(before);
  const common = { client_id: 'machine', client_name: 'Machine', audience };
  expect(entries).toMatchObject([
    { ...common, type: 'seccft', scope: ['read:orders'] },
    { ...common, type: 'feccft', description: 'Client has not been granted scopes: write:orders' },
    { type: 'feccft', client_id: 'public' },
  ]);
  expect(JSON.stringify(entries)).not.toContain(client_secret);
  expect(entries.some((entry) => entry.user_id)).toBe(false);
});

test('GL-5, CA-13: JSON does as well, and only by the method that is registered', async () => {
  const body = { grant_type: 'client_credentials', client_id: 'machine', client_secret, audience };
  expect((await agent.postJson('/oauth/token', body)).status).toBe(200);
  const authorization = `Basic ${Buffer.from(`machine:${client_secret}`).toString('base64')}`;
  const fields = { grant_type: 'client_credentials', audience };
  expect((await agent.postForm('/oauth/token', fields, { authorization })).status).toBe(401);
});
