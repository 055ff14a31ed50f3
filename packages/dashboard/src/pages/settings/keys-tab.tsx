import { Badge, Button, Group, Text } from '@mantine/core';
import { IconKey, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useRead, wholeList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { SigningKey } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Copy } from '../../parts/copy.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useAccess } from '../../session/access.tsx';
import { settings } from '../../settings.ts';

const keysPath = '/keys/signing';

export function SigningKeys() {
  const may = useAccess();
  const query = useRead<SigningKey[]>(keysPath);
  const { write } = useWrite();
  const [rotating, setRotating] = useState<SigningKey>();
  const [revoking, setRevoking] = useState<SigningKey>();
  const mayChange = may('update:signing_keys');

  const rotate = async () => {
    const query = { alg: rotating?.alg };
    const request = { method: 'POST', path: `${keysPath}/rotate`, query } as const;
    return (await write(request, { stale: [keysPath], done: 'The next key signs now' })) !== undefined;
  };
  const revoke = async () => {
    const request = { method: 'PUT', path: path`/keys/signing/${revoking?.kid ?? ''}/revoke` } as const;
    return (await write(request, { stale: [keysPath], done: 'The key is revoked' })) !== undefined;
  };
  return (
    <Section
      title="Signing keys"
      text={
        <>
          What tokens are signed with. Everybody finds the public halves at{' '}
          <span className="mono">{settings.issuer}.well-known/jwks.json</span>.
        </>
      }
    >
      <List
        label="Signing keys"
        query={wholeList(query, (keys) => keys)}
        keyOf={({ kid }) => kid}
        columns={[
          { title: 'Key', cell: (key) => <Key {...key} /> },
          {
            title: 'Since',
            kind: 'desktop',
            cell: ({ current_since }) => <Time at={current_since} otherwise="–" />,
          },
          {
            title: 'Change',
            kind: 'end',
            cell: (key) =>
              mayChange && (
                <Group gap="xs" wrap="nowrap" justify="flex-end">
                  <Copy text={key.cert} label="Copy the certificate" />
                  {key.current && (
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<IconRefresh size={14} />}
                      onClick={() => setRotating(key)}
                    >
                      Rotate
                    </Button>
                  )}
                  {key.previous && (
                    <Button size="xs" variant="outline" color="red" onClick={() => setRevoking(key)}>
                      Revoke
                    </Button>
                  )}
                </Group>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconKey />} title="No keys yet" text="The first is made with the first token." />
        }
      />
      <Confirm
        opened={rotating !== undefined}
        onClose={() => setRotating(undefined)}
        title="Sign with the next key?"
        text="It has been published, so that nobody has to wait for it. What the key of today has signed stays good until that key is revoked."
        action="Rotate"
        onConfirm={rotate}
      />
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title="Revoke the key?"
        text="Every token that it has signed is refused from now on, and people may have to log in again. This cannot be undone."
        name={revoking?.kid.slice(0, 8)}
        action="Revoke"
        onConfirm={revoke}
      />
    </Section>
  );
}

function Key({ kid, alg, current, next, revoked }: SigningKey) {
  const state = revoked ? 'Revoked' : current ? 'Signs now' : next ? 'Next' : 'Still good';
  const color = revoked ? 'red' : current ? 'green' : 'gray';
  return (
    <div>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {alg}
        </Text>
        <Badge variant={current ? 'filled' : 'outline'} color={color} radius="sm">
          {state}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed" className="mono">
        {kid}
      </Text>
    </div>
  );
}
