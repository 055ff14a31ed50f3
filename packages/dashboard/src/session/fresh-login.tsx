// RFC 9470: what is most dangerous asks for a login of the last minutes. It happens in a window of its own, so that
// what was typed here stays.
import { useAuth0 } from '@auth0/auth0-react';
import { Button, Group, Modal, Text } from '@mantine/core';
import { createContext, type ReactNode, use, useRef, useState } from 'react';
import { inWords } from '../api/api-error.ts';

/** Seconds. */
const freshness = 300;

const FreshLoginContext = createContext<() => Promise<boolean>>(async () => false);

/** Resolves to whether they did. */
export function useFreshLogin(): () => Promise<boolean> {
  return use(FreshLoginContext);
}

export function FreshLoginProvider({ children }: { children: ReactNode }) {
  const { loginWithPopup, user } = useAuth0();
  const [opened, setOpened] = useState(false);
  const [problem, setProblem] = useState<string>();
  const settle = useRef<(done: boolean) => void>(undefined);

  const ask = () =>
    new Promise<boolean>((resolve) => {
      settle.current?.(false);
      settle.current = resolve;
      setProblem(undefined);
      setOpened(true);
    });
  const end = (done: boolean) => {
    setOpened(false);
    settle.current?.(done);
    settle.current = undefined;
  };
  const logIn = async () => {
    try {
      await loginWithPopup({
        authorizationParams: { max_age: freshness, ...(user?.email ? { login_hint: user.email } : {}) },
      });
      end(true);
    } catch (error) {
      setProblem(inWords(error));
    }
  };

  return (
    <FreshLoginContext value={ask}>
      {children}
      {/* Above the dialog that has asked for what needs it. */}
      <Modal opened={opened} onClose={() => end(false)} title="Show that it is you" zIndex={400}>
        <Text size="sm">
          This needs a login of the last five minutes. A small window opens; what you have typed here stays.
        </Text>
        {problem !== undefined && (
          <Text size="sm" c="var(--danger)" mt="sm" role="alert">
            {problem}
          </Text>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => end(false)}>
            Cancel
          </Button>
          <Button onClick={logIn} data-autofocus>
            Log in again
          </Button>
        </Group>
      </Modal>
    </FreshLoginContext>
  );
}
