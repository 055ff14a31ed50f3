// How a model's members stand in columns: text and integers only, under the names they have on the wire. One
// description per table; its row type, encoding and decoding derive from it, and the model's type checks it.

import { compileLiteral, type Member, memberOfSource } from '../object-literal.ts';

/** `flag` is 0 or 1; `json` is text. Null is null in each. */
export type Kind = 'text' | 'integer' | 'flag' | 'json';

type KindOf<Value> = [Value] extends [boolean | null]
  ? 'flag'
  : [Value] extends [number | null]
    ? 'integer'
    : [Value] extends [string | null]
      ? 'text'
      : 'json';

type Stored<Value> = Value extends null
  ? null
  : Value extends boolean
    ? number
    : Value extends string | number
      ? Value
      : string;

/** The columns of a model, as they stand in the database. */
export type Row<Model> = { [Name in keyof Model]: Stored<Model[Name]> };

export type ColumnName<Model> = keyof Model & string;

/** The columns of one table of a join, told apart from the others' by its name. */
type PrefixedColumn<Prefix extends string, Model> = {
  [Name in ColumnName<Model>]: `${Prefix}.${Name} as ${Prefix}_${Name}`;
}[ColumnName<Model>];
export type PrefixedRow<Prefix extends string, Model> = {
  [Name in ColumnName<Model> as `${Prefix}_${Name}`]: Stored<Model[Name]>;
};

/** The columns of one table of a join, and the model that stands in them. */
export interface JoinedColumns<Prefix extends string, Model> {
  readonly columns: readonly PrefixedColumn<Prefix, Model>[];
  decode(row: PrefixedRow<Prefix, Model>): Model;
  /** Of a `left join`: undefined where the table had no row, which `key`, a column that is never null, tells. */
  decodeOuter(row: Readonly<Record<string, unknown>>, key: ColumnName<Model>): Model | undefined;
}

export class Codec<Model extends object> {
  readonly columns: readonly ColumnName<Model>[];
  /** A row of exactly these columns, as the model. */
  readonly decode: (row: Row<Model>) => Model;
  readonly encode: (model: Model) => Row<Model>;
  readonly #kinds: { readonly [Name in keyof Model]: KindOf<Model[Name]> };

  constructor(kinds: { readonly [Name in keyof Model]: KindOf<Model[Name]> }) {
    this.#kinds = kinds;
    this.columns = Object.keys(kinds) as ColumnName<Model>[];
    this.decode = compileLiteral(this.#members(decoded, (column) => column));
    this.encode = compileLiteral(this.#members(encoded, (column) => column));
  }

  /** Only the members that are there. */
  encodePart(part: Partial<Model>): Partial<Row<Model>> {
    const row = this.encode(part as Model);
    const present = this.columns.filter((column) => part[column] !== undefined);
    return Object.fromEntries(present.map((column) => [column, row[column]])) as Partial<Row<Model>>;
  }

  joined<Prefix extends string>(prefix: Prefix): JoinedColumns<Prefix, Model> {
    const members = this.#members(decoded, (column) => `${prefix}_${column}`);
    const decodeFound = compileLiteral<Readonly<Record<string, unknown>>, Model>(members);
    return {
      columns: this.columns.map(
        (column): PrefixedColumn<Prefix, Model> => `${prefix}.${column} as ${prefix}_${column}`,
      ),
      decode: compileLiteral(members),
      decodeOuter: (row, key) => (row[`${prefix}_${key}`] === null ? undefined : decodeFound(row)),
    };
  }

  #members(
    conversions: Record<Kind, (value: string) => string>,
    sourceOf: (column: string) => string,
  ): Member[] {
    return this.columns.map((column) => {
      const source = memberOfSource(sourceOf(column));
      const kind: Kind = this.#kinds[column];
      return { name: column, value: `${source} === null ? null : ${conversions[kind](source)}` };
    });
  }
}

const unchanged = (value: string) => value;
const decoded = {
  text: unchanged,
  integer: unchanged,
  flag: (value: string) => `${value} === 1`,
  json: (value: string) => `JSON.parse(${value})`,
};
const encoded = {
  text: unchanged,
  integer: unchanged,
  flag: (value: string) => `(${value} ? 1 : 0)`,
  json: (value: string) => `JSON.stringify(${value})`,
};
