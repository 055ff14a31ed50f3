import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../packages/server/src/storage/database.ts';
import { DatabaseRefused, DatabaseUnavailable } from '../../packages/server/src/storage/errors.ts';
import type { Database, Executor } from '../../packages/server/src/storage/executor.ts';
import { isSqliteUnavailable } from '../../packages/server/src/storage/sql-dialects.ts';
import { createDatabase } from '../setup/postgres.ts';
import { engines, useDatabase, useNewDatabases } from './databases.ts';

const statement = (sql: string) => ({ sql, parameters: [] });
const insertRole = (executor: Executor, name: string) =>
  executor.changes(statement(`insert into role (id, name) values ('${name}', '${name}')`));
const roles = async (executor: Executor) =>
  (await executor.rows<{ name: string }>(statement('select name from role order by name'))).map(
    ({ name }) => name,
  );

/** Both engines, and the database in memory, which has one connection for everything. */
const all = [
  ...engines,
  { name: 'SQLite in memory', create: async () => ({ url: 'sqlite::memory:', drop: async () => {} }) },
];

describe.each(all)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let database: Database;
  beforeEach(() => {
    database = databases.current.database;
  });

  test('a transaction returns what its work returned, and is committed then', async () => {
    expect(await database.transaction((executor) => insertRole(executor, 'a'))).toBe(1);
    expect(await roles(database.read)).toEqual(['a']);
  });

  test('a transaction whose work throws leaves nothing', async () => {
    const failing = database.transaction(async (executor) => {
      await insertRole(executor, 'a');
      expect(await roles(executor)).toEqual(['a']);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await roles(database.read)).toEqual([]);
  });

  test('transactions of one turn do not harm each other: the failing ones leave nothing', async () => {
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'b'].map((name) =>
        database.transaction(async (executor) => {
          await insertRole(executor, name);
          if (name === 'c') throw new Error('no');
          return name;
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(outcomes[0]).toEqual({ status: 'fulfilled', value: 'a' });
    expect(await roles(database.read)).toEqual(['a', 'b', 'd']);
  });

  test('300 transactions at once are all answered, and all there', async () => {
    const names = Array.from({ length: 300 }, (_, index) => String(index).padStart(3, '0'));
    await Promise.all(names.map((name) => database.transaction((executor) => insertRole(executor, name))));
    expect(await roles(database.read)).toEqual(names);
  });

  test('the outer handle is refused inside a transaction, for reads and for transactions', async () => {
    const reading = database.transaction(() => roles(database.read));
    await expect(reading).rejects.toMatchObject({ name: 'TransactionMisuse' });
    const nesting = database.transaction(() => database.transaction(async () => 1));
    await expect(nesting).rejects.toMatchObject({ name: 'TransactionMisuse' });
    expect(await database.transaction(roles)).toEqual([]);
  });

  test('a statement after the end of its transaction is refused', async () => {
    let kept: Executor | undefined;
    await database.transaction(async (executor) => {
      kept = executor;
    });
    await expect(insertRole(kept!, 'late')).rejects.toMatchObject({ name: 'TransactionMisuse' });
    expect(await roles(database.read)).toEqual([]);
  });

  test('the handle for reads refuses to write', async () => {
    await expect(insertRole(database.read, 'a')).rejects.toMatchObject({ name: 'TransactionMisuse' });
    const returning = `insert into role (id, name) values ('a', 'a') returning id`;
    await expect(database.read.rows(statement(returning))).rejects.toMatchObject({
      name: 'TransactionMisuse',
    });
    expect(await roles(database.read)).toEqual([]);
  });

  test.each([
    ['NUL', 'a\0b'],
    ['half of a surrogate pair', 'a\ud800b'],
    ['undefined', undefined],
    ['a fraction', 0.5],
    ['an object', {}],
  ])('%s is refused before it reaches the database', async (_, value) => {
    const select = { sql: 'select name from role', parameters: [value] };
    await expect(database.read.rows(select)).rejects.toMatchObject({ name: 'UnstorableValue' });
    const inTransaction = database.transaction((executor) => executor.changes(select));
    await expect(inTransaction).rejects.toMatchObject({ name: 'UnstorableValue' });
  });

  test('text is compared byte by byte, whatever the locale', async () => {
    for (const name of ['b', 'B', 'a', 'Ä', '_']) {
      await database.transaction((executor) => insertRole(executor, name));
    }
    expect(await roles(database.read)).toEqual(['B', '_', 'a', 'b', 'Ä']);
  });

  test('a database that answers is told by ping', async () => {
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test('reads of one turn do not harm each other: the failing ones are told so', async () => {
    await database.transaction((executor) => insertRole(executor, 'a'));
    const outcomes = await Promise.allSettled([
      roles(database.read),
      database.read.rows(statement('select nothing from role')),
      roles(database.read),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await roles(database.read)).toEqual(['a']);
  });

  test('closing waits for the transactions that were begun', async () => {
    const last = database.transaction((executor) => insertRole(executor, 'last'));
    const opened = await databases.open();
    await opened.database.transaction((executor) => insertRole(executor, 'other'));
    await opened.database.close();
    expect(await last).toBe(1);
    await expect(opened.database.ping()).rejects.toThrow();
    opened.database.close = async () => {};
  });
});

describe('SQLite', () => {
  const databases = useNewDatabases(engines[0]!.create);

  test('transactions of one turn share a commit, and none is answered before it', async () => {
    const { database, url } = databases.current;
    const outside = new DatabaseSync(url.slice('sqlite:'.length), { readOnly: true });
    const committed = () => outside.prepare('select count(*) as count from role').get()?.count;
    const events: string[] = [];
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        await database.transaction(async (executor) => {
          await insertRole(executor, name);
          events.push(`ran ${name}, committed ${committed()}`);
        });
        events.push(`answered ${name}, committed ${committed()}`);
      }),
    );
    outside.close();
    expect(events).toEqual([
      'ran a, committed 0',
      'ran b, committed 0',
      'ran c, committed 0',
      'answered a, committed 3',
      'answered b, committed 3',
      'answered c, committed 3',
    ]);
  });

  test('a commit that fails is told to the one that made it fail, and the others are committed', async () => {
    const { database } = databases.current;
    const outcomes = await Promise.allSettled([
      database.transaction((executor) => insertRole(executor, 'a')),
      database.transaction(async (executor) => {
        await executor.changes(statement('pragma defer_foreign_keys = on'));
        await executor.changes(statement(`insert into user_role (user_id, role_id) values ('none', 'none')`));
      }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await database.transaction((executor) => insertRole(executor, 'b'));
    expect(await roles(database.read)).toEqual(['a', 'b']);
  });

  test('closing waits for the reads that were asked for', async () => {
    const opened = await databases.open();
    const reading = roles(opened.database.read);
    await opened.database.close();
    expect(await reading).toEqual([]);
    opened.database.close = async () => {};
  });

  test('reads see no transaction in progress, and all that was answered as committed before', async () => {
    const { database } = databases.current;
    const found: string[][] = [];
    for (const name of ['a', 'b']) {
      const begun = Promise.withResolvers<void>();
      const readDuring = Promise.withResolvers<void>();
      const writing = database.transaction(async (executor) => {
        await insertRole(executor, name);
        begun.resolve();
        await readDuring.promise;
      });
      await begun.promise;
      found.push(await roles(database.read).finally(readDuring.resolve));
      await writing;
      found.push(await roles(database.read));
    }
    expect(found).toEqual([[], ['a'], ['a'], ['a', 'b']]);
  });

  test('a full disk is DatabaseUnavailable, and what fits is stored afterwards', async () => {
    const { database } = databases.current;
    const limit = (pages: string) =>
      database.transaction((executor) => executor.rows(statement(`pragma max_page_count = ${pages}`)));
    await limit('1');
    const filling = database.transaction((executor) => insertRole(executor, 'x'.repeat(100_000)));
    await expect(filling).rejects.toBeInstanceOf(DatabaseUnavailable);
    await limit('1000000');
    await database.transaction((executor) => insertRole(executor, 'a'));
    expect(await roles(database.read)).toEqual(['a']);
  });

  test('a database that another process keeps locked is unavailable', async () => {
    const path = databases.current.url.slice('sqlite:'.length);
    const [holder, waiter] = [new DatabaseSync(path), new DatabaseSync(path, { timeout: 0 })];
    holder.exec('begin immediate');
    let refusal: unknown;
    try {
      waiter.exec('begin immediate');
    } catch (error) {
      refusal = error;
    }
    holder.close();
    waiter.close();
    expect(isSqliteUnavailable(refusal)).toBe(true);
    expect(isSqliteUnavailable(new Error('anything else'))).toBe(false);
  });

  test('every commit is flushed: WAL with synchronous = FULL, and foreign keys hold', async () => {
    const pragma = (name: string) =>
      databases.current.database.transaction((executor) => executor.rows(statement(`pragma ${name}`)));
    expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }]);
    expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }]);
    expect(await pragma('trusted_schema')).toEqual([{ trusted_schema: 0 }]);
    expect(await pragma('busy_timeout')).toEqual([{ timeout: 5000 }]);
  });
});

