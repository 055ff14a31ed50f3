// The fields in which one chooses whom and what the log's entries are about.
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import type { Client, Connection, Organization, User } from '../../api/types.ts';
import { searchFor } from '../../api/user-search.ts';
import type { UrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { type Subject, subjectWords } from './log-query.ts';

export function LogSubjects({ url }: { url: UrlState }) {
  const may = useAccess();
  const clients = useList<Client>(
    {
      path: '/clients',
      name: 'clients',
      per_page: 100,
      query: { is_global: false, fields: 'client_id,name', include_fields: true },
    },
    { enabled: may('read:clients') || may('read:client_summary') },
  );
  const connections = useList<Connection>(
    { path: '/connections', name: 'connections', per_page: 100 },
    { enabled: may('read:connections') },
  );
  const organizations = useList<Organization>(
    { path: '/organizations', name: 'organizations', per_page: 100 },
    { enabled: may('read:organizations') },
  );
  return (
    <>
      {may('read:users') && <UserField url={url} />}
      <SubjectField
        url={url}
        name="client"
        options={clients.data?.items.map(({ client_id, name }) => ({ value: client_id, label: name }))}
      />
      <SubjectField
        url={url}
        name="connection"
        options={connections.data?.items.map(({ id, name, display_name }) => ({
          value: id,
          label: display_name ?? name,
        }))}
      />
      <SubjectField
        url={url}
        name="organization"
        options={organizations.data?.items.map(({ id, name, display_name }) => ({
          value: id,
          label: display_name ?? name,
        }))}
      />
    </>
  );
}

interface SubjectFieldProps {
  url: UrlState;
  name: Subject;
  options: readonly { value: string; label: string }[] | undefined;
}

/** What stands in the URL is chosen, even where it is not in the list (any more). */
function withChosen(options: SubjectFieldProps['options'] = [], chosen: string) {
  const isListed = chosen === '' || options.some(({ value }) => value === chosen);
  return isListed ? [...options] : [{ value: chosen, label: chosen }, ...options];
}

function SubjectField({ url, name, options }: SubjectFieldProps) {
  return (
    <Select
      label={subjectWords[name]}
      placeholder="Any"
      clearable
      searchable
      limit={50}
      value={url.get(name) || null}
      onChange={(id) => url.set({ [name]: id ?? '' })}
      data={withChosen(options, url.get(name))}
    />
  );
}

/** Found by the server: nobody has all of them in a list. */
function UserField({ url }: { url: UrlState }) {
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed.trim(), 300);
  const { data } = useList<User>(
    { path: '/users', name: 'users', per_page: 10, query: { q: searchFor(settled) } },
    { enabled: settled !== '' },
  );
  const found = settled === '' ? [] : (data?.items ?? []);
  return (
    <Select
      label={subjectWords.user}
      placeholder="Anybody: type a name or address"
      clearable
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={typed === '' ? undefined : 'Nobody like this'}
      value={url.get('user') || null}
      onChange={(id) => url.set({ user: id ?? '' })}
      data={withChosen(
        found.map(({ user_id, name, email }) => ({ value: user_id, label: email ?? name ?? user_id })),
        url.get('user'),
      )}
    />
  );
}
