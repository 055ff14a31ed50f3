// Permissions to be given: of one API, by name or by what they say.
import { Button, Checkbox, Group, ScrollArea, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useList, useRead } from '../api/reading.ts';
import { path } from '../api/request.ts';
import type { Permission, ResourceServer } from '../api/types.ts';
import { DialogButtons } from './dialog-buttons.tsx';
import { SearchBox } from './search-box.tsx';

export type PermissionName = Pick<Permission, 'resource_server_identifier' | 'permission_name'>;

interface PickPermissionsProps {
  /** Resolves once that is done or refused. */
  onPick: (permissions: PermissionName[]) => Promise<void>;
  onCancel: () => void;
}

export function PickPermissions({ onPick, onCancel }: PickPermissionsProps) {
  const { data } = useList<ResourceServer>({
    path: '/resource-servers',
    name: 'resource_servers',
    per_page: 100,
  });
  const apis = data?.items ?? [];
  const [chosen, setChosen] = useState<string>();
  const api = apis.find(({ id }) => id === chosen) ?? apis.find(({ is_system }) => is_system !== true);
  return (
    <Stack>
      <Select
        label="API"
        searchable
        allowDeselect={false}
        data-autofocus
        openOnFocus={false}
        value={api?.id ?? null}
        onChange={(id) => setChosen(id ?? undefined)}
        data={apis.map(({ id, name }) => ({ value: id, label: name }))}
        placeholder="Choose"
      />
      {api !== undefined && <OfApi key={api.id} id={api.id} onPick={onPick} onCancel={onCancel} />}
    </Stack>
  );
}

function OfApi({ id, onPick, onCancel }: PickPermissionsProps & { id: string }) {
  const { data } = useRead<ResourceServer>(path`/resource-servers/${id}`);
  const [typed, setTyped] = useState('');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const api = data?.value;
  const needle = typed.toLowerCase();
  const scopes = (api?.scopes ?? []).filter(({ value, description = '' }) =>
    `${value} ${description}`.toLowerCase().includes(needle),
  );
  const turn = (value: string, isPicked: boolean) =>
    setPicked(
      (before) => new Set(isPicked ? [...before, value] : [...before].filter((other) => other !== value)),
    );
  const submit = () => {
    const resource_server_identifier = api?.identifier ?? '';
    return onPick([...picked].map((permission_name) => ({ resource_server_identifier, permission_name })));
  };
  return (
    <>
      <Group justify="space-between">
        <SearchBox label="Search permissions" value={typed} onSearch={setTyped} />
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => setPicked(new Set([...picked, ...scopes.map(({ value }) => value)]))}
        >
          Choose all
        </Button>
      </Group>
      <ScrollArea.Autosize
        mah={320}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': 'Permissions' }}
      >
        <Stack gap="sm" py={4}>
          {scopes.map(({ value, description }) => (
            <Checkbox
              key={value}
              label={<span className="mono">{value}</span>}
              description={description}
              checked={picked.has(value)}
              onChange={(event) => turn(value, event.currentTarget.checked)}
            />
          ))}
          {api !== undefined && scopes.length === 0 && (
            <Text size="sm" c="dimmed">
              {typed === ''
                ? 'This API has no permissions yet. Add them on its page.'
                : 'No permission like this'}
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
      <DialogButtons onCancel={onCancel} disabled={picked.size === 0} onAct={submit}>
        {picked.size === 0 ? 'Add' : `Add ${picked.size}`}
      </DialogButtons>
    </>
  );
}
