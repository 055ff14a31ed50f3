// The first start: whoever has the link that the server has printed becomes the first administrator. The link's
// secret is in the fragment, which no browser sends and no log shows.
import { useAuth0 } from '@auth0/auth0-react';
import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { basename, settings } from '../../settings.ts';
import { Dead } from '../../shell/dead.tsx';
import { Mark } from '../../shell/mark.tsx';

/** As the server answers: what was wrong with what, or that the link is good no more. */
interface Refusal {
  error: 'invalid_link' | 'invalid_email' | 'invalid_password' | 'failed';
  message: string;
}

export function SetUp() {
  const { loginWithRedirect } = useAuth0();
  const [link] = useState(() => location.hash.slice(1));
  const [refusal, setRefusal] = useState<Refusal>();
  const [isSending, setSending] = useState(false);

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setSending(true);
    setRefusal(await makeAdministrator(link, form, () => loginWithRedirect({ appState: { returnTo: '/' } })));
    setSending(false);
  };
  if (link === '' || refusal?.error === 'invalid_link') {
    return (
      <Dead
        title="This link cannot be used"
        text="It is good once, for an hour, and only while there is no administrator. Start the server again to get another, or run freehold admin create."
        action={{ label: 'Go to the dashboard', run: () => location.assign(`${settings.issuer}dashboard`) }}
      />
    );
  }
  return (
    <Stack component="main" align="center" justify="center" mih="100dvh" p="md">
      <title>{`Welcome · ${settings.friendly_name}`}</title>
      <form className="card set-up" onSubmit={submit}>
        <Mark size={40} />
        <div>
          <Title order={1} size="h2">
            The house is yours
          </Title>
          <Text size="sm" c="dimmed" mt={4}>
            Make the first administrator of {settings.friendly_name}. More can be invited later.
          </Text>
        </div>
        <TextInput
          name="email"
          type="email"
          label="Email address"
          autoComplete="username"
          required
          autoFocus
          error={refusal?.error === 'invalid_email' && refusal.message}
        />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="new-password"
          required
          error={refusal?.error === 'invalid_password' && refusal.message}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        {refusal?.error === 'failed' && (
          <Text size="sm" c="var(--danger)" role="alert">
            {refusal.message}
          </Text>
        )}
        <Button type="submit" loading={isSending}>
          Make me the administrator
        </Button>
      </form>
    </Stack>
  );
}

/** Undefined once it is done: the answer has signed them in, so that the login asks nothing. */
async function makeAdministrator(
  link: string,
  form: FormData,
  logIn: () => Promise<void>,
): Promise<Refusal | undefined> {
  const answer = await fetch('/dashboard/set-up', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ link, email: form.get('email'), password: form.get('password') }),
  });
  if (!answer.ok) return (await answer.json()) as Refusal;
  history.replaceState(null, '', basename);
  await logIn();
  return undefined;
}
