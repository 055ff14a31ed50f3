// What somebody shows beside the password, and how an administrator takes it back when a phone is lost.
import { Button, Group, Text } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Answer, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

type Factor = Answer<'POST /users/{id}/authentication-methods'>;

const kinds: Readonly<Record<string, string>> = {
  totp: 'Authenticator app',
  phone: 'Phone',
  email: 'Email',
  passkey: 'Passkey',
  'webauthn-roaming': 'Security key',
  'webauthn-platform': 'This device’s own lock',
  'push-notification': 'App with notifications',
  'recovery-code': 'Recovery code',
};

export function UserFactors({ user: { user_id } }: { user: User }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [leaving, setLeaving] = useState<Factor | 'all'>();
  const at = path`/users/${user_id}/authentication-methods`;
  const query = useList<Factor>({ path: at, name: 'authenticators', page: url.page });
  const mayDelete = may('delete:authentication_methods');
  const remove = async () => {
    const gone = leaving === 'all' || leaving === undefined ? at : `${at}${path`/${leaving.id}`}`;
    const done = leaving === 'all' ? 'All factors are taken away' : 'The factor is taken away';
    return (await write({ method: 'DELETE', path: gone }, { stale: [at], done })) !== undefined;
  };
  return (
    <Section
      title="Factors"
      text="What they show beside a password. Whoever has lost theirs sets them up anew at the next login."
      actions={
        mayDelete &&
        (query.data?.total ?? 0) > 0 && (
          <Button size="xs" variant="default" onClick={() => setLeaving('all')}>
            Reset all
          </Button>
        )
      }
    >
      <List
        label="Factors"
        query={query}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          { title: 'Factor', cell: (factor) => <What factor={factor} /> },
          { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: 'Remove',
            kind: 'end',
            cell: (factor) =>
              mayDelete && (
                <Button size="compact-sm" variant="default" onClick={() => setLeaving(factor)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconDeviceMobile />}
            title="No factors"
            text="They appear here when this person sets one up."
          />
        }
      />
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={leaving === 'all' ? 'Take all factors away' : 'Take this factor away'}
        text="Be sure that it is this person who asks: from then on the password alone lets them in."
        action={leaving === 'all' ? 'Reset all' : 'Remove'}
        onConfirm={remove}
      />
    </Section>
  );
}

function What({ factor: { type, name, phone_number, email } }: { factor: Factor }) {
  const detail = [name, phone_number, email].filter((text) => text !== undefined).join(' · ');
  return (
    <Group gap="xs">
      <div>
        <Text size="sm" fw={600}>
          {kinds[type] ?? type}
        </Text>
        {detail !== '' && (
          <div className="second-line">
            <bdi>{detail}</bdi>
          </div>
        )}
      </div>
    </Group>
  );
}
