import { Badge, Group } from '@mantine/core';
import { path } from '../../api/request.ts';
import type { User, UserPermission } from '../../api/types.ts';
import { PermissionList } from '../../parts/permission-list.tsx';
import { useAccess } from '../../session/access.tsx';

/** Those of their own, and those that their roles give. */
export function UserPermissions({ user: { user_id } }: { user: User }) {
  const may = useAccess();
  return (
    <PermissionList<UserPermission>
      label="Permissions of this user"
      path={path`/users/${user_id}/permissions`}
      mayChange={may('update:users')}
      isOwn={({ sources }) => sources.some(({ source_type }) => source_type === 'DIRECT')}
      columns={[{ title: 'From', kind: 'desktop', cell: sourcesOf }]}
      empty={{ title: 'No permissions', text: 'Give them a role, or a permission of their own.' }}
    />
  );
}

function sourcesOf({ sources }: UserPermission) {
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
