// Token introspection, RFC 7662: who may ask, and what is true of a token now (AT-14, AT-16).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  audience,
  claimsOf,
  getTokens,
  refusalOf,
  sampleTenant,
  spa,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const secret = (letter: string) => letter.repeat(64);
const confidential = { ...spa, app_type: 'regular_web', token_endpoint_auth_method: 'client_secret_post' };
const web = { client_id: 'web', client_secret: webSecret };
const api = { client_id: 'orders-api', client_secret: secret('o') };
const stranger = { client_id: 'other', client_secret: secret('s') };
const machine = { client_id: 'machine', client_secret: secret('m') };

function tenant() {
  const sample = sampleTenant();
  const clients = [
    ...(sample.clients as unknown[]),
    { ...confidential, ...stranger, name: 'Other' },
    { name: 'Orders API', ...api, app_type: 'resource_server', resource_server_identifier: audience },
    { name: 'Machine', ...machine, app_type: 'non_interactive', grant_types: ['client_credentials'] },
  ];
  const clientGrants = [{ client_id: 'machine', audience, scope: ['read:orders'] }];
  return { ...sample, clients, clientGrants };
}

const clock = new TurnableClock(1_800_000_000);
let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: tenant(), users, clock });
});
afterAll(() => freehold.stop());

function introspect(token: string | undefined, caller: Record<string, string>): Promise<Answer> {
  const fields = token === undefined ? caller : { ...caller, token };
  return new Agent(freehold.issuer).postForm('/oauth/introspect', fields);
}

async function tellsOf(token: string | undefined, caller: Record<string, string> = web) {
  const answer = await introspect(token, caller);
  expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
  return answer.json();
}

const ofWeb = { client_id: 'web', client_secret: webSecret };
const scope = 'openid read:orders offline_access';
const ada = 'auth0|0123456789abcdef01234567';
const inactive = { active: false };

async function tokensOfWeb(authorize: Record<string, string> = {}, username = 'ada@example.com') {
  const options = { username, authorize: { client_id: 'web', scope, ...authorize }, token: ofWeb };
  return (await getTokens(freehold, options)).tokens;
}

describe('what is told', () => {
  test('RFC 7662 §2.2: an API’s token, to the client that it was issued to and to the API', async () => {
    const { access_token } = await tokensOfWeb({ audience });
    const expected = {
      active: true,
      token_type: 'Bearer',
      iss: freehold.issuer,
      sub: ada,
      client_id: 'web',
      aud: [audience, `${freehold.issuer}userinfo`],
      scope,
      iat: 1_800_000_000,
      exp: 1_800_086_400,
      jti: claimsOf(access_token).jti,
    };
    expect(await tellsOf(access_token)).toEqual(expected);
    expect(await tellsOf(access_token, api)).toEqual(expected);
    expect(await tellsOf(access_token, stranger)).toEqual(inactive);
  });

  test('an opaque token, to its client alone', async () => {
    const { access_token } = await tokensOfWeb();
    expect(await tellsOf(access_token)).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: freehold.issuer,
      sub: ada,
      client_id: 'web',
      aud: `${freehold.issuer}userinfo`,
      scope: 'openid offline_access',
      iat: 1_800_000_000,
      exp: 1_800_086_400,
    });
    for (const caller of [api, stranger]) expect(await tellsOf(access_token, caller)).toEqual(inactive);
  });

  test('a client’s own token', async () => {
    const agent = new Agent(freehold.issuer);
    const fields = { grant_type: 'client_credentials', ...machine, audience };
    const { access_token } = (await agent.postForm('/oauth/token', fields)).json();
    const expected = { active: true, sub: 'machine@clients', client_id: 'machine', scope: 'read:orders' };
    expect(await tellsOf(String(access_token), machine)).toMatchObject(expected);
    expect(await tellsOf(String(access_token), api)).toMatchObject(expected);
    expect(await tellsOf(String(access_token), stranger)).toEqual(inactive);
  });

  test('a refresh token, to its client alone, and asking spends nothing', async () => {
    const { refresh_token } = await tokensOfWeb({ audience });
    for (let times = 0; times < 3; times += 1) {
      expect(await tellsOf(refresh_token)).toEqual({
        active: true,
        iss: freehold.issuer,
        sub: ada,
        client_id: 'web',
        scope,
        iat: 1_800_000_000,
      });
    }
    for (const caller of [api, stranger]) expect(await tellsOf(refresh_token, caller)).toEqual(inactive);
    const refresh = { grant_type: 'refresh_token', ...ofWeb, refresh_token: refresh_token ?? '' };
    expect((await new Agent(freehold.issuer).postForm('/oauth/token', refresh)).status).toBe(200);
  });

  test('RFC 7662 §2.1: whatever token_type_hint says', async () => {
    const { access_token } = await tokensOfWeb();
    const hinted = { ...web, token_type_hint: 'refresh_token' };
    expect(await tellsOf(access_token, hinted)).toMatchObject({ active: true });
  });

  test('AT-16: an ID token, a code, a client secret and nonsense are no tokens', async () => {
    const { id_token } = await tokensOfWeb();
    for (const value of [id_token, 'x'.repeat(43), webSecret, 'a.b.c', 'a.b.c.d.e', '"><svg>']) {
      expect(await tellsOf(value)).toEqual(inactive);
    }
  });
});

