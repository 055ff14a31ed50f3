import { useAuth0 } from '@auth0/auth0-react';
import { MultiSelect, NativeSelect, Select, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useList } from '../../api/reading.ts';
import type { Client, Invitation, Role } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';

/** In seconds. */
const lifetimes = [
  { value: '86400', label: 'A day' },
  { value: '604800', label: 'A week' },
  { value: '2592000', label: '30 days' },
] as const satisfies { value: string; label: string }[];

interface InviteProps {
  at: string;
  onDone: (link: string | undefined) => void;
  onCancel: () => void;
}

export function Invite({ at, onDone, onCancel }: InviteProps) {
  const { user } = useAuth0();
  const { write, isWriting } = useWrite();
  const [problem, setProblem] = useState<string>();
  const [client_id, setClient] = useState<string | null>(null);
  const [roles, setRoles] = useState<string[]>([]);
  const [lifetime, setLifetime] = useState<string>(lifetimes[1].value);
  const clients = useList<Client>({
    path: '/clients',
    name: 'clients',
    per_page: 100,
    query: { is_global: false },
  });
  const known = useList<Role>({ path: '/roles', name: 'roles', per_page: 100 });
  const able = (clients.data?.items ?? []).filter(
    ({ organization_usage }) => organization_usage === 'allow' || organization_usage === 'require',
  );
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = {
      inviter: { name: user?.name ?? user?.email ?? 'Freehold' },
      invitee: { email: new FormData(event.currentTarget).get('email') },
      client_id,
      ttl_sec: Number(lifetime),
      ...(roles.length === 0 ? {} : { roles }),
    };
    const answer = await write<Invitation>(
      { method: 'POST', path: at, body },
      {
        stale: [at],
        onInvalid: setProblem,
      },
    );
    if (answer !== undefined) onDone(answer.value.invitation_url);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput name="email" type="email" label="Email address" required data-autofocus error={problem} />
        <Select
          label="Application"
          description={
            able.length === 0 && clients.data !== undefined
              ? 'No application lets organizations in yet: allow it on the application’s page'
              : 'Where the invitation leads. It needs a login URI of its own.'
          }
          required
          searchable
          value={client_id}
          onChange={setClient}
          data={able.map((client) => ({ value: client.client_id, label: client.name }))}
        />
        <MultiSelect
          label="Roles"
          description="Given to them in this organization"
          searchable
          value={roles}
          onChange={setRoles}
          data={(known.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
        <NativeSelect
          label="Good for"
          value={lifetime}
          onChange={(event) => setLifetime(event.currentTarget.value)}
          data={[...lifetimes]}
        />
        <DialogButtons onCancel={onCancel} isSending={isWriting} disabled={client_id === null}>
          Invite
        </DialogButtons>
      </Stack>
    </form>
  );
}
