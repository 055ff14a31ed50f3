// The two engines that every storage test runs on, each time on a new and empty database.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { UnitOfWork } from '../../packages/server/src/oauth/ports.ts';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { createEncryption } from '../../packages/server/src/runtime/cryptography/encryption.ts';
import { systemRandom } from '../../packages/server/src/runtime/random.ts';
import { type Database, openDatabase } from '../../packages/server/src/storage/database.ts';
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

/** Opens a new database before each test of the surrounding `describe`, and drops it afterwards. */
export function useDatabase(create: () => Promise<EmptyDatabase>): {
  readonly current: OpenedDatabase;
  open(): Promise<OpenedDatabase>;
} {
  let empty: EmptyDatabase;
  let opened: OpenedDatabase[];
  const open = async () => {
    const another = new OpenedDatabase(empty.url, await openDatabase(empty.url));
    opened.push(another);
    return another;
  };
  beforeEach(async () => {
    opened = [];
    empty = await create();
    await open();
  });
  afterEach(async () => {
    for (const { database } of opened) await database.close();
    await empty.drop();
  });
  return {
    get current() {
      return opened[0]!;
    },
    /** The same database once more, as another process would. */
    open,
  };
}
