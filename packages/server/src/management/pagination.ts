// Lists: four styles, chosen by the query (§2.1). An array; with `include_totals` an object with offset and total; with
// `take` or `from` a page after a checkpoint, which wins over the others, and is all that some lists know.
import { z } from 'zod';
import { present, queryBoolean, queryInteger } from './wire.ts';

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
  /** The sort key of the last item, iff others follow it; who asks is told it sealed (checkpoints.ts). */
  next?: string;
}

interface PageQuery {
  page: number;
  per_page: number;
  include_totals: boolean;
  from?: string | undefined;
  take?: number | undefined;
}

interface Style {
  /** Whether the list is paged by checkpoint beside the other styles, or in no other. */
  checkpoint?: 'also' | 'only';
  /** Whether a page after a checkpoint tells the number of all too, where it is asked for. */
  countedByCheckpoint?: boolean;
  /** Where it differs from 50, 1 and 100. */
  per_page?: { usual?: number; least?: number; most?: number };
  /** The last page that an offset leads to, where Auth0 has a limit. */
  lastPage?: number;
  /** `length` beside the total, as users and logs tell it. */
  length?: boolean;
}

/** Rows that an offset skips, at most: beyond it a checkpoint is the way. */
const farthestPage = 1_000_000_000;

/** `key`: the member that holds the items where the answer is an object. */
export function paginated<Told, Filters extends z.ZodRawShape = Record<never, never>>(
  key: string,
  item: z.ZodType<unknown, Told>,
  { filters, ...style }: Style & { filters?: Filters } = {},
) {
  const query: z.ZodType = z.strictObject({ ...pageFields(style), ...filters });
  return {
    /** The members of the route. */
    route: {
      list: key,
      byCheckpoint: style.checkpoint !== undefined,
      status: 200 as const,
      query: query as z.ZodType<PageQuery & z.output<z.ZodObject<Filters>>>,
      response: responseOf(key, item, style),
    },
    /** The page that is asked for. */
    async answer(query: PageQuery, read: (page: Page) => Promise<Listed<Told>>): Promise<unknown> {
      return answerOf(query, style, key, await read(pageOf(query, style)));
    },
    /** The same, where each thing that is found has to be told in other words. */
    async answerEach<Found>(
      query: PageQuery,
      read: (page: Page) => Promise<Listed<Found>>,
      tell: (found: Found) => Told,
    ): Promise<unknown> {
      const { items, ...rest } = await read(pageOf(query, style));
      return answerOf(query, style, key, { ...rest, items: items.map((found) => tell(found)) });
    },
    /** Where there is nothing of the kind. */
    none: (query: PageQuery): unknown => answerOf(query, style, key, { items: [] }),
  };
}

function pageFields({ checkpoint, lastPage, per_page }: Style) {
  const { usual, least, most } = { ...usualPage, ...per_page };
  return {
    page: queryInteger(0, lastPage ?? farthestPage).default(0),
    per_page: queryInteger(least, most).default(usual),
    include_totals: queryBoolean.default(false),
    ...(checkpoint ? { from: z.string().max(2000).optional(), take: queryInteger(1, most).optional() } : {}),
  };
}

const usualPage = { usual: 50, least: 1, most: 100 };

function responseOf(
  key: string,
  item: z.ZodType,
  { checkpoint, countedByCheckpoint, length }: Style,
): z.ZodType<unknown, unknown> {
  const items = z.array(item);
  const byCheckpoint = z.object({
    [key]: items,
    next: z.string().optional(),
    ...(countedByCheckpoint ? { total: z.int().optional() } : {}),
  });
  if (checkpoint === 'only') return byCheckpoint;
  const counted = { start: z.int(), limit: z.int(), ...(length ? { length: z.int() } : {}), total: z.int() };
  return z.union([items, z.object({ ...counted, [key]: items }), byCheckpoint]);
}

function isByCheckpoint({ from, take }: PageQuery, { checkpoint }: Style): boolean {
  return checkpoint === 'only' || from !== undefined || take !== undefined;
}

function pageOf(query: PageQuery, style: Style): Page {
  const { page, per_page, include_totals, from, take } = query;
  if (!isByCheckpoint(query, style))
    return { limit: per_page, offset: page * per_page, after: undefined, counted: include_totals };
  const { checkpoint, countedByCheckpoint = false } = style;
  const { usual } = { ...usualPage, ...style.per_page };
  const limit = take ?? (checkpoint === 'only' ? per_page : usual);
  return { limit, offset: 0, after: from, counted: countedByCheckpoint && include_totals };
}

function answerOf(query: PageQuery, style: Style, key: string, { items, total, next }: Listed<unknown>) {
  if (isByCheckpoint(query, style)) return present({ [key]: items, next, total });
  const { page, per_page, include_totals } = query;
  if (!include_totals) return items;
  const length = style.length ? { length: items.length } : {};
  const start = page * per_page;
  return { start, limit: per_page, ...length, total: total ?? items.length, [key]: items };
}
