// Refresh token families: rotation, reuse, lifetimes, how many and how stored.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderedHash } from '../../packages/server/src/runtime/cryptography/ordered-token.ts';
import type { Agent } from '../setup/agent.ts';
import {
  ada,
  configureRefreshToken,
  getTokens,
  refusalOf,
  sampleTenant,
  spa,
  strictSpa,
  users,
} from '../setup/flow.ts';
import { refreshing, unknownToken } from '../setup/refreshing.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const day = 86_400;
const lifetimes = {
  expiration_type: 'expiring',
  token_lifetime: 10 * day,
  idle_token_lifetime: 4 * day,
  infinite_token_lifetime: false,
  infinite_idle_token_lifetime: false,
} as const;
let freehold: Freehold;
/** Logged in once; each test gets a family of its own from its session. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant({ tenant: { session_lifetime: 8760, idle_session_lifetime: 8760 } });
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    strictSpa,
    { ...spa, name: 'Short', client_id: 'short', refresh_token: { ...lifetimes, rotation_type: 'rotating' } },
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

const { family, refresh, renew } = refreshing(() => ({ freehold, agent }));

describe('RT-7, RT-8, RFC 9700 §4.14.2: rotation', () => {
  test('RT-8: T1→T2→T3→T1 revokes the family, and the log says ferrt', async () => {
    const first = await family();
    const second = await renew(first.refresh_token);
    const third = await renew(second.refresh_token);
    expect(refusalOf(await refresh(first.refresh_token))).toEqual(unknownToken);
    const reuse = (await freehold.logEntries()).findLast(({ type }) => type === 'ferrt');
    expect(reuse).toMatchObject({
      client_id: 'spa',
      user_id: ada,
      description: 'Unknown or invalid refresh token.',
      details: { familyId: expect.any(String), latestCounter: 2, tokenCounter: 0 },
    });
    for (const { refresh_token, access_token } of [first, second, third]) {
      expect(refusalOf(await refresh(refresh_token))).toEqual(unknownToken);
      const headers = { authorization: `Bearer ${access_token}` };
      expect((await agent.send('/userinfo', { headers })).status).toBe(401);
    }
  });

  test('RT-8, RR-6, RR-7: works whoever came first: the newest token dies with a replay of its predecessor', async () => {
    const strict = { client_id: 'strict' };
    const first = await family('strict');
    const second = await renew(first.refresh_token, strict);
    await refresh(first.refresh_token, strict);
    expect(refusalOf(await refresh(second.refresh_token, strict))).toEqual(unknownToken);
  });

  test('RT-8: other families of the same user and client, and the consent, live on', async () => {
    const other = await family();
    const first = await family();
    const second = await renew(first.refresh_token);
    await renew(second.refresh_token);
    expect((await refresh(first.refresh_token)).status).toBe(403);
    await renew(other.refresh_token);
  });
});

describe('RT-7, RT-11: lifetimes', () => {
  const short = { client_id: 'short' };

  test('RT-11, RR-7: without use the idle end is the end', async () => {
    const { refresh_token } = await family('short');
    freehold.clock.advance(4 * day);
    expect(refusalOf(await refresh(refresh_token, short))).toEqual(unknownToken);
  });

  test('RT-7, RT-11, RR-7, RR-9: use renews the idle end and leaves the absolute one', async () => {
    let { refresh_token } = await family('short');
    for (let n = 0; n < 3; n += 1) {
      freehold.clock.advance(3 * day);
      ({ refresh_token } = await renew(refresh_token, short));
    }
    freehold.clock.advance(day);
    expect(refusalOf(await refresh(refresh_token, short))).toEqual(unknownToken);
  });

  test('RT-11: the idle end follows the settings of today, at the next exchange', async () => {
    const { refresh_token } = await family('short');
    const before = await configureRefreshToken(freehold, 'short', { idle_token_lifetime: day });
    const next = await renew(refresh_token, short);
    await configureRefreshToken(freehold, 'short', before);
    freehold.clock.advance(day);
    expect(refusalOf(await refresh(next.refresh_token, short))).toEqual(unknownToken);
  });

  test('RT-13: a token without end gets one at the first exchange after the client expires tokens', async () => {
    const { tokens } = await getTokens(freehold, {
      agent,
      authorize: { client_id: 'native', scope: 'openid offline_access' },
      token: { client_id: 'native' },
    });
    const native = { client_id: 'native' };
    freehold.clock.advance(300 * day);
    await renew(tokens.refresh_token, native);
    const before = await configureRefreshToken(freehold, 'native', lifetimes);
    await renew(tokens.refresh_token, native);
    await configureRefreshToken(freehold, 'native', before);
    // Irreversible: the absolute end stays though the client expires nothing any more.
    freehold.clock.advance(10 * day);
    expect(refusalOf(await refresh(tokens.refresh_token, native))).toEqual(unknownToken);
  });

  test('RT-25, SD-95: the default outlives the session, essentially for ever', async () => {
    const { tokens, agent: other } = await getTokens(freehold, {
      authorize: { client_id: 'native', scope: 'openid offline_access' },
      token: { client_id: 'native' },
    });
    await other.send('/v2/logout');
    freehold.clock.advance(10 * 365 * day);
    await freehold.composed.sweep();
    await renew(tokens.refresh_token, { client_id: 'native' });
  });
});

describe('RT-12, DIS-24: what a client may register', () => {
  test.each([
    [
      'rotating',
      { app_type: 'native', refresh_token: { rotation_type: 'rotating', expiration_type: 'non-expiring' } },
    ],
    [
      'an SPA',
      { app_type: 'spa', refresh_token: { rotation_type: 'non-rotating', expiration_type: 'non-expiring' } },
    ],
  ])('RT-12: %s with tokens that do not expire is an error', async (_what, settings) => {
    const tenant = { clients: [{ ...spa, ...settings }] };
    await expect(startFreehold({ tenant })).rejects.toThrow(/clients\[0\]\.refresh_token/);
  });
});

test('RT-14: of one user at one client 200 families live; the oldest goes', async () => {
  // Each login needs none of its own: the session of the agent serves.
  const authorize = { client_id: 'short', scope: 'openid offline_access' };
  const made: (string | undefined)[] = [];
  for (let n = 0; n < 201; n += 1) {
    const { tokens } = await getTokens(freehold, { agent, authorize, token: { client_id: 'short' } });
    made.push(tokens.refresh_token);
    freehold.clock.advance(1);
  }
  expect(refusalOf(await refresh(made[0], { client_id: 'short' }))).toEqual(unknownToken);
  await renew(made[1], { client_id: 'short' });
  await renew(made[200], { client_id: 'short' });
});

test('RT-24, SD-95: refresh tokens are opaque, and only their hashes are stored', async () => {
  const { refresh_token = '' } = await family();
  expect(refresh_token).toMatch(/^[\w-]{52}$/);
  const rows = freehold.execute('select * from refresh_token');
  expect(JSON.stringify(rows)).not.toContain(refresh_token);
  expect(rows.map(({ hash }) => hash)).toContain(orderedHash(refresh_token));
});
