// The command palette: where to go, and, from three letters on, what is there.
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconPlus, IconSearch, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useAccess } from '../session/access.tsx';
import { useFound } from './find.ts';
import { isAllowed, navigation } from './navigation.ts';

export default function Palette({ showCalls }: { showCalls: () => void }) {
  const navigate = useNavigate();
  const may = useAccess();
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query.trim(), 200);
  const found = useFound(settled);

  const pages: SpotlightActionGroupData = {
    group: 'Go to',
    actions: navigation
      .flatMap(({ destinations }) => destinations)
      .filter((destination) => isAllowed(destination, may))
      .map(({ label, path, icon: Icon, keywords }) => ({
        id: path,
        label,
        keywords: [...(keywords ?? [])],
        leftSection: <Icon size={18} stroke={1.75} />,
        onClick: () => void navigate(path),
      })),
  };
  const commands: SpotlightActionGroupData = {
    group: 'Do',
    actions: [
      ...creations
        .filter(({ needs }) => may(needs))
        .map(({ label, path }) => ({
          id: label,
          label,
          leftSection: <IconPlus size={18} stroke={1.75} />,
          onClick: () => void navigate(path),
        })),
      {
        id: 'calls',
        label: 'Show the API calls of this page',
        keywords: ['curl', 'script'],
        leftSection: <IconTerminal2 size={18} stroke={1.75} />,
        onClick: showCalls,
      },
    ],
  };
  const things: SpotlightActionGroupData[] = found.map(({ group, items }) => ({
    group,
    actions: items.map(({ id, label, description, path, icon: Icon }) => ({
      id,
      label,
      description,
      // The server has found it by what was typed, whatever its name is.
      keywords: [settled],
      leftSection: <Icon size={18} stroke={1.75} />,
      onClick: () => void navigate(path),
    })),
  }));

  return (
    <Spotlight
      shortcut={null}
      actions={[...things, pages, commands]}
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing is called so"
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: 'Go to a page, or find an application, an API, an organization or a person',
        'aria-label': 'Search',
      }}
    />
  );
}

const creations = [
  { label: 'Create an application', path: '/applications?create=true', needs: 'create:clients' },
  { label: 'Create an API', path: '/apis?create=true', needs: 'create:resource_servers' },
  { label: 'Create a user', path: '/users?create=true', needs: 'create:users' },
  { label: 'Import users', path: '/users/import-export', needs: 'create:users' },
  { label: 'Export users', path: '/users/import-export/export', needs: 'read:users' },
  { label: 'Create a role', path: '/roles?create=true', needs: 'create:roles' },
  { label: 'Create an organization', path: '/organizations?create=true', needs: 'create:organizations' },
  { label: 'Create a connection', path: '/connections?create=true', needs: 'create:connections' },
];
