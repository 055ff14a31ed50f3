// Members of JSON, for the two engines: the value that a path leads to, through arrays as if they were not there; what
// is null is not there.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Test } from '../../management/search/condition.ts';
import type { Engine } from '../sql-dialects.ts';

type Member = (column: RawBuilder<unknown>, path: readonly string[], sought: Sought) => RawBuilder<SqlBool>;
/** A text that may as well be written as number or truth value; undefined: any value. */
type Sought = string | undefined;

/** Equality and existence: conditions on metadata know no other. */
export function jsonMember(
  column: RawBuilder<unknown>,
  path: readonly string[],
  test: Test,
  engine: Engine,
): RawBuilder<SqlBool> {
  return members[engine](column, path, test.kind === 'equals' ? String(test.value) : undefined);
}

/** A member that is a text; null if it is not there. */
export function jsonText(column: RawBuilder<unknown>, member: string, engine: Engine): RawBuilder<unknown> {
  if (engine === 'sqlite') return sql`(${column} ->> ${member})`;
  return sql`(case when ${column} ~ ${unstorable} then null else cast(${column} as json) ->> ${member} end)`;
}

const members: Record<Engine, Member> = { sqlite: sqliteMember, postgres: postgresMember };

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const truth = /^(?:true|false)$/;

/**
 * Keys are compared, not put into a path, whose quoting differs between versions. `json_each` of an object has a row
 * for each member; of an array, one for each element.
 */
function sqliteMember(
  column: RawBuilder<unknown>,
  path: readonly string[],
  sought: Sought,
): RawBuilder<SqlBool> {
  const sources: RawBuilder<unknown>[] = [];
  const conditions: RawBuilder<SqlBool>[] = [];
  let object = column;
  let member = column;
  let element = column;
  for (const [step, key] of path.entries()) {
    member = sql.id(`member${step}`);
    element = sql.id(`element${step}`);
    // The elements of an array; an object counts as an array of one, and anything else as none.
    const elements = sql`case ${member}.type when 'array' then ${member}.value
      when 'object' then '[' || ${member}.value || ']' else '[null]' end`;
    sources.push(sql`json_each(${object}) as ${member}`, sql`json_each(${elements}) as ${element}`);
    conditions.push(sql<SqlBool>`${member}.key = ${key}`);
    object = sql`case ${element}.type when 'object' then ${element}.value else '{}' end`;
  }
  conditions.push(
    sql<SqlBool>`case ${member}.type when 'array' then ${sqliteValue(element, sought)}
      else ${sqliteValue(member, sought)} end`,
  );
  return sql`exists (select 1 from ${sql.join(sources)} where ${sql.join(conditions, sql` and `)})`;
}

function sqliteValue(row: RawBuilder<unknown>, sought: Sought): RawBuilder<SqlBool> {
  if (sought === undefined) return sql`${row}.type <> 'null'`;
  const asText = sql<SqlBool>`(${row}.type = 'text' and ${row}.atom = ${sought})`;
  if (truth.test(sought)) return sql`(${asText} or ${row}.type = ${sought})`;
  if (!number.test(sought)) return asText;
  return sql`(${asText} or (${row}.type in ('integer', 'real') and ${row}.atom = cast(${sought} as numeric)))`;
}

/** What `jsonb` refuses: NUL and half a surrogate pair, as JSON escapes them. */
const unstorable = '\\\\u(0000|[dD][89a-fA-F])';

/** A path in lax mode goes through arrays by itself. */
function postgresMember(
  column: RawBuilder<unknown>,
  path: readonly string[],
  sought: Sought,
): RawBuilder<SqlBool> {
  const steps = path.map((key) => `.${JSON.stringify(key)}`).join('');
  const values = sought === undefined ? [] : postgresValues(sought);
  const wanted =
    sought === undefined ? '@.type() != "null"' : values.map((_, at) => `@ == $v${at}`).join(' || ');
  const variables = `{${values.map((value, at) => `"v${at}":${value}`).join(',')}}`;
  return sql`case when ${column} ~ ${unstorable} then false else jsonb_path_exists(
    cast(${column} as jsonb), cast(${`$${steps} ? (${wanted})`} as jsonpath), cast(${variables} as jsonb)) end`;
}

/** As JSON. */
function postgresValues(sought: string): string[] {
  const asText = JSON.stringify(sought);
  return number.test(sought) || truth.test(sought) ? [asText, sought] : [asText];
}