describe('a new SQLite file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'freehold-storage-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is readable by its owner alone, in a folder of the same kind', async () => {
    const database = await openDatabase(`sqlite:${join(folder, 'new/data/freehold.db')}`);
    const mode = async (path: string) => ((await stat(join(folder, path))).mode & 0o777).toString(8);
    const modes = [
      'new/data',
      'new/data/freehold.db',
      'new/data/freehold.db-wal',
      'new/data/freehold.db-shm',
    ];
    expect(await Promise.all(modes.map(mode))).toEqual(['700', '600', '600', '600']);
    await database.close();
  });

  test.each(['', 'sqlite:', 'mysql://localhost/', 'file.db'])('no database is opened for %j', async (url) => {
    await expect(openDatabase(url)).rejects.toBeInstanceOf(DatabaseRefused);
  });

  test('where a file cannot be, none is opened', async () => {
    await expect(openDatabase(`sqlite:${folder}`)).rejects.toThrow();
  });
});

describe('PostgreSQL', () => {
  const databases = useNewDatabases(createDatabase);
  const administrate = async (sql: string, database = 'postgres') => {
    const url = new URL(databases.current.url);
    url.pathname = database;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };

  test('two transactions that wait for each other are both done: one is run again', async () => {
    const { database } = databases.current;
    await database.transaction(async (executor) => {
      for (const name of ['a', 'b']) await insertRole(executor, name);
    });
    const meeting = Promise.withResolvers<void>();
    let arrived = 0;
    let runs = 0;
    const lockBoth = (first: string, second: string) =>
      database.transaction(async (executor) => {
        runs += 1;
        const mark = `update role set description = coalesce(description, '') || '${first}' where id =`;
        await executor.changes(statement(`${mark} '${first}'`));
        arrived += 1;
        if (arrived === 2) meeting.resolve();
        await meeting.promise;
        await executor.changes(statement(`${mark} '${second}'`));
      });
    await Promise.all([lockBoth('a', 'b'), lockBoth('b', 'a')]);
    expect(runs).toBeGreaterThan(2);
    const rows = await database.read.rows<{ description: string }>(statement('select description from role'));
    expect(rows.map(({ description }) => [...description].toSorted().join(''))).toEqual(['ab', 'ab']);
  });

  test('a transaction that never serializes is unavailable after five attempts', async () => {
    const { database } = databases.current;
    let runs = 0;
    const failing = database.transaction(async (executor) => {
      runs += 1;
      await executor.changes(statement(`do $$ begin raise exception using errcode = '40001'; end $$`));
    });
    await expect(failing).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(runs).toBe(5);
  });

  test('a transaction that swallows the failure of a statement is not taken for committed', async () => {
    const { database } = databases.current;
    const swallowing = database.transaction(async (executor) => {
      await insertRole(executor, 'a');
      await insertRole(executor, 'a').catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ name: 'TransactionMisuse' });
    expect(await roles(database.read)).toEqual([]);
  });

  test('connections that are cut make DatabaseUnavailable, and the next request is served', async () => {
    const { database, url } = databases.current;
    const name = new URL(url).pathname.slice(1);
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    const cutOff = database.transaction(async (executor) => {
      await insertRole(executor, 'a');
      await administrate(cut);
      await insertRole(executor, 'b');
    });
    await expect(cutOff).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(await roles(database.read)).toEqual([]);
    expect(await database.transaction((executor) => insertRole(executor, 'c'))).toBe(1);
  });

  test('a server that is not there is refused at the start, by its name and without its password', async () => {
    await expect(openDatabase('postgres://nobody:secret@127.0.0.1:1/none')).rejects.toThrow(
      new DatabaseRefused(
        'The database postgres://127.0.0.1:1/none cannot be opened: connect ECONNREFUSED 127.0.0.1:1. ' +
          'Check DATABASE_URL.',
      ),
    );
  });

  test('synchronous_commit = off is refused at the start', async () => {
    const name = new URL(databases.current.url).pathname.slice(1);
    await administrate(`alter database ${name} set synchronous_commit = off`);
    await expect(openDatabase(databases.current.url)).rejects.toBeInstanceOf(DatabaseRefused);
  });

  test('counts and bigints are numbers', async () => {
    const [row] = await databases.current.database.read.rows(
      statement('select count(*) as count, 9007199254740991::bigint as largest from role'),
    );
    expect(row).toEqual({ count: 0, largest: Number.MAX_SAFE_INTEGER });
  });
});
