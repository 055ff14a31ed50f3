import { ThemeIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import type { Kind } from '../../api/log-events.ts';

const looks = {
  success: { color: 'green', Icon: IconCheck, label: 'Success' },
  failure: { color: 'red', Icon: IconX, label: 'Failure' },
  warning: { color: 'yellow', Icon: IconAlertTriangle, label: 'Warning' },
} as const;

/** How it went, not by colour alone. */
export function KindIcon({ kind, size = 28 }: { kind: Kind; size?: number }) {
  const { color, Icon, label } = looks[kind];
  return (
    <ThemeIcon color={color} variant="light" radius="xl" size={size} role="img" aria-label={label}>
      <Icon size={Math.round(size * 0.55)} aria-hidden="true" />
    </ThemeIcon>
  );
}
