// Permissions that a role or a user has: given, and taken again.
import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useList } from '../api/reading.ts';
import type { Permission } from '../api/types.ts';
import { useWrite } from '../api/writing.tsx';
import { useAccess } from '../session/access.tsx';
import { Empty } from './empty.tsx';
import { type Column, List } from './list.tsx';
import { type PermissionName, PickPermissions } from './pick-permissions.tsx';
import { offerUndo } from './toggle.tsx';
import { useUrlState } from './url-state.ts';

interface PermissionListProps<T extends Permission> {
  label: string;
  /** Of the API: `/roles/rol_1/permissions`. */
  path: string;
  mayChange: boolean;
  /** Whether it can be taken here; absent: each can. */
  isOwn?: (permission: T) => boolean;
  /** What else is told of each. */
  columns?: readonly Column<T>[];
  empty: { title: string; text: string };
}

export function PermissionList<T extends Permission>(props: PermissionListProps<T>) {
  const { label, path, mayChange, isOwn = () => true, columns = [], empty } = props;
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const query = useList<T>({ path, name: 'permissions', page: url.page });

  const change = async (method: 'POST' | 'DELETE', permissions: readonly PermissionName[]) =>
    (await write({ method, path, body: { permissions } }, { stale: [path] })) !== undefined;
  const remove = async ({ resource_server_identifier, permission_name }: T) => {
    const named = [{ resource_server_identifier, permission_name }];
    if (await change('DELETE', named))
      offerUndo(`${permission_name} is taken out`, () => void change('POST', named));
  };
  const add = mayChange && may('read:resource_servers') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add permissions
    </Button>
  );
  return (
    <>
      <List
        label={label}
        query={query}
        keyOf={({ resource_server_identifier, permission_name }) =>
          `${resource_server_identifier} ${permission_name}`
        }
        paging={url}
        add={add}
        columns={[
          {
            title: 'Permission',
            cell: ({ permission_name, description }) => (
              <>
                <span className="mono">{permission_name}</span>
                {description && (
                  <div className="second-line">
                    <bdi>{description}</bdi>
                  </div>
                )}
              </>
            ),
          },
          {
            title: 'API',
            cell: ({ resource_server_name }) => <bdi>{resource_server_name}</bdi>,
          },
          ...columns,
          {
            title: 'Remove',
            kind: 'end',
            cell: (permission) =>
              mayChange &&
              isOwn(permission) && (
                <Button size="compact-sm" variant="default" onClick={() => void remove(permission)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={<Empty icon={<IconKey />} {...empty} action={add} />}
      />
      <Modal opened={adding} onClose={close} title="Add permissions" size="lg">
        <PickPermissions
          onPick={async (permissions) => {
            if (await change('POST', permissions)) close();
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}
