import { Badge, Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useRead, wholeList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Answer, RefreshToken, User } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAccess } from '../../session/access.tsx';
import { ApplicationName } from './application-name.tsx';
import { browserOf } from './browser-of.ts';
import { EndAll } from './end-all.tsx';

export function Devices({ user }: { user: User }) {
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
