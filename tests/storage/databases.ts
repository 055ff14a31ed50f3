// The two engines that every storage test runs on, always on an empty database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { UnitOfWork } from '../../packages/server/src/oauth/ports.ts';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { createEncryption } from '../../packages/server/src/runtime/cryptography/encryption.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import { type Database, openDatabase } from '../../packages/server/src/storage/database.ts';
import { openPostgres } from '../../packages/server/src/storage/engines/postgres.ts';
import { openSqlite } from '../../packages/server/src/storage/engines/sqlite.ts';
import { migrate } from '../../packages/server/src/storage/migrate.ts';
import { type Migration, migrations } from '../../packages/server/src/storage/migrations/index.ts';
import { sqlDialects } from '../../packages/server/src/storage/sql-dialects.ts';
import { createUnitOfWork, type Stores } from '../../packages/server/src/storage/unit-of-work.ts';
import { createDatabase } from '../setup/postgres.ts';

export interface EmptyDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

async function createFile(): Promise<EmptyDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'freehold-storage-'));
  return {
    url: `sqlite:${join(folder, 'freehold.db')}`,
    drop: () => rm(folder, { recursive: true }),
  };
}

export const engines: readonly { name: string; create: () => Promise<EmptyDatabase> }[] = [
  { name: 'SQLite', create: createFile },
  { name: 'PostgreSQL', create: createDatabase },
];

export const start = 1_800_000_000;
export const encryption = createEncryption(Buffer.alloc(32, 7));

export class OpenedDatabase {
  readonly url: string;
  readonly database: Database;
  readonly clock = new TurnableClock(start);
  readonly unit: UnitOfWork<Stores>;

  constructor(url: string, database: Database) {
    this.url = url;
    this.database = database;
    this.unit = createUnitOfWork(database, { encryption, clock: this.clock, random: systemRandom });
  }

  get read(): Stores {
    return this.unit.read;
  }

  write<T>(work: (stores: Stores) => Promise<T>): Promise<T> {
    return this.unit.transaction(work);
  }
}

export interface FormerDatabase {
  run(sql: string): Promise<unknown>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  migrate(): Promise<void>;
  drop(): Promise<void>;
}

class Databases {
  readonly #create: () => Promise<EmptyDatabase>;
  #empty!: EmptyDatabase;
  #opened: OpenedDatabase[] = [];

  constructor(create: () => Promise<EmptyDatabase>) {
    this.#create = create;
  }

  get current(): OpenedDatabase {
    return this.#opened[0]!;
  }

  /** The same database once more, as another process would. */
  async open(): Promise<OpenedDatabase> {
    const another = new OpenedDatabase(this.#empty.url, await openDatabase(this.#empty.url));
    this.#opened.push(another);
    return another;
  }

  async begin(): Promise<void> {
    this.#empty = await this.#create();
    await this.open();
  }

  /** Leaves one handle, on no rows, with the clock and the caches of a start. */
  async empty(): Promise<void> {
    const { url, database } = this.current;
    for (const other of this.#opened.slice(1)) await other.database.close();
    await deleteRows(database);
    this.#opened = [new OpenedDatabase(url, database)];
  }

  async end(): Promise<void> {
    for (const { database } of this.#opened) await database.close();
    this.#opened = [];
    await this.#empty.drop();
  }
}

/** One database for all tests of the surrounding `describe`, emptied after each of them. */
export function useDatabase(create: () => Promise<EmptyDatabase>): Databases {
  const databases = new Databases(create);
  beforeAll(() => databases.begin());
  afterEach(() => databases.empty());
  afterAll(() => databases.end());
  return databases;
}

/** A new database for each test of the surrounding `describe`: for those that leave more than rows behind. */
export function useNewDatabases(create: () => Promise<EmptyDatabase>): Databases {
  const databases = new Databases(create);
  beforeEach(() => databases.begin());
  afterEach(() => databases.end());
  return databases;
}

/** As a server left it that knew no migration from `first` on; `migrate` brings it to today. */
export async function databaseBefore(
  first: Migration,
  create: () => Promise<EmptyDatabase>,
): Promise<FormerDatabase> {
  const empty = await create();
  const database = empty.url.startsWith('sqlite:')
    ? openSqlite(empty.url.slice('sqlite:'.length))
    : await openPostgres(empty.url, undefined);
  const dialect = sqlDialects[database.engine];
  const run = (sql: string) => database.transaction((executor) => executor.changes({ sql, parameters: [] }));
  await run(`create table migration (name ${dialect.text} primary key) ${dialect.tableOptions}`);
  for (const { name, statements } of migrations.slice(0, migrations.indexOf(first))) {
    for (const statement of statements(dialect)) await run(statement);
    await run(`insert into migration (name) values ('${name}')`);
  }
  return {
    run,
    rows: (sql) => database.read.rows({ sql, parameters: [] }),
    migrate: () => migrate(database),
    async drop() {
      await database.close();
      await empty.drop();
    },
  };
}

/** In one transaction, whichever rows point to which; the migrations stay applied. */
async function deleteRows(database: Database): Promise<void> {
  await database.transaction(async (executor) => {
    const { list, hold } = tablesOf[executor.engine];
    await executor.rows({ sql: hold, parameters: [] });
    const tables = await executor.rows<{ name: string }>({ sql: list, parameters: [] });
    for (const { name } of tables) await executor.changes({ sql: `delete from "${name}"`, parameters: [] });
  });
}

const tablesOf = {
  sqlite: {
    list: `select name from sqlite_schema where type = 'table' and name <> 'migration'`,
    hold: 'pragma defer_foreign_keys = on',
  },
  postgres: {
    list: `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`,
    hold: 'set local session_replication_role = replica',
  },
};
