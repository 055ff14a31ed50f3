// Lists: four styles, chosen by the query (§2.1). An array; with `include_totals` an object with offset and total; with
// `take` or `from` a page after a checkpoint, which wins over the others.
import { z } from 'zod';
import { invalidQuery } from './validation.ts';
import { queryBoolean, queryInteger } from './wire.ts';

/** What a store is asked for: `limit` things from `offset`, or after the one whose sort key is `after`. */
export interface Page {
  limit: number;
  offset: number;
  after: string | undefined;
  /** Whether the number of all is asked for. */
  counted: boolean;
}

export interface Listed<Item> {
  items: Item[];
  /** Iff the page is counted. */
  total?: number;
  /** The sort key of the last item, iff others follow it. */
  next?: string;
}

export interface PageQuery {
  page: number;
  per_page: number;
  include_totals: boolean;
  from?: string | undefined;
  take?: number | undefined;
}

export interface ListOptions<Filters extends z.ZodRawShape> {
  /** Whether the list is paged by checkpoint too. */
  checkpoint?: boolean;
  filters?: Filters;
  /** Where it differs from 50 and 100. */
  per_page?: { usual: number; most: number };
  /** The last page that an offset leads to, where Auth0 has a limit. */
  lastPage?: number;
  /** `length` beside the total, as users and logs tell it. */
  length?: boolean;
}

/** Rows that an offset skips, at most: beyond it a checkpoint is the way. */
const farthestPage = 1_000_000_000;

export function paginated<Item, Filters extends z.ZodRawShape = Record<never, never>>(
  key: string,
  item: z.ZodType<unknown, Item>,
  options: ListOptions<Filters> = {},
) {
  const { usual, most } = options.per_page ?? { usual: 50, most: 100 };
  const query: z.ZodType = z.strictObject({
    page: queryInteger(0, options.lastPage ?? farthestPage).default(0),
    per_page: queryInteger(0, most).default(usual),
    include_totals: queryBoolean.default(false),
    ...(options.checkpoint
      ? { from: z.string().max(2000).optional(), take: queryInteger(1, most).optional() }
      : {}),
    ...options.filters,
  });
  type Query = PageQuery & z.output<z.ZodObject<Filters>>;
  const items = z.array(item);
  const length = options.length ? { length: z.int() } : {};
  const response: z.ZodType<unknown, unknown> = z.union([
    items,
    z.object({ start: z.int(), limit: z.int(), ...length, total: z.int(), [key]: items }),
    z.object({ [key]: items, next: z.string().optional() }),
  ]);
  return {
    /** The members of the route. */
    route: { list: key, status: 200 as const, query: query as z.ZodType<Query>, response },
    page(query: PageQuery): Page {
      const { page, per_page, include_totals, from, take } = query;
      if (isByCheckpoint(query))
        return { limit: take ?? usual, offset: 0, after: keyOf(from), counted: false };
      return { limit: per_page, offset: page * per_page, after: undefined, counted: include_totals };
    },
    answer(query: PageQuery, { items, total, next }: Listed<Item>): unknown {
      const { page, per_page, include_totals } = query;
      if (isByCheckpoint(query))
        return { [key]: items, ...(next === undefined ? {} : { next: checkpointOf(next) }) };
      if (!include_totals) return items;
      const length = options.length ? { length: items.length } : {};
      return {
        start: page * per_page,
        limit: per_page,
        ...length,
        total: total ?? items.length,
        [key]: items,
      };
    },
  };
}

function isByCheckpoint({ from, take }: PageQuery): boolean {
  return from !== undefined || take !== undefined;
}

/** What a client hands back as `from`; it reads nothing in it. */
function checkpointOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOf(from: string | undefined): string | undefined {
  if (from === undefined) return undefined;
  const key = Buffer.from(from, 'base64url').toString();
  if (checkpointOf(key) !== from || key.includes('\0')) throw invalidQuery('Invalid checkpoint', 'from');
  return key;
}
