import { Textarea, TextInput } from '@mantine/core';
import { IconUserShield } from '@tabler/icons-react';
import { useNavigate, useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Role } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { DangerZone } from '../../parts/danger-zone.tsx';
import { Detail, DetailSkeleton } from '../../parts/detail.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { Failed } from '../../parts/failed.tsx';
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
  const { data, error, refetch } = useRead<Role>(path`/roles/${id}`);
  if (error !== null && data === undefined) return <Failed error={error} retry={refetch} />;
  if (data === undefined) return <DetailSkeleton />;
  const { name } = data.value;
  return (
    <Detail
      key={id}
      to={path`/roles/${id}`}
      title={name}
      back={{ label: 'Roles', to: '/roles' }}
      icon={<Tile icon={<IconUserShield size={26} />} size={52} />}
      description={<Copyable text={id} label="Copy the role ID" />}
      tabs={[
        { name: 'settings', label: 'Settings', content: () => <RoleSettings stored={data} /> },
        { name: 'permissions', label: 'Permissions', content: () => <RolePermissions role={data.value} /> },
        { name: 'users', label: 'Users', content: () => <RoleUsers role={data.value} /> },
      ]}
    />
  );
}

function RoleSettings({ stored }: { stored: ApiAnswer<Role> }) {
  const may = useAccess();
  const navigate = useNavigate();
  const { write } = useWrite();
  const { id, name } = stored.value;
  const at = path`/roles/${id}`;
  const edit = useEdit<Role>(stored, { path: at, stale: ['/roles'] });
  const isSystem = isAdministrators(stored.value);
  const isReadOnly = isSystem || !may('update:roles');
  const remove = async () => {
    const answer = await write(
      { method: 'DELETE', path: at },
      { stale: ['/roles', '/users'], gone: at, done: 'The role is deleted' },
    );
    if (answer === undefined) return false;
    await navigate('/roles');
    return true;
  };
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
        <DangerZone
          dangers={[
            {
              title: 'Delete this role',
              text: 'Everybody who has it loses its permissions.',
              action: 'Delete the role',
              name,
              onConfirm: remove,
            },
          ]}
        />
      )}
    </>
  );
}
