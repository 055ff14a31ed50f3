import { Button, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { offerUndo } from '../../parts/toggle.tsx';
import { useAccess } from '../../session/access.tsx';
import { settings } from '../../settings.ts';

interface EnableConnectionProps {
  /** The one that the login was to be tried with, and is not enabled for. */
  name: string;
  onEnabled: () => void;
}

/** As for any application: nobody tries a connection that nobody has enabled for trying. */
export function EnableConnection({ name, onEnabled }: EnableConnectionProps) {
  const may = useAccess();
  const { write, isWriting } = useWrite();
  const found = useList<Connection>(
    { path: '/connections', name: 'connections', query: { name } },
    { enabled: may('update:connections') },
  );
  const connection = found.data?.items[0];
  if (connection === undefined) return null;
  const turn = async (status: boolean) =>
    (await write({
      method: 'PATCH',
      path: path`/connections/${connection.id}/clients`,
      body: [{ client_id: settings.try_client_id, status }],
    })) !== undefined;
  const enable = async () => {
    if (!(await turn(true))) return;
    onEnabled();
    offerUndo(`${name}: enabled for trying`, () => void turn(false));
  };
  return (
    <>
      <Text size="sm" mt="xs">
        Logins are tried as an application that has no rights of its own. Like any other it takes the
        connections that are enabled for it, and then whoever has an account there can log in to it.
      </Text>
      <Button
        size="xs"
        mt="sm"
        leftSection={<IconPlugConnected size={14} />}
        onClick={() => void enable()}
        loading={isWriting}
      >
        Enable it for trying
      </Button>
    </>
  );
}
