// Nobody sees the dashboard but who is signed in and holds a permission of the Management API.
import { useAuth0 } from '@auth0/auth0-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { ApiProvider } from '../api/api.tsx';
import { basename, settings } from '../settings.ts';
import { Dead } from '../shell/dead.tsx';
import { Splash } from '../shell/splash.tsx';
import { AccessProvider, permissionsOf } from './access.tsx';
import { FreshLoginProvider } from './fresh-login.tsx';

export function Gate({ children }: { children: ReactNode }) {
  const { isLoading, isAuthenticated, error, loginWithRedirect, getAccessTokenSilently, logout } = useAuth0();
  const { pathname, search, hash } = useLocation();
  const [permissions, setPermissions] = useState<ReadonlySet<string>>();
  const [failure, setFailure] = useState<Error>();
  const isSignedOut = !isLoading && !isAuthenticated && error === undefined;
  const returnTo = pathname === '/callback' ? '/' : pathname + search + hash;
  const signIn = () => loginWithRedirect({ appState: { returnTo } });

  useEffect(() => {
    if (isSignedOut) loginWithRedirect({ appState: { returnTo } }).catch(setFailure);
  }, [isSignedOut, loginWithRedirect, returnTo]);

  useEffect(() => {
    if (!isAuthenticated) return;
    getAccessTokenSilently().then((token) => setPermissions(permissionsOf(token ?? '')), setFailure);
  }, [isAuthenticated, getAccessTokenSilently]);

  const problem = error ?? failure;
  if (problem !== undefined) {
    return (
      <Dead
        title="Signing in did not work"
        text={problem.message}
        action={{ label: 'Try again', run: signIn }}
      />
    );
  }
  if (permissions === undefined) return <Splash />;
  const leave = () => logout({ logoutParams: { returnTo: `${settings.issuer.slice(0, -1)}${basename}` } });
  if (permissions.size === 0) {
    return (
      <Dead
        title="You have no access to this dashboard"
        text={`Your account at ${settings.friendly_name} has no administrative role. Somebody who has one can give you one, under Settings, Administrators.`}
        action={{ label: 'Sign in as somebody else', run: leave }}
      />
    );
  }
  const getToken = async ({ renewed } = { renewed: false }) =>
    (await getAccessTokenSilently(renewed ? { cacheMode: 'off' } : {})) ?? '';
  return (
    <ApiProvider getToken={getToken}>
      <AccessProvider permissions={permissions}>
        <FreshLoginProvider>{children}</FreshLoginProvider>
      </AccessProvider>
    </ApiProvider>
  );
}
