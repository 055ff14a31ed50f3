// The tenant log: an entry for every success and refusal, in the transaction of the change, and never a secret.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { orderedHash } from '../../packages/server/src/runtime/cryptography/ordered-token.ts';
import { Agent } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  claimsOf,
  codeOf,
  getCode,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  sampleTenant,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
let freehold: Freehold;
/** Logged in once. */
let agent: Agent;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

/** The entries that `act` leaves. */
async function entriesOf(act: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const before = (await freehold.logEntries()).length;
  await act();
  return (await freehold.logEntries()).slice(before);
}

const client = { client_id: 'spa', client_name: 'Single page' };

describe('LG-1: logins', () => {
  const url = (override: Record<string, string> = {}) => authorizationUrl(freehold, newPkce(), override);
  const stranger = () => new Agent(freehold.issuer);
  test.each([
    [
      's',
      'a login',
      () => stranger().logIn(url(), 'bob@example.com', password),
      { user_name: 'bob@example.com' },
    ],
    ['fp', 'a wrong password', () => stranger().logIn(url(), 'ada@example.com', 'wrong'), { user_id: ada }],
    ['fu', 'an unknown user', () => stranger().logIn(url(), 'eve@example.com', 'wrong'), { user_id: null }],
    ['ssa', 'silent authentication', () => agent.open(url({ prompt: 'none' })), { user_id: ada }],
    ['fsa', 'silent authentication without a session', () => stranger().open(url({ prompt: 'none' })), {}],
    ['f', 'a request refused', () => stranger().open(url({ audience: 'https://unknown.example/' })), {}],
  ] as const)('LG-1: %s for %s', async (type, _what, act, more) => {
    const entries = await entriesOf(act);
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ type, ...client, ...more });
  });
});

test('LG-5: where somebody logs in is told by name, id and strategy', async () => {
  const at = { connection: defaultDatabaseName, strategy: 'auth0', strategy_type: 'database' };
  const url = authorizationUrl(freehold, newPkce());
  const [entry] = await entriesOf(() => new Agent(freehold.issuer).logIn(url, 'bob@example.com', password));
  expect(entry).toMatchObject({ ...at, connection_id: expect.stringMatching(/^con_/) });
});

describe('LG-2: exchanges', () => {
  const redeem = (fields: Record<string, string>) => agent.postForm('/oauth/token', fields);

  test('LG-2, LG-6: seacft, with user, audience and scope, the code masked, and what names the tokens', async () => {
    const scope = 'openid read:orders offline_access';
    const { code, pkce } = await getCode(freehold, { agent, authorize: { audience, scope } });
    let tokens: Record<string, unknown> = {};
    const entries = await entriesOf(async () => {
      tokens = (await redeem(tokenRequest(pkce, code))).json();
    });
    const { jti } = claimsOf(String(tokens.access_token));
    expect(entries).toMatchObject([
      {
        type: 'seacft',
        ...client,
        user_id: ada,
        user_name: 'ada@example.com',
        audience,
        scope: ['openid', 'read:orders', 'offline_access'],
      },
    ]);
    expect(entries[0]?.details).toEqual({
      code: `${'*'.repeat(49)}${code.slice(-3)}`,
      access_token_jti: jti,
      refresh_token: { access: 'offline', session_id: claimsOf(String(tokens.id_token)).sid },
    });
    const [refreshed] = await entriesOf(() => redeem(refreshRequest(String(tokens.refresh_token))));
    expect(refreshed).toMatchObject({
      type: 'sertft',
      user_id: ada,
      user_name: 'ada@example.com',
      details: { access_token_jti: expect.any(String) },
    });
  });

  test('LG-6: an opaque access token has no jti to be told', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const [entry] = await entriesOf(() => redeem(tokenRequest(pkce, code)));
    expect(entry?.details).toEqual({ code: expect.stringMatching(/^[*]{49}...$/) });
  });

  test.each([
    [
      'feacft',
      'an unknown code',
      tokenRequest({ code_verifier: 'v' }, 'not\na-code'),
      { ...client, description: 'Invalid authorization code', details: { code: '*******ode' } },
    ],
    [
      'feacft',
      'a missing code',
      tokenRequest({ code_verifier: 'v' }, ''),
      { ...client, description: 'Missing required parameter: code' },
    ],
    [
      'feacft',
      'a client without its secret',
      tokenRequest({ code_verifier: 'v' }, 'x', { client_id: 'web' }),
      { client_id: 'web', client_name: 'Web', details: { requested_client_id: 'web' } },
    ],
    [
      'feacft',
      'an unknown client',
      tokenRequest({ code_verifier: 'v' }, 'x', { client_id: 'no"body' }),
      { client_id: null, details: { requested_client_id: 'no?body' } },
    ],
    [
      'fertft',
      'an unknown refresh token',
      refreshRequest('x'),
      { ...client, description: 'Unknown or invalid refresh token.' },
    ],
    [
      'f',
      'an unknown grant type',
      { grant_type: 'x', client_id: 'spa' },
      { description: 'Grant type not supported' },
    ],
  ] as const)('LG-2: %s for %s', async (type, _what, fields, more) => {
    expect(await entriesOf(() => redeem(fields))).toMatchObject([{ type, ...more }]);
  });

  test('LG-2: f for a revocation that is refused', async () => {
    const entries = await entriesOf(() => agent.postForm('/oauth/revoke', { client_id: 'web', token: 'x' }));
    expect(entries).toMatchObject([
      { type: 'f', client_id: 'web', description: 'Client authentication failed' },
    ]);
  });
});

