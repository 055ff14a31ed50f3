import { IconActivity } from '@tabler/icons-react';
import { Link } from 'react-router';
import { eventOf } from '../../api/log-events.ts';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { LogEntry } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import type { UserTabProps } from './user.tsx';

const perPage = 25;

/** The newest first. How many there are in all nobody counts: the next page is there if this one is full. */
export function UserHistory({ user: { user_id } }: UserTabProps) {
  const url = useUrlState();
  const query = useRead<LogEntry[]>(path`/users/${user_id}/logs`, {
    page: url.page,
    per_page: perPage,
    sort: 'date:-1',
  });
  const items = query.data?.value ?? [];
  const total = url.page * perPage + items.length + (items.length === perPage ? 1 : 0);
  return (
    <List
      label="History of this user"
      query={{ ...query, data: query.data && { items, total } }}
      keyOf={({ log_id }) => log_id}
      paging={url}
      columns={[
        {
          title: 'What happened',
          cell: ({ log_id, type, description }) => (
            <>
              <Link className="row-link" to={path`/logs/${log_id}`}>
                {eventOf(type).words}
              </Link>
              {description && <div className="second-line">{description}</div>}
            </>
          ),
        },
        { title: 'Application', kind: 'desktop', cell: ({ client_name }) => client_name },
        { title: 'Address', kind: 'desktop', cell: ({ ip }) => ip },
        { title: 'When', cell: ({ date }) => <Time at={date} /> },
      ]}
      empty={
        <Empty
          icon={<IconActivity />}
          title="Nothing has happened yet"
          text="Logins and changes stand here."
        />
      }
    />
  );
}
