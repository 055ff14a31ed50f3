import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDevices, IconKey } from '@tabler/icons-react';
import { useRead, wholeList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Answer, RefreshToken, Session, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAccess } from '../../session/access.tsx';
import { ApplicationName } from './application-name.tsx';
import { browserOf } from './browser-of.ts';

export function UserSessions({ user }: { user: User }) {
  return (
    <>
      <Sessions user={user} />
      <RefreshTokens user={user} />
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

function RefreshTokens({ user }: { user: User }) {
  const may = useAccess();
  const { write } = useWrite();
  const tokensPath = path`/users/${user.user_id}/refresh-tokens`;
  const query = useRead<Answer<'GET /users/{user_id}/refresh-tokens'>>(tokensPath, { take: 100 });
  const revoke = ({ id }: RefreshToken) =>
    write(
      { method: 'DELETE', path: path`/refresh-tokens/${id}` },
      { stale: [tokensPath], done: 'The device is signed out' },
    );
  return (
    <Section
      title="Devices"
      text="Applications that stay signed in by a refresh token."
      actions={
        may('delete:refresh_tokens') &&
        (query.data?.value.tokens.length ?? 0) > 0 && (
          <EndAll
            title="Sign out all devices"
            text="Every application that stays signed in has to log them in again."
            path={tokensPath}
            done="All devices are signed out"
          />
        )
      }
    >
      <List
        label="Devices"
        query={wholeList(query, (answer) => answer.tokens)}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Application',
            cell: ({ client_id, device }) => (
              <>
                <ApplicationName client_id={client_id} />
                <div className="second-line">{browserOf(device?.initial_user_agent)}</div>
              </>
            ),
          },
          {
            title: 'Kind',
            kind: 'desktop',
            cell: ({ rotating }) => <Badge variant="light">{rotating ? 'Rotating' : 'Fixed'}</Badge>,
          },
          { title: 'Since', kind: 'desktop', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: 'Last used',
            kind: 'titled',
            cell: ({ last_exchanged_at }) => <Time at={last_exchanged_at} />,
          },
          {
            title: 'Sign out',
            kind: 'end',
            cell: (token) =>
              may('delete:refresh_tokens') && (
                <Button size="compact-sm" variant="default" onClick={() => void revoke(token)}>
                  Sign out
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconKey />}
            title="No devices"
            text="An application with a refresh token appears here."
          />
        }
      />
    </Section>
  );
}

function EndAll({
  title,
  text,
  path: at,
  done,
}: {
  title: string;
  text: string;
  path: string;
  done: string;
}) {
  const [asking, { open, close }] = useDisclosure();
  const { write } = useWrite();
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {title}
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title={title}
        text={text}
        action={title}
        onConfirm={async () =>
          (await write({ method: 'DELETE', path: at }, { stale: [at], done })) !== undefined
        }
      />
    </>
  );
}
