import { PasswordInput, Stack, Text } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { path } from '../../api/request.ts';
import type { User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

export function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const { write, isWriting } = useWrite();
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get('password');
    const answer = await write(
      { method: 'PATCH', path: path`/users/${user.user_id}`, body: { password } },
      {
        stale: ['/users'],
        done: 'The password is set. They are signed out everywhere.',
        onInvalid: setProblem,
      },
    );
    if (answer !== undefined) onClose();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm" c="dimmed">
          A link to set one is safer: then nobody but they know it.
        </Text>
        <PasswordInput
          name="password"
          label="New password"
          autoComplete="new-password"
          required
          data-autofocus
          error={problem}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <DialogButtons onCancel={onClose} isSending={isWriting}>
          Set the password
        </DialogButtons>
      </Stack>
    </form>
  );
}
