// People to be chosen, found by the server: whoever types sees the first few.
import { Badge, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../api/reading.ts';
import type { User } from '../api/types.ts';
import { searchFor } from '../api/user-search.ts';
import { DialogButtons } from './dialog-buttons.tsx';
import { SearchBox } from './search-box.tsx';

interface PickUsersProps {
  /** "Assign" */
  action: string;
  /** Resolves once that is done or refused. */
  onPick: (user_ids: string[]) => Promise<void>;
  onCancel: () => void;
}

export function PickUsers({ action, onPick, onCancel }: PickUsersProps) {
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState<ReadonlyMap<string, User>>(new Map());
  const query = { q: searchFor(typed), sort: 'created_at:-1' };
  const { data } = useList<User>({ path: '/users', name: 'users', per_page: 8, query });
  const others = (data?.items ?? []).filter(({ user_id }) => !picked.has(user_id));
  const turn = (user: User, isPicked: boolean) => {
    const next = new Map(picked);
    if (isPicked) next.set(user.user_id, user);
    else next.delete(user.user_id);
    setPicked(next);
  };
  return (
    <Stack>
      <SearchBox label="Search users" value={typed} onSearch={setTyped} />
      <Stack gap="sm" mih={200}>
        {[...picked.values(), ...others].map((user) => (
          <Checkbox
            key={user.user_id}
            checked={picked.has(user.user_id)}
            onChange={(event) => turn(user, event.currentTarget.checked)}
            label={
              <Group gap="xs">
                <bdi>{user.email ?? user.name}</bdi>
                {user.blocked && (
                  <Badge size="sm" color="red" variant="light">
                    Blocked
                  </Badge>
                )}
              </Group>
            }
            description={user.identities?.map(({ connection }) => connection).join(', ')}
          />
        ))}
        {data !== undefined && data.items.length === 0 && (
          <Text size="sm" c="dimmed">
            {typed === '' ? 'There are no users yet' : 'Nobody like this'}
          </Text>
        )}
      </Stack>
      <DialogButtons
        onCancel={onCancel}
        disabled={picked.size === 0}
        onAct={() => onPick([...picked.keys()])}
      >
        {picked.size === 0 ? action : `${action} ${picked.size}`}
      </DialogButtons>
    </Stack>
  );
}
