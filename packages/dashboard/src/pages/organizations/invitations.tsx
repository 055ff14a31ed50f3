import { Badge, Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMail, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Invitation, Organization } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { Invite } from './invite.tsx';

export function Invitations({ organization: { id } }: { organization: Organization }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [inviting, { open, close }] = useDisclosure();
  const [link, setLink] = useState<string>();
  const at = path`/organizations/${id}/invitations`;
  const query = useList<Invitation>({
    path: at,
    name: 'invitations',
    page: url.page,
    query: { sort: 'created_at:-1' },
  });
  const revoke = (invitation: Invitation) =>
    write(
      { method: 'DELETE', path: `${at}${path`/${invitation.id}`}` },
      { stale: [at], done: 'The invitation is taken back' },
    );
  const resend = async (invitation: Invitation) => {
    const { client_id, invitee, inviter, roles, connection_id, user_metadata, app_metadata } = invitation;
    const body = {
      client_id,
      invitee,
      inviter: inviter ?? { name: 'Freehold' },
      roles,
      connection_id,
      user_metadata,
      app_metadata,
      ttl_sec: lifetimeOf(invitation),
    };
    const answer = await write<Invitation>(
      { method: 'POST', path: at, body },
      { stale: [at], done: 'Another invitation is on its way' },
    );
    if (answer === undefined) return;
    setLink(answer.value.invitation_url);
    await write({ method: 'DELETE', path: `${at}${path`/${invitation.id}`}` }, { stale: [at] });
  };
  const invite = may('create:organization_invitations') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Invite
    </Button>
  );
  return (
    <>
      <List
        label="Invitations"
        query={query}
        keyOf={(invitation) => invitation.id}
        paging={url}
        add={invite}
        columns={[
          { title: 'To', cell: ({ invitee }) => <bdi>{invitee.email}</bdi> },
          {
            title: 'By',
            kind: 'desktop',
            cell: ({ inviter }) => <bdi>{inviter?.name}</bdi>,
          },
          { title: 'Sent', kind: 'desktop', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: 'Good until',
            kind: 'titled',
            cell: ({ expires_at }) =>
              new Date(expires_at) < new Date() ? (
                <Badge color="gray" variant="light">
                  Expired
                </Badge>
              ) : (
                <Time at={expires_at} />
              ),
          },
          {
            title: 'Change',
            kind: 'actions',
            cell: (invitation) => (
              <Group gap={4} wrap="nowrap">
                {may('create:organization_invitations') && (
                  <Button size="compact-sm" variant="default" onClick={() => void resend(invitation)}>
                    Send again
                  </Button>
                )}
                {may('delete:organization_invitations') && (
                  <Button size="compact-sm" variant="default" onClick={() => void revoke(invitation)}>
                    Take back
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
        empty={
          <Empty
            icon={<IconMail />}
            title="Nobody is invited"
            text="Whoever follows an invitation becomes a member."
            action={invite}
          />
        }
      />
      <Modal opened={inviting} onClose={close} title="Invite somebody">
        <Invite
          at={at}
          onDone={(invited) => {
            close();
            setLink(invited);
          }}
          onCancel={close}
        />
      </Modal>
      <Modal opened={link !== undefined} onClose={() => setLink(undefined)} title="The invitation is made">
        <Text size="sm" mb="md">
          The link can be seen now and never again. Whoever has it can join with this address.
        </Text>
        <Copyable text={link ?? ''} label="Copy the link" />
      </Modal>
    </>
  );
}

/** Seconds: what is sent again is good for as long as what was sent first. */
function lifetimeOf({ created_at, expires_at }: Invitation): number {
  return Math.round((Date.parse(expires_at) - Date.parse(created_at)) / 1000);
}
