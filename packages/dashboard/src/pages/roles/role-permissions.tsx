import { path } from '../../api/request.ts';
import type { Role } from '../../api/types.ts';
import { PermissionList } from '../../parts/permission-list.tsx';
import { useAccess } from '../../session/access.tsx';
import { isAdministrators } from './administrators.ts';
import { OwnRole } from './own-role.tsx';

export function RolePermissions({ role }: { role: Role }) {
  const may = useAccess();
  const isSystem = isAdministrators(role);
  return (
    <>
      {isSystem && <OwnRole />}
      <PermissionList
        label="Permissions of this role"
        path={path`/roles/${role.id}/permissions`}
        mayChange={may('update:roles') && !isSystem}
        empty={{ title: 'No permissions yet', text: 'Choose what everybody with this role may do.' }}
      />
    </>
  );
}
