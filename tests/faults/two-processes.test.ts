// Two server processes on one PostgreSQL are one tenant: whatever one does the other knows.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  getCode,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  refusalOf,
  responseOf,
  sampleTenant,
  type Tokens,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { createDatabase, type TestDatabase } from '../setup/postgres.ts';
import { type ServerProcess, startPair, startRefused } from '../setup/process.ts';

const authorize = { scope: 'openid offline_access' };
const configuration = { tenant: sampleTenant(), users };

function userinfo(agent: Agent, { access_token }: Tokens) {
  return agent.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
}

describe('two processes, started at once on an empty database', () => {
  let database: TestDatabase;
  let one: ServerProcess;
  let other: ServerProcess;

  beforeAll(async () => {
    database = await createDatabase();
    [one, other] = await startPair(database.url, {
      ...configuration,
      environment: {
        FREEHOLD_ADMIN_EMAIL: 'root@example.com',
        FREEHOLD_ADMIN_PASSWORD: 'a long sentence of my own',
      },
    });
  });
  afterAll(async () => {
    await Promise.all([one.stop(), other.stop()]);
    await database.drop();
  });

  async function query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  test('SG-5: there is one set of keys, and both publish it', async () => {
    const [keys, same] = await Promise.all(
      [one, other].map(async (server) => (await server.newAgent().send('/.well-known/jwks.json')).json()),
    );
    expect(keys).toEqual(same);
    const statuses = await query('select alg, status from signing_key order by alg, status');
    expect(statuses).toEqual([
      { alg: 'ES256', status: 'current' },
      { alg: 'ES256', status: 'next' },
      { alg: 'RS256', status: 'current' },
      { alg: 'RS256', status: 'next' },
    ]);
  });

  test('there is one administrator, one tenant and every configured thing once', async () => {
    const administrators = await query(
      `select email, role.name from user_role join role on role.id = role_id
       join "user" using (user_id)`,
    );
    expect(administrators).toEqual([{ email: 'root@example.com', name: 'owner' }]);
    const counts = await query(
      `select (select count(*) from tenant)::int as tenants, (select count(*) from client)::int as clients,
       (select count(*) from resource_server)::int as apis, (select count(*) from connection)::int as connections,
       (select count(*) from "user")::int as users, (select count(*) from master_key)::int as master_keys`,
    );
    // With the applications /try, the dashboard, its Try and All Applications, and with the system API.
    expect(counts).toEqual([{ tenants: 1, clients: 8, apis: 3, connections: 1, users: 3, master_keys: 1 }]);
  });

  test('a login begun at one and finished at the other gives a code, which the first redeems', async () => {
    const beginning = one.newAgent();
    const pkce = newPkce();
    const page = await beginning.open(authorizationUrl(one, pkce));
    const finishing = beginning.atPort(other.port);
    const posted = await finishing.submit(page, { username: 'ada@example.com', password, action: 'default' });
    const answer = await finishing.atPort(one.port).follow(posted);
    const redeemed = await other.newAgent().postForm('/oauth/token', tokenRequest(pkce, codeOf(answer)));
    expect(redeemed.status).toBe(200);
  });

  test('SE-1: a session of one is a session of the other, until either ends it', async () => {
    const { agent } = await getCode(one, { agent: one.newAgent() });
    const elsewhere = agent.atPort(other.port);
    const silent = () => authorizationUrl(one, newPkce(), { prompt: 'none' });
    expect(responseOf(await elsewhere.open(silent()))).toHaveProperty('code');
    expect((await elsewhere.send('/v2/logout')).status).toBe(200);
    expect(responseOf(await agent.open(silent()))).toMatchObject({ error: 'login_required' });
  });

  test('AC-10, RT-7, RT-8, RR-4: what was spent at one is spent at the other', async () => {
    const { code, pkce, agent } = await getCode(one, { agent: one.newAgent(), authorize });
    const elsewhere = other.newAgent();
    const redeemed = await elsewhere.postForm('/oauth/token', tokenRequest(pkce, code));
    const first = JSON.parse(redeemed.text) as Tokens;
    const refreshed = await agent.postForm('/oauth/token', refreshRequest(first.refresh_token));
    const second = JSON.parse(refreshed.text) as Tokens;
    const again = await elsewhere.postForm('/oauth/token', refreshRequest(first.refresh_token));
    expect(again.json().refresh_token).toBe(second.refresh_token);
    await elsewhere.postForm('/oauth/token', refreshRequest(second.refresh_token));
    expect(refusalOf(await elsewhere.postForm('/oauth/token', refreshRequest(first.refresh_token)))).toEqual(
      unknownRefreshToken,
    );
    expect(refusalOf(await agent.postForm('/oauth/token', refreshRequest(second.refresh_token)))).toEqual(
      unknownRefreshToken,
    );
    expect((await userinfo(agent, second)).status).toBe(401);
  });

  test('AT-14: a token revoked at one is refused by the other at once', async () => {
    const { tokens, agent } = await getTokens(one, { agent: one.newAgent(), authorize });
    const elsewhere = other.newAgent();
    expect((await userinfo(elsewhere, tokens)).status).toBe(200);
    const fields = { client_id: 'spa', token: tokens.refresh_token ?? '' };
    expect((await agent.postForm('/oauth/revoke', fields)).status).toBe(200);
    expect((await userinfo(elsewhere, tokens)).status).toBe(401);
    expect(refusalOf(await elsewhere.postForm('/oauth/token', refreshRequest(fields.token)))).toEqual(
      unknownRefreshToken,
    );
  });

  test('AT-14, RT-6: a user who is blocked is refused by both at once', async () => {
    const { tokens, agent } = await getTokens(one, {
      agent: one.newAgent(),
      username: 'bob@example.com',
      authorize,
    });
    const { code, pkce } = await getCode(one, { agent, authorize });
    await query('update "user" set blocked = 1 where email = $1', ['bob@example.com']);
    for (const each of [agent, agent.atPort(other.port)]) {
      expect((await userinfo(each, tokens)).status).toBe(401);
      expect(refusalOf(await each.postForm('/oauth/token', refreshRequest(tokens.refresh_token)))).toEqual({
        status: 403,
        error: 'invalid_grant',
        error_description: 'user is blocked',
      });
      const silent = await each.open(authorizationUrl(one, newPkce(), { prompt: 'none' }));
      expect(silent.location?.searchParams.has('code')).toBe(false);
    }
    expect(refusalOf(await other.newAgent().postForm('/oauth/token', tokenRequest(pkce, code)))).toEqual({
      status: 403,
      error: 'invalid_grant',
      error_description: 'Invalid authorization code',
    });
  });

  test('AP-1, AP-2: failed logins at both are counted together', async () => {
    const agents = [one.newAgent(), other.newAgent()];
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      const agent = agents[attempt % 2] ?? one.newAgent();
      const answer = await agent.logIn(authorizationUrl(one, newPkce()), 'root@example.com', 'wrong');
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
  });

  test('settings that another process changed are obeyed by both within a second', async () => {
    const seesChange = async (server: ServerProcess) =>
      (await server.newAgent().open('/activate')).text.includes('· Changed</title>');
    expect([await seesChange(one), await seesChange(other)]).toEqual([false, false]);
    await query(
      `update tenant set settings = jsonb_set(settings::jsonb, '{friendly_name}', '"Changed"')::text`,
    );
    const changed = performance.now();
    for (const server of [one, other]) {
      let asked = performance.now();
      while (!(await seesChange(server))) {
        // Whoever asks later than a second after the change is answered by it.
        expect(asked - changed).toBeLessThan(1000);
        asked = performance.now();
      }
    }
  });

  test('KY-1: a third process with another master key is refused, and changes nothing', async () => {
    const environment = {
      DATABASE_URL: database.url,
      FREEHOLD_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'),
    };
    const before = await query('select * from master_key');
    const { code, output } = await startRefused({ environment });
    expect(code).toBe(1);
    expect(output).toMatch(/^The secrets in the database were sealed with the master key /);
    expect(await query('select * from master_key')).toEqual(before);
  });
});

const unknownRefreshToken = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
};
