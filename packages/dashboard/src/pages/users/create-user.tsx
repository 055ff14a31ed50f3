import { Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ApiError } from '../../api/api-error.ts';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Connection, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

export function CreateUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a user">
      <CreateUserForm onClose={onClose} />
    </Modal>
  );
}

const makers = ['auth0', 'email', 'sms'];

function CreateUserForm({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { write, isWriting } = useWrite();
  const [refused, setRefused] = useState<ApiError>();
  const [chosen, setChosen] = useState<string>();
  const { data } = useList<Connection>({ path: '/connections', name: 'connections', per_page: 100 });
  const connections = (data?.items ?? []).filter(({ strategy }) => makers.includes(strategy));
  const connection = connections.find(({ name }) => name === chosen) ?? connections[0];
  const isDatabase = connection?.strategy === 'auth0';

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => value !== '');
    const body = { connection: connection?.name, ...Object.fromEntries(given) };
    const answer = await write<User>(
      { method: 'POST', path: '/users', body },
      {
        stale: ['/users'],
        done: 'The user is created',
        onRefusal: (error) => {
          setRefused(error);
          return propertyOf(error) !== undefined;
        },
      },
    );
    if (answer === undefined) return;
    onClose();
    await navigate(path`/users/${answer.value.user_id}`);
  };
  const errorOf = (property: string) =>
    refused !== undefined && propertyOf(refused) === property ? wordsOf(refused) : undefined;

  return (
    <form onSubmit={submit}>
      <Stack>
        {connections.length > 1 && (
          <Select
            label="Connection"
            allowDeselect={false}
            value={connection?.name ?? null}
            onChange={(name) => setChosen(name ?? undefined)}
            data={connections.map(({ name, display_name }) => ({ value: name, label: display_name ?? name }))}
          />
        )}
        {connection?.strategy === 'sms' ? (
          <TextInput
            name="phone_number"
            type="tel"
            label="Phone number"
            description="With + and the country code"
            required
            data-autofocus
            error={errorOf('phone_number')}
          />
        ) : (
          <TextInput
            name="email"
            type="email"
            label="Email address"
            required
            data-autofocus
            error={errorOf('email')}
          />
        )}
        {isDatabase && connection.options?.requires_username === true && (
          <TextInput name="username" label="Username" required error={errorOf('username')} />
        )}
        {isDatabase && (
          <PasswordInput
            name="password"
            label="Password"
            autoComplete="new-password"
            required
            error={errorOf('password')}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
        )}
        <TextInput name="name" label="Name" description="Optional" error={errorOf('name')} />
        <DialogButtons onCancel={onClose} isSending={isWriting} disabled={connection === undefined}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}

/** What the policy of passwords refuses names itself, and no property. */
const policy = /^Password\w+Error: /;

function propertyOf({ property, message }: ApiError): string | undefined {
  return policy.test(message) ? 'password' : property;
}

function wordsOf({ message }: ApiError): string {
  return message.replace(policy, '');
}
