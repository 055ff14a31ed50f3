// How a model's members stand in columns: text and integers only, under the names they have on the wire. One
// description per table; its row type, encoding and decoding derive from it, and the model's type checks it.

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
}

export class Codec<Model extends object> {
  readonly columns: readonly ColumnName<Model>[];
  readonly #kinds: { readonly [Name in keyof Model]: KindOf<Model[Name]> };

  constructor(kinds: { readonly [Name in keyof Model]: KindOf<Model[Name]> }) {
    this.#kinds = kinds;
    this.columns = Object.keys(kinds) as ColumnName<Model>[];
  }

  encode(model: Model): Row<Model> {
    return this.#encodeColumns(model, this.columns) as Row<Model>;
  }

  /** Only the members that are there. */
  encodePart(part: Partial<Model>): Partial<Row<Model>> {
    return this.#encodeColumns(
      part,
      this.columns.filter((column) => part[column] !== undefined),
    );
  }

  decode(row: Row<Model>): Model {
    const model: Partial<Model> = {};
    for (const column of this.columns) this.#decodeColumn(model, column, row[column]);
    return model as Model;
  }

  joined<Prefix extends string>(prefix: Prefix): JoinedColumns<Prefix, Model> {
    // Named once: a name put together at each use would cost more than the rest of the decoding.
    const names = this.columns.map((column) => ({ column, name: `${prefix}_${column}` as const }));
    return {
      columns: names.map(
        ({ column, name }): PrefixedColumn<Prefix, Model> => `${prefix}.${column} as ${name}`,
      ),
      decode: (row) => {
        const model: Partial<Model> = {};
        for (const { column, name } of names) this.#decodeColumn(model, column, row[name]);
        return model as Model;
      },
    };
  }

  #decodeColumn(model: Partial<Model>, column: ColumnName<Model>, value: unknown): void {
    model[column] = decodeValue(this.#kinds[column], value) as Model[typeof column];
  }

  #encodeColumns(model: Partial<Model>, columns: readonly ColumnName<Model>[]): Partial<Row<Model>> {
    const row: Partial<Row<Model>> = {};
    for (const column of columns) {
      row[column] = encodeValue(this.#kinds[column], model[column]) as Row<Model>[typeof column];
    }
    return row;
  }
}

function encodeValue(kind: Kind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'flag') return value ? 1 : 0;
  return kind === 'json' ? JSON.stringify(value) : value;
}

function decodeValue(kind: Kind, value: unknown): unknown {
  if (value === null) return null;
  if (kind === 'flag') return value === 1;
  return kind === 'json' ? JSON.parse(String(value)) : value;
}
