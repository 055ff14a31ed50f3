// Which permissions of an API an application has when it acts for itself.
import { Anchor, Checkbox, Group, Modal, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { path } from '../../api/request.ts';
import type { ClientGrant, ResourceServer } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { useAccess } from '../../session/access.tsx';

interface GrantScopesProps {
  api: ResourceServer;
  grant: ClientGrant;
  onClose: () => void;
}

export function GrantScopes({ api: { name, scopes }, grant, onClose }: GrantScopesProps) {
  const may = useAccess();
  const { write } = useWrite();
  const [chosen, setChosen] = useState<readonly string[]>(grant.scope ?? []);
  const [search, setSearch] = useState('');
  const shown = scopes.filter(({ value }) => value.includes(search.trim()));
  const save = async () => {
    const request = {
      method: 'PATCH',
      path: path`/client-grants/${grant.id}`,
      body: { scope: chosen },
    } as const;
    const done = await write(request, { stale: ['/client-grants'], done: 'Permissions saved' });
    if (done !== undefined) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Permissions of ${name}`} size="lg">
      {scopes.length === 0 ? (
        <Text size="sm">This API has no permissions. Add some on its own page.</Text>
      ) : (
        <Stack gap="sm">
          {scopes.length > 10 && (
            <TextInput
              aria-label="Find a permission"
              placeholder="Find a permission"
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
          )}
          <Group gap="md">
            <Anchor component="button" size="sm" onClick={() => setChosen(scopes.map(({ value }) => value))}>
              All
            </Anchor>
            <Anchor component="button" size="sm" onClick={() => setChosen([])}>
              None
            </Anchor>
            <Text size="sm" c="dimmed" aria-live="polite">
              {chosen.length} of {scopes.length}
            </Text>
          </Group>
          <ScrollArea.Autosize mah={360}>
            <Checkbox.Group value={[...chosen]} onChange={setChosen} aria-label="Permissions">
              <Stack gap="xs">
                {shown.map(({ value, description }) => (
                  <Checkbox key={value} value={value} label={value} description={description} />
                ))}
              </Stack>
            </Checkbox.Group>
          </ScrollArea.Autosize>
        </Stack>
      )}
      <DialogButtons
        mt="lg"
        onCancel={onClose}
        onAct={save}
        disabled={!may('update:client_grants') || scopes.length === 0}
      >
        Save
      </DialogButtons>
    </Modal>
  );
}
