// What narrows the log: words, kind and time in sight; who and what it is about, and exact times, behind a button.
// Whatever is chosen is seen, and can be taken away.
import { Button, CloseButton, Group, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { logEvents } from '../../api/log-events.ts';
import type { LogEntry } from '../../api/types.ts';
import { Filters } from '../../parts/filters.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { exactTime } from '../../parts/time.tsx';
import type { UrlState } from '../../parts/url-state.ts';
import { type Subject, subjectNames, subjectWords } from './log-query.ts';
import { LogSubjects } from './log-subjects.tsx';

export interface LogFiltersProps {
  url: UrlState;
  /** Those in sight, which know the names of what was chosen. */
  entries: readonly LogEntry[];
}

export function LogFilters({ url, entries }: LogFiltersProps) {
  const [showsMore, { toggle }] = useDisclosure();
  return (
    <>
      <Filters>
        <SearchBox label="Search the log" value={url.get('q')} onSearch={(q) => url.set({ q })} />
        <Select
          aria-label="What happened"
          placeholder="Anything"
          clearable
          searchable
          w={240}
          value={url.get('type') || null}
          onChange={(type) => url.set({ type: type ?? '' })}
          data={[
            { value: 'failures', label: 'All failures' },
            { value: 'failed_logins', label: 'Failed logins' },
            ...Object.entries(logEvents).map(([value, { words }]) => ({ value, label: words })),
          ]}
        />
        <Select
          aria-label="When"
          placeholder="Any time"
          clearable
          w={160}
          value={url.get('since') || null}
          onChange={(since) => url.set({ since: since ?? '', from: '', until: '' })}
          data={[
            { value: '1h', label: 'The last hour' },
            { value: '24h', label: 'The last day' },
            { value: '7d', label: 'The last week' },
            { value: '30d', label: 'The last 30 days' },
          ]}
        />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          aria-expanded={showsMore}
          onClick={toggle}
        >
          {showsMore ? 'Fewer filters' : 'More filters'}
        </Button>
      </Filters>
      {showsMore && (
        <SimpleGrid
          component="fieldset"
          className="plain-fieldset"
          aria-label="More filters"
          cols={{ base: 1, xs: 2, md: 3 }}
          mb="md"
        >
          <LogSubjects url={url} />
          <Moment label="From" name="from" url={url} />
          <Moment label="Until" name="until" url={url} />
        </SimpleGrid>
      )}
      <Chosen url={url} entries={entries} />
    </>
  );
}

function Moment({ label, name, url }: { label: string; name: 'from' | 'until'; url: UrlState }) {
  return (
    <TextInput
      label={label}
      type="datetime-local"
      value={localTime(url.get(name))}
      onChange={(event) => url.set({ since: '', [name]: isoTime(event.currentTarget.value) })}
    />
  );
}

/** What the browser's field takes, by the clock of whoever looks. */
function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '';
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function isoTime(local: string): string {
  return local === '' ? '' : new Date(local).toISOString();
}

function Chosen({ url, entries }: LogFiltersProps) {
  const subjects = subjectNames
    .filter((name) => url.get(name) !== '')
    .map((name) => ({ name, words: `${subjectWords[name]}: ${nameOf(name, url.get(name), entries)}` }));
  const times = (['from', 'until'] as const)
    .filter((name) => localTime(url.get(name)) !== '')
    .map((name) => ({
      name,
      words: `${name === 'from' ? 'From' : 'Until'} ${exactTime(url.get(name))}`,
    }));
  const chosen = [...subjects, ...times];
  if (chosen.length === 0) return null;
  return (
    <Group component="ul" className="pills" gap="xs" mb="md" aria-label="Shown are only those with">
      {chosen.map(({ name, words }) => (
        <li key={name} className="pill">
          <bdi>{words}</bdi>
          <CloseButton size="sm" aria-label={`Take away: ${words}`} onClick={() => url.set({ [name]: '' })} />
        </li>
      ))}
    </Group>
  );
}

function nameOf(subject: Subject, id: string, entries: readonly LogEntry[]): string {
  const names = entries.map((entry) => {
    if (subject === 'user') return entry.user_id === id && entry.user_name;
    if (subject === 'client') return entry.client_id === id && entry.client_name;
    if (subject === 'connection') return entry.connection_id === id && entry.connection;
    return entry.organization_id === id && entry.organization_name;
  });
  return names.find((name) => typeof name === 'string' && name !== '') || id;
}
