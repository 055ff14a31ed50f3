// PostgreSQL on pg: a pool of connections, READ COMMITTED, transactions run again when PostgreSQL asks for it.
import pg from 'pg';
import type { DatabaseLog } from '../database.ts';
import { DatabaseRefused, DatabaseUnavailable, TransactionMisuse } from '../errors.ts';
import {
  assertOutsideTransaction,
  assertRead,
  type Database,
  type Executor,
  refuseChanges,
  runInsideTransaction,
  type Statement,
  storable,
} from '../executor.ts';
import { isPostgresRetryable, isPostgresUnavailable } from '../sql-dialects.ts';

const mostConnections = 10;
/** Milliseconds, both. */
const connectionTimeout = 5000;
const statementTimeout = 10_000;
/** Of one transaction. */
const mostAttempts = 5;

/** Its oid. */
const bigintType = 20;
/** `bigint`, and with it `count`, fits a number: points in time, lifetimes and counters do. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === bigintType && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
};

export async function openPostgres(url: string, log: DatabaseLog | undefined): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'freehold',
    max: mostConnections,
    connectionTimeoutMillis: connectionTimeout,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: statementTimeout,
    keepAlive: true,
    types,
  });
  // Without listeners an error of a connection ends the process: of one that a transaction holds, between two
  // statements, and of one that nobody uses. The next statement fails, or the pool makes another connection.
  pool.on('connect', (client) => {
    client.on('error', (err) => log?.warn({ err }, 'a connection to the database was lost'));
  });
  pool.on('error', () => undefined);
  const database = new PostgresDatabase(pool);
  try {
    await assertFit(database);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return database;
}

async function assertFit(database: Database): Promise<void> {
  const [found] = await database.read.rows<{ synchronous_commit: string; server_encoding: string }>({
    sql: `select current_setting('synchronous_commit') as synchronous_commit,
      current_setting('server_encoding') as server_encoding`,
    parameters: [],
  });
  if (found?.synchronous_commit === 'off') {
    throw new DatabaseRefused(
      'PostgreSQL runs with synchronous_commit = off: a crash would lose what was answered. ' +
        'Set it to on for this database: alter database … set synchronous_commit = on',
    );
  }
  if (found?.server_encoding !== 'UTF8') {
    throw new DatabaseRefused(
      `The PostgreSQL database is encoded in ${found?.server_encoding}; it must be UTF8`,
    );
  }
}

function translated(error: unknown): unknown {
  // What PostgreSQL did not say itself comes from the connection to it.
  const isAnswer = error instanceof pg.DatabaseError;
  if (isAnswer && !isPostgresUnavailable(error.code ?? '')) return error;
  return new DatabaseUnavailable(error);
}

interface Queryable {
  query(query: pg.QueryConfig): Promise<pg.QueryResult>;
}

async function query(queryable: Queryable, { sql, name, parameters }: Statement): Promise<pg.QueryResult> {
  const values = storable(parameters);
  try {
    return await queryable.query(name === undefined ? { text: sql, values } : { text: sql, values, name });
  } catch (error) {
    throw translated(error);
  }
}

class PostgresExecutor implements Executor {
  readonly engine = 'postgres';
  readonly #client: Queryable;
  #ended = false;

  constructor(client: Queryable) {
    this.#client = client;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    this.#assertOpen();
    return (await query(this.#client, statement)).rows;
  }

  async changes(statement: Statement): Promise<number> {
    this.#assertOpen();
    return (await query(this.#client, statement)).rowCount ?? 0;
  }

  end(): void {
    this.#ended = true;
  }

  #assertOpen(): void {
    if (this.#ended) throw new TransactionMisuse('The transaction has ended');
  }
}

class ReadingExecutor implements Executor {
  readonly engine = 'postgres';
  readonly changes = refuseChanges;
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async rows<Row>(statement: Statement): Promise<Row[]> {
    assertRead(statement);
    return (await query(this.#pool, statement)).rows;
  }
}

class PostgresDatabase implements Database {
  readonly engine = 'postgres';
  readonly read: Executor;
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
    this.read = new ReadingExecutor(pool);
  }

  async transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    assertOutsideTransaction();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        const mayBeRunAgain = error instanceof pg.DatabaseError && isPostgresRetryable(error.code ?? '');
        if (!mayBeRunAgain) throw error;
        if (attempt === mostAttempts) throw new DatabaseUnavailable(error);
      }
    }
  }

  async ping(): Promise<void> {
    await query(this.#pool, { sql: 'select 1', parameters: [] });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #attempt<T>(work: (executor: Executor) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    const executor = new PostgresExecutor(client);
    let isBroken = true;
    try {
      await query(client, { sql: 'begin', parameters: [] });
      const result = await runInsideTransaction(() => work(executor));
      executor.end();
      await commit(client);
      isBroken = false;
      return result;
    } catch (error) {
      executor.end();
      isBroken = error instanceof DatabaseUnavailable || !(await rollback(client));
      throw error;
    } finally {
      client.release(isBroken);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw new DatabaseUnavailable(error);
    }
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await query(client, { sql: 'commit', parameters: [] });
  // PostgreSQL answers ROLLBACK when a statement had failed before, whoever caught that failure.
  if (command !== 'COMMIT') throw new TransactionMisuse('A statement had failed; nothing was committed');
}

/** False if the connection cannot be used again. */
async function rollback(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return true;
  } catch {
    return false;
  }
}
