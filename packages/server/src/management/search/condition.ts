// What a query means for one subject: its fields, their kinds, and values of those kinds. Storage turns a condition
// into SQL.
import { MalformedQuery, parseQuery } from './parse.ts';
import type { Bound, Query, Value } from './query.ts';

/** `time` in the unit that the subject keeps it in. `json`: a field whose members are named by a path. */
export type FieldKind = 'text' | 'flag' | 'integer' | 'seconds' | 'milliseconds' | 'json';
export type Fields<Name extends string> = Readonly<Record<Name, FieldKind>>;

export type Test =
  | { readonly kind: 'equals'; readonly value: string | number }
  | { readonly kind: 'prefix'; readonly value: string }
  /** Any text between the literals, in this order, from the first character to the last. */
  | { readonly kind: 'wildcard'; readonly literals: readonly string[] }
  /** In bytes for text. Undefined: no end. */
  | { readonly kind: 'range'; readonly from: Limit | undefined; readonly to: Limit | undefined }
  | { readonly kind: 'exists' };

export interface Limit {
  readonly value: string | number;
  readonly inclusive: boolean;
}

export type Condition<Name extends string> =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition<Name>[] }
  | { readonly kind: 'not'; readonly of: Condition<Name> }
  /** `path` within a `json` field, empty for others. */
  | { readonly kind: 'test'; readonly field: Name; readonly path: readonly string[]; readonly test: Test };

export function equals<Name extends string>(field: Name, value: string): Condition<Name> {
  return { kind: 'test', field, path: [], test: { kind: 'equals', value } };
}

export interface Searchable<Name extends string> {
  readonly fields: Fields<Name>;
  /** Where a term without a field is looked for: by its beginning, or as a whole. */
  readonly bare: { readonly byPrefix: readonly Name[]; readonly whole: readonly Name[] };
}

/** Members that lead to a value within metadata. */
const deepestPath = 10;

/** Throws MalformedQuery. */
export function conditionOf<Name extends string>(
  text: string,
  searchable: Searchable<Name>,
): Condition<Name> {
  return new Meaning(searchable).of(parseQuery(text));
}

class Meaning<Name extends string> {
  readonly #searchable: Searchable<Name>;

  constructor(searchable: Searchable<Name>) {
    this.#searchable = searchable;
  }

  of(query: Query): Condition<Name> {
    switch (query.kind) {
      case 'all':
        return query;
      case 'not':
        return { kind: 'not', of: this.of(query.of) };
      case 'and':
      case 'or':
        return { kind: query.kind, of: query.of.map((part) => this.of(part)) };
      case 'exists':
        return { kind: 'test', ...this.#named(query.field), test: { kind: 'exists' } };
      case 'term':
        return query.field === undefined ? this.#anywhere(query.value) : this.#in(query.field, query.value);
    }
  }

  #in(name: string, value: Value): Condition<Name> {
    const { field, path } = this.#named(name);
    const test = testOf(value, this.#searchable.fields[field], name);
    return { kind: 'test', field, path, test };
  }

  #anywhere(value: Value): Condition<Name> {
    if (value.kind === 'range') throw new MalformedQuery('a range needs a field');
    const { byPrefix, whole } = this.#searchable.bare;
    const beginning: Value = value.kind === 'word' ? { kind: 'wildcard', literals: [value.text, ''] } : value;
    const tests = [
      ...byPrefix.map((field) => [field, beginning] as const),
      ...whole.map((field) => [field, value] as const),
    ];
    const of = tests.map(
      ([field, sought]) => ({ kind: 'test', field, path: [], test: testOf(sought, 'text', field) }) as const,
    );
    return { kind: 'or', of };
  }

  /** A field by its name, or the field of the members that the rest of the name leads to. */
  #named(name: string): { field: Name; path: readonly string[] } {
    const { fields } = this.#searchable;
    if (isNameIn(name, fields) && fields[name] !== 'json') return { field: name, path: [] };
    const [field = '', ...path] = name.split('.');
    const isMember = isNameIn(field, fields) && fields[field] === 'json';
    if (path.length > deepestPath) throw new MalformedQuery(`a path of more than ${deepestPath} members`);
    if (!isMember || path.length === 0 || path.some((member) => member === '')) {
      throw new MalformedQuery(`there is no field ${name.slice(0, 100)} to search`);
    }
    return { field, path };
  }
}

