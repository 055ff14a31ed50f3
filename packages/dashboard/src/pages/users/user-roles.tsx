import { Button, Modal, MultiSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconUserShield } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Role, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { offerUndo } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

export function UserRoles({ user: { user_id } }: { user: User }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const rolesPath = path`/users/${user_id}/roles`;
  const stale = [rolesPath, path`/users/${user_id}/permissions`, '/roles'];
  const query = useList<Role>({ path: rolesPath, name: 'roles', page: url.page });

  const change = (method: 'POST' | 'DELETE', roles: string[]) =>
    write({ method, path: rolesPath, body: { roles } }, { stale });
  const remove = async ({ id, name }: Role) => {
    if ((await change('DELETE', [id])) !== undefined)
      offerUndo(`They no longer have the role ${name}`, () => void change('POST', [id]));
  };
  const add = may('create:role_members') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Assign roles
    </Button>
  );
  return (
    <>
      <List
        label="Roles of this user"
        query={query}
        keyOf={({ id }) => id}
        paging={url}
        add={add}
        columns={[
          {
            title: 'Role',
            cell: ({ id, name }) => (
              <Link className="row-link" to={path`/roles/${id}`}>
                <bdi>{name}</bdi>
              </Link>
            ),
          },
          { title: 'Description', kind: 'desktop', cell: ({ description }) => <bdi>{description}</bdi> },
          {
            title: 'Remove',
            kind: 'end',
            cell: (role) =>
              may('delete:role_members') && (
                <Button size="compact-sm" variant="default" onClick={() => void remove(role)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconUserShield />}
            title="No roles"
            text="A role gives its permissions to everybody who has it."
            action={add}
          />
        }
      />
      <Modal opened={adding} onClose={close} title="Assign roles">
        <AssignRoles
          assign={async (roles) => {
            if ((await change('POST', roles)) !== undefined) close();
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}

interface AssignRolesProps {
  assign: (roles: string[]) => Promise<void>;
  onCancel: () => void;
}

function AssignRoles({ assign, onCancel }: AssignRolesProps) {
  const { data } = useList<Role>({ path: '/roles', name: 'roles', per_page: 100 });
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <>
      <MultiSelect
        label="Roles"
        placeholder={chosen.length === 0 ? 'Choose' : ''}
        searchable
        data-autofocus
        openOnFocus={false}
        value={chosen}
        onChange={setChosen}
        data={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      />
      <DialogButtons mt="lg" onCancel={onCancel} disabled={chosen.length === 0} onAct={() => assign(chosen)}>
        Assign
      </DialogButtons>
    </>
  );
}
