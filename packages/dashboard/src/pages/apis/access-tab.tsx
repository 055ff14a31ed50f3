// Which applications may call the API for themselves.
import { Badge, Button, Group } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
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
import { GrantScopes } from './grant-scopes.tsx';

export function ApiAccess({ api }: { api: ResourceServer }) {
  const { identifier: audience, name = audience } = api;
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [chosen, setChosen] = useState<ClientGrant>();
  const clients = useList<Client>({
    path: '/clients',
    name: 'clients',
    page: url.page,
    query: { is_global: false, app_type: 'non_interactive,regular_web' },
  });
  const grants = useList<ClientGrant>({
    path: '/client-grants',
    name: 'client_grants',
    per_page: 100,
    query: { audience, subject_type: 'client' },
  });
  const grantOf = (client_id: string) => grants.data?.items.find((grant) => grant.client_id === client_id);

  async function authorize(client_id: string, isOn: boolean): Promise<boolean> {
    const grant = grantOf(client_id);
    if (isOn === (grant !== undefined)) return true;
    const options = { stale: ['/client-grants'] };
    const done =
      grant === undefined
        ? await write(
            { method: 'POST', path: '/client-grants', body: { client_id, audience, scope: [] } },
            options,
          )
        : await write({ method: 'DELETE', path: path`/client-grants/${grant.id}` }, options);
    return done !== undefined;
  }
  const mayChange = may('create:client_grants') && may('delete:client_grants');
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
            cell: ({ client_id, name: clientName }) => (
              <Link className="plain-link" to={path`/applications/${client_id}/apis`}>
                <bdi>{clientName}</bdi>
              </Link>
            ),
          },
          {
            title: 'Permissions',
            kind: 'desktop',
            cell: ({ client_id }) => {
              const grant = grantOf(client_id);
              return (
                grant !== undefined && (
                  <Badge variant="default" radius="sm">
                    {grant.allow_all_scopes
                      ? 'All'
                      : `${grant.scope?.length ?? 0} of ${api.scopes?.length ?? 0}`}
                  </Badge>
                )
              );
            },
          },
          {
            title: 'Access',
            kind: 'end',
            cell: ({ client_id, name: clientName }) => {
              const grant = grantOf(client_id);
              return (
                <Group gap="sm" wrap="nowrap" justify="flex-end">
                  {grant !== undefined && (
                    <Button size="xs" variant="default" onClick={() => setChosen(grant)}>
                      Permissions
                    </Button>
                  )}
                  <Toggle
                    label={`${clientName}: may call ${name}`}
                    hideLabel
                    checked={grant !== undefined}
                    disabled={!mayChange || grants.data === undefined}
                    change={(isOn) => authorize(client_id, isOn)}
                    done={(isOn) =>
                      isOn ? `${clientName} may call ${name}` : `${clientName} may not call ${name} any more`
                    }
                  />
                </Group>
              );
            },
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
      {chosen !== undefined && <GrantScopes api={api} grant={chosen} onClose={() => setChosen(undefined)} />}
    </Section>
  );
}
