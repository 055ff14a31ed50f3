import { EmptyState } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyProps {
  icon: ReactNode;
  title: string;
  /** What to do about it. */
  text: string;
  action?: ReactNode;
}

export function Empty({ icon, title, text, action }: EmptyProps) {
  return (
    <EmptyState icon={icon} variant="light" title={title} description={text} py="xl" px="md">
      {Boolean(action) && <EmptyState.Actions>{action}</EmptyState.Actions>}
    </EmptyState>
  );
}
