// The login as people meet it, and what an application gets of it.
import type { Auth0Client } from '@auth0/auth0-spa-js';
import { Alert, Anchor, Button, Group, NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { IconInfoCircle, IconLogout, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { inWords } from '../../api/api-error.ts';
import { useList } from '../../api/reading.ts';
import type { Connection, ResourceServer } from '../../api/types.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { claimsOf } from '../../session/token.ts';
import { settings } from '../../settings.ts';
import { type Choices, type Tried, tryClient, tryLogin, tryLogout, tryRefresh } from './try-client.ts';

interface Outcome {
  client: Auth0Client;
  tried: Tried;
}

export function TryLogin() {
  const [outcome, setOutcome] = useState<Outcome | 'logged out'>();
  const [problem, setProblem] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const run = async (attempt: () => Promise<Outcome | 'logged out'>) => {
    setRunning(true);
    setProblem(undefined);
    try {
      setOutcome(await attempt());
    } catch (error) {
      setProblem(inWords(error));
    } finally {
      setRunning(false);
    }
  };
  const start = (choices: Choices) =>
    run(async () => {
      const client = tryClient(choices);
      return { client, tried: await tryLogin(client) };
    });
  const refresh = ({ client }: Outcome) => run(async () => ({ client, tried: await tryRefresh(client) }));
  const logOut = ({ client }: Outcome) =>
    run(async () => {
      await tryLogout(client);
      return 'logged out';
    });

  return (
    <>
      <PageHeader
        title="Try the login"
        description={
          <>
            The Authorization Code Flow with PKCE, as an application of yours does it.
            {settings.try_url !== undefined && (
              <>
                {' '}
                <Anchor href={settings.try_url} target="_blank" underline="always">
                  Or step by step, with everything that is sent
                </Anchor>
                .
              </>
            )}
          </>
        }
      />
      <ChooseLogin start={start} isRunning={isRunning} />
      {problem !== undefined && (
        <Alert color="red" title="The login did not work" role="alert" mt="md">
          {problem}
        </Alert>
      )}
      {outcome === 'logged out' && (
        <Alert color="green" title="Logged out" role="status" mt="md">
          Nobody is logged in at the tenant in this browser any more. This page stays; once it is loaded again
          it asks who you are.
        </Alert>
      )}
      {typeof outcome === 'object' && (
        <Results
          tried={outcome.tried}
          refresh={() => refresh(outcome)}
          logOut={() => logOut(outcome)}
          isRunning={isRunning}
        />
      )}
    </>
  );
}

function ChooseLogin({ start, isRunning }: { start: (choices: Choices) => void; isRunning: boolean }) {
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
              ...(connections.data?.items ?? []).map(({ name, display_name }) => ({
                value: name,
                label: display_name ?? name,
              })),
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

interface ResultsProps {
  tried: Tried;
  refresh: () => void;
  logOut: () => void;
  isRunning: boolean;
}

function Results({ tried: { idToken, accessToken, userinfo }, refresh, logOut, isRunning }: ResultsProps) {
  const { __raw: _, ...claims } = idToken ?? { __raw: '' };
  const isOpaque = accessToken.split('.').length !== 3;
  return (
    <>
      <Result title="ID token" text="Who has logged in, for the application alone." value={claims} />
      <Section
        title="Access token"
        text={
          isOpaque
            ? 'Without an API it opens /userinfo alone, and says nothing to anybody else.'
            : 'For the API, which checks its signature.'
        }
        actions={
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            onClick={refresh}
            loading={isRunning}
          >
            Refresh
          </Button>
        }
      >
        {!isOpaque && <Json label="Copy the claims" value={claimsOf(accessToken)} />}
        <CodeBlock text={accessToken} label="Copy the access token" wraps />
      </Section>
      <Result title="/userinfo" text="What the access token opens." value={userinfo} />
      <Section title="Log out" text="Of the tenant, as the application would: the next login asks again.">
        <Group>
          <Button
            variant="default"
            leftSection={<IconLogout size={16} />}
            onClick={logOut}
            loading={isRunning}
          >
            Log out
          </Button>
        </Group>
      </Section>
    </>
  );
}

function Result({ title, text, value }: { title: string; text: ReactNode; value: unknown }) {
  return (
    <Section title={title} text={text}>
      <Json label={`Copy: ${title}`} value={value} />
    </Section>
  );
}

function Json({ label, value }: { label: string; value: unknown }) {
  return <CodeBlock label={label} text={JSON.stringify(value, undefined, 2)} />;
}
