import { Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Permission, Role } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PickPermissions } from '../../parts/pick-permissions.tsx';
import { offerUndo } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { isAdministrators } from './administrators.ts';
import { OwnRole } from './own-role.tsx';

export function RolePermissions({ role }: { role: Role }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const at = path`/roles/${role.id}/permissions`;
  const query = useList<Permission>({ path: at, name: 'permissions', page: url.page });
  const isSystem = isAdministrators(role);
  const mayChange = may('update:roles') && !isSystem;

  const change = async (method: 'POST' | 'DELETE', permissions: readonly Permission[]) => {
    const body = {
      permissions: permissions.map(({ resource_server_identifier, permission_name }) => ({
        resource_server_identifier,
        permission_name,
      })),
    };
    return (await write({ method, path: at, body }, { stale: [at] })) !== undefined;
  };
  const remove = async (permission: Permission) => {
    if (await change('DELETE', [permission]))
      offerUndo(`${permission.permission_name} is taken out`, () => void change('POST', [permission]));
  };
  const add = mayChange && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add permissions
    </Button>
  );
  return (
    <>
      {isSystem && <OwnRole />}
      {add && (
        <Group justify="flex-end" mb="md">
          {add}
        </Group>
      )}
      <List
        label="Permissions of this role"
        query={query}
        keyOf={({ resource_server_identifier, permission_name }) =>
          `${resource_server_identifier} ${permission_name}`
        }
        paging={url}
        columns={[
          {
            title: 'Permission',
            cell: ({ permission_name, description }) => (
              <>
                <span className="mono">{permission_name}</span>
                {description && <div className="second-line">{description}</div>}
              </>
            ),
          },
          {
            title: 'API',
            cell: ({ resource_server_name, resource_server_identifier }) =>
              resource_server_name ?? resource_server_identifier,
          },
          {
            title: 'Remove',
            kind: 'end',
            cell: (permission) =>
              mayChange && (
                <Button size="compact-sm" variant="default" onClick={() => void remove(permission)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconKey />}
            title="No permissions yet"
            text="Choose what everybody with this role may do."
            action={add || undefined}
          />
        }
      />
      <Modal opened={adding} onClose={close} title="Add permissions" size="lg">
        <PickPermissions
          onPick={async (permissions) => {
            const isDone = await change('POST', permissions);
            if (isDone) close();
            return isDone;
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
