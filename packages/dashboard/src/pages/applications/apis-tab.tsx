// Which APIs it may call for itself, and with which permissions.
import { Text } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import type { Client, ResourceServer } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { ClientAccess, GrantedScopes, useClientGrants } from '../apis/client-access.tsx';

export function ApplicationApis({ client }: { client: Client }) {
  const url = useUrlState();
  const apis = useList<ResourceServer>({
    path: '/resource-servers',
    name: 'resource_servers',
    page: url.page,
  });
  const grants = useClientGrants({ client_id: client.client_id });
  const grantOn = ({ identifier }: ResourceServer) =>
    grants.data?.items.find(({ audience }) => audience === identifier);
  return (
    <Section
      title="APIs it may call for itself"
      text="By the grant client_credentials, without any person. Each API with the permissions that it needs there."
    >
      <List
        label="APIs"
        query={apis}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          {
            title: 'API',
            cell: ({ name, identifier }) => (
              <div>
                <Text size="sm" fw={600}>
                  <bdi>{name}</bdi>
                </Text>
                <Text size="xs" c="dimmed" className="mono">
                  {identifier}
                </Text>
              </div>
            ),
          },
          {
            title: 'Permissions',
            kind: 'desktop',
            cell: (api) => <GrantedScopes api={api} grant={grantOn(api)} />,
          },
          {
            title: 'Access',
            kind: 'end',
            cell: (api) => (
              <ClientAccess client={client} api={api} grant={grantOn(api)} isPending={grants.isPending} />
            ),
          },
        ]}
        empty={
          <Empty
            icon={<IconWorld />}
            title="No APIs yet"
            text="Create one under APIs, then let it be called from here."
          />
        }
      />
    </Section>
  );
}
