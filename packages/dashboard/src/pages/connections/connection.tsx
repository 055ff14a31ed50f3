import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { Detail } from '../../parts/detail.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Tile } from '../../parts/tile.tsx';
import { ConnectionClients } from './clients.tsx';
import { ConnectionSettings } from './settings.tsx';
import { isLoginStrategy, strategyOf } from './strategies.tsx';

export function ConnectionScreen() {
  const { id = '' } = useParams();
  const query = useRead<Connection>(path`/connections/${id}`);
  return <OnceRead query={query}>{(stored) => <ConnectionDetail key={id} stored={stored} />}</OnceRead>;
}

function ConnectionDetail({ stored }: { stored: ApiAnswer<Connection> }) {
  const { id, name, display_name, strategy } = stored.value;
  const { icon: Icon, label } = strategyOf(strategy);
  return (
    <Detail
      to={path`/connections/${id}`}
      title={display_name ?? name}
      back={{ label: 'Connections', to: '/connections' }}
      icon={<Tile icon={<Icon size={26} />} size={52} />}
      description={
        <>
          {label} · <Copyable text={id} label="Copy the connection ID" />
        </>
      }
      actions={isLoginStrategy(strategy) && <TryButton name={name} />}
      tabs={[
        { name: 'settings', label: 'Settings', content: () => <ConnectionSettings stored={stored} /> },
        {
          name: 'applications',
          label: 'Applications',
          content: () => <ConnectionClients connection={stored.value} />,
        },
        {
          name: 'json',
          label: 'JSON',
          content: () => (
            <CodeBlock
              text={JSON.stringify(stored.value, undefined, 2)}
              label="Copy the connection as JSON"
            />
          ),
        },
      ]}
    />
  );
}

/** In a tab of its own, for whoever tries it may come back as somebody else. */
function TryButton({ name }: { name: string }) {
  return (
    <Button
      component={Link}
      to={`/try?${new URLSearchParams({ connection: name })}`}
      target="_blank"
      variant="default"
      leftSection={<IconPlayerPlay size={16} />}
    >
      Try
    </Button>
  );
}
