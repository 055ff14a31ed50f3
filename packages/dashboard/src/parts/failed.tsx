import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { inWords } from '../api/api-error.ts';

/** In the place of what could not be read. */
export function Failed({ error, retry }: { error: unknown; retry?: () => unknown }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title="This could not be loaded" role="alert">
      {inWords(error)}
      {retry !== undefined && (
        <Button size="xs" variant="default" mt="sm" display="block" onClick={() => retry()}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
