import { Badge, Button, Stack } from '@mantine/core';
import { IconPlus, IconWorld } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { ResourceServer } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { CreateApi } from './create-api.tsx';

export function Apis() {
  const url = useUrlState();
  const may = useAccess();
  const creating = useCreateDialog(may('create:resource_servers'));
  const query = useList<ResourceServer>({
    path: '/resource-servers',
    name: 'resource_servers',
    page: url.page,
  });
  const create = may('create:resource_servers') && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      Create API
    </Button>
  );
  return (
    <>
      <PageHeader
        title="APIs"
        description="What access tokens are for. Each has an identifier, the audience of its tokens, and permissions of its own."
        actions={create}
      />
      <List
        label="APIs"
        query={query}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          { title: 'Name', cell: (api) => <Name {...api} /> },
          {
            title: 'Identifier',
            cell: ({ identifier }) => <Copyable text={identifier} label="Copy the identifier" />,
          },
          {
            title: 'Permissions',
            kind: 'desktop',
            cell: ({ scopes = [] }) => scopes.length,
          },
        ]}
        empty={
          <Empty
            icon={<IconWorld />}
            title="No APIs yet"
            text="Create one for each service of yours that takes access tokens."
            action={create}
          />
        }
      />
      <CreateApi opened={creating.isOpen} onClose={creating.close} />
    </>
  );
}

function Name({ id, name, is_system }: ResourceServer) {
  return (
    <div className="with-tile">
      <Tile icon={<IconWorld size={18} stroke={1.75} />} />
      <Stack gap={2} miw={0} align="flex-start">
        <Link className="row-link" to={path`/apis/${id}`}>
          <bdi>{name}</bdi>
        </Link>
        {is_system && (
          <Badge size="sm" variant="default" radius="sm">
            This server’s own
          </Badge>
        )}
      </Stack>
    </div>
  );
}
