// What is done to a user as a whole: blocking, mails and links, another password, deletion.
import { Button, Menu, Modal } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { path } from '../../api/request.ts';
import type { User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { offerUndo } from '../../parts/toggle.tsx';
import { useAccess } from '../../session/access.tsx';
import { ResetLink } from './reset-link.tsx';
import { SetPassword } from './set-password.tsx';

type Dialog = 'password' | 'link' | 'delete' | undefined;

export function UserActions({ user }: { user: User }) {
  const may = useAccess();
  const { write } = useWrite();
  const [dialog, setDialog] = useState<Dialog>();
  const { user_id, email, blocked = false } = user;
  const userPath = path`/users/${user_id}`;
  const hasPassword = user.identities?.some(({ provider }) => provider === 'auth0') ?? false;
  const isOfMail = hasPassword && email !== undefined;

  const block = async (wanted: boolean) => {
    const answer = await write(
      { method: 'PATCH', path: userPath, body: { blocked: wanted } },
      { stale: ['/users'] },
    );
    if (answer !== undefined)
      offerUndo(
        wanted ? 'Blocked: they are signed out everywhere' : 'No longer blocked',
        () => void block(!wanted),
      );
  };
  const forgive = () =>
    write(
      { method: 'DELETE', path: path`/user-blocks/${user_id}` },
      { stale: ['/user-blocks'], done: 'Failed logins are forgotten: they can try again' },
    );
  const verify = () =>
    write(
      { method: 'POST', path: '/jobs/verification-email', body: { user_id } },
      { done: 'A mail with a link is on its way' },
    );

  if (!may('update:users') && !may('delete:users')) return null;
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={16} />}>
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may('update:users') && (
            <>
              <Menu.Item onClick={() => void block(!blocked)}>{blocked ? 'Unblock' : 'Block'}</Menu.Item>
              <Menu.Item onClick={() => void forgive()}>Forgive failed logins</Menu.Item>
              <Menu.Divider />
              {hasPassword && <Menu.Item onClick={() => setDialog('password')}>Set a password</Menu.Item>}
            </>
          )}
          {may('create:user_tickets') && isOfMail && (
            <Menu.Item onClick={() => setDialog('link')}>Link to another password</Menu.Item>
          )}
          {may('update:users') && isOfMail && user.email_verified === false && (
            <Menu.Item onClick={() => void verify()}>Send the verification mail again</Menu.Item>
          )}
          {may('delete:users') && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => setDialog('delete')}>
                Delete…
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={dialog === 'password'} onClose={() => setDialog(undefined)} title="Set a password">
        <SetPassword user={user} onClose={() => setDialog(undefined)} />
      </Modal>
      <Modal opened={dialog === 'link'} onClose={() => setDialog(undefined)} title="Link to another password">
        <ResetLink user={user} />
      </Modal>
      <DeleteUser user={user} opened={dialog === 'delete'} onClose={() => setDialog(undefined)} />
    </>
  );
}

function DeleteUser({ user, opened, onClose }: { user: User; opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const { write } = useWrite();
  const name = user.email ?? user.username ?? user.phone_number ?? user.user_id;
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title="Delete this user"
      text="With their sessions, roles and memberships. They can sign up again, as somebody new."
      name={name}
      action="Delete the user"
      onConfirm={async () => {
        const answer = await write(
          { method: 'DELETE', path: path`/users/${user.user_id}` },
          { stale: ['/users'], gone: path`/users/${user.user_id}`, done: 'The user is deleted' },
        );
        if (answer === undefined) return false;
        await navigate('/users');
        return true;
      }}
    />
  );
}
