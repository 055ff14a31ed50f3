// What happened: searched by the server, the newest first, and live if one wants.
import { Button, Group, Switch } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { eventOf } from '../../api/log-events.ts';
import { uncountedList, useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { LogEntry } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { KindIcon } from './kind-icon.tsx';
import { LogFilters } from './log-filters.tsx';
import { logFilters, logQuery } from './log-query.ts';

const perPage = 25;
/** Milliseconds. */
const liveInterval = 2000;

export function Logs() {
  const url = useUrlState();
  const [isLive, setLive] = useState(false);
  const live = isLive && url.page === 0;
  const query = useRead<LogEntry[]>(
    '/logs',
    { q: logQuery(url), sort: 'date:-1', page: url.page, per_page: perPage },
    live ? { refetchInterval: liveInterval } : {},
  );
  const clear = () => url.set(Object.fromEntries(logFilters.map((name) => [name, ''])));
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
      <LogFilters url={url} entries={query.data?.value ?? []} />
      <List
        label="Log entries"
        query={uncountedList(query, { page: url.page, per_page: perPage })}
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
          url.hasAny(logFilters) ? (
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
