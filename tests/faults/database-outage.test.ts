// PostgreSQL away for a while: everybody is told to come back, and everything goes on by itself when it is back.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  getCode,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  refusalOf,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type PostgresServer, startPostgres } from '../setup/postgres-server.ts';
import { type ServerProcess, startProcess } from '../setup/process.ts';
import { Ledger, patientTenant } from './ledger.ts';

let postgres: PostgresServer;
let server: ServerProcess;

beforeAll(async () => {
  postgres = await startPostgres();
  server = await startProcess({
    tenant: patientTenant,
    users,
    environment: { DATABASE_URL: postgres.url, LOG_LEVEL: 'fatal' },
  });
});
afterAll(async () => {
  await server.stop();
  await postgres.remove();
});
beforeEach(() => postgres.start());

const authorize = { scope: 'openid offline_access' };
const busy = {
  status: 503,
  error: 'temporarily_unavailable',
  error_description: 'The server is busy. Try again in a moment.',
};

function expectBusyPage(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers['retry-after']).toBe('1');
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).toContain('</html>');
}

describe('while PostgreSQL is away', () => {
  test('applications get OAuth’s temporarily_unavailable with Retry-After, and nothing of theirs is spent', async () => {
    const { code, pkce, agent } = await getCode(server, { agent: server.newAgent(), authorize });
    const { tokens } = await getTokens(server, { agent, authorize });
    const bearer = { headers: { authorization: `Bearer ${tokens.access_token}` } };
    const ask = [
      () => agent.postForm('/oauth/token', tokenRequest(pkce, code)),
      () => agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token)),
      () => agent.postForm('/oauth/revoke', { client_id: 'spa', token: tokens.refresh_token ?? '' }),
      () => agent.send('/userinfo', bearer),
    ];
    await postgres.stop();
    for (const answer of await Promise.all(ask.map((send) => send()))) {
      expect(refusalOf(answer)).toEqual(busy);
      expect(answer.headers['retry-after']).toBe('1');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    await postgres.start();
    expect((await agent.send('/userinfo', bearer)).status).toBe(200);
    expect((await agent.postForm('/oauth/token', tokenRequest(pkce, code))).status).toBe(200);
    expect((await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token))).status).toBe(200);
  });

  test('people get a page with Retry-After, and finish their login on the same form afterwards', async () => {
    const agent = server.newAgent();
    const pkce = newPkce();
    const form = await agent.open(authorizationUrl(server, pkce));
    const fields = { username: 'ada@example.com', password, action: 'default' };
    await postgres.stop();
    expectBusyPage(await agent.send(authorizationUrl(server, newPkce())));
    expectBusyPage(await agent.submit(form, fields));
    await postgres.start();
    const answer = await agent.follow(await agent.submit(form, fields));
    expect(answer.location?.searchParams.has('code')).toBe(true);
  });

  test('/health says so; what needs no database is served', async () => {
    const agent = server.newAgent();
    await postgres.stop();
    const health = await agent.send('/health');
    expect({ status: health.status, body: health.json() }).toEqual({
      status: 503,
      body: { status: 'database unavailable' },
    });
    for (const path of ['/', '/.well-known/openid-configuration']) {
      expect((await agent.send(path)).status).toBe(200);
    }
    await postgres.start();
    const recovered = await agent.send('/health');
    expect({ status: recovered.status, body: recovered.json() }).toEqual({
      status: 200,
      body: { status: 'ok' },
    });
  });
});

test('DB-1: stopped and started three times under load, it loses and halves nothing that was asked', {
  timeout: 600_000,
}, async () => {
  const ledger = new Ledger(server);
  for (let round = 0; round < 3; round += 1) {
    const last = ledger.answered + 30 + round;
    let stopped: Promise<void> | undefined;
    await ledger.work(6, (answered) => {
      if (answered === last) stopped = postgres.stop();
    });
    expect(ledger.answered).toBeGreaterThanOrEqual(last);
    await stopped;
    expect((await server.newAgent().send('/health')).status).toBe(503);
    await postgres.start();
    expect((await ledger.check()).users).toBeGreaterThan(5 * round);
  }
});
