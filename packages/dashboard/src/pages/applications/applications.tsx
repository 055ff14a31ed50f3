import { Button } from '@mantine/core';
import { IconApps, IconPlus } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import type { Client } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useUrlState } from '../../parts/url-state.ts';

export function Applications() {
  const url = useUrlState();
  const query = useList<Client>({
    path: '/clients',
    name: 'clients',
    page: url.page,
    query: { is_global: false },
  });
  return (
    <>
      <PageHeader
        title="Applications"
        actions={<Button leftSection={<IconPlus size={16} />}>Create</Button>}
      />
      <List
        label="Applications"
        query={query}
        keyOf={({ client_id }) => client_id}
        paging={url}
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          {
            title: 'Client ID',
            cell: ({ client_id }) => <Copyable text={client_id} label="Copy the client ID" />,
          },
        ]}
        empty={<Empty icon={<IconApps />} title="No applications yet" text="Create one." />}
      />
    </>
  );
}
