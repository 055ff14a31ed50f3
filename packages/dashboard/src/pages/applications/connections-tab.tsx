import { Badge, Text } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { useList, useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client, Connection } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

export function ApplicationConnections({ client: { client_id, name: clientName } }: { client: Client }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const connections = useList<Connection>({ path: '/connections', name: 'connections', page: url.page });
  const enabledPath = path`/clients/${client_id}/connections`;
  const enabled = useRead<{ connections: Connection[] }>(enabledPath, { take: 100 });
  const ids = new Set(enabled.data?.value.connections.map(({ id }) => id));

  async function enable(connection: Connection, status: boolean): Promise<boolean> {
    const request = {
      method: 'PATCH',
      path: path`/connections/${connection.id}/clients`,
      body: [{ client_id, status }],
    } as const;
    return (await write(request, { stale: [enabledPath, '/connections'] })) !== undefined;
  }
  return (
    <Section title="Ways to log in" text="Which of the tenant's connections people may use to log in here.">
      <List
        label="Connections"
        query={connections}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          {
            title: 'Connection',
            cell: ({ name, display_name }) => (
              <Text size="sm" fw={600}>
                <bdi>{display_name ?? name}</bdi>
              </Text>
            ),
          },
          {
            title: 'Strategy',
            kind: 'desktop',
            cell: ({ strategy }) => (
              <Badge variant="default" radius="sm">
                {strategy === 'auth0' ? 'Database' : strategy}
              </Badge>
            ),
          },
          {
            title: 'Enabled',
            kind: 'end',
            cell: (connection) => (
              <Toggle
                label={`${connection.name}: people may use it here`}
                hideLabel
                checked={ids.has(connection.id)}
                disabled={!may('update:connections') || enabled.data === undefined}
                change={(isOn) => enable(connection, isOn)}
                done={(isOn) =>
                  isOn
                    ? `People may log in to ${clientName} by ${connection.name}`
                    : `Nobody logs in to ${clientName} by ${connection.name} any more`
                }
              />
            ),
          },
        ]}
        empty={
          <Empty
            icon={<IconDatabase />}
            title="No connections yet"
            text="Nobody can log in without one. Create one under Connections."
          />
        }
      />
    </Section>
  );
}
