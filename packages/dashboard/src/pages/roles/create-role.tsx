import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { path } from '../../api/request.ts';
import type { Role } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

export function CreateRole({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a role">
      <CreateRoleForm onClose={onClose} />
    </Modal>
  );
}

function CreateRoleForm({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { write, isWriting } = useWrite();
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const description = String(form.get('description') ?? '').trim();
    const body = { name: form.get('name'), ...(description === '' ? {} : { description }) };
    const answer = await write<Role>(
      { method: 'POST', path: '/roles', body },
      {
        stale: ['/roles'],
        done: 'The role is created',
        onInvalid: setProblem,
      },
    );
    if (answer === undefined) return;
    onClose();
    await navigate(path`/roles/${answer.value.id}/permissions`);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput name="name" label="Name" required maxLength={50} data-autofocus error={problem} />
        <Textarea name="description" label="Description" maxLength={255} autosize minRows={2} />
        <DialogButtons onCancel={onClose} isSending={isWriting}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}
