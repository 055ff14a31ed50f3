// Refresh rotation that a client may retry: the answer that was lost, the token that comes twice, the thief.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent } from '../setup/agent.ts';
import {
  audience,
  claimsOf,
  configureRefreshToken,
  getTokens,
  refreshRequest,
  refusalOf,
  sampleTenant,
  spa,
  type Tokens,
  users,
  webSecret,
} from '../setup/flow.ts';
import { unknownToken } from '../setup/refreshing.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const day = 86_400;
const rotating = { rotation_type: 'rotating', token_lifetime: 10 * day, idle_token_lifetime: 4 * day };
/** By client_id. */
const settings: Record<string, Record<string, unknown>> = {
  quick: { ...rotating, retry_window: 10 },
  never: { ...rotating, retry_window: 0 },
  strict: { ...rotating, retry_safe: false },
  leeway: { ...rotating, retry_safe: false, leeway: 30 },
  'more leeway': { ...rotating, retry_window: 10, leeway: 30 },
};
let freehold: Freehold;
/** Logged in once; each test gets a family of its own from its session. */
let agent: Agent;

beforeAll(async () => {
  const tenant = sampleTenant({ tenant: { session_lifetime: 8760, idle_session_lifetime: 8760 } });
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    ...Object.entries(settings).map(([name, refresh_token]) => ({
      ...spa,
      name,
      client_id: name.replace(' ', '-'),
      refresh_token,
    })),
  ];
  freehold = await startFreehold({ tenant, users });
  ({ agent } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

async function family(client_id = 'spa', authorize: Record<string, string> = {}): Promise<string> {
  const scope = 'openid offline_access';
  const client = { client_id, ...(client_id === 'web' ? { client_secret: webSecret } : {}) };
  const { tokens } = await getTokens(freehold, {
    agent,
    authorize: { scope, client_id, ...authorize },
    token: client,
  });
  return tokens.refresh_token ?? '';
}

function refresh(refresh_token: string | undefined, client_id = 'spa', more: Record<string, string> = {}) {
  return agent.postForm('/oauth/token', refreshRequest(refresh_token, { client_id, ...more }));
}

/** A refresh that must succeed. */
async function renew(
  refresh_token: string | undefined,
  client_id = 'spa',
  more: Record<string, string> = {},
): Promise<Tokens & { refresh_token: string }> {
  const answer = await refresh(refresh_token, client_id, more);
  expect([answer.status, answer.text.slice(0, 100)]).toEqual([200, expect.any(String)]);
  return JSON.parse(answer.text) as Tokens & { refresh_token: string };
}

async function expectDead(refresh_token: string, client_id = 'spa'): Promise<void> {
  expect(refusalOf(await refresh(refresh_token, client_id))).toEqual(unknownToken);
}

/** Of the tenant log. */
function lastEntry(): Record<string, unknown> {
  const [{ type, client_id, entry } = {}] = rows('select * from log order by log_id desc limit 1');
  return { type, client_id, ...JSON.parse(String(entry)) };
}

function rows(sql: string): Record<string, unknown>[] {
  return freehold.execute(sql);
}

describe('RR-4: the answer was lost, and the token comes again', () => {
  test('RR-4: within the window the same successor, with fresh access and ID tokens', async () => {
    const first = await family('spa', { audience });
    const lost = await renew(first);
    freehold.clock.advance(60);
    const again = await renew(first);
    expect(again.refresh_token).toBe(lost.refresh_token);
    expect(claimsOf(again.access_token).jti).not.toBe(claimsOf(lost.access_token).jti);
    expect(Number(claimsOf(again.id_token).iat) - Number(claimsOf(lost.id_token).iat)).toBe(60);
    expect(lastEntry()).toMatchObject({ type: 'sertft', details: { replayed: true } });
    await renew(again.refresh_token);
  });

  test('RR-4, RR-3: of twenty at once all get the same successor', async () => {
    const first = await family();
    const answers = await Promise.all(Array.from({ length: 20 }, () => renew(first)));
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    expect(new Set(answers.map(({ access_token }) => access_token)).size).toBe(20);
  });

  test('RR-4, RR-9: no lifetime moves with a replay', async () => {
    const first = await family('quick');
    await renew(first, 'quick');
    const ends = () =>
      rows(`select absolute_at, idle_at, ends_at, spent_at from refresh_token_family
      where client_id = 'quick' order by created_at desc limit 1`);
    const before = ends();
    freehold.clock.advance(10);
    await renew(first, 'quick');
    expect(ends()).toEqual(before);
  });

  test('RR-10: a retry may ask for other scopes', async () => {
    const first = await family('spa', { audience, scope: 'openid read:orders offline_access' });
    const narrow = await renew(first, 'spa', { scope: 'read:orders' });
    const full = await renew(first);
    expect([narrow.scope, full.scope]).toEqual(['read:orders', 'openid read:orders offline_access']);
    expect(full.refresh_token).toBe(narrow.refresh_token);
  });
});

describe('RR-5: the token comes again late', () => {
  test('RR-5: after the window another successor, in place of the first', async () => {
    const first = await family();
    const lost = await renew(first);
    freehold.clock.advance(61);
    const late = await renew(first);
    expect(late.refresh_token).not.toBe(lost.refresh_token);
    expect(lastEntry()).toMatchObject({ type: 'sertft', details: { superseded: true } });
    // The window begins anew.
    freehold.clock.advance(60);
    expect((await renew(first)).refresh_token).toBe(late.refresh_token);
    await renew(late.refresh_token);
  });

  test('RR-5, RR-6: the superseded successor is a thief’s: it ends the family', async () => {
    const first = await family();
    const lost = await renew(first);
    freehold.clock.advance(61);
    const late = await renew(first);
    await expectDead(lost.refresh_token);
    expect(lastEntry()).toMatchObject({
      type: 'ferrt',
      details: { latestCounter: 2, tokenCounter: 1 },
    });
    await expectDead(late.refresh_token);
    const headers = { authorization: `Bearer ${late.access_token}` };
    expect((await agent.send('/userinfo', { headers })).status).toBe(401);
  });

  test('RR-5, RR-9: a late retry renews the idle end, and not the absolute one', async () => {
    const first = await family('quick');
    await renew(first, 'quick');
    for (let n = 0; n < 3; n += 1) {
      freehold.clock.advance(3 * day);
      await renew(first, 'quick');
    }
    freehold.clock.advance(day);
    await expectDead(first, 'quick');
  });

  test('RR-5: with a window of 0 every retry gets another successor', async () => {
    const first = await family('never');
    const lost = await renew(first, 'never');
    const again = await renew(first, 'never');
    expect(again.refresh_token).not.toBe(lost.refresh_token);
    await renew(again.refresh_token, 'never');
  });
});

describe('RR-6, RR-7: what no window softens', () => {
  test('RR-6: a token whose successor was used ends the family, also within the window', async () => {
    const first = await family();
    const second = await renew(first);
    const third = await renew(second.refresh_token);
    await expectDead(first);
    expect(lastEntry().type).toBe('ferrt');
    await expectDead(third.refresh_token);
    expect(lastEntry()).toMatchObject({ type: 'fertft', details: { revocation_reason: 'reused' } });
    await expectDead(second.refresh_token);
  });

  test('RR-6, RR-13: the box goes with the family', async () => {
    const first = await family('quick');
    const second = await renew(first, 'quick');
    await renew(second.refresh_token, 'quick');
    const boxes = () =>
      rows("select box from refresh_token_family where client_id = 'quick' and box is not null");
    const before = boxes().length;
    await expectDead(first, 'quick');
    expect(boxes()).toHaveLength(before - 1);
  });

  test('RR-7: a replay within the window is refused once the family has ended', async () => {
    const [revoked, idle] = [await family('quick'), await family('quick')];
    const { refresh_token } = await renew(revoked, 'quick');
    await agent.postForm('/oauth/revoke', { client_id: 'quick', token: refresh_token });
    await expectDead(revoked, 'quick');
    freehold.execute("update refresh_token_family set idle_at = 1 where client_id = 'quick'");
    await expectDead(idle, 'quick');
    expect(lastEntry().type).toBe('fertft');
  });
});

describe('RR-8, RT-9: how long', () => {
  test('RR-8: the longer of retry_window and leeway', async () => {
    const first = await family('more-leeway');
    const { refresh_token } = await renew(first, 'more-leeway');
    freehold.clock.advance(30);
    expect((await renew(first, 'more-leeway')).refresh_token).toBe(refresh_token);
  });

  test('RR-8, RT-9: without retry_safe the same successor within leeway, and reuse after it', async () => {
    const first = await family('leeway');
    const { refresh_token } = await renew(first, 'leeway');
    freehold.clock.advance(30);
    expect((await renew(first, 'leeway')).refresh_token).toBe(refresh_token);
    freehold.clock.advance(1);
    await expectDead(first, 'leeway');
    expect(lastEntry().type).toBe('ferrt');
    await expectDead(refresh_token, 'leeway');
  });

  test('RR-8, RR-3: without retry_safe and leeway rotation is strict: of twenty at once one succeeds', async () => {
    const first = await family('strict');
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first, 'strict')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(403)]);
    expect(
      rows("select box from refresh_token_family where client_id = 'strict' and box is not null"),
    ).toEqual([]);
  });

  test('RR-8: the tenant’s setting holds for a client that says nothing', async () => {
    const tenant = sampleTenant({ tenant: { refresh_token: { retry_safe: false } } });
    const strict = await startFreehold({ tenant, users });
    try {
      const { tokens, agent: browser } = await getTokens(strict, {
        authorize: { scope: 'openid offline_access' },
      });
      const use = () => browser.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
      expect((await use()).status).toBe(200);
      expect(refusalOf(await use())).toEqual(unknownToken);
    } finally {
      await strict.stop();
    }
  });
});

