// What SQLite and PostgreSQL cannot share: column types, locks and error codes.
// Every other statement has one text for both.
import { PostgresAdapter, PostgresQueryCompiler, SqliteAdapter, SqliteQueryCompiler } from 'kysely';

export type Engine = 'sqlite' | 'postgres';

export interface SqlDialect {
  createAdapter(): SqliteAdapter | PostgresAdapter;
  createQueryCompiler(): SqliteQueryCompiler | PostgresQueryCompiler;
  /** Ends a `select` whose rows of that table nobody else may change until the transaction ends. */
  rowLock(table: string): string;
  /** As `rowLock`, but passes over rows that somebody else holds. */
  readonly freeRowLock: string;
  /** Waits for the lock and keeps it until the transaction ends; undefined where transactions exclude one another. */
  lock(name: LockName): string | undefined;
  readonly text: string;
  readonly integer: string;
  /** SQL for where a text begins in another, counted from 1; 0 if it does not stand there. */
  positionOf(part: string, text: string): string;
  /** Of a column in an index: nulls sort before all else, as SQLite has it. */
  readonly nullsFirst: string;
  /** Compares a text, in bytes, with a pattern: literals, and `any` text between them. */
  readonly wildcard: { readonly operator: string; readonly any: string; literal(text: string): string };
  /** Ends each `create table`. */
  readonly tableOptions: string;
}

/** Any numbers will do, as long as all versions of this program agree on them. */
const lockNumbers = {
  migrations: 7_305_417_900,
  tenant: 7_305_417_901,
  signingKeys: 7_305_417_902,
  masterKey: 7_305_417_903,
};
export type LockName = keyof typeof lockNumbers;

export const sqlDialects: Record<Engine, SqlDialect> = {
  sqlite: {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    // One transaction runs at a time: `begin immediate` is the lock.
    rowLock: () => '',
    freeRowLock: '',
    lock: () => undefined,
    text: 'text',
    integer: 'integer',
    positionOf: (part, text) => `instr(${text}, ${part})`,
    nullsFirst: '',
    wildcard: { operator: 'glob', any: '*', literal: (text) => text.replace(/[*?[]/g, '[$&]') },
    tableOptions: 'strict',
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    rowLock: (table) => `for update of "${table}"`,
    freeRowLock: 'for update skip locked',
    lock: (name) => `select pg_advisory_xact_lock(${lockNumbers[name]})`,
    // Byte order, as SQLite has it, whatever the locale of the server.
    text: 'text collate "C"',
    integer: 'bigint',
    positionOf: (part, text) => `strpos(${text}, ${part})`,
    nullsFirst: 'nulls first',
    wildcard: { operator: 'like', any: '%', literal: (text) => text.replace(/[%_\\]/g, '\\$&') },
    tableOptions: '',
  },
};

/** SQLITE_BUSY, _LOCKED, _NOMEM, _READONLY, _IOERR, _FULL, _CANTOPEN: https://www.sqlite.org/rescode.html */
const sqliteUnavailable = new Set([5, 6, 7, 8, 10, 13, 14]);

export function isSqliteUnavailable(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  // "The least significant 8 bits of an extended result code […] are the primary result code."
  return sqliteUnavailable.has(error.errcode & 0xff);
}

/**
 * Connection exceptions (08), insufficient resources (53), shutdown and start-up (57P), a statement that took too
 * long (57014), a standby (25006): https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isPostgresUnavailable(sqlState: string): boolean {
  return /^(?:08|53|57P)/.test(sqlState) || sqlState === '57014' || sqlState === '25006';
}

/**
 * Serialization failure and deadlock: the transaction did nothing wrong and may be run again. So may one whose unique
 * value another transaction took (23505) after it had looked: the second time it sees that it is taken.
 */
export function isPostgresRetryable(sqlState: string): boolean {
  return sqlState === '40001' || sqlState === '40P01' || sqlState === '23505';
}