describe('AT-14: what was taken away is inactive', () => {
  test('revoked', async () => {
    const { access_token, refresh_token = '' } = await tokensOfWeb({ audience });
    const agent = new Agent(freehold.issuer);
    expect((await agent.postForm('/oauth/revoke', { ...ofWeb, token: refresh_token })).status).toBe(200);
    for (const caller of [web, api]) expect(await tellsOf(access_token, caller)).toEqual(inactive);
    expect(await tellsOf(refresh_token)).toEqual(inactive);
  });

  test.each([
    ['the user is blocked', 'update "user" set blocked = 1', 'update "user" set blocked = 0'],
    ['the user’s epoch rose', 'update "user" set epoch = epoch + 1', 'update "user" set epoch = epoch - 1'],
  ])('%s', async (_what, take, giveBack) => {
    const { access_token, refresh_token } = await tokensOfWeb({ audience }, 'bob@example.com');
    const ofBob = ` where email = 'bob@example.com'`;
    freehold.execute(take + ofBob);
    for (const token of [access_token, refresh_token]) expect(await tellsOf(token)).toEqual(inactive);
    freehold.execute(giveBack + ofBob);
    for (const token of [access_token, refresh_token])
      expect(await tellsOf(token)).toMatchObject({ active: true });
  });

  test('expired', async () => {
    const { access_token } = await tokensOfWeb({ audience });
    clock.advance(86_399);
    expect(await tellsOf(access_token)).toMatchObject({ active: true });
    clock.advance(1);
    expect(await tellsOf(access_token)).toEqual(inactive);
    expect(await tellsOf(access_token, api)).toEqual(inactive);
  });
});

describe('who may ask', () => {
  test('RFC 7662 §2.1: a client that proves itself; a public client, a wrong secret and nobody are 401', async () => {
    const { access_token } = await tokensOfWeb();
    for (const caller of [
      { client_id: 'spa' },
      { ...web, client_secret: 'wrong' },
      { client_id: 'nobody' },
    ]) {
      expect(refusalOf(await introspect(access_token, caller))).toEqual({
        status: 401,
        error: 'invalid_client',
        error_description: 'Client authentication failed',
      });
    }
  });

  test('no token, a repeated parameter, another method', async () => {
    expect(refusalOf(await introspect(undefined, web))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: 'Missing required parameter: token',
    });
    const agent = new Agent(freehold.issuer);
    const body = `client_id=web&client_secret=${webSecret}&token=a&token=b`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const twice = await agent.send('/oauth/introspect', { method: 'POST', headers, body });
    expect(refusalOf(twice)).toMatchObject({ status: 400, error: 'invalid_request' });
    const got = await agent.send('/oauth/introspect?token=x');
    expect([got.status, got.headers.allow]).toEqual([405, 'POST']);
  });

  test('no browser: there is no header for other origins', async () => {
    const answer = await new Agent(freehold.issuer).postForm(
      '/oauth/introspect',
      { ...web, token: 'x' },
      { origin: 'https://app.example' },
    );
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('the client of an API', () => {
  const start = (client: Record<string, unknown>) =>
    startFreehold({ tenant: { ...tenant(), clients: [{ name: 'API', ...client }] } });

  test.each([
    [{ app_type: 'resource_server' }, /resource_server_identifier is missing/],
    [
      { app_type: 'regular_web', resource_server_identifier: audience },
      /resource_server_identifier belongs to clients of the app_type resource_server alone/,
    ],
    [
      { app_type: 'resource_server', resource_server_identifier: 'https://nowhere.example/' },
      /resource_server_identifier names no resource server/,
    ],
  ])('CL-1: the tenant file may not have %o', async (client, problem) => {
    await expect(start(client)).rejects.toThrow(problem);
  });
});
