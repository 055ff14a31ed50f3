import { beforeEach, describe, expect, test } from 'vitest';
import type { LogType } from '../../packages/server/src/model/events.ts';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import { identity, insertClientAndUser, requester, user } from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

const day = 86_400;
const midnight = Math.floor(start / day) * day;
const month = { log_retention_days: 30 };

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
    opened.clock.advance(midnight - opened.clock.now());
  });

  async function happen(at: number, ...types: LogType[]): Promise<void> {
    opened.clock.advance(at - opened.clock.now());
    await opened.write(async ({ log }) => {
      for (const type of types) await log.write({ type }, requester);
    });
  }

  async function told(from = 0, to = opened.clock.now()): Promise<number[][]> {
    const days = await opened.read.statistics.listDays(from, to, opened.clock.now());
    return days.map(({ date, logins, signups }) => [(date - midnight) / day, logins, signups]);
  }

  async function rowsOf(table: string): Promise<number> {
    const sql = `select count(*) as count from ${table}`;
    const [row] = await opened.database.read.rows<{ count: number }>({ sql, parameters: [] });
    return Number(row?.count);
  }

  test('days are those of UTC, and only such on which somebody logged in or signed up', async () => {
    await happen(midnight, 's', 'ss', 'f', 'fp', 'slo', 'sapi');
    await happen(midnight + day - 1, 's');
    await happen(midnight + day, 's');
    await happen(midnight + 4 * day, 'ss', 'ss');
    const all = [
      [0, 2, 1],
      [1, 1, 0],
      [4, 0, 2],
    ];
    expect(await told()).toEqual(all);
    expect(await told(midnight + day, midnight + day)).toEqual([[1, 1, 0]]);
    expect(await told(midnight + 2 * day, midnight + 3 * day)).toEqual([]);
    await sweep(opened.database, opened.clock.now(), month);
    expect([await told(), await rowsOf('daily_statistic')]).toEqual([all, 2]);
    expect(await told(midnight + day)).toEqual(all.slice(1));
  });

  test('a day is kept when it is over, and no earlier', async () => {
    await happen(midnight + 60, 's');
    await sweep(opened.database, midnight + day + 599, month);
    expect(await rowsOf('daily_statistic')).toBe(0);
    await happen(midnight + day - 1, 's');
    await sweep(opened.database, midnight + day + 600, month);
    expect([await rowsOf('daily_statistic'), await told()]).toEqual([1, [[0, 2, 0]]]);
  });

  test('what was counted stays when its entries go; none goes before it was counted', async () => {
    await happen(midnight + 60, 's', 'ss');
    await happen(midnight + day + 60, 's');
    const shortest = { log_retention_days: 1 };
    // The first day is over, the second has just begun to be older than a day.
    await sweep(opened.database, midnight + 2 * day + 120, shortest);
    expect(await rowsOf('log')).toBe(1);
    await sweep(opened.database, midnight + 3 * day, shortest);
    expect(await rowsOf('log')).toBe(0);
    opened.clock.advance(2 * day);
    expect(await told()).toEqual([
      [0, 1, 1],
      [1, 1, 0],
    ]);
  });

  test('two processes that sweep at once count once', async () => {
    const other = await databases.open();
    await happen(midnight, 's', 's');
    const later = midnight + 2 * day;
    await Promise.all([opened, other].map(({ database }) => sweep(database, later, month)));
    expect(await told(0, later)).toEqual([[0, 2, 0]]);
    expect(await rowsOf('daily_statistic')).toBe(1);
  });

  test('active users are those who have logged in since', async () => {
    for (const id of ['auth0|2', 'auth0|3']) {
      const email = `${id}@example.com`;
      await opened.write(({ users }) =>
        users.insert(user({ user_id: id, email }), identity({ owner: id, user_id: id, email }), null),
      );
    }
    expect(await opened.read.statistics.countActiveUsers(0)).toBe(0);
    await opened.write(({ users }) => users.recordLogin('auth0|1', start, '192.0.2.1'));
    await opened.write(({ users }) => users.recordLogin('auth0|2', start + 10, '192.0.2.1'));
    expect(await opened.read.statistics.countActiveUsers(start)).toBe(2);
    expect(await opened.read.statistics.countActiveUsers(start + 1)).toBe(1);
  });
});
