import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import type { User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Copyable } from '../../parts/copy.tsx';

/** Made when it is asked for, not when the dialog opens: each is another way in. */
export function ResetLink({ user }: { user: User }) {
  const { write, isWriting } = useWrite();
  const [ticket, setTicket] = useState<string>();
  const make = async () => {
    const answer = await write<{ ticket: string }>({
      method: 'POST',
      path: '/tickets/password-change',
      body: { user_id: user.user_id },
    });
    setTicket(answer?.value.ticket);
  };
  const mail = async () => {
    const sent = await fetch('/dbconnections/change_password', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: user.email, connection: databaseOf(user) }),
    }).catch(() => undefined);
    notifications.show(
      sent?.ok
        ? { color: 'green', message: 'A mail with a link is on its way' }
        : { color: 'red', title: 'That did not work', message: 'No mail was sent. Copy a link instead.' },
    );
  };
  return (
    <Stack>
      <Text size="sm">With it they choose a new password. It is good once, and for five days.</Text>
      {ticket === undefined ? (
        <Group>
          <Button onClick={() => void mail()}>Send it by mail</Button>
          <Button variant="default" loading={isWriting} onClick={() => void make()}>
            Make a link to copy
          </Button>
        </Group>
      ) : (
        <Copyable text={ticket} label="Copy the link" />
      )}
    </Stack>
  );
}

function databaseOf({ identities = [] }: User): string | undefined {
  return identities.find(({ provider }) => provider === 'auth0')?.connection;
}
