// Lists, a page at a time. One row more than the page holds is read: it tells whether others follow.
import type { Listed, Page } from '../management/pagination.ts';

export interface PageParameters {
  limit: number;
  offset: number;
  /** Less than every sort key where the list begins. */
  after: string;
}

/** For a statement whose rows come by a sort key that is text and never empty. */
export function pageParameters({ limit, offset, after }: Page): PageParameters {
  return { limit: limit + 1, offset, after: after ?? '' };
}

export interface Listing<Row, Item> {
  decode(row: Row): Item;
  /** The sort key, after which the following page begins. */
  keyOf(row: Row): string;
  /** Read only where the page is counted. */
  count(): Promise<{ count: number } | undefined>;
}

export async function listed<Row, Item>(
  rows: Row[],
  { limit, counted }: Page,
  { decode, keyOf, count }: Listing<Row, Item>,
): Promise<Listed<Item>> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(decode),
    ...(rows.length > limit && last !== undefined ? { next: keyOf(last) } : {}),
    ...(counted ? { total: (await count())?.count ?? 0 } : {}),
  };
}
