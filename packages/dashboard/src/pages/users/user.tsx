// One user: who they are, what they may do, where they are signed in, and what happened.
import { Badge, Group } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { useRead } from '../../api/reading.ts';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { User } from '../../api/types.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { Detail } from '../../parts/detail.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useAccess } from '../../session/access.tsx';
import { UserActions } from './user-actions.tsx';
import { UserDetails } from './user-details.tsx';
import { UserGrants } from './user-grants.tsx';
import { UserHistory } from './user-history.tsx';
import { UserOrganizations } from './user-organizations.tsx';
import { UserPermissions } from './user-permissions.tsx';
import { UserRoles } from './user-roles.tsx';
import { UserSessions } from './user-sessions.tsx';

export function UserScreen() {
  const { id = '' } = useParams();
  const query = useRead<User>(path`/users/${id}`);
  return <OnceRead query={query}>{(stored) => <Loaded key={id} stored={stored} />}</OnceRead>;
}

function Loaded({ stored }: { stored: ApiAnswer<User> }) {
  const may = useAccess();
  const user = stored.value;
  const { user_id, name, email, picture, blocked } = user;
  const tabs = [
    { name: 'details', label: 'Details', content: () => <UserDetails stored={stored} /> },
    may('read:sessions') && {
      name: 'sessions',
      label: 'Sessions',
      content: () => <UserSessions user={user} />,
    },
    may('read:grants') && {
      name: 'applications',
      label: 'Applications',
      content: () => <UserGrants user={user} />,
    },
    may('read:roles') && { name: 'roles', label: 'Roles', content: () => <UserRoles user={user} /> },
    { name: 'permissions', label: 'Permissions', content: () => <UserPermissions user={user} /> },
    may('read:organizations') && {
      name: 'organizations',
      label: 'Organizations',
      content: () => <UserOrganizations user={user} />,
    },
    may('read:logs') && { name: 'history', label: 'History', content: () => <UserHistory user={user} /> },
    {
      name: 'json',
      label: 'JSON',
      content: () => <CodeBlock text={JSON.stringify(user, undefined, 2)} label="Copy the user as JSON" />,
    },
  ].filter((tab) => tab !== false);
  return (
    <Detail
      to={path`/users/${user_id}`}
      tabs={tabs}
      title={name}
      back={{ label: 'Users', to: '/users' }}
      icon={<Tile icon={<IconUser size={26} />} picture={picture} size={52} />}
      badges={
        <Group gap="xs">
          {blocked && (
            <Badge color="red" variant="light">
              Blocked
            </Badge>
          )}
          {email !== undefined && user.email_verified === false && (
            <Badge color="yellow" variant="light">
              Email not verified
            </Badge>
          )}
        </Group>
      }
      description={<Copyable text={user_id} label="Copy the user ID" />}
      actions={<UserActions user={user} />}
    />
  );
}
