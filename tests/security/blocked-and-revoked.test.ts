// Mirrors Keycloak CVE-2026-1609, CVE-2026-1486, CVE-2026-8922, CVE-2026-1035, CVE-2026-9802; authentik CVE-2025-64521;
// Oathkeeper CVE-2021-32701: what was taken away is away at every endpoint at once, and stays away after a restart.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  getCode,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  refusalOf,
  responseOf,
  sampleTenant,
  spa,
  strictSpa,
  tokenRequest,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const names = ['blocked', 'deleted', 'changed', 'clientless', 'racing', 'replayed'] as const;
const userOf = (name: (typeof names)[number]) => `${name}@example.com`;
const offline = { scope: 'openid offline_access' };
const clientToDelete = { ...spa, name: 'To be deleted', client_id: 'to-be-deleted' };

let freehold: Freehold;
beforeAll(async () => {
  const users = names.map((name) => ({ email: userOf(name), password, user_id: name }));
  freehold = await startFreehold({
    tenant: sampleTenant({ clients: [spa, strictSpa, clientToDelete] }),
    users,
  });
});
afterAll(() => freehold.stop());

/** As another process would change it; clients are looked at again after a second. */
function change(statement: string, ...values: string[]): void {
  const database = new DatabaseSync(`${freehold.folder}/freehold.db`, { timeout: 5_000 });
  database.exec('pragma foreign_keys = on');
  expect(database.prepare(statement).run(...values).changes).toBe(1);
  database.close();
  freehold.clock.advance(1);
}

/** A session, a code that nobody has redeemed, and tokens. */
async function everything(username: string, client_id = 'spa') {
  const authorize = { ...offline, client_id };
  const { tokens, agent } = await getTokens(freehold, { username, authorize, token: { client_id } });
  const { code, pkce } = await getCode(freehold, { username, agent, authorize });
  const page = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'login', client_id }));
  return {
    redeem: () => agent.postForm('/oauth/token', tokenRequest(pkce, code, { client_id })),
    refresh: () => agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token, { client_id })),
    userinfo: () => agent.send('/userinfo', { headers: { authorization: `Bearer ${tokens.access_token}` } }),
    silent: () => agent.send(authorizationUrl(freehold, newPkce(), { prompt: 'none', client_id })),
    logIn: async () => agent.follow(await agent.submit(page, { username, password, action: 'default' })),
    resume: () =>
      agent.send(`/authorize/resume?state=${/name="state" value="([^"]*)"/.exec(page.text)?.[1]}`),
  };
}

const invalidCode = { status: 403, error: 'invalid_grant', error_description: 'Invalid authorization code' };
const invalidRefresh = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
};
const invalidToken = {
  status: 401,
  error: 'invalid_token',
  error_description: 'The access token is invalid or has expired',
};
const errorOf = (answer: Answer) => {
  const { error, error_description } = responseOf(answer);
  return { error, error_description };
};

test('RT-6, AZ-64, AC-22, AT-14: a blocked user gets nothing anywhere', async () => {
  const before = await everything(userOf('blocked'));
  change("update user set blocked = 1, epoch = epoch + 1 where user_id = 'auth0|blocked'");
  const blocked = { error: 'unauthorized', error_description: 'user is blocked' };
  expect(refusalOf(await before.redeem())).toEqual(invalidCode);
  expect(refusalOf(await before.refresh())).toEqual({
    status: 403,
    error: 'invalid_grant',
    error_description: 'user is blocked',
  });
  expect(refusalOf(await before.userinfo())).toEqual(invalidToken);
  expect(errorOf(await before.silent())).toEqual(blocked);
  expect(errorOf(await before.logIn())).toEqual(blocked);
});

test('RT-5, AC-22, AT-14: a deleted user gets nothing anywhere', async () => {
  const before = await everything(userOf('deleted'));
  change("delete from user where user_id = 'auth0|deleted'");
  expect(refusalOf(await before.redeem())).toEqual(invalidCode);
  expect(refusalOf(await before.refresh())).toMatchObject({ status: 403, error: 'invalid_grant' });
  expect(refusalOf(await before.userinfo())).toEqual(invalidToken);
  expect(errorOf(await before.silent())).toEqual({
    error: 'login_required',
    error_description: 'Login required',
  });
  const page = await before.logIn();
  expect(page.status).toBe(400);
  expect(page.text).toContain('Wrong email or password');
});

test('AT-14: what was granted before the user’s epoch rose is worth nothing', async () => {
  const before = await everything(userOf('changed'));
  change("update user set epoch = epoch + 1 where user_id = 'auth0|changed'");
  expect(refusalOf(await before.redeem())).toEqual(invalidCode);
  expect(refusalOf(await before.refresh())).toEqual(invalidRefresh);
  expect(refusalOf(await before.userinfo())).toEqual(invalidToken);
  expect(errorOf(await before.silent())).toEqual({
    error: 'login_required',
    error_description: 'Login required',
  });
});

