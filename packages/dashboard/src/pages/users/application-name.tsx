import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client } from '../../api/types.ts';
import { useAccess } from '../../session/access.tsx';

/** What people call the application, with its page; its ID where that is all that can be known. */
export function ApplicationName({ client_id }: { client_id: string }) {
  const may = useAccess();
  const { data } = useList<Client>(
    {
      path: '/clients',
      name: 'clients',
      per_page: 100,
      query: { is_global: false, fields: 'client_id,name', include_fields: true },
    },
    { enabled: may('read:clients') || may('read:client_summary'), staleTime: 60_000 },
  );
  const known = data?.items.find((client) => client.client_id === client_id);
  if (known === undefined) return <span className="mono">{client_id}</span>;
  return (
    <>
      {may('read:clients') ? (
        <Link className="plain-link" to={path`/applications/${client_id}`}>
          <bdi>{known.name}</bdi>
        </Link>
      ) : (
        <bdi>{known.name}</bdi>
      )}
      <div className="second-line mono">{client_id}</div>
    </>
  );
}
