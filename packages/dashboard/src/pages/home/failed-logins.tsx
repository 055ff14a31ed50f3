import { Anchor } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { Link } from 'react-router';
import { eventOf } from '../../api/log-events.ts';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { LogEntry } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { logQuery } from '../logs/log-query.ts';
import { period, rangeOf } from './days.ts';

const shown = 5;

/** The last who could not log in, in the days that one looks at. */
export function FailedLogins() {
  const length = rangeOf(useUrlState());
  const [, [first]] = period(length, new Date());
  const filters: Record<string, string> = { type: 'failed_logins', from: first?.toISOString() ?? '' };
  const query = useRead<LogEntry[]>('/logs', {
    q: logQuery({ get: (name) => filters[name] ?? '' }),
    sort: 'date:-1',
    per_page: shown,
  });
  const items = query.data?.value ?? [];
  return (
    <Section
      title="Failed logins"
      text={`The last ones in ${length} days.`}
      actions={
        items.length > 0 && (
          <Anchor component={Link} size="sm" to={`/logs?${new URLSearchParams(filters)}`}>
            All of them
          </Anchor>
        )
      }
    >
      <List
        label="Failed logins"
        query={{ ...query, data: query.data && { items, total: items.length } }}
        keyOf={({ log_id }) => log_id}
        columns={[
          {
            title: 'What happened',
            cell: ({ log_id, type }) => (
              <Link className="row-link" to={path`/logs/${log_id}`}>
                {eventOf(type).words}
              </Link>
            ),
          },
          { title: 'User', cell: ({ user_name }) => <bdi>{user_name}</bdi> },
          { title: 'Address', kind: 'desktop', cell: ({ ip }) => <span className="mono">{ip}</span> },
          { title: 'When', cell: ({ date }) => <Time at={date} /> },
        ]}
        empty={
          <Empty
            icon={<IconShieldCheck />}
            title="No login has failed"
            text="Wrong passwords and whoever was kept out appear here."
          />
        }
      />
    </Section>
  );
}
