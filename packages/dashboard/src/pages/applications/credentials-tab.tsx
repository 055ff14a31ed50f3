import { ActionIcon, Alert, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconEye, IconEyeOff, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Client } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Copy } from '../../parts/copy.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

type Method = NonNullable<Client['token_endpoint_auth_method']>;

const methods: readonly { value: Method; label: string }[] = [
  { value: 'client_secret_post', label: 'A secret, in the request' },
  { value: 'client_secret_basic', label: 'A secret, in the header (HTTP Basic)' },
  { value: 'none', label: 'None: it cannot keep a secret' },
];

export function ApplicationCredentials({ stored }: { stored: ApiAnswer<Client> }) {
  const may = useAccess();
  const edit = useEdit(stored, { path: path`/clients/${stored.value.client_id}`, stale: ['/clients'] });
  const { token_endpoint_auth_method: method } = edit.value;
  return (
    <>
      <EditForm edit={edit} isReadOnly={!may('update:clients')}>
        <Section title="How it proves itself" text="When it asks for tokens.">
          <NativeSelect
            aria-label="How it proves itself"
            maw={420}
            value={method ?? ''}
            error={edit.errorOf('token_endpoint_auth_method')}
            data={[...(method === undefined ? [{ value: '' as const, label: 'Not said' }] : []), ...methods]}
            onChange={(event) =>
              edit.set({ token_endpoint_auth_method: event.currentTarget.value as Method })
            }
          />
          {method === 'none' && (
            <Text size="sm" c="dimmed">
              Nothing but its callback URLs tells it from others: right for what runs in a browser or on a
              device.
            </Text>
          )}
        </Section>
      </EditForm>
      {stored.value.token_endpoint_auth_method !== 'none' && <ClientSecret client={stored.value} />}
    </>
  );
}

function ClientSecret({ client: { client_id } }: { client: Client }) {
  const may = useAccess();
  const { write } = useWrite();
  const [secret, setSecret] = useState<string>();
  const [asks, asking] = useDisclosure();
  const clientPath = path`/clients/${client_id}`;

  // The server tells it to whoever asks for it by name, soon after a login.
  const reveal = async () => {
    const request = { method: 'GET', path: clientPath, query: { fields: 'client_secret' } } as const;
    setSecret((await write<Client>(request))?.value.client_secret);
  };
  const rotate = async () => {
    const request = { method: 'POST', path: `${clientPath}/rotate-secret` } as const;
    const done = await write<Client>(request, { stale: [clientPath], done: 'There is a new secret' });
    if (done !== undefined) setSecret(done.value.client_secret);
    return done !== undefined;
  };
  return (
    <Section
      title="Client secret"
      text="Whoever has it can act as this application. Keep it at a server, and out of repositories."
      actions={
        may('update:client_keys') && (
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={asking.open}>
            Rotate
          </Button>
        )
      }
    >
      {may('read:client_keys') ? (
        <TextInput
          aria-label="Client secret"
          readOnly
          classNames={{ input: 'mono' }}
          value={secret ?? '•'.repeat(32)}
          rightSectionWidth={secret === undefined ? 40 : 76}
          rightSection={
            <Group gap={4} wrap="nowrap">
              {secret !== undefined && <Copy text={secret} label="Copy the client secret" />}
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={secret === undefined ? 'Show the client secret' : 'Hide the client secret'}
                onClick={() => (secret === undefined ? void reveal() : setSecret(undefined))}
              >
                {secret === undefined ? <IconEye size={16} /> : <IconEyeOff size={16} />}
              </ActionIcon>
            </Group>
          }
        />
      ) : (
        <Alert color="gray">Your role does not show secrets.</Alert>
      )}
      <Confirm
        opened={asks}
        onClose={asking.close}
        title="Rotate the client secret"
        text="The secret of today stops working at once. Whatever uses it has to be given the new one."
        action="Rotate"
        onConfirm={rotate}
      />
    </Section>
  );
}
