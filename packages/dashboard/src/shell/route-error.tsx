// What a screen shows when its code has failed; the rest of the dashboard stays.
import { Button, Code, Group, Stack, Text, Title } from '@mantine/core';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { settings } from '../settings.ts';

/** How browsers say that a file of an earlier version is gone. */
const missingModule = /dynamically imported module|module script failed|error loading dynamically/i;

export function RouteError() {
  const error = useRouteError();
  const message = error instanceof Error ? error.message : undefined;
  if (isRouteErrorResponse(error) && error.status === 404) return <NotThere />;
  const isOutdated = message !== undefined && missingModule.test(message);
  return (
    <Stack align="flex-start" gap="md" py="xl" role="alert">
      <Title order={1} size="h2">
        {isOutdated ? 'There is a newer dashboard' : 'This screen has failed'}
      </Title>
      <Text c="dimmed">
        {isOutdated
          ? 'The server was updated while this page was open. Load it again to go on.'
          : 'The other screens still work. Loading the page again may help with this one.'}
      </Text>
      {!isOutdated && message !== undefined && <Code block>{message}</Code>}
      <Group>
        <Button onClick={() => location.reload()}>Load again</Button>
        <Button variant="default" component={Link} to="/">
          Go home
        </Button>
      </Group>
    </Stack>
  );
}

export function NotThere() {
  return (
    <Stack align="flex-start" gap="md" py="xl">
      <title>Not found · Freehold</title>
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Text c="dimmed">The address may be old, or mistyped.</Text>
      <Button component={Link} to="/">
        Go home
      </Button>
    </Stack>
  );
}

/** An address of a screen that the person's roles do not include. */
export function NotShown({ name }: { name: string }) {
  return (
    <Stack align="flex-start" gap="md" py="xl">
      <title>{`${name} · ${settings.friendly_name}`}</title>
      <Title order={1} size="h2">
        {name}: not for your role
      </Title>
      <Text c="dimmed">
        Your role does not include this screen. An owner can give you another one, under Settings,
        Administrators.
      </Text>
      <Button component={Link} to="/">
        Go home
      </Button>
    </Stack>
  );
}
