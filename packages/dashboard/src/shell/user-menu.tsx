import { useAuth0 } from '@auth0/auth0-react';
import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconChevronUp,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
  IconTerminal2,
} from '@tabler/icons-react';
import { basename, settings } from '../settings.ts';

const schemes = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const;

export function UserMenu({ showCalls }: { showCalls: () => void }) {
  const { user, logout } = useAuth0();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = user?.name ?? user?.email ?? 'You';
  const leave = () => logout({ logoutParams: { returnTo: `${settings.issuer.slice(0, -1)}${basename}` } });
  return (
    <Menu position="top-start" width="target" shadow="md">
      <Menu.Target>
        <UnstyledButton className="nav-item user-button" aria-label={`${name}: your menu`}>
          <Avatar
            size={28}
            src={user?.picture ?? null}
            alt=""
            name={name}
            color="green"
            imageProps={{ referrerPolicy: 'no-referrer' }}
          />
          <Text size="sm" truncate flex={1} component="span">
            {name}
          </Text>
          <IconChevronUp size={16} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        {schemes.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === value && <IconCheck size={16} aria-label="chosen" />}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTerminal2 size={16} />} onClick={showCalls}>
          API calls of this page
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
