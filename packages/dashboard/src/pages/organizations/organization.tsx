import { IconBuilding } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Organization } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Detail } from '../../parts/detail.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useAccess } from '../../session/access.tsx';
import { OrganizationConnections } from './connections.tsx';
import { Invitations } from './invitations.tsx';
import { Members } from './members.tsx';
import { OrganizationSettings } from './settings.tsx';

export function OrganizationScreen() {
  const { id = '' } = useParams();
  const query = useRead<Organization>(path`/organizations/${id}`);
  return <OnceRead query={query}>{(stored) => <Loaded key={id} stored={stored} />}</OnceRead>;
}

function Loaded({ stored }: { stored: ApiAnswer<Organization> }) {
  const may = useAccess();
  const { id, name, display_name, branding } = stored.value;
  const tabs = [
    { name: 'settings', label: 'Settings', content: () => <OrganizationSettings stored={stored} /> },
    may('read:organization_members') && {
      name: 'members',
      label: 'Members',
      content: () => <Members organization={stored.value} />,
    },
    may('read:organization_invitations') && {
      name: 'invitations',
      label: 'Invitations',
      content: () => <Invitations organization={stored.value} />,
    },
    may('read:organization_connections') && {
      name: 'connections',
      label: 'Connections',
      content: () => <OrganizationConnections organization={stored.value} />,
    },
  ].filter((tab) => tab !== false);
  return (
    <Detail
      to={path`/organizations/${id}`}
      tabs={tabs}
      title={display_name ?? name}
      back={{ label: 'Organizations', to: '/organizations' }}
      icon={<Tile icon={<IconBuilding size={26} />} picture={branding?.logo_url} size={52} />}
      description={<Copyable text={id} label="Copy the organization ID" />}
    />
  );
}
