import { Radio, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { strategies } from './strategies.tsx';

export function CreateConnection({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { write, isWriting } = useWrite();
  const [strategy, setStrategy] = useState('auth0');
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('name');
    const answer = await write<Connection>(
      { method: 'POST', path: '/connections', body: { name, strategy } },
      {
        stale: ['/connections'],
        done: 'The connection is created. Choose the applications that may use it.',
        onInvalid: setProblem,
      },
    );
    if (answer === undefined) return;
    onClose();
    await navigate(path`/connections/${answer.value.id}/applications`);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group label="Kind" value={strategy} onChange={setStrategy}>
          <Stack gap="sm" mt="xs">
            {Object.entries(strategies).map(([value, { label, text }]) => (
              <Radio key={value} value={value} label={label} description={text} />
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          name="name"
          label="Name"
          description="Letters, digits and single hyphens; it cannot be changed later"
          required
          maxLength={128}
          data-autofocus
          classNames={{ input: 'mono' }}
          error={problem}
        />
        <DialogButtons onCancel={onClose} isSending={isWriting}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}
