// What screens read. The cache is keyed by the call itself, so that a change can say by paths what it has made stale.
import { keepPreviousData, type UseQueryOptions, useQuery } from '@tanstack/react-query';
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