function isNameIn<Name extends string>(name: string, fields: Fields<Name>): name is Name {
  return Object.hasOwn(fields, name);
}

function testOf(value: Value, kind: FieldKind, field: string): Test {
  if (value.kind === 'wildcard' && value.literals.every((literal) => literal === ''))
    return { kind: 'exists' };
  if (kind === 'text') return textTest(value);
  if (value.kind === 'wildcard') throw new MalformedQuery(`${field} takes no wildcards`);
  if (kind === 'seconds' || kind === 'milliseconds') return timeTest(value, kind);
  if (value.kind === 'range') {
    if (kind !== 'integer') throw new MalformedQuery(`${field} takes no ranges`);
    const limit = (bound: Bound | undefined) =>
      bound && { value: integerOf(bound.text), inclusive: bound.inclusive };
    return { kind: 'range', from: limit(value.from), to: limit(value.to) };
  }
  if (kind === 'integer') return { kind: 'equals', value: integerOf(value.text) };
  if (kind === 'flag') return { kind: 'equals', value: flagOf(value.text) };
  return { kind: 'equals', value: value.text };
}

function textTest(value: Value): Test {
  if (value.kind === 'wildcard') return wildcardTest(value.literals);
  if (value.kind !== 'range') return { kind: 'equals', value: value.text };
  const limit = (bound: Bound | undefined) => bound && { value: bound.text, inclusive: bound.inclusive };
  return { kind: 'range', from: limit(value.from), to: limit(value.to) };
}

function wildcardTest(literals: readonly string[]): Test {
  const [first = '', ...others] = literals;
  if (first !== '' && others.every((literal) => literal === '')) return { kind: 'prefix', value: first };
  // §3.5: "`*suffix`/`*mid*` need ≥3 literal chars"
  if (first === '' && literals.join('').length < 3) {
    throw new MalformedQuery('a wildcard at the beginning needs three other characters');
  }
  return { kind: 'wildcard', literals };
}

function integerOf(text: string): number {
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new MalformedQuery(`${text.slice(0, 100)} is no integer`);
  return value;
}

function flagOf(text: string): number {
  if (text !== 'true' && text !== 'false')
    throw new MalformedQuery(`${text.slice(0, 100)} is neither true nor false`);
  return text === 'true' ? 1 : 0;
}

/** A day is all that happens in it: a range ends with its last day, and begins behind a day that it excludes. */
function timeTest(value: Exclude<Value, { kind: 'wildcard' }>, unit: 'seconds' | 'milliseconds'): Test {
  if (value.kind !== 'range') {
    const [start, end] = spanOf(value.text, unit);
    return { kind: 'range', from: { value: start, inclusive: true }, to: { value: end, inclusive: false } };
  }
  const { from, to } = value;
  return {
    kind: 'range',
    from: from && { value: spanOf(from.text, unit)[from.inclusive ? 0 : 1], inclusive: true },
    to: to && { value: spanOf(to.text, unit)[to.inclusive ? 1 : 0], inclusive: false },
  };
}

const dateAndTime =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** When what was written begins, and when it is over: a year, a month, a day, a minute, a second, a millisecond. */
function spanOf(text: string, unit: 'seconds' | 'milliseconds'): [start: number, end: number] {
  const [, year, month, day, hour, minute, second, fraction, zone] = dateAndTime.exec(text) ?? [];
  const start = Date.parse(
    `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}.${(fraction ?? '0').padEnd(3, '0')}${zone ?? 'Z'}`,
  );
  if (year === undefined || Number.isNaN(start)) throw new MalformedQuery(`${text.slice(0, 100)} is no date`);
  const end = endOf(start, { month, day, hour, second, fraction });
  if (unit === 'milliseconds') return [start, end];
  return [Math.ceil(start / 1000), Math.ceil(end / 1000)];
}

function endOf(
  start: number,
  {
    month,
    day,
    hour,
    second,
    fraction,
  }: Record<'month' | 'day' | 'hour' | 'second' | 'fraction', string | undefined>,
): number {
  if (fraction !== undefined) return start + 1;
  if (second !== undefined) return start + 1000;
  if (hour !== undefined) return start + 60_000;
  if (day !== undefined) return start + 86_400_000;
  const date = new Date(start);
  if (month !== undefined) return date.setUTCMonth(date.getUTCMonth() + 1);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}
