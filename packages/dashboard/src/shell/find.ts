// What the palette finds: people at the server, everything else among the first hundred of each.
import { IconApps, IconBuilding, IconUser, IconWorld } from '@tabler/icons-react';
import { useList } from '../api/reading.ts';
import type { Client, Organization, ResourceServer, User } from '../api/types.ts';
import { searchFor } from '../api/user-search.ts';
import { useAccess } from '../session/access.tsx';
import type { Destination } from './navigation.ts';

export interface Found {
  id: string;
  label: string;
  description: string;
  path: string;
  icon: Destination['icon'];
}

/** Fewer letters find everybody. */
const fewest = 3;
const most = 5;

export function useFound(typed: string): { group: string; items: Found[] }[] {
  const may = useAccess();
  const isLongEnough = typed.length >= fewest;
  const clients = useList<Client>(
    { path: '/clients', name: 'clients', per_page: 100, query: { is_global: false } },
    { enabled: isLongEnough && may('read:clients'), staleTime: 60_000 },
  );
  const apis = useList<ResourceServer>(
    { path: '/resource-servers', name: 'resource_servers', per_page: 100 },
    { enabled: isLongEnough && may('read:resource_servers'), staleTime: 60_000 },
  );
  const organizations = useList<Organization>(
    { path: '/organizations', name: 'organizations', per_page: 100 },
    { enabled: isLongEnough && may('read:organizations'), staleTime: 60_000 },
  );
  const users = useList<User>(
    { path: '/users', name: 'users', per_page: most, query: { q: searchFor(typed), search_engine: 'v3' } },
    { enabled: isLongEnough && may('read:users') },
  );
  if (!isLongEnough) return [];
  const has = (...texts: (string | undefined)[]) =>
    texts.some((text) => text?.toLowerCase().includes(typed.toLowerCase()));
  return [
    {
      group: 'Applications',
      items: (clients.data?.items ?? [])
        .filter(({ name, client_id }) => has(name, client_id))
        .slice(0, most)
        .map(({ name, client_id }) => ({
          id: client_id,
          label: name,
          description: client_id,
          path: `/applications/${encodeURIComponent(client_id)}`,
          icon: IconApps,
        })),
    },
    {
      group: 'APIs',
      items: (apis.data?.items ?? [])
        .filter(({ name, identifier }) => has(name, identifier))
        .slice(0, most)
        .map(({ id, name, identifier }) => ({
          id,
          label: name,
          description: identifier,
          path: `/apis/${encodeURIComponent(id)}`,
          icon: IconWorld,
        })),
    },
    {
      group: 'Organizations',
      items: (organizations.data?.items ?? [])
        .filter(({ id, name, display_name }) => has(id, name, display_name))
        .slice(0, most)
        .map(({ id, name, display_name }) => ({
          id,
          label: display_name ?? name,
          description: name,
          path: `/organizations/${encodeURIComponent(id)}`,
          icon: IconBuilding,
        })),
    },
    {
      group: 'People',
      // Who was found by what was typed before is not who is looked for now.
      items: (users.isPlaceholderData ? [] : (users.data?.items ?? [])).map(({ user_id, name, email }) => ({
        id: user_id,
        label: name,
        description: email ?? user_id,
        path: `/users/${encodeURIComponent(user_id)}`,
        icon: IconUser,
      })),
    },
  ].filter(({ items }) => items.length > 0);
}
