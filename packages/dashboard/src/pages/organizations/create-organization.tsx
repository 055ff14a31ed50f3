import { Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { path } from '../../api/request.ts';
import type { Organization } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

export function CreateOrganization({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { write, isWriting } = useWrite();
  const [display_name, setDisplayName] = useState('');
  const [typed, setTyped] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const name = typed ?? slugOf(display_name);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { name, display_name: display_name.trim() || name };
    const answer = await write<Organization>(
      { method: 'POST', path: '/organizations', body },
      {
        stale: ['/organizations'],
        done: 'The organization is created',
        onInvalid: setProblem,
      },
    );
    if (answer === undefined) return;
    onClose();
    await navigate(path`/organizations/${answer.value.id}`);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Display name"
          description="As people see it"
          value={display_name}
          maxLength={255}
          required
          data-autofocus
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          description="In links and tokens: small letters, digits, - and _"
          value={name}
          required
          maxLength={50}
          classNames={{ input: 'mono' }}
          error={
            problem ??
            (name === '' || isName(name)
              ? undefined
              : 'Small letters, digits, - and _ only, a letter or digit first')
          }
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setProblem(undefined);
          }}
        />
        <DialogButtons onCancel={onClose} isSending={isWriting} disabled={!isName(name)}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}

function isName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,49}$/.test(name);
}

function slugOf(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
}
