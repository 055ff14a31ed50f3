// The frame around every screen: the sidebar, on a phone behind a button, and what opens from everywhere.
import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { lazy, Suspense } from 'react';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { useAccess } from '../session/access.tsx';
import { settings } from '../settings.ts';
import { CallsDrawer } from './calls-drawer.tsx';
import { Mark } from './mark.tsx';
import { destinationOf, isAllowed } from './navigation.ts';
import { NotShown } from './route-error.tsx';
import { Sidebar } from './sidebar.tsx';

const Palette = lazy(() => import('./palette.tsx'));

export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [showsCalls, calls] = useDisclosure();
  const { state } = useNavigation();
  // Here, and not in the palette: whoever presses it before that is loaded is heard, too.
  useHotkeys([['mod+K', spotlight.open]], []);

  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      {state === 'loading' && <div className="progress" aria-hidden="true" />}
      <AppShell
        layout="alt"
        header={{ height: { base: 56, sm: 0 } }}
        navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <AppShell.Header hiddenFrom="sm" role="presentation">
          {/* A dialog has a header of its own, and a page has one banner. */}
          <Group
            component="section"
            aria-label={settings.friendly_name}
            h="100%"
            px="md"
            gap="sm"
            wrap="nowrap"
          >
            <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Menu" aria-expanded={isOpen} />
            <Mark />
            <Text fw={650} truncate>
              {settings.friendly_name}
            </Text>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar>
          <Sidebar isOpen={isOpen} close={close} showCalls={calls.open} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}>
          <div className="page">
            <Screen />
          </div>
        </AppShell.Main>
      </AppShell>
      <CallsDrawer opened={showsCalls} onClose={calls.close} />
      <Suspense>
        <Palette showCalls={calls.open} />
      </Suspense>
      <ScrollRestoration />
    </>
  );
}

/** What the person's roles do not show is said, and not asked for. */
function Screen() {
  const may = useAccess();
  const destination = destinationOf(useLocation().pathname);
  if (destination === undefined || isAllowed(destination, may)) return <Outlet />;
  return <NotShown name={destination.label} />;
}
