import { Badge, Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Identity, User } from '../../api/types.ts';
import { searchFor } from '../../api/user-search.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Section } from '../../parts/section.tsx';
import { useAccess } from '../../session/access.tsx';

/** The first is the one that the user is named after. */
export function UserIdentities({ user }: { user: User }) {
  const may = useAccess();
  const [linking, { open, close }] = useDisclosure();
  const [main, ...linked] = user.identities ?? [];
  if (main === undefined) return null;
  return (
    <Section
      title="Ways in"
      text="Accounts that are this one person. Each of them logs the same user in."
      actions={
        may('update:users') && (
          <Button variant="default" size="xs" onClick={open}>
            Link another account
          </Button>
        )
      }
    >
      {[main, ...linked].map((identity) => (
        <IdentityRow
          key={`${identity.provider}|${identity.user_id}`}
          user={user}
          identity={identity}
          isMain={identity === main}
        />
      ))}
      <Modal opened={linking} onClose={close} title="Link another account" size="lg">
        <LinkAccount user={user} onClose={close} />
      </Modal>
    </Section>
  );
}

function IdentityRow({ user, identity, isMain }: { user: User; identity: Identity; isMain: boolean }) {
  const may = useAccess();
  const { write } = useWrite();
  const [asking, { open, close }] = useDisclosure();
  const { provider, connection, user_id, profileData } = identity;
  return (
    <Group justify="space-between" gap="sm">
      <div className="section-title">
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {connection}
          </Text>
          {isMain && (
            <Badge variant="light" size="sm">
              Main
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="mono">
          {profileData?.email ?? `${provider}|${user_id}`}
        </Text>
      </div>
      {!isMain && may('update:users') && (
        <Button variant="default" size="xs" onClick={open}>
          Unlink
        </Button>
      )}
      <Confirm
        opened={asking}
        onClose={close}
        title="Unlink this account"
        text="It becomes a user of its own again, without this one's metadata, roles and permissions."
        action="Unlink"
        onConfirm={async () => {
          const answer = await write(
            { method: 'DELETE', path: path`/users/${user.user_id}/identities/${provider}/${user_id}` },
            { stale: ['/users'], done: 'Unlinked' },
          );
          return answer !== undefined;
        }}
      />
    </Group>
  );
}

function LinkAccount({ user, onClose }: { user: User; onClose: () => void }) {
  const { write, isWriting } = useWrite();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<User>();
  const { data } = useList<User>(
    { path: '/users', name: 'users', per_page: 5, query: { q: searchFor(typed) } },
    { enabled: typed !== '' },
  );
  const found = typed === '' ? [] : (data?.items ?? []).filter(({ user_id }) => user_id !== user.user_id);
  const link = async (other: User) => {
    const [provider = '', ...rest] = other.user_id.split('|');
    const answer = await write(
      {
        method: 'POST',
        path: path`/users/${user.user_id}/identities`,
        body: { provider, user_id: rest.join('|') },
      },
      { stale: ['/users'], done: 'Linked' },
    );
    if (answer !== undefined) onClose();
  };
  if (chosen !== undefined) {
    return (
      <>
        <Text size="sm">
          <bdi>{chosen.email ?? chosen.name}</bdi> stops being a user of its own: its metadata, roles and
          sessions end, and whoever logs in with it is this user. Be sure that it is the same person.
        </Text>
        <TextInput mt="md" label="The account" value={chosen.user_id} readOnly />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setChosen(undefined)}>
            Back
          </Button>
          <Button color="red" loading={isWriting} onClick={() => void link(chosen)}>
            Link
          </Button>
        </Group>
      </>
    );
  }
  return (
    <>
      <SearchBox label="Search users" value={typed} onSearch={setTyped} />
      <ul className="found">
        {found.map((other) => (
          <li key={other.user_id}>
            <Button variant="subtle" fullWidth justify="flex-start" onClick={() => setChosen(other)}>
              <bdi>{other.email ?? other.name}</bdi>
            </Button>
          </li>
        ))}
      </ul>
      {typed !== '' && data !== undefined && found.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody like this
        </Text>
      )}
    </>
  );
}
