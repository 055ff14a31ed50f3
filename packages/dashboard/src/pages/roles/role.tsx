import { Textarea, TextInput } from '@mantine/core';
import { IconUserShield } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Role } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Deletion } from '../../parts/deletion.tsx';
import { Detail } from '../../parts/detail.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Section } from '../../parts/section.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { isAdministrators } from './administrators.ts';
import { OwnRole } from './own-role.tsx';
import { RolePermissions } from './role-permissions.tsx';
import { RoleUsers } from './role-users.tsx';

export function RoleScreen() {
  const { id = '' } = useParams();
  const query = useRead<Role>(path`/roles/${id}`);
  return <OnceRead query={query}>{(stored) => <RoleDetail key={id} stored={stored} />}</OnceRead>;
}

function RoleDetail({ stored }: { stored: ApiAnswer<Role> }) {
  const { id, name } = stored.value;
  return (
    <Detail
      to={path`/roles/${id}`}
      title={name}
      back={{ label: 'Roles', to: '/roles' }}
      icon={<Tile icon={<IconUserShield size={26} />} size={52} />}
      description={<Copyable text={id} label="Copy the role ID" />}
      tabs={[
        { name: 'settings', label: 'Settings', content: () => <RoleSettings stored={stored} /> },
        { name: 'permissions', label: 'Permissions', content: () => <RolePermissions role={stored.value} /> },
        { name: 'users', label: 'Users', content: () => <RoleUsers role={stored.value} /> },
      ]}
    />
  );
}

function RoleSettings({ stored }: { stored: ApiAnswer<Role> }) {
  const may = useAccess();
  const { id, name } = stored.value;
  const at = path`/roles/${id}`;
  const edit = useEdit<Role>(stored, { path: at, stale: ['/roles'] });
  const isSystem = isAdministrators(stored.value);
  const isReadOnly = isSystem || !may('update:roles');
  return (
    <>
      {isSystem && <OwnRole />}
      <EditForm edit={edit} isReadOnly={isReadOnly}>
        <Section title="Settings">
          <TextInput
            label="Name"
            value={edit.value.name}
            maxLength={50}
            error={edit.errorOf('name')}
            onChange={(event) => edit.set({ name: event.currentTarget.value })}
          />
          <Textarea
            label="Description"
            value={edit.value.description ?? ''}
            maxLength={255}
            autosize
            minRows={2}
            error={edit.errorOf('description')}
            onChange={(event) => edit.set({ description: event.currentTarget.value })}
          />
        </Section>
      </EditForm>
      {!isSystem && may('delete:roles') && (
        <Deletion
          title="Delete this role"
          text="Everybody who has it loses its permissions."
          action="Delete the role"
          name={name}
          path={at}
          stale={['/roles', '/users']}
          done="The role is deleted"
          to="/roles"
        />
      )}
    </>
  );
}
