import { Alert, Button, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Answer, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { useAccess } from '../../session/access.tsx';

/** Said where too many wrong passwords keep this person out: from where, and the way to let them in. */
export function UserBlocks({ user: { user_id } }: { user: User }) {
  const may = useAccess();
  const { write, isWriting } = useWrite();
  const at = path`/user-blocks/${user_id}`;
  const { data } = useRead<Answer<'GET /user-blocks/{id}'>>(at);
  const blocks = data?.value.blocked_for ?? [];
  if (blocks.length === 0) return null;
  const forgive = () =>
    write(
      { method: 'DELETE', path: at },
      { stale: [at], done: 'Failed logins are forgotten: they can try again' },
    );
  return (
    <Alert
      color="red"
      mb="md"
      icon={<IconLock size={18} />}
      title="Kept out for too many wrong passwords"
      role="status"
    >
      {blocks.map(({ identifier, ip, connection }) => (
        <Text key={`${connection} ${identifier} ${ip}`} size="sm">
          <bdi>{identifier}</bdi> {ip === undefined ? 'from anywhere' : `from ${ip}`}
        </Text>
      ))}
      {may('update:users') && (
        <Button size="xs" variant="default" mt="sm" loading={isWriting} onClick={() => void forgive()}>
          Let them in again
        </Button>
      )}
    </Alert>
  );
}
