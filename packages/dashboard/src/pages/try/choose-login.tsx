// What a login is tried with: it stands in the address, so that other screens lead here with it.
import { Alert, Button, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { IconInfoCircle, IconPlayerPlay } from '@tabler/icons-react';
import { useList } from '../../api/reading.ts';
import type { Connection, ResourceServer } from '../../api/types.ts';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { isLoginStrategy } from '../connections/strategies.tsx';
import type { Choices } from './try-client.ts';

export function ChooseLogin({ start, isRunning }: { start: (choices: Choices) => void; isRunning: boolean }) {
  const may = useAccess();
  const url = useUrlState();
  const connections = useList<Connection>(
    { path: '/connections', name: 'connections', per_page: 100 },
    { enabled: may('read:connections') },
  );
  const apis = useList<ResourceServer>(
    { path: '/resource-servers', name: 'resource_servers', per_page: 100 },
    { enabled: may('read:resource_servers') },
  );
  const choices: Choices = {
    connection: url.get('connection'),
    organization: url.get('organization'),
    audience: url.get('audience'),
  };
  const listed = (connections.data?.items ?? []).filter(({ strategy }) => isLoginStrategy(strategy));
  // One that the address names may be beyond what is listed.
  const isListed = choices.connection === '' || listed.some(({ name }) => name === choices.connection);
  const choose = (name: keyof Choices) => (event: { currentTarget: { value: string } }) =>
    url.set({ [name]: event.currentTarget.value });
  return (
    <Section title="What to ask for">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start(choices);
        }}
      >
        <SimpleGrid cols={{ base: 1, md: 3 }} mb="md">
          <NativeSelect
            label="Connection"
            value={choices.connection}
            onChange={choose('connection')}
            data={[
              { value: '', label: 'Whatever people choose' },
              ...(isListed ? [] : [choices.connection]),
              ...listed.map(({ name, display_name }) => ({ value: name, label: display_name ?? name })),
            ]}
          />
          <NativeSelect
            label="API"
            value={choices.audience}
            onChange={choose('audience')}
            data={[
              { value: '', label: 'None: the profile alone' },
              ...(apis.data?.items ?? [])
                .filter(({ is_system }) => is_system !== true)
                .map(({ identifier, name }) => ({ value: identifier, label: name })),
            ]}
          />
          <TextInput
            label="Organization"
            placeholder="None, or its id"
            value={choices.organization}
            onChange={choose('organization')}
          />
        </SimpleGrid>
        <Group>
          <Button type="submit" leftSection={<IconPlayerPlay size={16} />} loading={isRunning}>
            Log in
          </Button>
        </Group>
        <Alert color="gray" mt="md" icon={<IconInfoCircle size={18} />}>
          A small window opens. Afterwards this browser is logged in as whoever you log in as, for all
          applications of the tenant: use a private window to stay yourself.
        </Alert>
      </form>
    </Section>
  );
}