test('LG-5: who asked, and when', async () => {
  const { code, pkce } = await getCode(freehold, { agent });
  const headers = {
    'user-agent': 'curl/8.5.0',
    'auth0-client': Buffer.from('{"name":"x"}').toString('base64'),
  };
  const [entry] = await entriesOf(() => agent.postForm('/oauth/token', tokenRequest(pkce, code), headers));
  expect(entry).toMatchObject({
    log_id: expect.stringMatching(/^\d{21}[A-Za-z0-9]{15}$/),
    date: freehold.clock.milliseconds(),
    ip: '127.0.0.1',
    hostname: 'localhost',
    user_agent: 'curl/8.5.0',
    auth0_client: '{"name":"x"}',
  });
});

test('LG-5: a login names its connection', async () => {
  const url = authorizationUrl(freehold, newPkce());
  const [entry] = await entriesOf(() => new Agent(freehold.issuer).logIn(url, 'ada@example.com', password));
  expect(entry).toMatchObject({
    type: 's',
    connection: 'Username-Password-Authentication',
    connection_id: expect.stringMatching(/^con_/),
    user_name: 'ada@example.com',
  });
});

describe('DB-1: a refusal that changes state is committed before it is answered', () => {
  test('DB-1, AC-12: the burnt code and its entry survive the refusal', async () => {
    const { code, pkce } = await getCode(freehold, { agent });
    const request = tokenRequest(pkce, code, { code_verifier: 'w'.repeat(43) });
    const entries = await entriesOf(() => agent.postForm('/oauth/token', request));
    expect(entries).toMatchObject([
      {
        type: 'feacft',
        ...client,
        user_id: ada,
        description: 'Failed to verify code verifier',
        details: { code: `${'*'.repeat(49)}${code.slice(-3)}` },
      },
    ]);
    const hash = orderedHash(code);
    const [row] = freehold.execute('select redeemed_at from authorization_code where hash = ?', hash);
    expect(row?.redeemed_at).toBe(freehold.clock.now());
  });

  test('DB-1, AC-11: the revocation by a replay, and its entry', async () => {
    const { code, pkce } = await getTokens(freehold, { agent });
    const entries = await entriesOf(() => agent.postForm('/oauth/token', tokenRequest(pkce, code)));
    expect(entries).toMatchObject([
      { type: 'feacft', user_id: ada, user_name: 'ada@example.com', details: { replayed: true } },
    ]);
    const hash = orderedHash(code);
    const [row] = freehold.execute('select aid from authorization_code where hash = ?', hash);
    const revoked = freehold.execute('select aid from revoked_authorization where aid = ?', String(row?.aid));
    expect(revoked).toHaveLength(1);
  });

  test('DB-1, RT-8: the family ended by a reuse, and its entry', async () => {
    const { tokens } = await getTokens(freehold, { agent, authorize: { scope: 'openid offline_access' } });
    const request = refreshRequest(tokens.refresh_token);
    const { refresh_token } = (await agent.postForm('/oauth/token', request)).json();
    await agent.postForm('/oauth/token', refreshRequest(String(refresh_token)));
    const entries = await entriesOf(() => agent.postForm('/oauth/token', request));
    expect(entries).toMatchObject([{ type: 'ferrt', ...client, user_id: ada, user_name: 'ada@example.com' }]);
    const hash = orderedHash(tokens.refresh_token ?? '');
    const found = await freehold.stores.refreshTokens.find(hash);
    expect(found?.family.revoked_at).toBe(freehold.clock.now());
  });
});

test('LG-6: no verifier, secret, password, code, token or cookie is in the log, nor anywhere in clear', async () => {
  const fresh = new Agent(freehold.issuer);
  const pkce = newPkce();
  const signedIn = await fresh.logIn(
    authorizationUrl(freehold, pkce, {
      scope: 'openid offline_access',
      audience,
      client_id: 'web',
      nonce: 'nonce-of-this-test',
    }),
    'ada@example.com',
    password,
  );
  const code = codeOf(signedIn);
  const asWeb = { client_id: 'web', client_secret: webSecret };
  const tokens = (await fresh.postForm('/oauth/token', tokenRequest(pkce, code, asWeb))).json();
  const refreshed = (
    await fresh.postForm('/oauth/token', refreshRequest(String(tokens.refresh_token), asWeb))
  ).json();
  await fresh.postForm('/oauth/token', refreshRequest(String(tokens.refresh_token), asWeb));
  await fresh.postForm('/oauth/token', tokenRequest(pkce, code, asWeb));
  await fresh.postForm('/oauth/revoke', { ...asWeb, token: String(refreshed.refresh_token) });
  const wrong = 'a-wrong-secret-somebody-typed';
  await fresh.postForm('/oauth/token', tokenRequest(pkce, code, { ...asWeb, client_secret: wrong }));
  await fresh.postForm('/oauth/token', tokenRequest(pkce, code), {
    authorization: `Basic ${Buffer.from(`web:${wrong}`).toString('base64')}`,
  });
  await fresh.send(`/oidc/logout?id_token_hint=${String(tokens.id_token)}`);
  const secrets = {
    code,
    password,
    wrong,
    webSecret,
    code_verifier: pkce.code_verifier,
    access_token: String(tokens.access_token),
    refresh_token: String(tokens.refresh_token),
    id_token: String(tokens.id_token),
    successor: String(refreshed.refresh_token),
    second_access_token: String(refreshed.access_token),
    ...Object.fromEntries(fresh.cookies),
  };
  const tables = freehold.execute(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
  );
  expect(tables.map(({ name }) => name)).toContain('log');
  for (const { name } of tables) {
    const text = JSON.stringify(freehold.execute(`select * from "${String(name)}"`));
    const found = Object.entries(secrets).filter(([, secret]) => text.includes(secret));
    expect([name, found.map(([which]) => which)]).toEqual([name, []]);
  }
});
