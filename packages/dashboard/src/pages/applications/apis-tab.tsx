// Which APIs it may call for itself, and with which permissions.
import { Badge, Button, Group, Text } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client, ClientGrant, ResourceServer } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { GrantScopes } from '../apis/grant-scopes.tsx';

export function ApplicationApis({ client }: { client: Client }) {
  const { client_id } = client;
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [chosen, setChosen] = useState<{ api: ResourceServer; grant: ClientGrant }>();
  const apis = useList<ResourceServer>({
    path: '/resource-servers',
    name: 'resource_servers',
    page: url.page,
  });
  const grants = useList<ClientGrant>({
    path: '/client-grants',
    name: 'client_grants',
    per_page: 100,
    query: { client_id, subject_type: 'client' },
  });
  const grantOf = (audience: string) => grants.data?.items.find((grant) => grant.audience === audience);

  async function authorize(api: ResourceServer, isOn: boolean): Promise<boolean> {
    const grant = grantOf(api.identifier);
    const options = { stale: ['/client-grants'] };
    if (isOn === (grant !== undefined)) return true;
    const done =
      grant === undefined
        ? await write(
            {
              method: 'POST',
              path: '/client-grants',
              body: { client_id, audience: api.identifier, scope: [] },
            },
            options,
          )
        : await write({ method: 'DELETE', path: path`/client-grants/${grant.id}` }, options);
    return done !== undefined;
  }
  const mayChange = may('create:client_grants') && may('delete:client_grants');
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
                  <bdi>{name ?? identifier}</bdi>
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
            cell: ({ identifier, scopes = [] }) => {
              const grant = grantOf(identifier);
              if (grant === undefined) return null;
              return (
                <Badge variant="default" radius="sm">
                  {grant.scope?.length ?? 0} of {scopes.length}
                </Badge>
              );
            },
          },
          {
            title: 'Access',
            kind: 'end',
            cell: (api) => {
              const grant = grantOf(api.identifier);
              return (
                <Group gap="sm" wrap="nowrap" justify="flex-end">
                  {grant !== undefined && (
                    <Button size="xs" variant="default" onClick={() => setChosen({ api, grant })}>
                      Permissions
                    </Button>
                  )}
                  <Toggle
                    label={`${api.name ?? api.identifier}: may call it`}
                    hideLabel
                    checked={grant !== undefined}
                    disabled={!mayChange || grants.data === undefined}
                    change={(isOn) => authorize(api, isOn)}
                    done={(isOn) =>
                      isOn
                        ? `${client.name} may call ${api.name ?? api.identifier}`
                        : `${client.name} may not call ${api.name ?? api.identifier} any more`
                    }
                  />
                </Group>
              );
            },
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
      {chosen !== undefined && (
        <GrantScopes api={chosen.api} grant={chosen.grant} onClose={() => setChosen(undefined)} />
      )}
    </Section>
  );
}
