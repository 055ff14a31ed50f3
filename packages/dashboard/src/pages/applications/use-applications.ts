// Applications by page; a search goes through the first thousand of them, since Auth0's API cannot search by name.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api.tsx';
import { type ListPage, useList } from '../../api/reading.ts';
import type { Client } from '../../api/types.ts';

const most = 1000;

export function useApplications({
  search,
  app_type,
  page,
}: {
  search: string;
  app_type: string;
  page: number;
}) {
  const query = { is_global: false, app_type };
  const paged = useList<Client>(
    { path: '/clients', name: 'clients', page, query },
    { enabled: search === '' },
  );
  const found = useFoundApplications(search, app_type);
  return search === '' ? paged : found;
}

function useFoundApplications(search: string, app_type: string) {
  const api = useApi();
  return useQuery<ListPage<Client>>({
    queryKey: ['/clients', { search, app_type }],
    enabled: search !== '',
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const items: Client[] = [];
      for (let page = 0; page * 100 < most; page += 1) {
        const query = { is_global: false, app_type, page, per_page: 100, include_totals: true };
        const { value } = await api<{ clients: Client[]; total: number }>(
          { method: 'GET', path: '/clients', query },
          signal,
        );
        items.push(...value.clients.filter(({ name, client_id }) => matches(search, name, client_id)));
        if ((page + 1) * 100 >= value.total) break;
      }
      return { items, total: items.length };
    },
  });
}

function matches(search: string, ...texts: string[]): boolean {
  return texts.some((text) => text.toLowerCase().includes(search.toLowerCase()));
}
