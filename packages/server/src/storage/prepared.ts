// Statements: built by Kysely and compiled once per engine, then run with parameters. Building and compiling cost
// several times what SQLite needs to answer, so no statement of fixed shape is built anew.
import {
  type Compilable,
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresIntrospector,
  type RawBuilder,
  sql,
} from 'kysely';
import { sha256 } from '../runtime/cryptography/hash.ts';
import type { ColumnName, Row } from './codecs/codec.ts';
import type { Executor, Statement } from './executor.ts';
import { type Engine, sqlDialects } from './sql-dialects.ts';
import type { Tables } from './tables.ts';

export type Builder = Kysely<Tables>;

/** Refuses to run anything: statements are run by an executor. */
class BuildingOnly extends DummyDriver {
  override async acquireConnection(): Promise<never> {
    throw new Error('Kysely only builds statements here; an Executor runs them');
  }
}

function createBuilder(engine: Engine): Builder {
  const { createAdapter, createQueryCompiler } = sqlDialects[engine];
  return new Kysely<Tables>({
    dialect: {
      createAdapter,
      createQueryCompiler,
      createDriver: () => new BuildingOnly(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    },
  });
}

export const builders: Readonly<Record<Engine, Builder>> = {
  sqlite: createBuilder('sqlite'),
  postgres: createBuilder('postgres'),
};

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Stand in a statement for the parameters that it will be run with. */
export type Placeholders<Parameters> = {
  readonly [Name in keyof Parameters]: RawBuilder<Parameters[Name]>;
};

class Prepared<Parameters extends object, Result> {
  readonly #build: (db: Builder, parameters: Placeholders<Parameters>, engine: Engine) => Compilable<Result>;
  readonly #compiled = new Map<Engine, Required<Statement>>();

  constructor(
    build: (db: Builder, parameters: Placeholders<Parameters>, engine: Engine) => Compilable<Result>,
  ) {
    this.#build = build;
  }

  all(executor: Executor, parameters: Parameters): Promise<Result[]> {
    return executor.rows<Result>(this.bind(executor.engine, parameters));
  }

  async first(executor: Executor, parameters: Parameters): Promise<Result | undefined> {
    return (await executor.rows<Result>(this.bind(executor.engine, parameters)))[0];
  }

  /** How many rows it changed. */
  run(executor: Executor, parameters: Parameters): Promise<number> {
    return executor.changes(this.bind(executor.engine, parameters));
  }

  bind(engine: Engine, given: Parameters): Statement {
    const { sql, name, parameters } = this.#compiled.get(engine) ?? this.#compile(engine);
    const values: unknown[] = new Array(parameters.length);
    for (let index = 0; index < parameters.length; index++) {
      const parameter = parameters[index];
      values[index] =
        parameter instanceof Placeholder ? given[parameter.name as keyof Parameters] : parameter;
    }
    return { sql, name, parameters: values };
  }

  #compile(engine: Engine): Required<Statement> {
    const placeholders = new Proxy({} as Placeholders<Parameters>, {
      get: (_, name) => sql`${new Placeholder(String(name))}`,
    });
    const { sql: text, parameters } = this.#build(builders[engine], placeholders, engine).compile();
    const compiled = { sql: text, parameters, name: sha256(text) };
    this.#compiled.set(engine, compiled);
    return compiled;
  }
}

export function prepare<Parameters extends object, Result>(
  build: (db: Builder, parameters: Placeholders<Parameters>, engine: Engine) => Compilable<Result>,
): Prepared<Parameters, Result> {
  return new Prepared(build);
}

/** How many rows were changed by a statement whose shape depends on its parameters, and which is therefore built anew. */
export function runOnce<Result>(
  executor: Executor,
  build: (db: Builder) => { compile(): CompiledQuery<Result> },
): Promise<number> {
  return executor.changes(build(builders[executor.engine]).compile());
}

/** The rows of a `select` whose shape depends on its parameters, and which is therefore built anew. */
export function selectOnce<Result>(
  executor: Executor,
  select: RawBuilder<Result> | ((db: Builder) => Compilable<Result>),
): Promise<Result[]> {
  const db = builders[executor.engine];
  return executor.rows(typeof select === 'function' ? select(db).compile() : select.compile(db));
}

/** One placeholder for each column: what `insert … values` takes. */
export function placeholdersOf<Model, Name extends ColumnName<Model>>(
  parameters: Placeholders<Row<Model>>,
  columns: readonly Name[],
): Pick<Placeholders<Row<Model>>, Name> {
  const values: Partial<Pick<Placeholders<Row<Model>>, Name>> = {};
  for (const column of columns) values[column] = parameters[column];
  return values as Pick<Placeholders<Row<Model>>, Name>;
}

/** `column = excluded.column`, for each: what `on conflict do update set` takes. */
export function excluded<Model, Name extends ColumnName<Model>>(
  columns: readonly Name[],
): { [Column in Name]: RawBuilder<Row<Model>[Column]> } {
  const values: Partial<{ [Column in Name]: RawBuilder<Row<Model>[Column]> }> = {};
  for (const column of columns) values[column] = sql.ref(`excluded.${column}`);
  return values as { [Column in Name]: RawBuilder<Row<Model>[Column]> };
}

/** Ends a `select`: no other transaction changes its rows of `table` until this one ends. */
export function rowLock(engine: Engine, table: keyof Tables): RawBuilder<unknown> {
  return sql.raw(sqlDialects[engine].rowLock(table));
}

/** As rowLock; rows that another transaction holds are not found. */
export function freeRowLock(engine: Engine): RawBuilder<unknown> {
  return sql.raw(sqlDialects[engine].freeRowLock);
}
