import { useList } from '../../api/reading.ts';
import type { Connection } from '../../api/types.ts';

/** Where users with passwords are, as options to choose from; undefined while it is read. */
export function useDatabases() {
  const { data } = useList<Connection>({
    path: '/connections',
    name: 'connections',
    per_page: 100,
    query: { strategy: 'auth0' },
  });
  return data?.items.map(({ id, name, display_name }) => ({ value: id, label: display_name ?? name }));
}
