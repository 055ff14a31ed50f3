// Everybody who can log in: searched by the server, a page at a time, however many there are.
import { Badge, Button, Select } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import type { Connection, User } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { Filters } from '../../parts/filters.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Time } from '../../parts/time.tsx';
import { type UrlState, useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { UserCell } from '../../parts/user-cell.tsx';
import { useAccess } from '../../session/access.tsx';
import { CreateUser } from './create-user.tsx';
import { usersQuery } from './users-query.ts';

const filters = ['q', 'blocked', 'connection', 'seen', 'sort'];

export function Users() {
  const url = useUrlState();
  const may = useAccess();
  const creating = useCreateDialog(may('create:users'));
  const query = useList<User>({ path: '/users', name: 'users', page: url.page, query: usersQuery(url) });
  const create = may('create:users') && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      Create a user
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Users"
        actions={
          <>
            <Button component={Link} to="/users/import-export" variant="default">
              Import and export
            </Button>
            {create}
          </>
        }
      />
      <UserFilters url={url} />
      <List
        label="Users"
        query={query}
        keyOf={({ user_id }) => user_id}
        paging={url}
        columns={[
          {
            title: 'Name',
            cell: (user) => (
              <UserCell user={user}>
                {user.blocked && (
                  <Badge color="red" variant="light">
                    Blocked
                  </Badge>
                )}
              </UserCell>
            ),
          },
          { title: 'Connection', kind: 'desktop', cell: connectionsOf },
          {
            title: 'Logins',
            kind: 'desktop',
            cell: ({ logins_count }) => (logins_count ?? 0).toLocaleString('en'),
          },
          { title: 'Last login', cell: ({ last_login }) => <LastLogin at={last_login} /> },
        ]}
        empty={
          url.hasAny(filters) ? (
            <Empty
              icon={<IconUsers />}
              title="Nobody like this"
              text="Try fewer letters, or take a filter away."
              action={
                <Button
                  variant="default"
                  onClick={() => url.set(Object.fromEntries(filters.map((name) => [name, ''])))}
                >
                  Show everybody
                </Button>
              }
            />
          ) : (
            <Empty
              icon={<IconUsers />}
              title="No users yet"
              text="People appear here when they sign up, or when you create them."
              action={create}
            />
          )
        }
      />
      <CreateUser opened={creating.isOpen} onClose={creating.close} />
    </>
  );
}

function UserFilters({ url }: { url: UrlState }) {
  const { data } = useList<Connection>({ path: '/connections', name: 'connections', per_page: 100 });
  const connections = data?.items ?? [];
  const choose = (name: string) => (value: string | null) => url.set({ [name]: value ?? '' });
  return (
    <Filters>
      <SearchBox label="Search users" value={url.get('q')} onSearch={(q) => url.set({ q })} />
      <Select
        aria-label="Whether they are blocked"
        placeholder="Blocked or not"
        clearable
        w={160}
        value={url.get('blocked') || null}
        onChange={choose('blocked')}
        data={[
          { value: 'true', label: 'Blocked' },
          { value: 'false', label: 'Not blocked' },
        ]}
      />
      {connections.length > 1 && (
        <Select
          aria-label="Connection"
          placeholder="Any connection"
          clearable
          w={200}
          value={url.get('connection') || null}
          onChange={choose('connection')}
          data={connections.map(({ name, display_name }) => ({ value: name, label: display_name ?? name }))}
        />
      )}
      <Select
        aria-label="Last login"
        placeholder="Any last login"
        clearable
        w={180}
        value={url.get('seen') || null}
        onChange={choose('seen')}
        data={[
          { value: '1', label: 'Within a day' },
          { value: '7', label: 'Within a week' },
          { value: '30', label: 'Within 30 days' },
          { value: 'never', label: 'Never' },
        ]}
      />
      <Select
        aria-label="Order"
        w={170}
        allowDeselect={false}
        value={url.get('sort') || 'created_at:-1'}
        onChange={(value) => url.set({ sort: value === 'created_at:-1' ? '' : (value ?? '') })}
        data={[
          { value: 'created_at:-1', label: 'Newest first' },
          { value: 'created_at:1', label: 'Oldest first' },
          { value: 'last_login:-1', label: 'Last seen first' },
          { value: 'email:1', label: 'By email' },
          { value: 'name:1', label: 'By name' },
        ]}
      />
    </Filters>
  );
}

function connectionsOf({ identities }: User): string {
  return [...new Set((identities ?? []).map(({ connection }) => connection))].join(', ');
}

function LastLogin({ at }: { at: string | undefined }) {
  return (
    <>
      <span className="on-phone">Last login: </span>
      <Time at={at} />
    </>
  );
}
