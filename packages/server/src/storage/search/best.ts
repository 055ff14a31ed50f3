// The first rows of an order, out of many that come in another.

export interface Candidate {
  id: string;
  key: string | number | null;
}

export class Best {
  readonly #most: number;
  readonly #descending: boolean;
  #rows: Candidate[] = [];

  constructor(most: number, descending: boolean) {
    this.#most = most;
    this.#descending = descending;
  }

  add(rows: readonly Candidate[]): void {
    for (const row of rows) this.#rows.push(row);
    if (this.#rows.length > 2 * this.#most + 10_000) this.#cut();
  }

  ids(): string[] {
    this.#cut();
    return this.#rows.map(({ id }) => id);
  }

  #cut(): void {
    const sign = this.#descending ? -1 : 1;
    this.#rows.sort((a, b) => sign * (compared(a.key, b.key) || compared(a.id, b.id)));
    this.#rows.length = Math.min(this.#rows.length, this.#most);
  }
}

/** As the databases do it: nothing before everything. */
function compared<Key extends string | number>(a: Key | null, b: Key | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
