import { Badge, Button, Group } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Grant, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { ApplicationName } from './application-name.tsx';

/** Which applications they have allowed to act for them. */
export function UserGrants({ user: { user_id } }: { user: User }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const query = useList<Grant>({ path: '/grants', name: 'grants', page: url.page, query: { user_id } });
  const revoke = ({ id }: Grant) =>
    write(
      { method: 'DELETE', path: path`/grants/${id}` },
      { stale: ['/grants'], done: 'Taken back: the application has to ask again' },
    );
  return (
    <List
      label="Authorized applications"
      query={query}
      keyOf={({ id }) => id}
      paging={url}
      columns={[
        { title: 'Application', cell: ({ clientID }) => <ApplicationName client_id={clientID} /> },
        {
          title: 'API',
          kind: 'desktop',
          cell: ({ audience }) => <span className="mono">{audience || 'Profile'}</span>,
        },
        {
          title: 'May',
          cell: ({ scope }) => (
            <Group gap={4}>
              {scope.slice(0, 8).map((name) => (
                <Badge key={name} variant="light" tt="none">
                  {name}
                </Badge>
              ))}
              {scope.length > 8 && `and ${scope.length - 8} more`}
            </Group>
          ),
        },
        {
          title: 'Take back',
          kind: 'end',
          cell: (grant) =>
            may('delete:grants') && (
              <Button size="compact-sm" variant="default" onClick={() => void revoke(grant)}>
                Take back
              </Button>
            ),
        },
      ]}
      empty={
        <Empty
          icon={<IconPlugConnected />}
          title="No application was allowed anything"
          text="What they agree to on the consent page stands here."
        />
      }
    />
  );
}
