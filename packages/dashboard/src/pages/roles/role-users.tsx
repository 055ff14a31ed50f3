import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Role, RoleUser } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PickUsers } from '../../parts/pick-users.tsx';
import { offerUndo } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { UserCell } from '../../parts/user-cell.tsx';
import { useAccess } from '../../session/access.tsx';

export function RoleUsers({ role: { id } }: { role: Role }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const at = path`/roles/${id}/users`;
  const query = useList<RoleUser>({ path: at, name: 'users', page: url.page });

  const assign = async (users: readonly string[]) =>
    (await write(
      { method: 'POST', path: at, body: { users } },
      { stale: [at], done: 'The role is assigned' },
    )) !== undefined;
  const remove = async ({ user_id, email, name }: RoleUser) => {
    const answer = await write(
      { method: 'DELETE', path: path`/users/${user_id}/roles`, body: { roles: [id] } },
      { stale: [at] },
    );
    if (answer !== undefined)
      offerUndo(`${email ?? name} no longer has this role`, () => void assign([user_id]));
  };
  const add = may('create:role_members') && may('read:users') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Assign users
    </Button>
  );
  return (
    <>
      <List
        label="Users with this role"
        query={query}
        keyOf={({ user_id }) => user_id}
        paging={url}
        add={add}
        columns={[
          {
            title: 'User',
            cell: (user) => <UserCell user={user} />,
          },
          {
            title: 'Remove',
            kind: 'end',
            cell: (user) =>
              may('delete:role_members') && (
                <Button size="compact-sm" variant="default" onClick={() => void remove(user)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconUsers />}
            title="Nobody has this role"
            text="Assign it to people, here or on their own pages."
            action={add}
          />
        }
      />
      <Modal opened={adding} onClose={close} title="Assign users" size="lg">
        <PickUsers
          action="Assign"
          onPick={async (users) => {
            if (await assign(users)) close();
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
