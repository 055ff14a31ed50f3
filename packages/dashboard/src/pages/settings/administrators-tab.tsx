// Who may do what in this dashboard: the people who have one of the server's own roles.
import { ActionIcon, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconTrash, IconUserPlus } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useApi } from '../../api/api.tsx';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Role, RoleUser, User } from '../../api/types.ts';
import { tellRefusal, useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Failed } from '../../parts/failed.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { UserCell } from '../../parts/user-cell.tsx';
import { useAccess } from '../../session/access.tsx';

/** The mightiest first. */
const roleNames = ['owner', 'editor', 'viewer', 'support'];

export function Administrators() {
  const may = useAccess();
  const { data, error, refetch } = useList<Role>({
    path: '/roles',
    name: 'roles',
    per_page: 100,
    query: { type: 'system' },
  });
  if (error !== null) return <Failed error={error} retry={refetch} />;
  const roles = roleNames.flatMap((name) => data?.items.find((role) => role.name === name) ?? []);
  return (
    <>
      {may('create:role_members') && roles.length > 0 && <AddAdministrator roles={roles} />}
      {roles.map((role) => (
        <RoleMembers key={role.id} role={role} />
      ))}
    </>
  );
}

function AddAdministrator({ roles }: { roles: readonly Role[] }) {
  const api = useApi();
  const { write, isWriting } = useWrite();
  const [problem, setProblem] = useState<string>();

  const add = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const [email, role] = [String(fields.get('email')).trim(), String(fields.get('role'))];
    try {
      const { value } = await api<User[]>({ method: 'GET', path: '/users-by-email', query: { email } });
      const [user] = value;
      if (user === undefined)
        return setProblem('Nobody has this address. Create the user first, under Users.');
      const request = {
        method: 'POST',
        path: path`/roles/${role}/users`,
        body: { users: [user.user_id] },
      } as const;
      if (
        (await write(request, { stale: ['/roles', '/users'], done: `${email} is an administrator now` })) !==
        undefined
      )
        form.reset();
    } catch (error) {
      tellRefusal(error);
    }
  };
  return (
    <Section
      title="Add an administrator"
      text="Somebody who has an account here, with a role for this dashboard."
    >
      <form onSubmit={add}>
        <Group align="flex-start" gap="sm">
          <TextInput
            name="email"
            type="email"
            aria-label="Email address"
            placeholder="ada@example.com"
            required
            flex="1 1 14rem"
            error={problem}
            onChange={() => setProblem(undefined)}
          />
          <NativeSelect
            name="role"
            aria-label="Role"
            data={roles.map(({ id, name }) => ({ value: id, label: capitalized(name) }))}
          />
          <Button type="submit" leftSection={<IconUserPlus size={16} />} loading={isWriting}>
            Add
          </Button>
        </Group>
      </form>
    </Section>
  );
}

function RoleMembers({ role: { id, name, description } }: { role: Role }) {
  const may = useAccess();
  const { write } = useWrite();
  const [page, setPage] = useState(0);
  const [leaving, setLeaving] = useState<RoleUser>();
  const query = useList<RoleUser>({ path: path`/roles/${id}/users`, name: 'users', page });
  const remove = async () => {
    const request = {
      method: 'DELETE',
      path: path`/users/${leaving?.user_id ?? ''}/roles`,
      body: { roles: [id] },
    } as const;
    const done = `${leaving?.name ?? 'They'} lost the role ${name}`;
    return (await write(request, { stale: ['/roles', '/users'], done })) !== undefined;
  };
  return (
    <Section title={capitalized(name)} text={description}>
      <List
        label={`Administrators: ${name}`}
        query={query}
        keyOf={({ user_id }) => user_id}
        paging={{ page, setPage }}
        columns={[
          {
            title: 'Name',
            cell: (user) => <UserCell user={user} />,
          },
          {
            title: 'Remove',
            kind: 'end',
            cell: (user) =>
              may('delete:role_members') && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Take the role ${name} from ${user.name}`}
                  onClick={() => setLeaving(user)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              ),
          },
        ]}
        empty={
          <Text size="sm" c="dimmed" p="md">
            Nobody has this role.
          </Text>
        }
      />
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={`Take the role ${name} away?`}
        text={`${leaving?.name ?? ''} can do nothing of it from now on, in whatever window is open.`}
        action="Take away"
        onConfirm={remove}
      />
    </Section>
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
