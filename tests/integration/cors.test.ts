// Cross-origin calls by browsers: who may read what. Mirrors Casdoor GO-2024-3087.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  getCode,
  getTokens,
  newPkce,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    { ...spa, allowed_origins: [], web_origins: ['https://web-origin.example'] },
    {
      ...spa,
      name: 'Other',
      client_id: 'other',
      callbacks: ['https://other.example:8443/callback', 'com.example.app://callback'],
      allowed_origins: ['https://extra.example', 'https://*.wild.example'],
      web_origins: [],
    },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

function preflight(path: string, origin: string, method = 'POST') {
  return agent.send(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'auth0-client,content-type,dpop',
    },
  });
}

describe('CO-1, CO-2, CO-6, SD-55: the preflight, which names no client', () => {
  test.each([
    ['/oauth/token', 'POST'],
    ['/oauth/revoke', 'POST'],
    ['/userinfo', 'GET, POST'],
  ])('CO-2, SD-55: %s', async (path, methods) => {
    const answer = await preflight(path, 'https://app.example');
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': methods,
      'access-control-allow-headers':
        'Authorization, Content-Type, Auth0-Client, DPoP, If-Match, X-Request-Language',
      vary: 'Origin',
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test.each([
    'https://app.example',
    'https://other.example:8443',
    'https://extra.example',
    'https://one.wild.example',
  ])('CO-1, CO-5, CO-6: %s, an origin of some client, is allowed', async (origin) => {
    expect((await preflight('/oauth/token', origin)).headers['access-control-allow-origin']).toBe(origin);
  });

  test.each([
    'https://evil.example',
    'http://app.example',
    'https://app.example:8443',
    'https://other.example',
    'https://app.example.evil.example',
    'https://evilapp.example',
    'https://wild.example',
    'https://a.b.wild.example',
    'https://evil.example/.wild.example',
    'com.example.app://callback',
    'null',
    '*',
    '',
  ])('CO-1, CO-3, CO-5, CO-6: %j is not, and gets no header', async (origin) => {
    const answer = await preflight('/oauth/token', origin);
    expect([answer.status, answer.headers.vary]).toEqual([204, 'Origin']);
    for (const name of Object.keys(answer.headers)) expect(name).not.toMatch(/^access-control-/);
  });
});

test('CO-1: Allowed Web Origins count where the device flow or cross-origin authentication can be meant', async () => {
  const origin = 'https://web-origin.example';
  const answers = await Promise.all(
    [
      '/oauth/token',
      '/oauth/device/code',
      '/passwordless/start',
      '/dbconnections/change_password',
      '/dbconnections/signup',
      '/oauth/revoke',
      '/userinfo',
    ].map((path) => preflight(path, origin)),
  );
  expect(answers.map(({ headers }) => headers['access-control-allow-origin'])).toEqual([
    origin,
    origin,
    origin,
    origin,
    origin,
    undefined,
    undefined,
  ]);
  // The preflight could not know: the grant is another.
  const { code, pkce } = await getCode(freehold, { agent });
  const answer = await agent.postJson('/oauth/token', tokenRequest(pkce, code), { origin });
  expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
});

test('CO-3: an origin that is not allowed leaves `fco`, once a minute for each network; our own leaves none', async () => {
  const entries = async () => (await freehold.logEntries()).filter(({ type }) => type === 'fco');
  freehold.clock.advance(60);
  const before = (await entries()).length;
  await preflight('/oauth/token', 'https://evil.example');
  await agent.postForm('/oauth/token', { client_id: 'spa' }, { origin: 'https://evil2.example' });
  await preflight('/oauth/token', 'https://app.example');
  expect((await entries()).slice(before)).toMatchObject([
    { description: 'Origin https://evil.example is not allowed.', ip: '127.0.0.1' },
  ]);
  freehold.clock.advance(60);
  await agent.postForm('/oauth/token', { client_id: 'spa' }, { origin: new URL(freehold.issuer).origin });
  expect(await entries()).toHaveLength(before + 1);
  await agent.postForm('/oauth/token', { client_id: 'spa' }, { origin: 'https://evil"2.example' });
  expect((await entries()).at(-1)).toMatchObject({
    description: 'Origin https://evil?2.example is not allowed.',
  });
});

test('CO-2: what a page is told beside the body can be read by it', async () => {
  const { headers } = await agent.postForm(
    '/oauth/token',
    { client_id: 'spa' },
    { origin: 'https://app.example' },
  );
  const exposed =
    'DPoP-Nonce, WWW-Authenticate, ETag, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset';
  expect(headers['access-control-expose-headers']).toBe(exposed);
});

describe('CO-6: the answer is for the origins of its own client', () => {
  test.each([
    ['https://app.example', true],
    ['https://other.example:8443', false],
    ['https://evil.example', false],
    ['null', false],
  ])('CO-1, CO-2, CO-6, SD-55: tokens, origin %s: %s', async (origin, readable) => {
    const { code, pkce } = await getCode(freehold, { agent });
    const answer = await agent.postJson('/oauth/token', tokenRequest(pkce, code), { origin });
    expect([answer.status, answer.headers.vary]).toEqual([200, 'Origin']);
    expect(answer.headers['access-control-allow-origin']).toBe(readable ? origin : undefined);
    expect(answer.headers['access-control-expose-headers']).toEqual(
      readable ? expect.stringContaining('DPoP-Nonce') : undefined,
    );
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('CO-6: a refusal can be read by the client that it is for', async () => {
    const refused = (origin: string) =>
      agent.postJson('/oauth/token', tokenRequest({ code_verifier: 'x' }, 'x'), { origin });
    const own = await refused('https://app.example');
    expect([own.status, own.headers['access-control-allow-origin']]).toEqual([403, 'https://app.example']);
    const foreign = await refused('https://other.example:8443');
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  test('CO-6: a refusal that is about no client can be read by every client, and by nobody else', async () => {
    for (const fields of [{}, { client_id: 'nobody' }, { grant_type: 'x' }]) {
      const refused = async (origin: string) => {
        const { status, headers } = await agent.postJson('/oauth/token', fields, { origin });
        return [status >= 400, headers['access-control-allow-origin']];
      };
      expect(await refused('https://extra.example')).toEqual([true, 'https://extra.example']);
      expect(await refused('https://evil.example')).toEqual([true, undefined]);
    }
  });

  test('CO-4, CO-6: /userinfo, for the client that the token was issued to', async () => {
    const { tokens } = await getTokens(freehold, { agent });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const own = await agent.send('/userinfo', { headers: { ...headers, origin: 'https://app.example' } });
    expect(own.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      vary: 'Origin',
    });
    const foreign = await agent.send('/userinfo', {
      headers: { ...headers, origin: 'https://extra.example' },
    });
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });

  test('CO-4: a 401 of /userinfo can be read by every client, its challenge too, and by nobody else', async () => {
    const refused = (origin: string) =>
      agent.send('/userinfo', { headers: { authorization: 'Bearer x', origin } });
    const own = await refused('https://extra.example');
    expect([own.status, own.headers['access-control-allow-origin']]).toEqual([401, 'https://extra.example']);
    expect(own.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
    expect((await refused('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
  });

  test('CO-2: revocation', async () => {
    const answer = await agent.postForm(
      '/oauth/revoke',
      { client_id: 'spa', token: 'x' },
      { origin: 'https://app.example' },
    );
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://app.example',
    ]);
  });

  test('CO-6: without an Origin there are no headers of this kind', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const { headers } = await agent.postForm('/oauth/token', tokenRequest(pkce, code));
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

test('CO-4: what is public is for everybody', async () => {
  for (const name of ['openid-configuration', 'oauth-authorization-server', 'jwks.json']) {
    const answer = await agent.send(`/.well-known/${name}`, { headers: { origin: 'https://evil.example' } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
  }
});

test('CO-4, RFC 9700 §2.6: neither /authorize nor a page of ours is readable across origins', async () => {
  const headers = { origin: 'https://app.example' };
  const { href } = authorizationUrl(freehold, newPkce());
  const paths = [href, '/u/login?state=x', '/v2/logout', '/oidc/logout', '/authorize/resume?state=x'];
  for (const path of paths) {
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await agent.send(path, { method, headers });
      const granted = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      expect([path, method, granted]).toEqual([path, method, []]);
    }
  }
});
