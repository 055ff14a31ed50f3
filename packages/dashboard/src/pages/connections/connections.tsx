// How people log in: databases of passwords, codes by mail or text message.
import { Badge, Button, Group, Modal } from '@mantine/core';
import { IconDatabase, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { CreateConnection } from './create-connection.tsx';
import { isLoginStrategy, strategyOf } from './strategies.tsx';

export function Connections() {
  const url = useUrlState();
  const may = useAccess();
  const creating = useCreateDialog(may('create:connections'));
  const query = useList<Connection>({ path: '/connections', name: 'connections', page: url.page });
  const create = may('create:connections') && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      Create a connection
    </Button>
  );
  return (
    <>
      <PageHeader title="Connections" actions={create} />
      <List
        label="Connections"
        query={query}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          { title: 'Name', cell: (connection) => <Name connection={connection} /> },
          {
            title: 'Kind',
            cell: ({ strategy }) =>
              isLoginStrategy(strategy) ? (
                strategyOf(strategy).label
              ) : (
                <Group gap="xs">
                  {strategy}
                  <Badge color="yellow" variant="light">
                    Not for logins yet
                  </Badge>
                </Group>
              ),
          },
          { title: 'ID', kind: 'desktop', cell: ({ id }) => <span className="mono">{id}</span> },
        ]}
        empty={
          <Empty
            icon={<IconDatabase />}
            title="No connections"
            text="Nobody can log in without one. Make a database of passwords to begin with."
            action={create}
          />
        }
      />
      <Modal opened={creating.isOpen} onClose={creating.close} title="Create a connection">
        <CreateConnection onClose={creating.close} />
      </Modal>
    </>
  );
}

function Name({ connection: { id, name, display_name, strategy } }: { connection: Connection }) {
  const { icon: Icon } = strategyOf(strategy);
  return (
    <Group gap="sm" wrap="nowrap">
      <Tile icon={<Icon size={18} />} />
      <div className="page-title">
        <Link className="row-link" to={path`/connections/${id}`}>
          <bdi>{display_name ?? name}</bdi>
        </Link>
        {display_name !== undefined && <div className="second-line mono">{name}</div>}
      </div>
    </Group>
  );
}
