import { IconRobot } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client, ResourceServer } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { ClientAccess, GrantedScopes, useClientGrants } from './client-access.tsx';

export function ApiAccess({ api }: { api: ResourceServer }) {
  const url = useUrlState();
  const clients = useList<Client>({
    path: '/clients',
    name: 'clients',
    page: url.page,
    query: { is_global: false, app_type: 'non_interactive,regular_web' },
  });
  const grants = useClientGrants({ audience: api.identifier });
  const grantOf = (client: Client) =>
    grants.data?.items.find(({ client_id }) => client_id === client.client_id);
  return (
    <Section
      title="Applications that call it for themselves"
      text="By the grant client_credentials, without any person. What people may do here, their roles say."
    >
      <List
        label="Applications"
        query={clients}
        keyOf={({ client_id }) => client_id}
        paging={url}
        columns={[
          {
            title: 'Application',
            cell: ({ client_id, name }) => (
              <Link className="plain-link" to={path`/applications/${client_id}/apis`}>
                <bdi>{name}</bdi>
              </Link>
            ),
          },
          {
            title: 'Permissions',
            kind: 'desktop',
            cell: (client) => <GrantedScopes api={api} grant={grantOf(client)} />,
          },
          {
            title: 'Access',
            kind: 'end',
            cell: (client) => (
              <ClientAccess client={client} api={api} grant={grantOf(client)} isPending={grants.isPending} />
            ),
          },
        ]}
        empty={
          <Empty
            icon={<IconRobot />}
            title="No application could"
            text="Only those of machines and of servers keep a secret. Create one under Applications."
          />
        }
      />
    </Section>
  );
}
