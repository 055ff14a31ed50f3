import { Badge, Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Member, Organization } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PickUsers } from '../../parts/pick-users.tsx';
import { offerUndo } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { UserCell } from '../../parts/user-cell.tsx';
import { useAccess } from '../../session/access.tsx';
import { MemberRoles } from './member-roles.tsx';

export function Members({ organization: { id } }: { organization: Organization }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const [chosen, setChosen] = useState<Member>();
  const at = path`/organizations/${id}/members`;
  const query = useList<Member>({
    path: at,
    name: 'members',
    page: url.page,
    query: { fields: 'user_id,email,name,picture,roles', include_fields: true },
  });
  const add = async (members: readonly string[]) =>
    (await write(
      { method: 'POST', path: at, body: { members } },
      { stale: [at], done: 'They are members now' },
    )) !== undefined;
  const remove = async ({ user_id, email, name }: Member) => {
    const answer = await write({ method: 'DELETE', path: at, body: { members: [user_id] } }, { stale: [at] });
    if (answer !== undefined) offerUndo(`${email ?? name} is no longer a member`, () => void add([user_id]));
  };
  const addButton = may('create:organization_members') && may('read:users') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add members
    </Button>
  );
  return (
    <>
      <List
        label="Members"
        query={query}
        keyOf={({ user_id }) => user_id}
        paging={url}
        add={addButton}
        columns={[
          {
            title: 'Member',
            cell: (member) => <UserCell user={member} />,
          },
          {
            title: 'Roles here',
            cell: ({ roles = [] }) => (
              <Group gap={4}>
                {roles.map((role) => (
                  <Badge key={role.id} variant="light" tt="none">
                    {role.name}
                  </Badge>
                ))}
              </Group>
            ),
          },
          {
            title: 'Change',
            kind: 'actions',
            cell: (member) => (
              <Group gap={4} wrap="nowrap">
                {may('create:organization_member_roles') && (
                  <Button size="compact-sm" variant="default" onClick={() => setChosen(member)}>
                    Roles
                  </Button>
                )}
                {may('delete:organization_members') && (
                  <Button size="compact-sm" variant="default" onClick={() => void remove(member)}>
                    Remove
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
        empty={
          <Empty
            icon={<IconUsers />}
            title="No members yet"
            text="Add people who are users already, or invite others by mail."
            action={addButton}
          />
        }
      />
      <Modal opened={adding} onClose={close} title="Add members" size="lg">
        <PickUsers
          action="Add"
          onPick={async (users) => {
            if (await add(users)) close();
          }}
          onCancel={close}
        />
      </Modal>
      <Modal
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title="Roles in this organization"
      >
        {chosen !== undefined && (
          <MemberRoles organization_id={id} member={chosen} onClose={() => setChosen(undefined)} />
        )}
      </Modal>
    </>
  );
}
