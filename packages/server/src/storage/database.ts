// This folder owns the tables: SQLite, the embedded default, and PostgreSQL for more than one machine, with one query
// text and one list of migrations for both. It implements the ports that oauth, login and configuration declare, and
// knows nothing of why they are called, nor of HTTP. This file opens a database by its URL.
import { openSqlite } from './engines/sqlite.ts';
import { DatabaseRefused, DatabaseUnavailable } from './errors.ts';
import type { Database } from './executor.ts';
import { migrate } from './migrate.ts';

export type { Database } from './executor.ts';

export interface DatabaseLog {
  warn(details: { err: unknown }, message: string): void;
}

export interface DatabaseOptions {
  /** Told of connections that were lost while nobody used them. */
  log?: DatabaseLog;
}

/**
 * `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, with all migrations applied.
 * Throws DatabaseRefused.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const database = await open(url, options).catch((error: unknown) => {
    throw refusal(url, error);
  });
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw refusal(url, error);
  }
  return database;
}

async function open(url: string, { log }: DatabaseOptions): Promise<Database> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length)
    return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    // Loaded where it is asked for: most installations are one file.
    const { openPostgres } = await import('./engines/postgres.ts');
    return openPostgres(url, log);
  }
  throw new DatabaseRefused('A database URL is sqlite:PATH, sqlite::memory: or postgres://…');
}

function refusal(url: string, error: unknown): DatabaseRefused {
  if (error instanceof DatabaseRefused) return error;
  const cause = error instanceof DatabaseUnavailable ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseRefused(`The database ${named(url)} cannot be opened: ${reason}. Check DATABASE_URL.`, {
    cause: error,
  });
}

/** As a log may hold it: without the password. */
function named(url: string): string {
  if (url.startsWith('sqlite:')) return url;
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}
