// The migrations, in order. One that has been released is never changed; a later one mends it.
import type { SqlDialect } from '../sql-dialects.ts';
import { firstTables } from './0001-first-tables.ts';

export interface Migration {
  readonly name: string;
  statements(dialect: SqlDialect): string[];
}

export const migrations: readonly Migration[] = [firstTables];
