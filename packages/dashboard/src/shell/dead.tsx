import { Button, Stack, Text, Title } from '@mantine/core';
import { Mark } from './mark.tsx';

interface DeadProps {
  title: string;
  text: string;
  action?: { label: string; run: () => unknown };
}

/** A page where it does not go on, but by the one button. */
export function Dead({ title, text, action }: DeadProps) {
  return (
    <Stack component="main" align="center" justify="center" mih="100dvh" p="xl" gap="md">
      <Mark size={40} />
      <Title order={1} size="h2" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" maw={480}>
        {text}
      </Text>
      {action !== undefined && <Button onClick={() => action.run()}>{action.label}</Button>}
    </Stack>
  );
}