test('CA-5, AT-14, AZ-54: a deleted client gets nothing anywhere', async () => {
  const { client_id } = clientToDelete;
  const before = await everything(userOf('clientless'), client_id);
  change('delete from client where client_id = ?', client_id);
  const unknown = { status: 401, error: 'invalid_client', error_description: 'Client authentication failed' };
  expect(refusalOf(await before.redeem())).toEqual(unknown);
  expect(refusalOf(await before.refresh())).toEqual(unknown);
  expect(refusalOf(await before.userinfo())).toEqual(invalidToken);
  for (const answer of [await before.silent(), await before.resume()]) {
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  }
});

describe('RFC 9700 §4.14.2: a family of refresh tokens', () => {
  test('RT-7, RT-8: where retries are not safe, of 100 refreshes at once with one token at most one succeeds, and the family ends', async () => {
    const { tokens } = await getTokens(freehold, {
      username: userOf('racing'),
      authorize: { ...offline, client_id: 'strict' },
      token: { client_id: 'strict' },
    });
    const agent = new Agent(freehold.issuer);
    const use = (refresh_token: string | undefined) =>
      agent.postForm('/oauth/token', refreshRequest(refresh_token, { client_id: 'strict' }));
    const refreshes = Array.from({ length: 100 }, () => use(tokens.refresh_token));
    const answers = await Promise.all(refreshes);
    const [first, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    for (const answer of answers) if (answer !== first) expect(refusalOf(answer)).toEqual(invalidRefresh);
    const successor = String(
      Object.entries(first?.json() ?? {}).find(([name]) => name === 'refresh_token')?.[1],
    );
    expect(refusalOf(await use(successor))).toEqual(invalidRefresh);
  });

  test('AC-11: of 50 redemptions at once of one code one succeeds, and its tokens end', async () => {
    const { code, pkce, agent } = await getCode(freehold, {
      username: userOf('replayed'),
      authorize: offline,
    });
    const redemptions = Array.from({ length: 50 }, () =>
      agent.postForm('/oauth/token', tokenRequest(pkce, code)),
    );
    const answers = await Promise.all(redemptions);
    const succeeded = answers.filter(({ status }) => status === 200);
    expect(succeeded).toHaveLength(1);
    for (const answer of answers) if (answer !== succeeded[0]) expect(refusalOf(answer)).toEqual(invalidCode);
    const { access_token, refresh_token } = succeeded[0]?.json() ?? {};
    const headers = { authorization: `Bearer ${access_token}` };
    expect(refusalOf(await agent.send('/userinfo', { headers }))).toEqual(invalidToken);
    const again = await agent.postForm('/oauth/token', refreshRequest(String(refresh_token)));
    expect(refusalOf(again)).toEqual(invalidRefresh);
  });

  test('that ended is dead after a restart too', async () => {
    const database = { DATABASE_URL: `sqlite:${freehold.folder}/restarted.db` };
    const tenant = sampleTenant({ clients: [spa] });
    const users = [{ email: 'ada@example.com', password }];
    const environment = { ...database, FREEHOLD_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') };
    const before = await startFreehold({ tenant, users, environment });
    const { tokens, agent } = await getTokens(before, { authorize: offline });
    const revoked = await agent.postForm('/oauth/revoke', {
      client_id: 'spa',
      token: tokens.refresh_token ?? '',
    });
    expect(revoked.status).toBe(200);
    const { port, clock } = before;
    await before.stop();
    const after = await startFreehold({ tenant, users, environment, port, clock });
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect(refusalOf(await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token)))).toEqual(
      invalidRefresh,
    );
    expect(refusalOf(await agent.send('/userinfo', { headers }))).toEqual(invalidToken);
    await after.stop();
  });
});

describe('authentik CVE-2024-52287, CVE-2024-38371; Keycloak CVE-2020-14389: more than was granted', () => {
  test.each(['read:orders', 'openid profile', 'admin', '*', 'offline_access openid email'])(
    'RT-3, RFC 6749 §6: scope %j at a refresh is invalid_scope and spends nothing',
    async (scope) => {
      const { tokens, agent } = await getTokens(freehold, { username: userOf('racing'), authorize: offline });
      const answer = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token, { scope }));
      expect(refusalOf(answer)).toMatchObject({ status: 400, error: 'invalid_scope' });
      const right = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
      expect([right.status, right.json()]).toMatchObject([200, { scope: 'openid offline_access' }]);
    },
  );

  test('AZ-8, AC-19: a scope or audience that the token request brings along changes nothing', async () => {
    const more = { scope: 'openid profile admin', audience: 'https://orders.example/' };
    const { tokens } = await getTokens(freehold, {
      username: userOf('racing'),
      authorize: { scope: 'openid admin root' },
      token: more,
    });
    expect(tokens.scope).toBe('openid');
    expect(tokens.access_token.split('.')).toHaveLength(5);
  });
});
