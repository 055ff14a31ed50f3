import { Badge, Button, NativeSelect, Stack, Text } from '@mantine/core';
import { IconApps, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { path } from '../../api/request.ts';
import type { Client } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Filters } from '../../parts/filters.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { appTypeNames, appTypes, wordsOf } from './app-types.tsx';
import { CreateApplication } from './create-application.tsx';
import { useApplications } from './use-applications.ts';

export function Applications() {
  const url = useUrlState();
  const may = useAccess();
  const creating = useCreateDialog(may('create:clients'));
  const [search, app_type] = [url.get('q'), url.get('type')];
  const query = useApplications({ search, app_type, page: url.page });
  const create = may('create:clients') && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      Create application
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Applications"
        description="What people log in to, and what acts for itself: each has an identity of its own here."
        actions={create}
      />
      <Filters>
        <SearchBox label="Search by name or client ID" value={search} onSearch={(q) => url.set({ q })} />
        <NativeSelect
          aria-label="Type"
          value={app_type}
          onChange={(event) => url.set({ type: event.currentTarget.value })}
          data={[
            { value: '', label: 'All types' },
            ...appTypeNames.map((value) => ({ value, label: appTypes[value].label })),
          ]}
        />
      </Filters>
      <List
        label="Applications"
        query={query}
        keyOf={({ client_id }) => client_id}
        {...(search === '' ? { paging: url } : {})}
        columns={[
          { title: 'Name', cell: (client) => <Name {...client} /> },
          {
            title: 'Client ID',
            kind: 'desktop',
            cell: ({ client_id }) => <Copyable text={client_id} label="Copy the client ID" />,
          },
          {
            title: 'Party',
            kind: 'end',
            cell: ({ is_first_party }) =>
              is_first_party === false && (
                <Badge variant="default" radius="sm">
                  Third party
                </Badge>
              ),
          },
        ]}
        empty={
          url.hasAny(['q', 'type']) ? (
            <Empty
              icon={<IconApps />}
              title="No application is like that"
              text="Try another name, or all types."
            />
          ) : (
            <Empty
              icon={<IconApps />}
              title="No applications yet"
              text="Create the first one. It comes with a quick start that has everything filled in."
              action={create}
            />
          )
        }
      />
      <CreateApplication opened={creating.isOpen} onClose={creating.close} />
    </>
  );
}

function Name(client: Client) {
  const { client_id, name, logo_uri } = client;
  const { icon: Icon, label } = wordsOf(client);
  return (
    <div className="with-tile">
      <Tile icon={<Icon size={18} stroke={1.75} />} picture={logo_uri} />
      <Stack gap={0} miw={0}>
        <Link className="row-link" to={path`/applications/${client_id}`}>
          <bdi>{name}</bdi>
        </Link>
        <Text size="xs" c="dimmed">
          {label}
        </Text>
      </Stack>
    </div>
  );
}
