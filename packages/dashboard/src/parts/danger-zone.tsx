import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Confirm } from './confirm.tsx';
import { Section } from './section.tsx';

export interface Danger {
  /** "Delete this application" */
  title: string;
  text: ReactNode;
  action: string;
  name?: string;
  onConfirm: () => Promise<boolean>;
}

export function DangerZone({ dangers }: { dangers: readonly Danger[] }) {
  return (
    <Section title="Danger zone" danger>
      {dangers.map((danger) => (
        <DangerRow key={danger.title} {...danger} />
      ))}
    </Section>
  );
}

function DangerRow({ title, text, action, name, onConfirm }: Danger) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <Group justify="space-between" gap="sm">
      <div className="section-title">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" component="div">
          {text}
        </Text>
      </div>
      <Button color="red" variant="outline" onClick={open}>
        {action}
      </Button>
      <Confirm {...{ opened, title, text, action, name, onConfirm }} onClose={close} />
    </Group>
  );
}
