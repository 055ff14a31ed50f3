import { Badge, Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Permission } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PickPermissions } from '../../parts/pick-permissions.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import type { UserTabProps } from './user.tsx';

/** Those of their own, and those that their roles give. */
export function UserPermissions({ user: { user_id } }: UserTabProps) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const at = path`/users/${user_id}/permissions`;
  const query = useList<Permission>({ path: at, name: 'permissions', page: url.page });
  const change = async (method: 'POST' | 'DELETE', permissions: Permission[], done: string) => {
    const body = {
      permissions: permissions.map(({ resource_server_identifier, permission_name }) => ({
        resource_server_identifier,
        permission_name,
      })),
    };
    return (await write({ method, path: at, body }, { stale: [at], done })) !== undefined;
  };
  const add = may('update:users') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Add permissions
    </Button>
  );
  return (
    <>
      {add && (
        <Group justify="flex-end" mb="md">
          {add}
        </Group>
      )}
      <List
        label="Permissions of this user"
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
          { title: 'From', kind: 'desktop', cell: (permission) => <Sources permission={permission} /> },
          {
            title: 'Remove',
            kind: 'end',
            cell: (permission) =>
              may('update:users') &&
              isDirect(permission) && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => void change('DELETE', [permission], 'The permission is removed')}
                >
                  Remove
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconKey />}
            title="No permissions"
            text="Give them a role, or a permission of their own."
            action={add || undefined}
          />
        }
      />
      <Modal opened={adding} onClose={close} title="Add permissions" size="lg">
        <PickPermissions
          onPick={async (permissions) => {
            const isDone = await change('POST', permissions, 'The permissions are added');
            if (isDone) close();
            return isDone;
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}

function isDirect({ sources }: Permission): boolean {
  return sources === undefined || sources.some(({ source_type }) => source_type === 'DIRECT');
}

function Sources({ permission: { sources = [] } }: { permission: Permission }) {
  return (
    <Group gap={4}>
      {sources.map(({ source_id, source_name, source_type }) => (
        <Badge
          key={`${source_type} ${source_id}`}
          variant={source_type === 'DIRECT' ? 'outline' : 'light'}
          tt="none"
        >
          {source_type === 'DIRECT' ? 'Their own' : source_name}
        </Badge>
      ))}
    </Group>
  );
}
