// A token for the API, really: of an application that may call it, by its own secret.
import { Alert, Button, Group, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../../api/reading.ts';
import { path, quoted } from '../../api/request.ts';
import type { Client, ResourceServer } from '../../api/types.ts';
import { tellRefusal, useWrite } from '../../api/writing.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Section } from '../../parts/section.tsx';
import { useAccess } from '../../session/access.tsx';
import { claimsOf } from '../../session/token.ts';
import { settings } from '../../settings.ts';
import { useClientGrants } from './client-access.tsx';

export function ApiTest({ api: { identifier } }: { api: ResourceServer }) {
  const grants = useClientGrants({ audience: identifier });
  const clients = useList<Client>({
    path: '/clients',
    name: 'clients',
    per_page: 100,
    query: { is_global: false, fields: 'client_id,name', include_fields: true },
  });
  const nameOf = (client_id: string) =>
    clients.data?.items.find((client) => client.client_id === client_id)?.name ?? client_id;
  const ids = (grants.data?.items ?? []).flatMap(({ client_id }) => client_id ?? []);
  const [chosen, setChosen] = useState<string>();
  const client_id = chosen ?? ids[0];
  const { token, getToken, isWaiting } = useTestToken(identifier);
  const mayTest = useAccess()('read:client_keys');

  if (client_id === undefined) {
    return (
      <Alert color="gray" title="Nobody may call it yet">
        On the tab Access, let an application call this API; then a token can be tried here.
      </Alert>
    );
  }
  return (
    <>
      <Section
        title="Get a token"
        text="As the application gets it, by client credentials. This shows its secret to this page for a moment, so it asks for a login of the last minutes."
      >
        <Group align="flex-end">
          <NativeSelect
            label="Application"
            value={client_id}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={ids.map((id) => ({ value: id, label: nameOf(id) }))}
          />
          <Button onClick={() => getToken(client_id)} loading={isWaiting} disabled={!mayTest}>
            Get a token
          </Button>
        </Group>
        <CodeBlock
          label="Copy the call"
          text={`curl ${settings.issuer}oauth/token \\
  -d grant_type=client_credentials \\
  -d client_id=${client_id} \\
  -d client_secret="$CLIENT_SECRET" \\
  --data-urlencode ${quoted(`audience=${identifier}`)}`}
        />
      </Section>
      {token !== undefined && (
        <Section title="Call the API with it">
          <CodeBlock
            label="Copy the call"
            text={`curl --url ${quoted(identifier)} \\\n  -H "Authorization: Bearer ${token}"`}
          />
          <Text size="sm" fw={600}>
            What the token says
          </Text>
          <CodeBlock label="Copy the claims" text={JSON.stringify(claimsOf(token), undefined, 2)} />
        </Section>
      )}
    </>
  );
}

function useTestToken(audience: string) {
  const { write } = useWrite();
  const [token, setToken] = useState<string>();
  const [isWaiting, setWaiting] = useState(false);

  /** Undefined if there is none, or the person may not see it: they know by then. */
  async function secretOf(client_id: string): Promise<string | undefined> {
    const request = {
      method: 'GET',
      path: path`/clients/${client_id}`,
      query: { fields: 'client_secret' },
    } as const;
    return (await write<Client>(request))?.value.client_secret;
  }
  async function getToken(client_id: string): Promise<void> {
    setWaiting(true);
    try {
      const client_secret = await secretOf(client_id);
      if (client_secret !== undefined) setToken(await requestToken({ client_id, client_secret, audience }));
    } catch (error) {
      tellRefusal(error);
    } finally {
      setWaiting(false);
    }
  }
  return { token, getToken, isWaiting };
}

async function requestToken(client: {
  client_id: string;
  client_secret: string;
  audience: string;
}): Promise<string> {
  const answer = await fetch('/oauth/token', {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...client }),
  });
  const said = (await answer.json()) as { access_token?: string; error_description?: string };
  if (said.access_token === undefined) throw new Error(said.error_description ?? answer.statusText);
  return said.access_token;
}
