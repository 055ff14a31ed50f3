import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from './api/query-client.ts';
import { router } from './routes.tsx';
import { SignInProvider } from './session/sign-in.tsx';
import { styleNonce } from './settings.ts';
import { cssVariables, theme } from './theme.ts';

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      {/* At the bottom they would cover what saves. */}
      <Notifications position="top-center" limit={4} />
      <QueryClientProvider client={queryClient}>
        <SignInProvider onSignedIn={(path) => router.navigate(path, { replace: true })}>
          <RouterProvider router={router} />
        </SignInProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
