// What happened: searched by the server, the newest first, and live if one wants.
import { Button, Group, Select, Switch } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { eventOf, logEvents } from '../../api/log-events.ts';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { LogEntry } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { Filters } from '../../parts/filters.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { KindIcon } from './kind-icon.tsx';
import { logQuery } from './log-query.ts';

const perPage = 25;
/** Milliseconds. */
const liveInterval = 2000;
const filters = ['q', 'type', 'since', 'user', 'client'];

export function Logs() {
  const url = useUrlState();
  const [isLive, setLive] = useState(false);
  const live = isLive && url.page === 0;
  const query = useRead<LogEntry[]>(
    '/logs',
    { q: logQuery(url), sort: 'date:-1', page: url.page, per_page: perPage },
    live ? { refetchInterval: liveInterval } : {},
  );
  const items = query.data?.value ?? [];
  // Nobody counts a log: the next page is there if this one is full.
  const total = url.page * perPage + items.length + (items.length === perPage ? 1 : 0);
  const clear = () => url.set(Object.fromEntries(filters.map((name) => [name, ''])));
  return (
    <>
      <PageHeader
        title="Logs"
        actions={
          <Switch
            label="Live"
            checked={isLive}
            onChange={(event) => {
              setLive(event.currentTarget.checked);
              if (event.currentTarget.checked) url.setPage(0);
            }}
          />
        }
      />
      <Filters>
        <SearchBox label="Search the log" value={url.get('q')} onSearch={(q) => url.set({ q })} />
        <Select
          aria-label="What happened"
          placeholder="Anything"
          clearable
          searchable
          w={260}
          value={url.get('type') || null}
          onChange={(type) => url.set({ type: type ?? '' })}
          data={[
            { value: 'failures', label: 'All failures' },
            ...Object.entries(logEvents).map(([value, { words }]) => ({ value, label: words })),
          ]}
        />
        <Select
          aria-label="When"
          placeholder="Any time"
          clearable
          w={170}
          value={url.get('since') || null}
          onChange={(since) => url.set({ since: since ?? '' })}
          data={[
            { value: '1h', label: 'The last hour' },
            { value: '24h', label: 'The last day' },
            { value: '7d', label: 'The last week' },
            { value: '30d', label: 'The last 30 days' },
          ]}
        />
      </Filters>
      <List
        label="Log entries"
        query={{ ...query, data: query.data && { items, total } }}
        keyOf={({ log_id }) => log_id}
        paging={url}
        isUncounted
        columns={[
          { title: 'What happened', cell: (entry) => <What entry={entry} /> },
          {
            title: 'User',
            kind: 'desktop',
            cell: ({ user_id, user_name }) =>
              user_id ? (
                <Link className="plain-link" to={path`/users/${user_id}`}>
                  <bdi>{user_name ?? user_id}</bdi>
                </Link>
              ) : (
                <bdi>{user_name}</bdi>
              ),
          },
          { title: 'Application', kind: 'desktop', cell: ({ client_name }) => <bdi>{client_name}</bdi> },
          { title: 'Address', kind: 'desktop', cell: ({ ip }) => <span className="mono">{ip}</span> },
          { title: 'When', cell: ({ date }) => <Time at={date} /> },
        ]}
        empty={
          url.hasAny(filters) ? (
            <Empty
              icon={<IconActivity />}
              title="Nothing like this"
              text="Search other words, or a longer time."
              action={
                <Button variant="default" onClick={clear}>
                  Show everything
                </Button>
              }
            />
          ) : (
            <Empty
              icon={<IconActivity />}
              title="Nothing has happened yet"
              text="Logins and changes stand here."
            />
          )
        }
      />
    </>
  );
}

function What({ entry: { log_id, type, description } }: { entry: LogEntry }) {
  const { words, kind } = eventOf(type);
  return (
    <Group gap="sm" wrap="nowrap">
      <KindIcon kind={kind} />
      <div className="page-title">
        <Link className="row-link" to={path`/logs/${log_id}`}>
          {words}
        </Link>
        {description !== undefined && description !== '' && (
          <div className="second-line">
            <bdi>{description}</bdi>
          </div>
        )}
      </div>
    </Group>
  );
}
