import { Button, Modal, Select, Switch } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDatabase, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Connection, EnabledConnection, Organization } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { offerUndo, Toggle } from '../../parts/toggle.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

type Choice = 'assign_membership_on_login' | 'show_as_button' | 'is_signup_enabled';
type Enabling = Pick<EnabledConnection, 'connection_id'> & Partial<Pick<EnabledConnection, Choice>>;

export function OrganizationConnections({ organization: { id } }: { organization: Organization }) {
  const may = useAccess();
  const url = useUrlState();
  const { write } = useWrite();
  const [adding, { open, close }] = useDisclosure();
  const at = path`/organizations/${id}/enabled_connections`;
  const query = useList<EnabledConnection>({ path: at, name: 'enabled_connections', page: url.page });
  const of = ({ connection_id }: Pick<EnabledConnection, 'connection_id'>) =>
    `${at}${path`/${connection_id}`}`;

  const choose = (enabled: EnabledConnection, choice: Choice) => async (wanted: boolean) =>
    (await write({ method: 'PATCH', path: of(enabled), body: { [choice]: wanted } }, { stale: [at] })) !==
    undefined;
  const add = async (body: Enabling) =>
    (await write({ method: 'POST', path: at, body }, { stale: [at] })) !== undefined;
  const remove = async (enabled: EnabledConnection) => {
    const { connection, ...body } = enabled;
    if ((await write({ method: 'DELETE', path: of(enabled) }, { stale: [at] })) !== undefined)
      offerUndo(`${connection.name} is taken out`, () => void add(body));
  };
  const mayChange = may('update:organization_connections');
  const toggle = (enabled: EnabledConnection, choice: Choice, label: string) => (
    <Toggle
      label={`${label}: ${enabled.connection.name}`}
      hideLabel
      checked={enabled[choice] ?? false}
      disabled={!mayChange}
      change={choose(enabled, choice)}
      done={(wanted) => `${label}: ${wanted ? 'on' : 'off'}`}
    />
  );
  const addButton = may('create:organization_connections') && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Enable a connection
    </Button>
  );
  return (
    <>
      <List
        label="Connections of this organization"
        query={query}
        keyOf={({ connection_id }) => connection_id}
        paging={url}
        add={addButton}
        columns={[
          { title: 'Connection', cell: ({ connection }) => connection.name },
          {
            title: 'Members by logging in',
            kind: 'titled',
            cell: (enabled) => toggle(enabled, 'assign_membership_on_login', 'Members by logging in'),
          },
          {
            title: 'Sign-up',
            kind: 'titled',
            cell: (enabled) => toggle(enabled, 'is_signup_enabled', 'Sign-up'),
          },
          {
            title: 'Show a button',
            kind: 'titled',
            cell: (enabled) => toggle(enabled, 'show_as_button', 'Show a button'),
          },
          {
            title: 'Remove',
            kind: 'end',
            cell: (enabled) =>
              may('delete:organization_connections') && (
                <Button size="compact-sm" variant="default" onClick={() => void remove(enabled)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={
          <Empty
            icon={<IconDatabase />}
            title="No connections yet"
            text="Choose how its people log in."
            action={addButton}
          />
        }
      />
      <Modal opened={adding} onClose={close} title="Enable a connection">
        <Enable
          taken={(query.data?.items ?? []).map(({ connection_id }) => connection_id)}
          add={async (body) => {
            const isDone = await add(body);
            if (isDone) close();
            return isDone;
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}

function Enable({
  taken,
  add,
  onCancel,
}: {
  taken: readonly string[];
  add: (body: Enabling) => Promise<boolean>;
  onCancel: () => void;
}) {
  const { data } = useList<Connection>({ path: '/connections', name: 'connections', per_page: 100 });
  const [connection_id, setConnection] = useState<string | null>(null);
  const [assigns, setAssigns] = useState(false);
  const free = (data?.items ?? []).filter(({ id }) => !taken.includes(id));
  return (
    <>
      <Select
        label="Connection"
        data-autofocus
        openOnFocus={false}
        value={connection_id}
        onChange={setConnection}
        data={free.map(({ id, name, display_name }) => ({ value: id, label: display_name ?? name }))}
      />
      <Switch
        mt="md"
        label="Whoever logs in by it becomes a member"
        checked={assigns}
        onChange={(event) => setAssigns(event.currentTarget.checked)}
      />
      <DialogButtons
        mt="lg"
        onCancel={onCancel}
        disabled={connection_id === null}
        onAct={() =>
          connection_id !== null && void add({ connection_id, assign_membership_on_login: assigns })
        }
      >
        Enable
      </DialogButtons>
    </>
  );
}
