import { Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import { path } from '../../api/request.ts';
import type { AppType, Client } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { appTypeNames, appTypes, newClient } from './app-types.tsx';

export function CreateApplication({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an application" size="lg">
      <CreateForm onClose={onClose} />
    </Modal>
  );
}

function CreateForm({ onClose }: { onClose: () => void }) {
  const { write, isWriting } = useWrite();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [type, setType] = useState<AppType>('spa');

  const create = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const made = await write<Client>(
      { method: 'POST', path: '/clients', body: newClient(name.trim(), type) },
      { stale: ['/clients'] },
    );
    if (made === undefined) return;
    onClose();
    await navigate(path`/applications/${made.value.client_id}`);
  };
  return (
    <form onSubmit={create}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="People see it when they log in."
          placeholder="Harbour Shop"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          maxLength={1000}
          data-autofocus
        />
        <Radio.Group label="What is it?" value={type} onChange={(value) => setType(value as AppType)}>
          <div className="choices">
            {appTypeNames.map((value) => {
              const { label, text, icon: Icon } = appTypes[value];
              return (
                <Radio.Card key={value} value={value} className="choice">
                  <span className="choice-icon">
                    <Icon size={22} stroke={1.5} />
                  </span>
                  <div>
                    <Text size="sm" fw={600}>
                      {label}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {text}
                    </Text>
                  </div>
                </Radio.Card>
              );
            })}
          </div>
        </Radio.Group>
        <DialogButtons onCancel={onClose} isSending={isWriting} disabled={name.trim() === ''}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}
