// Where one can go: the sidebar and the command palette say the same.
import {
  IconActivity,
  IconApps,
  IconBuilding,
  IconDatabase,
  IconHome,
  IconPalette,
  IconPlayerPlay,
  IconSettings,
  IconShieldLock,
  IconUserShield,
  IconUsers,
  IconWorld,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

export interface Destination {
  label: string;
  path: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** Any of these permissions; absent: everybody who is in. */
  needs?: readonly string[];
  /** Other words that people look for. */
  keywords?: readonly string[];
}

export interface DestinationGroup {
  label?: string;
  destinations: readonly Destination[];
}

export const navigation: readonly DestinationGroup[] = [
  { destinations: [{ label: 'Home', path: '/', icon: IconHome }] },
  {
    label: 'Build',
    destinations: [
      {
        label: 'Applications',
        path: '/applications',
        icon: IconApps,
        needs: ['read:clients'],
        keywords: ['clients', 'callback', 'secret'],
      },
      {
        label: 'APIs',
        path: '/apis',
        icon: IconWorld,
        needs: ['read:resource_servers'],
        keywords: ['resource servers', 'audience', 'scopes', 'permissions'],
      },
    ],
  },
  {
    label: 'People',
    destinations: [
      {
        label: 'Users',
        path: '/users',
        icon: IconUsers,
        needs: ['read:users'],
        keywords: ['people', 'accounts'],
      },
      {
        label: 'Roles',
        path: '/roles',
        icon: IconUserShield,
        needs: ['read:roles'],
        keywords: ['rbac', 'permissions'],
      },
      {
        label: 'Organizations',
        path: '/organizations',
        icon: IconBuilding,
        needs: ['read:organizations'],
        keywords: ['tenants', 'members', 'invitations'],
      },
    ],
  },
  {
    label: 'Signing in',
    destinations: [
      {
        label: 'Connections',
        path: '/connections',
        icon: IconDatabase,
        needs: ['read:connections'],
        keywords: ['database', 'password policy', 'social', 'passwordless'],
      },
      {
        label: 'Branding',
        path: '/branding',
        icon: IconPalette,
        needs: ['read:branding'],
        keywords: ['logo', 'colours', 'colors', 'login page'],
      },
      {
        label: 'Attack protection',
        path: '/attack-protection',
        icon: IconShieldLock,
        needs: ['read:attack_protection'],
        keywords: ['brute force', 'security', 'throttling'],
      },
      { label: 'Try the login', path: '/try', icon: IconPlayerPlay, keywords: ['test', 'tokens'] },
    ],
  },
  {
    label: 'Operate',
    destinations: [
      {
        label: 'Logs',
        path: '/logs',
        icon: IconActivity,
        needs: ['read:logs'],
        keywords: ['events', 'audit', 'history'],
      },
      {
        label: 'Settings',
        path: '/settings',
        icon: IconSettings,
        needs: ['read:tenant_settings'],
        keywords: ['tenant', 'sessions', 'keys', 'administrators'],
      },
    ],
  },
];

export function isAllowed({ needs }: Destination, may: (permission: string) => boolean): boolean {
  return needs === undefined || needs.some(may);
}

/** Under which of them an address is. */
export function destinationOf(pathname: string): Destination | undefined {
  const isBelow = ({ path }: Destination) => pathname === path || pathname.startsWith(`${path}/`);
  return navigation.flatMap(({ destinations }) => destinations).find(isBelow);
}
