// A person in a list: the picture, the name, and what they log in with where that is another.
import { Group } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { path } from '../api/request.ts';
import type { User } from '../api/types.ts';
import { Tile } from './tile.tsx';

interface UserCellProps {
  user: Pick<User, 'user_id' | 'name' | 'picture' | 'email' | 'username' | 'phone_number'>;
  /** What else is to be seen of them. */
  children?: ReactNode;
}

export function UserCell({ user, children }: UserCellProps) {
  const { user_id, name, picture, email, username, phone_number } = user;
  const known = email ?? username ?? phone_number ?? user_id;
  return (
    <Group gap="sm" wrap="nowrap">
      <Tile icon={<IconUser size={18} />} picture={picture} />
      <div className="page-title">
        <Link className="row-link" to={path`/users/${user_id}`}>
          <bdi>{name}</bdi>
        </Link>
        {name !== known && (
          <div className="second-line">
            <bdi>{known}</bdi>
          </div>
        )}
      </div>
      {children}
    </Group>
  );
}
