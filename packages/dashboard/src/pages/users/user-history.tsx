import { IconActivity } from '@tabler/icons-react';
import { Link } from 'react-router';
import { eventOf } from '../../api/log-events.ts';
import { uncountedList, useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { LogEntry, User } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';

const perPage = 25;

/** The newest first. */
export function UserHistory({ user: { user_id } }: { user: User }) {
  const url = useUrlState();
  const query = useRead<LogEntry[]>(path`/users/${user_id}/logs`, {
    page: url.page,
    per_page: perPage,
    sort: 'date:-1',
  });
  return (
    <List
      label="History of this user"
      query={uncountedList(query, { page: url.page, per_page: perPage })}
      keyOf={({ log_id }) => log_id}
      paging={url}
      isUncounted
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
