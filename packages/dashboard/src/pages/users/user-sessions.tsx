import { Button, Text } from '@mantine/core';
import { IconDevices } from '@tabler/icons-react';
import { useRead, wholeList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Answer, Session, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAccess } from '../../session/access.tsx';
import { browserOf } from './browser-of.ts';
import { EndAll } from './end-all.tsx';
import { Devices } from './user-devices.tsx';

export function UserSessions({ user }: { user: User }) {
  return (
    <>
      <Sessions user={user} />
      <Devices user={user} />
    </>
  );
}

function Sessions({ user }: { user: User }) {
  const may = useAccess();
  const { write } = useWrite();
  const sessionsPath = path`/users/${user.user_id}/sessions`;
  const query = useRead<Answer<'GET /users/{user_id}/sessions'>>(sessionsPath, { take: 100 });
  const end = (session: Session) =>
    write(
      { method: 'DELETE', path: path`/sessions/${session.id}` },
      { stale: [sessionsPath], done: 'The session has ended' },
    );
  return (
    <Section
      title="Browser sessions"
      text="Where they are signed in. Ending one asks for the login again there."
      actions={
        may('delete:sessions') &&
        (query.data?.value.sessions.length ?? 0) > 0 && (
          <EndAll
            title="End all sessions"
            text="They log in again everywhere. Applications keep the tokens that they have until those expire."
            path={sessionsPath}
            done="All sessions have ended"
          />
        )
      }
    >
      <List
        label="Browser sessions"
        query={wholeList(query, (answer) => answer.sessions)}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Browser',
            cell: ({ device }) => (
              <>
                <Text size="sm" fw={600}>
                  {browserOf(device?.last_user_agent ?? device?.initial_user_agent)}
                </Text>
                <div className="second-line">{device?.last_ip ?? device?.initial_ip}</div>
              </>
            ),
          },
          {
            title: 'Applications',
            kind: 'desktop',
            cell: ({ clients = [] }) => clients.length.toLocaleString('en'),
          },
          {
            title: 'Signed in',
            kind: 'desktop',
            cell: ({ authenticated_at }) => <Time at={authenticated_at} />,
          },
          {
            title: 'Last seen',
            kind: 'titled',
            cell: ({ last_interacted_at }) => <Time at={last_interacted_at} otherwise="–" />,
          },
          {
            title: 'End',
            kind: 'end',
            cell: (session) =>
              may('delete:sessions') && (
                <Button size="compact-sm" variant="default" onClick={() => void end(session)}>
                  End
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconDevices />}
            title="Not signed in anywhere"
            text="A session begins when they log in."
          />
        }
      />
    </Section>
  );
}
