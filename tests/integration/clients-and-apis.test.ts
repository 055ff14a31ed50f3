// What the configuration of clients, APIs and tenant does to the flow: CL-*, RS-*, TN-1, TK-14, AT-12, AZ-19.
import { randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTenantFile } from '../../packages/server/src/configuration/tenant-file.ts';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  callback,
  claimsOf,
  getTokens,
  newPkce,
  refusalOf,
  responseOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const appTypes = ['native', 'spa', 'regular_web', 'non_interactive'] as const;
const { client_id: _, ...unnamed } = spa;
const every = ['authorization_code', 'refresh_token', 'implicit', 'client_credentials'];
const lines: string[] = [];
let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    ...appTypes.map((app_type) => ({
      name: app_type,
      client_id: `a-${app_type}`,
      app_type,
      callbacks: [callback],
    })),
    {
      ...spa,
      name: 'Old',
      client_id: 'old',
      oidc_conformant: false,
      refresh_token: { rotation_type: 'non-rotating', expiration_type: 'expiring' },
    },
    { ...spa, name: 'Every grant', client_id: 'every', app_type: 'native', grant_types: every },
    { ...unnamed, name: 'Without an id' },
  ];
  freehold = await startFreehold({ tenant, users, onLogLine: (line) => lines.push(line) });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

test.each(appTypes)(
  'CL-1, SD-1: a client of type %s; native and spa prove nothing but the verifier',
  async (type) => {
    const client = await freehold.stores.clients.find(`a-${type}`);
    const isPublic = type === 'native' || type === 'spa';
    expect(client).toMatchObject({
      app_type: type,
      token_endpoint_auth_method: isPublic ? 'none' : 'client_secret_post',
    });
    const pkce = newPkce();
    const url = authorizationUrl(freehold, pkce, { client_id: `a-${type}` });
    const { code = '' } = responseOf(await agent.open(url));
    const answer = await agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_id: `a-${type}` }));
    expect(answer.status).toBe(isPublic ? 200 : 401);
  },
);

test('SD-6: the client_id of a client that was made stands in the log, and is the one of the flow', async () => {
  const made = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find(({ client_name }) => client_name === 'Without an id');
  const client_id = String(made?.client_id);
  expect(client_id).toMatch(/^[A-Za-z0-9]{32}$/);
  const { tokens } = await getTokens(freehold, { agent, authorize: { client_id }, token: { client_id } });
  expect(claimsOf(tokens.id_token).aud).toBe(client_id);
});

test('CL-5: a client that calls itself not conformant gets the same flow and the same claims', async () => {
  const claimsFor = async (client_id: string) => {
    const authorize = { client_id, scope: 'openid email favorite_color' };
    const { tokens } = await getTokens(freehold, { agent, authorize, token: { client_id } });
    return { ...claimsOf(tokens.id_token), scope: tokens.scope, aud: '', at_hash: '' };
  };
  expect(await claimsFor('old')).toEqual(await claimsFor('spa'));
});

test('CL-6: a new client_secret is the only one', async () => {
  const databaseUrl = `sqlite:${join(freehold.folder, 'rotated.db')}`;
  const environment = { FREEHOLD_MASTER_KEY: randomBytes(32).toString('base64') };
  const fresh = 'another-secret-of-the-web-client-that-is-64-characters-long-01234';
  const statuses: number[][] = [];
  for (const client_secret of [webSecret, fresh]) {
    const clients = [{ ...spa, client_id: 'web', app_type: 'regular_web', client_secret }];
    const server = await startFreehold({ tenant: sampleTenant({ clients }), databaseUrl, environment });
    const sent = [webSecret, fresh].map((secret) => ({
      client_id: 'web',
      client_secret: secret,
      token: 'x',
    }));
    try {
      const answers = await Promise.all(
        sent.map((fields) => agent.atPort(server.port).postForm(`${server.issuer}oauth/revoke`, fields)),
      );
      statuses.push(answers.map(({ status }) => status));
    } finally {
      await server.stop();
    }
  }
  expect(statuses).toEqual([
    [200, 401],
    [401, 200],
  ]);
});

test.each(['implicit'])(
  'TK-14: no refresh token comes of the grant %s, allowed to the client or not',
  async (grant_type) => {
    const fields = { grant_type, client_id: 'every', scope: 'offline_access', username: 'ada@example.com' };
    expect(refusalOf(await agent.postForm('/oauth/token', fields))).toEqual({
      status: 400,
      error: 'unsupported_grant_type',
      error_description: 'Grant type not supported',
    });
  },
);

test('TK-14: a refresh token comes of a code, with PKCE and without', async () => {
  for (const code_challenge of ['sent', undefined]) {
    const { tokens } = await getTokens(freehold, {
      agent,
      authorize: {
        client_id: 'web',
        scope: 'offline_access',
        ...(code_challenge ? {} : { code_challenge, code_challenge_method: undefined }),
      },
      token: {
        client_id: 'web',
        client_secret: webSecret,
        ...(code_challenge ? {} : { code_verifier: undefined }),
      },
    });
    expect(tokens.refresh_token).toMatch(/^[\w-]{52}$/);
  }
});

describe('what a tenant setting makes of a request without audience', () => {
  let other: Freehold;
  beforeAll(async () => {
    const tenant = { default_audience: audience, resource_parameter_profile: 'compatibility' };
    other = await startFreehold({ tenant: sampleTenant({ tenant }), users });
  });
  afterAll(() => other.stop());

  async function audienceOf(authorize: Record<string, string>): Promise<unknown> {
    const { tokens } = await getTokens(other, { authorize: { ...authorize, scope: 'read:orders' } });
    return tokens.access_token.split('.').length === 3 ? claimsOf(tokens.access_token).aud : 'opaque';
  }

  test('AT-12, AZ-17: default_audience is meant', async () => {
    expect(await audienceOf({})).toBe(audience);
  });

  test('AT-1, AZ-18: the issuer or its /userinfo is asked for: opaque all the same', async () => {
    expect(await audienceOf({ audience: other.issuer })).toBe('opaque');
    expect(await audienceOf({ audience: `${other.issuer}userinfo` })).toBe('opaque');
  });

  test('AZ-19: in the compatibility profile resource is meant, but audience always wins', async () => {
    expect(await audienceOf({ resource: `${other.issuer}userinfo` })).toBe('opaque');
    expect(await audienceOf({ resource: `${other.issuer}userinfo`, audience })).toBe(audience);
    const url = authorizationUrl(other, newPkce(), { resource: 'https://unknown.example/' });
    expect(responseOf(await agent.atPort(other.port).send(url))).toMatchObject({
      error: 'access_denied',
      error_description: 'Service not found: https://unknown.example/',
    });
  });
});

test('TK-13: the samples leave the grant implicit out', () => {
  const samples = globSync('examples/**/tenant.yaml', { exclude: (path) => path.includes('node_modules') });
  expect(samples.length).toBeGreaterThan(3);
  for (const sample of samples) {
    const { clients } = parseTenantFile(readFileSync(sample, 'utf8'), sample);
    expect(clients.flatMap(({ settings }) => settings.grant_types)).not.toContain('implicit');
  }
});
