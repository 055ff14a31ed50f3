// What an index finds for a condition: ids among which all are that satisfy it. Whatever else the condition asks for is
// then looked at in these rows alone.
import { type RawBuilder, sql } from 'kysely';
import type { Condition, Test } from '../../management/search/condition.ts';
import type { Engine } from '../sql-dialects.ts';
import type { Place } from './places.ts';
import { type Subject, testSql } from './sql.ts';

export interface Candidates {
  /** Selects one column, `id`; the same id may come more than once. */
  readonly ids: RawBuilder<{ id: string }>;
  /** The fewer are expected, the lower. */
  readonly rank: number;
}

type Tested<Name extends string> = Extract<Condition<Name>, { kind: 'test' }>;

/** The ways to find them, the most promising first; none where only looking at every row would do. */
export function candidatesOf<Name extends string>(
  condition: Condition<Name>,
  subject: Subject<Name>,
  engine: Engine,
): Candidates[] {
  switch (condition.kind) {
    case 'all':
    case 'not':
      return [];
    case 'and':
      return condition.of
        .flatMap((part) => candidatesOf(part, subject, engine))
        .toSorted((a, b) => a.rank - b.rank);
    case 'or': {
      const parts = condition.of.map((part) => candidatesOf(part, subject, engine)[0]);
      const found = parts.filter((part) => part !== undefined);
      if (found.length < parts.length) return [];
      const ids = sql.join<{ id: string }>(
        found.map((part) => part.ids),
        sql` union all `,
      );
      return [{ ids: sql`${ids}`, rank: Math.max(...found.map(({ rank }) => rank)) }];
    }
    case 'test':
      return isIndexed(condition, subject) ? [indexed(condition, subject, engine)] : [];
  }
}

const ranks = { equals: 0, prefix: 1, range: 2 };

/** Whether a range of an index is exactly what satisfies the test. */
export function isIndexed<Name extends string>(
  { field, test }: Tested<Name>,
  { places }: Subject<Name>,
): boolean {
  return places[field].indexed !== undefined && isRange(test);
}

function isRange(test: Test): test is Extract<Test, { kind: keyof typeof ranks }> {
  return test.kind in ranks;
}

function indexed<Name extends string>(
  { field, test }: Tested<Name>,
  { table, id, places }: Subject<Name>,
  engine: Engine,
): Candidates {
  const place: Place = places[field];
  const from = place.of ?? { table, owner: id };
  const tested = testSql(sql.ref(place.column), test, place, engine);
  const ids = sql<{
    id: string;
  }>`select ${sql.ref(from.owner)} as id from ${sql.table(from.table)} where ${tested}`;
  // Many belong to one connection or organization.
  const many = place.of === undefined ? 0 : 1.5;
  return { ids, rank: (isRange(test) ? ranks[test.kind] : 0) + many };
}
