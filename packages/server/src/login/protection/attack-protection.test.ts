import { describe, expect, test } from 'vitest';
import { type TenantSettings, tenantSettingsSchema } from '../../model/tenant.ts';
import type { CountedFailure, FailedLoginStore } from '../ports.ts';
import { type Attempt, createBruteForceProtection } from './attack-protection.ts';

const day = 86_400;
const now = 1_800_000_000;

class FailuresInMemory implements FailedLoginStore {
  readonly failures = new Map<string, CountedFailure & { count: number; last: number }>();

  async count(key: string, since: number): Promise<number> {
    const known = this.failures.get(key);
    return known === undefined || known.last < since ? 0 : known.count;
  }

  async add(counted: CountedFailure, since: number, at: number): Promise<void> {
    const { key } = counted;
    this.failures.set(key, { ...counted, count: (await this.count(key, since)) + 1, last: at });
  }

  async clear(key: string): Promise<void> {
    this.failures.delete(key);
  }

  async listOf(identifier: string, since: number) {
    return [...this.failures.values()]
      .filter((counted) => counted.identifier === identifier && counted.last >= since)
      .map(({ key, count, ip }) => ({ key, failures: count, ip }));
  }

  async clearAllOf(identifier: string): Promise<number> {
    const keys = [...this.failures].filter(([, of]) => of.identifier === identifier).map(([key]) => key);
    for (const key of keys) this.failures.delete(key);
    return keys.length;
  }
}

function protect(differing: Partial<TenantSettings['brute_force_protection']> = {}) {
  const settings = tenantSettingsSchema.parse({ brute_force_protection: differing });
  const protection = createBruteForceProtection(() => settings.brute_force_protection, Buffer.alloc(32, 1));
  const store = new FailuresInMemory();
  const attempt = (differingAttempt: Partial<Attempt> = {}): Attempt => ({
    identifier: 'ada@example.com',
    connection_id: 'con_1',
    ip: '192.0.2.1',
    now,
    ...differingAttempt,
  });
  return {
    store,
    fail: (differingAttempt?: Partial<Attempt>) => protection.recordFailure(attempt(differingAttempt), store),
    succeed: () => protection.recordSuccess(attempt(), store),
    blocks: (identifier: string, at = now, counted = store) =>
      protection.blocksOf({ identifier, connection_id: 'con_1' }, at, counted),
    unblock: (differingAttempt?: Partial<Attempt>) => protection.unblock(attempt(differingAttempt), store),
    isBlocked: (differingAttempt?: Partial<Attempt>) =>
      protection.isBlocked(attempt(differingAttempt), store),
    async failTimes(times: number, differingAttempt?: Partial<Attempt>) {
      for (let count = 0; count < times; count += 1) await this.fail(differingAttempt);
    },
  };
}

describe('AP-1: failures are counted', () => {
  test('the tenth failure blocks, the ninth does not', async () => {
    const protection = protect();
    await protection.failTimes(9);
    expect(await protection.isBlocked()).toBe(false);
    await protection.fail();
    expect(await protection.isBlocked()).toBe(true);
  });

  test('by identifier and address', async () => {
    const protection = protect({ max_attempts: 1 });
    await protection.fail();
    expect(await protection.isBlocked({ ip: '192.0.2.2' })).toBe(false);
    expect(await protection.isBlocked({ identifier: 'bob@example.com' })).toBe(false);
    expect(await protection.isBlocked({ connection_id: 'con_2' })).toBe(false);
  });

  test('by identifier alone where the tenant says so', async () => {
    const protection = protect({ max_attempts: 1, mode: 'count_per_identifier' });
    await protection.fail();
    expect(await protection.isBlocked({ ip: '2001:db8::1' })).toBe(true);
    expect(await protection.isBlocked({ identifier: 'bob@example.com' })).toBe(false);
  });

  test('one person is one identifier, however it is written', async () => {
    const protection = protect({ max_attempts: 2 });
    await protection.fail({ identifier: 'ADA@example.com' });
    expect(await protection.isBlocked()).toBe(false);
    await protection.fail();
    expect(await protection.isBlocked()).toBe(true);
    // Å, composed and decomposed.
    await protection.failTimes(2, { identifier: '\u00e5sa@example.com' });
    expect(await protection.isBlocked({ identifier: 'A\u030asa@example.com' })).toBe(true);
  });

  test('two identifiers that are two users are counted apart, however alike', async () => {
    const protection = protect({ max_attempts: 1 });
    await protection.fail({ identifier: 'ada＠example.com' });
    expect(await protection.isBlocked()).toBe(false);
  });

  test('one place is one address, however it is written', async () => {
    const protection = protect({ max_attempts: 2 });
    await protection.fail({ ip: '::ffff:192.0.2.1' });
    await protection.fail({ ip: '192.0.2.1' });
    expect(await protection.isBlocked()).toBe(true);
  });

  test('PW-20: by identifier from all addresses together: ten times as many a day', async () => {
    const protection = protect({ max_attempts: 2 });
    for (let address = 1; address <= 19; address += 1) await protection.fail({ ip: `192.0.2.${address}` });
    expect(await protection.isBlocked({ ip: '198.51.100.1' })).toBe(false);
    await protection.fail({ ip: '192.0.2.20' });
    expect(await protection.isBlocked({ ip: '198.51.100.1' })).toBe(true);
    expect(await protection.isBlocked({ ip: '198.51.100.1', identifier: 'bob@example.com' })).toBe(false);
    expect(await protection.isBlocked({ ip: '198.51.100.1', now: now + day })).toBe(false);
  });

  test('PW-20: addresses of the allow-list add nothing to the count of all addresses', async () => {
    const protection = protect({ max_attempts: 1, allowlist: ['192.0.2.0/24'] });
    await protection.failTimes(10);
    expect(protection.store.failures.size).toBe(0);
  });

  test('not at all where it is off', async () => {
    const protection = protect({ enabled: false, max_attempts: 1 });
    await protection.fail();
    expect(await protection.isBlocked()).toBe(false);
    expect(protection.store.failures.size).toBe(0);
  });
});

