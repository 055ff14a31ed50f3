// SQLite on node:sqlite: one connection writes; while it does, another reads, so that reads never see a transaction in
// progress.
// Transactions asked for at once share one commit, and thereby one flush to the disk; reads share one transaction, and
// thereby the locks of the write-ahead log, which cost more than most reads.
import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseRefused, DatabaseUnavailable, TransactionMisuse } from '../errors.ts';
import {
  assertOutsideTransaction,
  assertRead,
  type Database,
  type Executor,
  refuseChanges,
  runInsideTransaction,
  type Statement,
} from '../executor.ts';
import { isSqliteUnavailable } from '../sql-dialects.ts';
import { Batches, type Limits } from './batches.ts';
import { Connection } from './sqlite-connection.ts';

/** Those that share one commit. */
const transactions: Limits = { largest: 64, mostTurns: 4 };
/** Those that share one transaction: fewer, because what each found is held until all are answered. */
const reads: Limits = { largest: 16, mostTurns: 1 };

export function openSqlite(path: string): Database {
  try {
    if (path === ':memory:') return new SqliteDatabase(new Connection(path, false), undefined);
    createPrivateFile(path);
    // The writer comes first: it makes the write-ahead log that a read-only connection needs.
    return new SqliteDatabase(new Connection(path, false), new Connection(path, true));
  } catch (error) {
    throw translated(error);
  }
}

/** Its companions -wal and -shm take their permissions from it. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  try {
    // Asked of the open file, not of its name. Windows keeps no such bits.
    const readableByOthers = (fstatSync(file).mode & 0o077) !== 0;
    if (readableByOthers && process.platform !== 'win32') {
      throw new DatabaseRefused(`The database ${path} is open to other users. Run: chmod 600 '${path}'*`);
    }
  } finally {
    closeSync(file);
  }
}

function translated(error: unknown): unknown {
  return isSqliteUnavailable(error) ? new DatabaseUnavailable(error) : error;
}

class SqliteExecutor implements Executor {
  readonly engine = 'sqlite';
  readonly #connection: Connection;
  #ended = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    this.#assertOpen();
    return this.#connection.rows<Row>(statement);
  }

  async changes(statement: Statement): Promise<number> {
    this.#assertOpen();
    return this.#connection.changes(statement);
  }

  end(): void {
    this.#ended = true;
  }

  #assertOpen(): void {
    if (this.#ended) throw new TransactionMisuse('The transaction has ended');
  }
}

/** A transaction that waits for its turn. */
interface Job {
  run(): Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

class SqliteDatabase implements Database {
  readonly engine = 'sqlite';
  readonly read: Executor;
  readonly #writer: Connection;
  readonly #reader: Connection | undefined;
  readonly #transactions = new Batches<Job>((batch) => this.#commit(batch), transactions);
  readonly #reads: ReadingExecutor | undefined;

  constructor(writer: Connection, reader: Connection | undefined) {
    this.#writer = writer;
    this.#reader = reader;
    this.#reads = reader && new ReadingExecutor(reader, writer);
    this.read = this.#reads ?? new QueueingExecutor(this);
  }

  transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    assertOutsideTransaction();
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#transactions.add({
        run: async () => {
          const executor = new SqliteExecutor(this.#writer);
          try {
            result = await runInsideTransaction(() => work(executor));
          } finally {
            executor.end();
          }
        },
        resolve: () => resolve(result),
        reject: (error) => reject(translated(error)),
      });
    });
  }

  async ping(): Promise<void> {
    try {
      (this.#reader ?? this.#writer).rows({ sql: 'select 1', parameters: [] });
    } catch (error) {
      throw translated(error);
    }
  }

  async close(): Promise<void> {
    await this.#transactions.idle();
    await this.#reads?.idle();
    this.#reader?.close();
    this.#writer.close();
  }

  async #commit(batch: Job[]): Promise<void> {
    try {
      this.#writer.execute('begin immediate');
      for (const job of batch) await job.run();
      this.#writer.execute('commit');
    } catch (error) {
      this.#writer.rollback();
      await this.#afterFailure(batch, error);
      return;
    }
    for (const job of batch) job.resolve();
  }

  /**
   * Nobody has been answered yet. Who failed alone is told so; where one failed among others each runs again by
   * itself. A savepoint for each would spare that, but costs each half of its work again.
   */
  async #afterFailure(batch: Job[], error: unknown): Promise<void> {
    if (batch.length > 1 && !isSqliteUnavailable(error)) {
      for (const job of batch) await this.#commit([job]);
    } else {
      for (const job of batch) job.reject(error);
    }
  }
}

/** A read that waits for its turn. */
interface Read {
  run(connection: Connection): void;
  reject(error: unknown): void;
}

/** Reads never see a transaction in progress. */
class ReadingExecutor implements Executor {
  readonly engine = 'sqlite';
  readonly changes = refuseChanges;
  readonly #reader: Connection;
  readonly #writer: Connection;
  readonly #reads = new Batches<Read>((batch) => this.#run(batch), reads);

  constructor(reader: Connection, writer: Connection) {
    this.#reader = reader;
    this.#writer = writer;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    assertRead(statement);
    return new Promise<Row[]>((resolve, reject) => {
      this.#reads.add({ run: (connection) => resolve(connection.rows<Row>(statement)), reject });
    });
  }

  idle(): Promise<void> {
    return this.#reads.idle();
  }

  async #run(batch: Read[]): Promise<void> {
    // Between transactions the writer reads cheaper: what it wrote itself it has not to read from the disk again.
    const connection = this.#writer.isInTransaction ? this.#reader : this.#writer;
    try {
      connection.execute('begin');
      for (const read of batch) runAlone(read, connection);
      connection.execute('commit');
    } catch (error) {
      connection.rollback();
      // Those that were answered stay so.
      for (const { reject } of batch) reject(translated(error));
    }
  }
}

/** A read that fails fails for itself. */
function runAlone({ run, reject }: Read, connection: Connection): void {
  try {
    run(connection);
  } catch (error) {
    reject(translated(error));
  }
}

/** A database in memory has one connection: reads wait for the batch in progress. */
class QueueingExecutor implements Executor {
  readonly engine = 'sqlite';
  readonly changes = refuseChanges;
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    assertRead(statement);
    return this.#database.transaction((executor) => executor.rows<Row>(statement));
  }
}
