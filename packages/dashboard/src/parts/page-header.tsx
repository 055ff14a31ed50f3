// The head of every screen: its name, which the tab says too and which gets the focus when one has come here by a link.
import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useNavigationType } from 'react-router';
import { settings } from '../settings.ts';

export interface PageHeaderProps {
  title: string;
  /** A sentence, or what the thing is identified by. */
  description?: ReactNode;
  icon?: ReactNode;
  badges?: ReactNode;
  actions?: ReactNode;
  back?: { label: string; to: string };
}

export function PageHeader({ title, description, icon, badges, actions, back }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const arrival = useNavigationType();
  useEffect(() => {
    // What a dialog or a field has focused by itself stays so.
    const isFree = document.activeElement === document.body || document.activeElement?.closest('nav') != null;
    if (arrival === 'PUSH' && isFree) heading.current?.focus({ preventScroll: true });
  }, [arrival]);
  return (
    <Stack component="header" gap="xs" mb="lg">
      <title>{`${title} · ${settings.friendly_name}`}</title>
      {back !== undefined && (
        <Anchor component={Link} to={back.to} size="sm" w="fit-content">
          <Group gap={4} component="span">
            <IconArrowLeft size={14} aria-hidden="true" />
            {back.label}
          </Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Group gap="md" wrap="nowrap" miw={0} flex="1 1 20rem">
          {icon}
          <div className="page-title">
            <Group gap="sm">
              <Title order={1} size="h2" ref={heading} tabIndex={-1} dir="auto">
                {title}
              </Title>
              {badges}
            </Group>
            {description !== undefined && (
              <Text c="dimmed" size="sm" component="div" mt={4} maw={640}>
                {description}
              </Text>
            )}
          </div>
        </Group>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
    </Stack>
  );
}
