import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';

export function OwnRole() {
  return (
    <Alert icon={<IconInfoCircle size={18} />} mb="md" title="One of the server’s own roles">
      Whoever has it may sign in to this dashboard. What it allows cannot be changed; who has it can.
    </Alert>
  );
}
