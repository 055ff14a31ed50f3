import { Badge } from '@mantine/core';
import { IconWorld } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { ResourceServer } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Detail, type DetailTab } from '../../parts/detail.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useAccess } from '../../session/access.tsx';
import { ApiAccess } from './access-tab.tsx';
import { ApiPermissions } from './permissions-tab.tsx';
import { ApiQuickStart } from './quick-start.tsx';
import { ApiSettings } from './settings-tab.tsx';
import { ApiTest } from './test-tab.tsx';

export function ApiScreen() {
  const { id = '' } = useParams();
  const query = useRead<ResourceServer>(path`/resource-servers/${id}`);
  return <OnceRead query={query}>{(stored) => <ApiDetail key={stored.value.id} stored={stored} />}</OnceRead>;
}

function ApiDetail({ stored }: { stored: ApiAnswer<ResourceServer> }) {
  const api = stored.value;
  const may = useAccess();
  const tabs: (DetailTab | false)[] = [
    { name: 'quick-start', label: 'Quick start', content: () => <ApiQuickStart api={api} /> },
    { name: 'settings', label: 'Settings', content: () => <ApiSettings stored={stored} /> },
    { name: 'permissions', label: 'Permissions', content: () => <ApiPermissions stored={stored} /> },
    may('read:client_grants') &&
      may('read:clients') && { name: 'access', label: 'Access', content: () => <ApiAccess api={api} /> },
    { name: 'test', label: 'Test', content: () => <ApiTest api={api} /> },
  ];
  return (
    <Detail
      to={path`/apis/${api.id}`}
      back={{ label: 'APIs', to: '/apis' }}
      title={api.name}
      icon={<Tile icon={<IconWorld size={26} stroke={1.5} />} size={52} />}
      badges={
        api.is_system && (
          <Badge variant="default" radius="sm">
            This server’s own
          </Badge>
        )
      }
      description={<Copyable text={api.identifier} label="Copy the identifier" />}
      tabs={tabs.filter((tab) => tab !== false)}
    />
  );
}
