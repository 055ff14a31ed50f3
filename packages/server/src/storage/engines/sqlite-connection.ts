// One connection to a SQLite file, on node:sqlite: how it is set up, and its prepared statements.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Statement, storable } from '../executor.ts';
import { compileLiteral, memberOfSource } from '../object-literal.ts';

/** Milliseconds that another process may hold the lock. */
const busyTimeout = 5000;
const mostCachedStatements = 500;

interface PreparedStatement {
  statement: StatementSync;
  toRow(values: unknown[]): unknown;
}

export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, PreparedStatement>();

  constructor(path: string, readOnly: boolean) {
    this.#database = new DatabaseSync(path, {
      readOnly,
      timeout: busyTimeout,
      enableForeignKeyConstraints: true,
      allowExtension: false,
    });
    this.#database.exec('pragma trusted_schema = off');
    if (readOnly) return;
    // A commit is on the disk before it is answered, also in case of power loss.
    this.#database.exec('pragma journal_mode = wal; pragma synchronous = full');
    // Pages that are written again and again go back into the database less often: 16 MB of log instead of 4.
    this.#database.exec('pragma wal_autocheckpoint = 4000');
  }

  rows<Row>({ sql, parameters }: Statement): Row[] {
    const { statement, toRow } = this.#prepare(sql);
    const found: unknown[] = statement.all(...storable(parameters));
    for (let index = 0; index < found.length; index++) found[index] = toRow(found[index] as unknown[]);
    return found as Row[];
  }

  changes({ sql, parameters }: Statement): number {
    return Number(this.#prepare(sql).statement.run(...storable(parameters)).changes);
  }

  execute(sql: string): void {
    this.#prepare(sql).statement.run();
  }

  get isInTransaction(): boolean {
    // What comes after close() is refused by its own statement, not here.
    return this.#database.isOpen && this.#database.isTransaction;
  }

  rollback(): void {
    if (this.isInTransaction) this.execute('rollback');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): PreparedStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    // Arrays, and the names once, cost two thirds of the objects that SQLite would make for each row.
    statement.setReturnArrays(true);
    const members = statement.columns().map(({ name }, index) => ({ name, value: memberOfSource(index) }));
    const prepared = { statement, toRow: compileLiteral<unknown[], unknown>(members) };
    // Statements of fixed shape are few; those built for one use shall not pile up.
    if (this.#statements.size >= mostCachedStatements) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
