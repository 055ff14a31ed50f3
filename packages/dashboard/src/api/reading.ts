// What screens read. The cache is keyed by the call itself, so that a change can say by paths what it has made stale.
import { keepPreviousData, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useApi } from './api.tsx';
import type { ApiAnswer, Query } from './request.ts';

export type ReadKey = readonly [path: string, query: Query];

type ReadOptions = Pick<UseQueryOptions, 'enabled' | 'refetchInterval' | 'staleTime'>;

export function useRead<T>(path: string, query: Query = {}, options: ReadOptions = {}) {
  const api = useApi();
  return useQuery<ApiAnswer<T>, Error, ApiAnswer<T>, ReadKey>({
    queryKey: [path, query],
    queryFn: ({ signal }) => api<T>({ method: 'GET', path, query }, signal),
    ...(options as object),
  });
}

/** A page of a list in the offset style, with its total. */
export interface ListPage<T> {
  items: readonly T[];
  total: number;
}

interface ListRequest {
  path: string;
  /** The member of the answer that holds the items. */
  name: string;
  query?: Query;
  /** From 0. */
  page?: number;
  per_page?: number;
}

type OffsetAnswer = Readonly<Record<string, unknown>> & { total: number };

/** The page before stays visible until the next is there. */
export function useList<T>(
  { path, name, query, page = 0, per_page = 25 }: ListRequest,
  options: ReadOptions = {},
) {
  const api = useApi();
  const asked: Query = { ...query, page, per_page, include_totals: true };
  return useQuery<ListPage<T>, Error, ListPage<T>, ReadKey>({
    queryKey: [path, asked],
    queryFn: async ({ signal }) => {
      const { value } = await api<OffsetAnswer>({ method: 'GET', path, query: asked }, signal);
      return { items: (value[name] ?? []) as readonly T[], total: value.total };
    },
    placeholderData: keepPreviousData,
    ...(options as object),
  });
}

/** What a list shows of a query. */
export type Listing<T> = Pick<UseQueryResult<ListPage<T>>, 'error' | 'isPending' | 'isPlaceholderData'> & {
  data: ListPage<T> | undefined;
  refetch?: () => unknown;
};

/** As a list: what one answer holds whole. */
export function wholeList<Answer, T>(
  query: UseQueryResult<ApiAnswer<Answer>>,
  itemsOf: (answer: Answer) => readonly T[],
): Listing<T> {
  const items = query.data && itemsOf(query.data.value);
  return { ...query, data: items && { items, total: items.length } };
}

/** As a list: a page of what nobody counts. Another follows if this one is full. */
export function uncountedList<T>(
  query: UseQueryResult<ApiAnswer<T[]>>,
  { page, per_page }: { page: number; per_page: number },
): Listing<T> {
  const items = query.data?.value;
  const follows = items?.length === per_page ? 1 : 0;
  return { ...query, data: items && { items, total: page * per_page + items.length + follows } };
}

const pageOfAll = 100;
const mostOfAll = 1000;

/** The first thousand of a list, in one: what a switch shows must not depend on which page one looks at. */
export function useAll<T>({ path, name, query }: Pick<ListRequest, 'path' | 'name' | 'query'>) {
  const api = useApi();
  return useQuery<ListPage<T>, Error, ListPage<T>, ReadKey>({
    queryKey: [path, { ...query, all: true }],
    queryFn: async ({ signal }) => {
      const items: T[] = [];
      for (let page = 0; page * pageOfAll < mostOfAll; page += 1) {
        const asked: Query = { ...query, page, per_page: pageOfAll, include_totals: true };
        const { value } = await api<OffsetAnswer>({ method: 'GET', path, query: asked }, signal);
        items.push(...((value[name] ?? []) as readonly T[]));
        if ((page + 1) * pageOfAll >= value.total) break;
      }
      return { items, total: items.length };
    },
  });
}
