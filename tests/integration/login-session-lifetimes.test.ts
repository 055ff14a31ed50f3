// How long a session lives: contract SE-2, SE-3, SE-10.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  getTokens,
  newPkce,
  responseOf,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const hour = 3600;
const pkce = newPkce();
let freehold: Freehold;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});

afterAll(() => freehold.stop());

describe('SE-2, SE-3: lifetimes', () => {
  test('the tenant’s, in hours', async () => {
    const server = await startFreehold({
      tenant: sampleTenant({ tenant: { session_lifetime: 2, idle_session_lifetime: 0.5 } }),
      users,
    });
    try {
      const { agent } = await getTokens(server);
      const url = authorizationUrl(server, pkce, { prompt: 'none' });
      for (const minutes of [29, 29, 29, 29]) {
        server.clock.advance(minutes * 60);
        expect(codeOf(await agent.send(url))).toBeTruthy();
      }
      server.clock.advance(4 * 60);
      expect(responseOf(await agent.send(url)).error).toBe('login_required');
      const { agent: idle } = await getTokens(server);
      server.clock.advance(30 * 60);
      expect(responseOf(await idle.send(url)).error).toBe('login_required');
    } finally {
      await server.stop();
    }
  });

  test('SE-3, SE-10: activity moves the idle end and what was last seen; the absolute end stands', async () => {
    const { agent, tokens } = await getTokens(freehold);
    const session = () =>
      freehold.execute('select * from session where sid = ?', String(claimsOf(tokens.id_token).sid))[0];
    const before = session();
    freehold.clock.advance(hour);
    await agent.send(authorizationUrl(freehold, pkce, { prompt: 'none' }), {
      headers: { 'user-agent': 'later' },
    });
    expect(session()).toMatchObject({
      created_at: before?.created_at,
      authenticated_at: before?.authenticated_at,
      expires_at: before?.expires_at,
      last_interacted_at: freehold.clock.now(),
      idle_expires_at: freehold.clock.now() + 72 * hour,
      last_user_agent: 'later',
      initial_user_agent: '',
    });
  });
});

test('SE-3: a lower limit ends sessions at their next activity, a higher one moves none', async () => {
  const masterKey = randomBytes(32).toString('base64');
  const databaseUrl = `sqlite:${join(freehold.folder, 'lifetimes.db')}`;
  const startWith = (session_lifetime: number) =>
    startFreehold({
      tenant: sampleTenant({ tenant: { session_lifetime } }),
      users,
      databaseUrl,
      environment: { FREEHOLD_MASTER_KEY: masterKey },
    });
  const first = await startWith(10);
  const { agent } = await getTokens(first);
  const secret = agent.cookies.get(`freehold_session_${first.port}`) ?? '';
  await first.stop();

  async function answersAfter(session_lifetime: number, hours: number): Promise<boolean[]> {
    const server = await startWith(session_lifetime);
    try {
      const later = new Agent(server.issuer);
      later.cookies.set(`freehold_session_${server.port}`, secret);
      server.clock.advance(hours * hour);
      const url = authorizationUrl(server, pkce, { prompt: 'none' });
      const answers = [await later.send(url), await later.send(url)];
      return answers.map((answer) => 'code' in responseOf(answer));
    } finally {
      await server.stop();
    }
  }

  expect(await answersAfter(100, 9)).toEqual([true, true]);
  expect(await answersAfter(100, 11)).toEqual([false, false]);
  expect(await answersAfter(1, 9.5)).toEqual([true, false]);
});
