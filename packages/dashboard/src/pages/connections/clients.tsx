import { IconApps } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList, useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client, Connection } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

/** Which applications people may log in to by it. */
export function ConnectionClients({ connection: { id } }: { connection: Connection }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const at = path`/connections/${id}/clients`;
  const enabled = useRead<{ clients: { client_id: string }[] }>(at, { take: 1000 });
  const query = useList<Client>({
    path: '/clients',
    name: 'clients',
    page: url.page,
    query: { is_global: false, fields: 'client_id,name,app_type', include_fields: true },
  });
  const ids = new Set((enabled.data?.value.clients ?? []).map(({ client_id }) => client_id));
  const turn = (client_id: string) => async (status: boolean) =>
    (await write(
      { method: 'PATCH', path: at, body: [{ client_id, status }] },
      { stale: [at, path`/connections/${id}`, '/clients'] },
    )) !== undefined;
  return (
    <List
      label="Applications"
      query={query}
      keyOf={({ client_id }) => client_id}
      paging={url}
      columns={[
        {
          title: 'Application',
          cell: ({ client_id, name }) => (
            <>
              <Link className="plain-link" to={path`/applications/${client_id}`}>
                <bdi>{name}</bdi>
              </Link>
              <div className="second-line mono">{client_id}</div>
            </>
          ),
        },
        {
          title: 'Enabled',
          kind: 'end',
          cell: ({ client_id, name }) => (
            <Toggle
              label={`Log in to ${name} by this connection`}
              hideLabel
              checked={ids.has(client_id)}
              disabled={!may('update:connections') || enabled.data === undefined}
              change={turn(client_id)}
              done={(status) => `${name}: ${status ? 'enabled' : 'disabled'}`}
            />
          ),
        },
      ]}
      empty={
        <Empty
          icon={<IconApps />}
          title="No applications yet"
          text="Create one, then choose here whether people log in to it by this connection."
        />
      }
    />
  );
}
