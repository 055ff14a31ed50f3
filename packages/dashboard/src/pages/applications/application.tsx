import { Badge } from '@mantine/core';
import { useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Client } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Detail, type DetailTab } from '../../parts/detail.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useAccess } from '../../session/access.tsx';
import { ApplicationApis } from './apis-tab.tsx';
import { wordsOf } from './app-types.tsx';
import { ApplicationConnections } from './connections-tab.tsx';
import { ApplicationCredentials } from './credentials-tab.tsx';
import { ApplicationOrganizations } from './organizations-tab.tsx';
import { QuickStart } from './quick-start.tsx';
import { ApplicationSettings } from './settings-tab.tsx';

export function Application() {
  const { id = '' } = useParams();
  const query = useRead<Client>(path`/clients/${id}`);
  return (
    <OnceRead query={query}>
      {(stored) => <ApplicationDetail key={stored.value.client_id} stored={stored} />}
    </OnceRead>
  );
}

function ApplicationDetail({ stored }: { stored: ApiAnswer<Client> }) {
  const client = stored.value;
  const may = useAccess();
  const { icon: Icon, label } = wordsOf(client);
  const isMachine = client.app_type === 'non_interactive';
  const tabs: (DetailTab | false)[] = [
    { name: 'quick-start', label: 'Quick start', content: () => <QuickStart client={client} /> },
    { name: 'settings', label: 'Settings', content: () => <ApplicationSettings stored={stored} /> },
    { name: 'credentials', label: 'Credentials', content: () => <ApplicationCredentials stored={stored} /> },
    // What cannot keep a secret cannot act for itself.
    client.token_endpoint_auth_method !== 'none' &&
      may('read:client_grants') &&
      may('read:resource_servers') && {
        name: 'apis',
        label: 'APIs',
        content: () => <ApplicationApis client={client} />,
      },
    !isMachine &&
      may('read:connections') && {
        name: 'connections',
        label: 'Connections',
        content: () => <ApplicationConnections client={client} />,
      },
    !isMachine && {
      name: 'organizations',
      label: 'Organizations',
      content: () => <ApplicationOrganizations stored={stored} />,
    },
  ];
  return (
    <Detail
      to={path`/applications/${client.client_id}`}
      back={{ label: 'Applications', to: '/applications' }}
      title={client.name}
      icon={<Tile icon={<Icon size={26} stroke={1.5} />} picture={client.logo_uri} size={52} />}
      badges={
        client.is_first_party === false && (
          <Badge variant="default" radius="sm">
            Third party
          </Badge>
        )
      }
      description={
        <>
          {label} · <Copyable text={client.client_id} label="Copy the client ID" />
        </>
      }
      tabs={tabs.filter((tab) => tab !== false)}
    />
  );
}
