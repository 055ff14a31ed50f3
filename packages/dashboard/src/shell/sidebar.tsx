import { AppShell, Burger, Group, Kbd, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { NavLink } from 'react-router';
import { useAccess } from '../session/access.tsx';
import { settings } from '../settings.ts';
import { Mark } from './mark.tsx';
import { type DestinationGroup, isAllowed, navigation } from './navigation.ts';
import { UserMenu } from './user-menu.tsx';

interface SidebarProps {
  isOpen: boolean;
  close: () => void;
  showCalls: () => void;
}

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

export function Sidebar({ isOpen, close, showCalls }: SidebarProps) {
  return (
    <>
      <AppShell.Section p="md" pb="xs">
        <Group gap="sm" wrap="nowrap">
          <Burger hiddenFrom="sm" opened={isOpen} onClick={close} size="sm" aria-label="Close the menu" />
          <Mark />
          <Text fw={650} truncate>
            {settings.friendly_name}
          </Text>
        </Group>
      </AppShell.Section>
      <AppShell.Section px="sm" pb="xs">
        <UnstyledButton className="search-button" onClick={spotlight.open}>
          <IconSearch size={16} stroke={1.75} />
          <span>Search</span>
          <Kbd size="xs">{isApple ? '⌘' : 'Ctrl'} K</Kbd>
        </UnstyledButton>
      </AppShell.Section>
      <AppShell.Section grow component={ScrollArea} px="sm">
        <nav aria-label="Dashboard">
          {navigation.map((group) => (
            <DestinationLinks key={group.label ?? ''} {...group} onFollow={close} />
          ))}
        </nav>
      </AppShell.Section>
      <AppShell.Section p="sm" className="sidebar-foot">
        <UserMenu showCalls={showCalls} />
      </AppShell.Section>
    </>
  );
}

function DestinationLinks({ label, destinations, onFollow }: DestinationGroup & { onFollow: () => void }) {
  const may = useAccess();
  const allowed = destinations.filter((destination) => isAllowed(destination, may));
  if (allowed.length === 0) return null;
  return (
    <>
      {label !== undefined && <div className="nav-group">{label}</div>}
      {allowed.map(({ label, path, icon: Icon }) => (
        <NavLink key={path} to={path} end={path === '/'} className="nav-item" onClick={onFollow}>
          <Icon size={18} stroke={1.75} />
          {label}
        </NavLink>
      ))}
    </>
  );
}
