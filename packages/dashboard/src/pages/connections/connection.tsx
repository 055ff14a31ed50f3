import { useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { Detail, DetailSkeleton } from '../../parts/detail.tsx';
import { Failed } from '../../parts/failed.tsx';
import { Tile } from '../../parts/tile.tsx';
import { ConnectionClients } from './clients.tsx';
import { ConnectionSettings } from './settings.tsx';
import { strategyOf } from './strategies.tsx';

export function ConnectionScreen() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useRead<Connection>(path`/connections/${id}`);
  if (error !== null && data === undefined) return <Failed error={error} retry={refetch} />;
  if (data === undefined) return <DetailSkeleton />;
  const { name, display_name, strategy } = data.value;
  const { icon: Icon, label } = strategyOf(strategy);
  return (
    <Detail
      key={id}
      to={path`/connections/${id}`}
      title={display_name ?? name}
      back={{ label: 'Connections', to: '/connections' }}
      icon={<Tile icon={<Icon size={26} />} size={52} />}
      description={
        <>
          {label} · <Copyable text={id} label="Copy the connection ID" />
        </>
      }
      tabs={[
        { name: 'settings', label: 'Settings', content: () => <ConnectionSettings stored={data} /> },
        {
          name: 'applications',
          label: 'Applications',
          content: () => <ConnectionClients connection={data.value} />,
        },
        {
          name: 'json',
          label: 'JSON',
          content: () => (
            <CodeBlock text={JSON.stringify(data.value, undefined, 2)} label="Copy the connection as JSON" />
          ),
        },
      ]}
    />
  );
}
