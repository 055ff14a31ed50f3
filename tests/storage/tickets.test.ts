import { beforeEach, describe, expect, test } from 'vitest';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import { connection, identity, insertClientAndUser, ticket } from './builders.ts';
import { engines, start, useDatabase } from './databases.ts';

describe.each(engines)('tickets on $name', ({ create }) => {
  const databases = useDatabase(create);
  const write: typeof databases.current.write = (work) => databases.current.write(work);

  beforeEach(async () => {
    await insertClientAndUser(databases.current);
    await write(({ tickets }) => tickets.insert(ticket()));
  });

  const redeem = (purpose: 'password_change' | 'email_verification' = 'password_change', now = start) =>
    write(({ tickets }) => tickets.redeem('ticket-1', purpose, now));

  test('EM-2: a ticket is redeemed once, whoever asks', async () => {
    const redeemed = await Promise.all(Array.from({ length: 20 }, () => redeem()));
    expect(redeemed.filter((found) => found !== undefined)).toEqual([ticket({ used_at: start })]);
    expect(await write(({ tickets }) => tickets.find('ticket-1', 'password_change', start))).toBeUndefined();
  });

  test('a ticket is good for its purpose and until its end', async () => {
    expect(await redeem('email_verification')).toBeUndefined();
    expect(await redeem('password_change', start + 432_000)).toBeUndefined();
    expect(await redeem('password_change', start + 432_000 - 1)).toBeDefined();
  });

  test('those of one user and one purpose are deleted together', async () => {
    await write(({ tickets }) => tickets.insert(ticket({ hash: 'ticket-2', purpose: 'email_verification' })));
    await write(({ tickets }) => tickets.deleteAllOf('auth0|1', 'password_change'));
    expect(await redeem()).toBeUndefined();
    const other = await write(({ tickets }) => tickets.find('ticket-2', 'email_verification', start));
    expect(other).toBeDefined();
  });

  test('what has expired is swept', async () => {
    expect(await sweep(databases.current.database, start + 432_000 - 1, { log_retention_days: 30 })).toBe(0);
    expect(await sweep(databases.current.database, start + 432_000, { log_retention_days: 30 })).toBe(1);
  });

  test('AT-14, EM-4: a password that is changed raises the epoch', async () => {
    await write(({ identities }) => identities.changePassword(identity(), 'another', start + 5, 0));
    const found = await write(({ users }) => users.findByIdentifier(connection().id, 'ada@example.com'));
    expect(found).toMatchObject({
      password_hash: 'another',
      user: { epoch: 1, email_verified: false, last_password_reset: start + 5 },
    });
  });

  test('password_history: of the hashes so far as many are kept as are asked for', async () => {
    const change = (hash: string, history: number, now: number) =>
      write(({ identities }) => identities.changePassword(identity(), hash, now, history));
    const hashes = () => write(({ identities }) => identities.listPasswordHashes(identity(), 10));
    for (const [index, hash] of ['a', 'b', 'c', 'd'].entries()) await change(hash, 3, start + index);
    expect(await hashes()).toEqual(['d', 'c', 'b']);
    expect(await write(({ identities }) => identities.listPasswordHashes(identity(), 2))).toEqual(['d', 'c']);
    await change('e', 0, start + 9);
    expect(await hashes()).toEqual(['e']);
  });

  test('an address is verified as long as it is the user’s', async () => {
    const verify = (email: string) =>
      write(({ identities }) => identities.verifyEmail(identity(), email, start));
    expect([await verify('other@example.com'), await verify('ada@example.com')]).toEqual([false, true]);
  });
});
