import { beforeEach, describe, expect, test } from 'vitest';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import { engines, start, useDatabase } from './databases.ts';

const password = { key: 'key', code: 'hashed', tries_left: 3, expires_at: start + 180 };

describe.each(engines)('what is sent to be typed, on $name', ({ create }) => {
  const databases = useDatabase(create);

  beforeEach(() => databases.current.write(({ oneTimePasswords }) => oneTimePasswords.put(password)));

  const takeTry = (now = start) =>
    databases.current.write(({ oneTimePasswords }) => oneTimePasswords.takeTry('key', now));
  const remove = (code = 'hashed') =>
    databases.current.write(({ oneTimePasswords }) => oneTimePasswords.remove({ key: 'key', code }));

  test('PL-3: at most so many comparisons, however many ask at once', async () => {
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeTry()));
    const left = taken.flatMap((row) => (row === undefined ? [] : [row.tries_left]));
    expect(left.sort()).toEqual([0, 1, 2]);
  });

  test('none once it has expired, and none of another key', async () => {
    expect(await takeTry(start + 180)).toBeUndefined();
    expect(
      await databases.current.write(({ oneTimePasswords }) => oneTimePasswords.takeTry('other', start)),
    ).toBeUndefined();
  });

  test('one caller removes it', async () => {
    expect(await remove('another')).toBe(false);
    const removed = await Promise.all(Array.from({ length: 10 }, () => remove()));
    expect(removed.filter(Boolean)).toHaveLength(1);
    expect(await takeTry()).toBeUndefined();
  });

  test('a new one takes the place of the old, with all its tries', async () => {
    await takeTry();
    await databases.current.write(({ oneTimePasswords }) =>
      oneTimePasswords.put({ ...password, code: 'new' }),
    );
    expect(await takeTry()).toEqual({ ...password, code: 'new', tries_left: 2 });
  });

  test('messages are counted up to the limit, however many ask at once', async () => {
    const add = () =>
      databases.current.write(({ messageCounts }) => messageCounts.add('address', 5, start + 3600));
    const counted = await Promise.all(Array.from({ length: 20 }, () => add()));
    expect(counted.filter(Boolean)).toHaveLength(5);
  });

  test('both are swept once they have ended', async () => {
    await databases.current.write(({ messageCounts }) => messageCounts.add('address', 5, start + 3600));
    expect(await sweep(databases.current.database, start + 179, { log_retention_days: 30 })).toBe(0);
    expect(await sweep(databases.current.database, start + 180, { log_retention_days: 30 })).toBe(1);
    expect(await sweep(databases.current.database, start + 3600, { log_retention_days: 30 })).toBe(1);
  });
});
