// From a new application to a first login: what to install and what to write, with the real values in it.
import { Alert, Button, Code, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { path } from '../../api/request.ts';
import type { Client } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Section } from '../../parts/section.tsx';
import { useAccess } from '../../session/access.tsx';
import { type Guide, guidesFor } from './guides.ts';

export function QuickStart({ client }: { client: Client }) {
  const guides = guidesFor(client);
  const [chosen, setChosen] = useState(guides[0]?.label);
  const guide = guides.find(({ label }) => label === chosen) ?? guides[0];
  if (guide === undefined) return null;
  return (
    <Stack gap={0}>
      {guides.length > 1 && (
        <SegmentedControl
          aria-label="Framework"
          w="fit-content"
          mb="md"
          value={guide.label}
          onChange={setChosen}
          data={guides.map(({ label }) => label)}
        />
      )}
      {guide.urls !== undefined && <AllowedUrls client={client} urls={guide.urls} />}
      {guide.steps.map(({ title, text, code }) => (
        <Section key={title} title={title} text={text}>
          <CodeBlock text={code} label={`Copy: ${title}`} />
        </Section>
      ))}
      {client.token_endpoint_auth_method !== 'none' && (
        <Text size="sm" c="dimmed" mt="md">
          The client secret is on the tab{' '}
          <Link to={path`/applications/${client.client_id}/credentials`}>Credentials</Link>.
        </Text>
      )}
    </Stack>
  );
}

function AllowedUrls({ client, urls }: { client: Client; urls: NonNullable<Guide['urls']> }) {
  const may = useAccess();
  const { write, isWriting } = useWrite();
  const missing = Object.entries(urls).filter(([name, url]) => !listOf(client, name).includes(url));
  const allow = () =>
    write(
      {
        method: 'PATCH',
        path: path`/clients/${client.client_id}`,
        body: Object.fromEntries(missing.map(([name, url]) => [name, [...listOf(client, name), url]])),
      },
      { stale: ['/clients'], done: 'The addresses are allowed' },
    );
  return (
    <Section
      title="Where it runs"
      text={
        <>
          While you develop, at <Code>{urls.allowed_logout_urls}</Code>. Addresses that are not listed in its
          settings are refused.
        </>
      }
    >
      {missing.length === 0 ? (
        <Alert color="green" icon={<IconCheck size={18} />}>
          These addresses are allowed.
        </Alert>
      ) : (
        <Group>
          <Button onClick={allow} loading={isWriting} disabled={!may('update:clients')}>
            Allow {urls.callbacks}
          </Button>
        </Group>
      )}
    </Section>
  );
}

function listOf(client: Client, name: string): string[] {
  return client[name as 'callbacks' | 'allowed_logout_urls' | 'web_origins'] ?? [];
}
