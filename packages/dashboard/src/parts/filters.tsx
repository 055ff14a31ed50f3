import { Group } from '@mantine/core';
import type { ReactNode } from 'react';

/** Above a list: what narrows it. */
export function Filters({ children }: { children: ReactNode }) {
  return (
    <Group component="search" className="filters" gap="sm" mb="md" aria-label="Filters">
      {children}
    </Group>
  );
}