describe('RR-1, RR-2: what comes before the change of state', () => {
  test('RR-1: a refusal spends nothing, and a replay is judged by the same rules', async () => {
    const first = await family();
    const tooMuch = { scope: 'openid read:orders' };
    expect((await refresh(first, 'spa', tooMuch)).status).toBe(400);
    const second = await renew(first);
    expect((await refresh(first, 'spa', tooMuch)).status).toBe(400);
    expect((await renew(first)).refresh_token).toBe(second.refresh_token);
  });

  test('RR-2: another client cannot kill a family with a spent token', async () => {
    const first = await family();
    const second = await renew(first);
    const third = await renew(second.refresh_token);
    for (const stolen of [first, second.refresh_token, third.refresh_token])
      await expectDead(stolen, 'native');
    expect(lastEntry()).toMatchObject({ type: 'fertft', client_id: 'native' });
    await renew(third.refresh_token);
  });
});

describe('RR-12, RT-10: the client’s rotation is changed', () => {
  const turnOn = () =>
    configureRefreshToken(freehold, 'native', {
      rotation_type: 'rotating',
      expiration_type: 'expiring',
      infinite_token_lifetime: false,
      infinite_idle_token_lifetime: false,
    });
  const turnOff = () => configureRefreshToken(freehold, 'native', { rotation_type: 'non-rotating' });

  test('RR-12, RT-10: on: the presented token rotates, its siblings are refused and never taken for reuse', async () => {
    await turnOff();
    const presented = await family('native');
    const sibling = await family('native');
    const elsewhere = await family('native', { audience });
    const { refresh_token: kept } = await renew(presented, 'native');
    expect(kept).toBeUndefined();
    await turnOn();
    const second = await renew(presented, 'native');
    expect(second.refresh_token).toMatch(/^[\w-]{52}$/);
    await expectDead(sibling, 'native');
    expect(lastEntry()).toMatchObject({ type: 'fertft', details: { revocation_reason: 'migrated' } });
    // RR-4: as after any rotation.
    expect((await renew(presented, 'native')).refresh_token).toBe(second.refresh_token);
    await renew(second.refresh_token, 'native');
    await renew(elsewhere, 'native');
    await expectDead(presented, 'native');
    expect(lastEntry().type).toBe('ferrt');
  });

  test('RR-12, RT-10: off: the successor stays good; its first use spends what came before', async () => {
    await turnOn();
    const first = await family('native');
    const second = await renew(first, 'native');
    await turnOff();
    const { refresh_token: lasting } = await renew(second.refresh_token, 'native');
    expect((await renew(second.refresh_token, 'native')).refresh_token).toBe(lasting);
    for (let n = 0; n < 3; n += 1) {
      expect(await renew(lasting, 'native')).not.toHaveProperty('refresh_token');
    }
    await expectDead(second.refresh_token, 'native');
    expect(lastEntry().type).toBe('ferrt');
    await expectDead(lasting, 'native');
  });
});

