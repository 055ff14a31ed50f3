import { describe, expect, test } from 'vitest';
import type { UsedIdentifier } from '../../packages/server/src/oauth/ports.ts';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import { engines, start, useDatabase } from './databases.ts';

const identifier: UsedIdentifier = {
  purpose: 'client_assertion',
  id: ['spa', 'jti-1'],
  now: start,
  until: start + 60,
};

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  const claimOnce = (differs: Partial<UsedIdentifier> = {}, at = databases.current) =>
    at.write(({ usedIdentifiers }) => usedIdentifiers.claimOnce({ ...identifier, ...differs }));
  const claimFor = (presented: string, differs: Partial<UsedIdentifier> = {}, at = databases.current) =>
    at.write(({ usedIdentifiers }) => usedIdentifiers.claimFor({ ...identifier, ...differs }, presented));

  test('an identifier is claimed once', async () => {
    expect(await claimOnce()).toBe(true);
    expect(await claimOnce()).toBe(false);
    expect(await claimFor('anything')).toBe(false);
  });

  test('another purpose, another owner and another identifier are others; their parts do not run together', async () => {
    expect(await claimOnce()).toBe(true);
    expect(await claimOnce({ purpose: 'dpop_proof' })).toBe(true);
    expect(await claimOnce({ id: ['other', 'jti-1'] })).toBe(true);
    expect(await claimOnce({ id: ['spa', 'jti-2'] })).toBe(true);
    expect(await claimOnce({ id: ['spajti-1'] })).toBe(true);
    expect(await claimOnce({ id: ['sp', 'ajti-1'] })).toBe(true);
  });

  test('DP-11: claimed for a value it is good for that value again, and for no other', async () => {
    expect(await claimFor('code-1')).toBe(true);
    expect(await claimFor('code-1')).toBe(true);
    expect(await claimFor('code-2')).toBe(false);
    expect(await claimOnce()).toBe(false);
  });

  test('of 50 claims at once, through two handles, one succeeds', async () => {
    const handles = [databases.current, await databases.open()];
    const once = Array.from({ length: 50 }, (_, n) => claimOnce({}, handles[n % 2]!));
    expect((await Promise.all(once)).filter(Boolean)).toHaveLength(1);
    const differing = Array.from({ length: 50 }, (_, n) =>
      claimFor(`code-${n}`, { purpose: 'dpop_proof' }, handles[n % 2]!),
    );
    expect((await Promise.all(differing)).filter(Boolean)).toHaveLength(1);
  });

  test('a claim that is rolled back is none', async () => {
    const failing = databases.current.write(async ({ usedIdentifiers }) => {
      await usedIdentifiers.claimOnce(identifier);
      throw new Error('later');
    });
    await expect(failing).rejects.toThrow('later');
    expect(await claimOnce()).toBe(true);
  });

  test('it is free again from its end on, swept or not', async () => {
    await claimOnce();
    expect(await claimOnce({ now: start + 59 })).toBe(false);
    expect(await claimOnce({ now: start + 60, until: start + 120 })).toBe(true);
    expect(await claimOnce({ now: start + 119 })).toBe(false);
    const { database } = databases.current;
    expect(await sweep(database, start + 119, { log_retention_days: 1 })).toBe(0);
    expect(await sweep(database, start + 120, { log_retention_days: 1 })).toBe(1);
    expect(await claimOnce()).toBe(true);
  });
});
