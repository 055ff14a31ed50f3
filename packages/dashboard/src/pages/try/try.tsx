// The login as people meet it, and what an application gets of it.
import type { Auth0Client } from '@auth0/auth0-spa-js';
import { Alert, Anchor, Button, Group } from '@mantine/core';
import { IconLogout, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { inWords } from '../../api/api-error.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { claimsOf } from '../../session/token.ts';
import { settings } from '../../settings.ts';
import { ChooseLogin } from './choose-login.tsx';
import { EnableConnection } from './enable-connection.tsx';
import { type Choices, type Tried, tryClient, tryLogin, tryLogout, tryRefresh } from './try-client.ts';

interface Outcome {
  client: Auth0Client;
  tried: Tried;
}

/** In the words of the authorization endpoint. */
const notEnabled = 'the connection is not enabled';

export function TryLogin() {
  const [outcome, setOutcome] = useState<Outcome | 'logged out'>();
  const [problem, setProblem] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const connection = useUrlState().get('connection');
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
          {problem === notEnabled ? 'The connection is not enabled for trying.' : problem}
          {problem === notEnabled && connection !== '' && (
            <EnableConnection name={connection} onEnabled={() => setProblem(undefined)} />
          )}
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
