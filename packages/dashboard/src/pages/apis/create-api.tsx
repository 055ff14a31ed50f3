import { Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { path } from '../../api/request.ts';
import { signingAlgorithms } from '../../api/signing-algorithms.ts';
import type { ResourceServer } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

export function CreateApi({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an API" size="lg">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { write, isWriting } = useWrite();
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState<string>();

  const create = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const body = Object.fromEntries(
      ['name', 'identifier', 'signing_alg'].map((name) => [name, String(fields.get(name)).trim()]),
    );
    const made = await write<ResourceServer>(
      { method: 'POST', path: '/resource-servers', body },
      {
        stale: ['/resource-servers'],
        onInvalid: setRefusal,
      },
    );
    if (made === undefined) return;
    onClose();
    await navigate(path`/apis/${made.value.id}`);
  };
  return (
    <form onSubmit={create}>
      <Stack gap="md">
        <TextInput
          name="name"
          label="Name"
          placeholder="Harbour orders"
          required
          maxLength={200}
          data-autofocus
        />
        <TextInput
          name="identifier"
          label="Identifier"
          description="The audience of its tokens: an address is usual, and need not lead anywhere. It cannot be changed."
          placeholder="https://orders.example.com"
          required
          maxLength={600}
          error={refusal}
          onChange={() => setRefusal(undefined)}
        />
        <NativeSelect
          name="signing_alg"
          label="Signature of its tokens"
          description="RS256 suits everybody: keys are found by themselves. HS256 needs a secret on both sides."
          data={[...signingAlgorithms]}
        />
        <DialogButtons onCancel={onClose} isSending={isWriting}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}