describe('AP-3: a block is lifted', () => {
  test('30 days after the last failure', async () => {
    const protection = protect({ max_attempts: 2 });
    await protection.fail();
    await protection.fail({ now: now + day });
    expect(await protection.isBlocked({ now: now + 31 * day })).toBe(true);
    expect(await protection.isBlocked({ now: now + 31 * day + 1 })).toBe(false);
  });

  test('by a success', async () => {
    const protection = protect({ max_attempts: 2 });
    await protection.failTimes(2);
    await protection.succeed();
    expect(await protection.isBlocked()).toBe(false);
  });
});

test('AP-3: an administrator lifts the blocks of one identifier, at every address', async () => {
  const protection = protect({ max_attempts: 1 });
  for (const ip of ['192.0.2.1', '192.0.2.2']) await protection.fail({ ip });
  await protection.fail({ identifier: 'bob@example.com' });
  expect(await protection.unblock({ identifier: 'ADA@example.com' })).toBe(3);
  for (const ip of ['192.0.2.1', '192.0.2.2']) expect(await protection.isBlocked({ ip }), ip).toBe(false);
  expect(await protection.isBlocked({ identifier: 'bob@example.com' })).toBe(true);
});

describe('§3.5: user-blocks', () => {
  const ada = 'ada@example.com';

  test('tell the networks from which the identifier may not log in', async () => {
    const protection = protect({ max_attempts: 2 });
    await protection.fail({ ip: '192.0.2.9' });
    for (const ip of ['192.0.2.1', '2001:db8::1']) await protection.failTimes(2, { ip });
    expect(await protection.blocks(ada)).toEqual([{ ip: '192.0.2.1' }, { ip: '2001:db8:0:0::/64' }]);
    expect(await protection.blocks('bob@example.com')).toEqual([]);
    expect(await protection.blocks(ada, now + 30 * day + 1)).toEqual([]);
  });

  test('tell of a block at every address, which is of its day', async () => {
    const protection = protect({ max_attempts: 1 });
    for (let address = 1; address <= 10; address += 1) await protection.fail({ ip: `192.0.2.${address}` });
    expect(await protection.blocks(ada)).toContainEqual({ ip: null });
    expect(await protection.blocks(ada, now + day)).not.toContainEqual({ ip: null });
    const locked = protect({ max_attempts: 1, mode: 'count_per_identifier' });
    await locked.fail();
    expect(await locked.blocks(ada)).toEqual([{ ip: null }]);
  });

  test('say nothing of what stops nobody', async () => {
    const before = protect({ max_attempts: 1 });
    await before.failTimes(9);
    for (const settings of [
      { enabled: false },
      { max_attempts: 11 },
      { max_attempts: 1, allowlist: ['192.0.2.0/24'] },
      { max_attempts: 2, mode: 'count_per_identifier' as const },
    ]) {
      expect(await protect(settings).blocks(ada, now, before.store)).toEqual([]);
    }
  });
});

test('AP-4: addresses and networks of the allow-list are exempt', async () => {
  const protection = protect({
    max_attempts: 1,
    allowlist: ['192.0.2.1', '198.51.100.0/24', '2001:db8::/32'],
  });
  for (const ip of ['192.0.2.1', '198.51.100.77', '2001:db8:1::1']) {
    await protection.fail({ ip });
    expect(await protection.isBlocked({ ip }), ip).toBe(false);
  }
  for (const ip of ['192.0.2.2', '198.51.101.1', '2001:db9::1']) {
    await protection.fail({ ip });
    expect(await protection.isBlocked({ ip }), ip).toBe(true);
  }
});

test('AP-4: an address that is exempt stays so in IPv6 clothes', async () => {
  const protection = protect({ max_attempts: 1, allowlist: ['192.0.2.1'] });
  await protection.fail({ ip: '::ffff:192.0.2.1' });
  expect(await protection.isBlocked({ ip: '::ffff:192.0.2.1' })).toBe(false);
});

test('PW-20: what people type stands in no key', async () => {
  const protection = protect();
  await protection.fail({ identifier: 'my secret password' });
  const [key = ''] = protection.store.failures.keys();
  expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/);
});
