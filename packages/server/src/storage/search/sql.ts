// Conditions as SQL: every value a parameter, every column named here or in a table of places.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Condition, Test } from '../../management/search/condition.ts';
import { searchable } from '../searchable.ts';
import { type Engine, sqlDialects } from '../sql-dialects.ts';
import { jsonMember, jsonText } from './json.ts';
import type { Place } from './places.ts';

export type Places<Name extends string> = Readonly<Record<Name, Place>>;

/** What is searched: the table as the statement names it, and the column that is its id. */
export interface Subject<Name extends string> {
  readonly table: string;
  readonly id: string;
  readonly places: Places<Name>;
}

/** True or not: as Lucene has it, what lacks a field does not match, and so does match the negation. */
export function conditionSql<Name extends string>(
  condition: Condition<Name>,
  subject: Subject<Name>,
  engine: Engine,
): RawBuilder<SqlBool> {
  switch (condition.kind) {
    case 'all':
      return sql`1 = 1`;
    case 'not':
      return sql`(${conditionSql(condition.of, subject, engine)}) is not true`;
    case 'and':
    case 'or': {
      const parts = condition.of.map((part) => conditionSql(part, subject, engine));
      return sql`(${sql.join(parts, condition.kind === 'and' ? sql` and ` : sql` or `)})`;
    }
    case 'test':
      return placedTest(condition, subject, engine);
  }
}

function placedTest<Name extends string>(
  { field, path, test }: Extract<Condition<Name>, { kind: 'test' }>,
  { table, id, places }: Subject<Name>,
  engine: Engine,
): RawBuilder<SqlBool> {
  const place = places[field];
  if (path.length > 0) return jsonMember(sql.ref(`${table}.${place.column}`), path, test, engine);
  if (place.of === undefined) return testSql(valueAt(table, place, engine), test, place, engine);
  const { table: other, owner } = place.of;
  const tested = testSql(sql.ref(`${other}.${place.column}`), test, place, engine);
  // Not `exists`, which PostgreSQL makes a join of with all of the other table: few rows are asked about.
  return sql`(select 1 from ${sql.table(other)}
    where ${sql.ref(`${other}.${owner}`)} = ${sql.ref(`${table}.${id}`)} and ${tested} limit 1) is not null`;
}

function valueAt(table: string, { column, member }: Place, engine: Engine): RawBuilder<unknown> {
  const value = sql.ref(`${table}.${column}`);
  return member === undefined ? value : jsonText(value, member, engine);
}

/** Sorts behind every text that begins with what stands before it. */
const lastCharacter = '\u{10FFFF}';

export function testSql(
  column: RawBuilder<unknown>,
  test: Test,
  { folded }: Pick<Place, 'folded'>,
  engine: Engine,
): RawBuilder<SqlBool> {
  const spelled = <Value extends string | number>(value: Value) =>
    folded && typeof value === 'string' ? searchable(value) : value;
  switch (test.kind) {
    case 'equals':
      return sql`${column} = ${spelled(test.value)}`;
    case 'prefix': {
      const prefix = spelled(test.value);
      return sql`(${column} >= ${prefix} and ${column} < ${prefix + lastCharacter})`;
    }
    case 'wildcard': {
      const { operator, any, literal } = sqlDialects[engine].wildcard;
      const pattern = test.literals.map((text) => literal(spelled(text))).join(any);
      return sql`${column} ${sql.raw(operator)} ${pattern}`;
    }
    case 'range': {
      const { from, to } = test;
      const limits = [
        ...(from ? [sql`${column} ${sql.raw(from.inclusive ? '>=' : '>')} ${spelled(from.value)}`] : []),
        ...(to ? [sql`${column} ${sql.raw(to.inclusive ? '<=' : '<')} ${spelled(to.value)}`] : []),
      ];
      return limits.length === 0 ? sql`${column} is not null` : sql`(${sql.join(limits, sql` and `)})`;
    }
    case 'exists':
      return sql`${column} is not null`;
  }
}
