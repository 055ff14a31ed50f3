import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  danger?: boolean;
}

/** Fields that belong together, under a heading that says what they are about. */
export function Section({ title, text, actions, children, danger = false }: SectionProps) {
  const id = useId();
  return (
    <section className="card section" aria-labelledby={id} data-danger={danger || undefined}>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm">
        <div className="section-title">
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {text !== undefined && (
            <Text size="sm" c="dimmed" component="div" mt={2} maw={640}>
              {text}
            </Text>
          )}
        </div>
        {actions}
      </Group>
      <Stack gap="md">{children}</Stack>
    </section>
  );
}
