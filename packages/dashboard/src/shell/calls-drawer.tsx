import { Badge, Drawer, Group, Stack, Text } from '@mantine/core';
import { type RecentCall, useRecentCalls } from '../api/recent-calls.ts';
import { curl } from '../api/request.ts';
import { CodeBlock } from '../parts/code-block.tsx';

/** What the screens have called, as curl: everything here can be done by script. */
export function CallsDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const calls = useRecentCalls();
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title="The same by script">
      <Stack gap="lg">
        <Text size="sm" c="dimmed">
          The last calls of the Management API that this dashboard has made, the newest first. Put an access
          token for it into $TOKEN.
        </Text>
        {calls.map((call) => (
          <Call key={call.id} {...call} />
        ))}
      </Stack>
    </Drawer>
  );
}

function Call({ request, status }: RecentCall) {
  const outcome = status === undefined ? 'running' : status === 200 ? 'done' : `refused, ${status}`;
  return (
    <div>
      <Group gap="xs" mb={4}>
        <Badge variant="outline" color={status === undefined || status === 200 ? 'green' : 'red'} radius="sm">
          {request.method}
        </Badge>
        <Text size="xs" c="dimmed">
          {outcome}
        </Text>
      </Group>
      <CodeBlock text={curl(request)} label="Copy the call" />
    </div>
  );
}
