// How the house is doing, and what is left to do in a new one.
import './home.css';
import { Group, SegmentedControl, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { useList, useRead } from '../../api/reading.ts';
import type { Client, DailyStatistic, User } from '../../api/types.ts';
import { Chart } from '../../parts/chart.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { settings } from '../../settings.ts';
import { Checklist } from './checklist.tsx';
import { daysUntil, inQuery, period, rangeOf, ranges, sum } from './days.ts';
import { FailedLogins } from './failed-logins.tsx';
import { Total } from './total.tsx';

export function Home() {
  const may = useAccess();
  return (
    <>
      <PageHeader title="Home" description={`What happens at ${settings.friendly_name}.`} />
      <Stack gap="md">
        <Checklist />
        {may('read:stats') && <Activity />}
        {may('read:logs') && (
          <div>
            <FailedLogins />
          </div>
        )}
      </Stack>
    </>
  );
}

function Activity() {
  const url = useUrlState();
  const may = useAccess();
  const length = rangeOf(url);
  const [before, days] = period(length, new Date());
  const { data } = useRead<DailyStatistic[]>('/stats/daily', {
    from: inQuery(before[0]),
    to: inQuery(days.at(-1)),
  });
  const active = useRead<number>('/stats/active-users');
  const users = useList<User>(
    { path: '/users', name: 'users', per_page: 1, query: { fields: 'user_id' } },
    { enabled: may('read:users') },
  );
  const clients = useList<Client>(
    { path: '/clients', name: 'clients', per_page: 1, query: { is_global: false, fields: 'client_id' } },
    { enabled: may('read:clients') },
  );
  const logins = data && daysUntil(days, data.value, 'logins');
  const signups = data && daysUntil(days, data.value, 'signups');
  return (
    <>
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="md">
        {may('read:users') && <Total label="Users" value={users.data?.total} to="/users" />}
        <Total label="Active in the last 30 days" value={active.data?.value} />
        <Total
          label={`Logins in ${length} days`}
          value={logins && sum(logins)}
          before={data && sum(daysUntil(before, data.value, 'logins'))}
        />
        {may('read:clients') && <Total label="Applications" value={clients.data?.total} to="/applications" />}
      </SimpleGrid>
      <Section
        title="Activity"
        text="In days of UTC."
        actions={
          <SegmentedControl
            aria-label="Days"
            size="xs"
            value={String(length)}
            onChange={(value) => url.set({ days: value === '30' ? '' : value })}
            data={ranges.map((value) => ({ value, label: `${value} days` }))}
          />
        }
      >
        {logins === undefined || signups === undefined ? (
          <Skeleton height={230} />
        ) : (
          <Chart
            label="Logins and sign-ups by day"
            days={days}
            series={[
              { label: 'Logins', tone: 'primary', values: logins },
              { label: 'Sign-ups', tone: 'second', values: signups },
            ]}
          />
        )}
        {logins !== undefined && sum(logins) === 0 && (
          <Group>
            <Text size="sm" c="dimmed">
              Nobody has logged in yet. Logins appear here as they happen.
            </Text>
          </Group>
        )}
      </Section>
    </>
  );
}
