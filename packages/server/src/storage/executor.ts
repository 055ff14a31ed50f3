// What runs statements: one transaction, or the connection for reads outside transactions. Stores are given one and
// know nothing else of the database. Kysely builds statements and never runs them, so that no statement can leave
// the transaction it belongs to.
import { AsyncLocalStorage } from 'node:async_hooks';
import { TransactionMisuse, UnstorableValue } from './errors.ts';
import { type Engine, type LockName, sqlDialects } from './sql-dialects.ts';

export type Parameter = string | number | null;

/** SQL text and its parameters. `name` is given to the statements that come again and again, and is one per text. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly name?: string;
}

export interface Executor {
  readonly engine: Engine;
  /** The rows that a `select` finds, or that `returning` returns. */
  rows<Row>(statement: Statement): Promise<Row[]>;
  /** How many rows an `insert`, `update` or `delete` changed. */
  changes(statement: Statement): Promise<number>;
}

export interface Database {
  readonly engine: Engine;
  /** For reads outside transactions: sees only what is committed, and refuses to write. */
  readonly read: Executor;
  /**
   * Commits when `work` returns, and only then resolves; rolls back when it throws. `work` may be run again from
   * the start, so it changes nothing but the database.
   * Throws DatabaseUnavailable.
   */
  transaction<T>(work: (executor: Executor) => Promise<T>): Promise<T>;
  /** Throws DatabaseUnavailable. */
  ping(): Promise<void>;
  /** Finishes the transactions that were begun. */
  close(): Promise<void>;
}

/** The parameters as both engines take them; the last fence before a database. */
export function storable(parameters: readonly unknown[]): Parameter[] {
  const values: Parameter[] = new Array(parameters.length);
  for (let index = 0; index < parameters.length; index++) values[index] = storableValue(parameters[index]);
  return values;
}

function storableValue(value: unknown): Parameter {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new UnstorableValue('A string with a NUL cannot be stored');
    if (!value.isWellFormed())
      throw new UnstorableValue('A string with half a surrogate pair cannot be stored');
    return value;
  }
  if (value === null || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  throw new UnstorableValue(`A value of type ${typeof value} that is neither text, integer nor null`);
}

/** Nobody else, in any process, holds the lock until this transaction ends. */
export async function acquireLock(executor: Executor, name: LockName): Promise<void> {
  const sql = sqlDialects[executor.engine].lock(name);
  if (sql !== undefined) await executor.rows({ sql, parameters: [] });
}

/** Set while the work of a transaction runs, in everything it calls. */
const insideTransaction = new AsyncLocalStorage<true>();

export function runInsideTransaction<T>(work: () => Promise<T>): Promise<T> {
  return insideTransaction.run(true, work);
}

/**
 * The outer handle, used inside a transaction, would wait for itself on SQLite and silently leave the transaction on
 * PostgreSQL.
 */
export function assertOutsideTransaction(): void {
  if (insideTransaction.getStore()) {
    throw new TransactionMisuse('Inside a transaction, use the stores that it was given');
  }
}

/** What the handle for reads takes: nothing that changes anything, and nothing from inside a transaction. */
export function assertRead({ sql }: Statement): void {
  assertOutsideTransaction();
  if (!/^select\b/.test(sql)) throw changeOutsideTransaction();
}

/** `changes` of the handles for reads. */
export async function refuseChanges(): Promise<never> {
  throw changeOutsideTransaction();
}

function changeOutsideTransaction(): TransactionMisuse {
  return new TransactionMisuse('Changes belong in a transaction');
}