describe('RR-13: the box', () => {
  const boxOf = () =>
    rows(`select * from refresh_token_family where client_id = 'spa' and box is not null
      order by created_at desc, aid desc`)[0];

  test('RR-13: it holds the successor, and is good for nothing without the spent token', async () => {
    freehold.execute('update refresh_token_family set box = null');
    const first = await family();
    const { refresh_token } = await renew(first);
    const { aid, box } = boxOf() ?? {};
    expect(String(box)).not.toContain(refresh_token);
    const changed = `${String(box).startsWith('A') ? 'B' : 'A'}${String(box).slice(1)}`;
    freehold.execute('update refresh_token_family set box = ? where aid = ?', changed, String(aid));
    // What cannot be opened is late: another successor, and still one token lives.
    const late = await renew(first);
    expect(late.refresh_token).not.toBe(refresh_token);
    expect((await renew(first)).refresh_token).toBe(late.refresh_token);
    await renew(late.refresh_token);
  });

  test('RR-13: the sweeper erases it at the end of the window', async () => {
    const first = await family();
    await renew(first);
    freehold.clock.advance(60);
    expect(boxOf()?.box).toEqual(expect.any(String));
    await freehold.composed.sweep();
    expect(boxOf()).toBeUndefined();
  });
});

describe('RR-14: spent tokens', () => {
  test('RR-14: the newest 1,000 are known, older ones are unknown', async () => {
    const known: string[] = [];
    let refresh_token = await family();
    for (let n = 0; n < 1102; n += 1) {
      known.push(refresh_token);
      ({ refresh_token } = await renew(refresh_token));
    }
    const [{ count } = {}] = rows(`select count(*) as count from refresh_token where aid =
      (select aid from refresh_token_family where counter = 1102)`);
    expect(count).toBe(1003);
    await expectDead(known[101] ?? '');
    expect(lastEntry().type).toBe('fertft');
    const alive = await renew(refresh_token);
    await expectDead(known[103] ?? '');
    expect(lastEntry().type).toBe('ferrt');
    await expectDead(alive.refresh_token);
  });

  test('RR-14, RV-6: /oauth/revoke with a token that was spent long ago ends the family', async () => {
    const first = await family();
    const second = await renew(first);
    const third = await renew(second.refresh_token);
    await agent.postForm('/oauth/revoke', { client_id: 'spa', token: first });
    await expectDead(third.refresh_token);
    expect(lastEntry()).toMatchObject({ details: { revocation_reason: 'revoked' } });
  });
});

test('RR-11: a confidential client’s families are bound by its authentication', async () => {
  const first = await family('web');
  expect((await refresh(first, 'web')).status).toBe(401);
  const authenticated = { client_secret: webSecret };
  expect(await renew(first, 'web', authenticated)).not.toHaveProperty('refresh_token');
});
