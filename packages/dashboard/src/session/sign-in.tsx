// Signing in, like every single-page application: Auth0's SDK, the Authorization Code Flow with PKCE, refresh tokens
// that rotate. Tokens stay in the SDK's worker and memory: this origin is the login page's too.
import { Auth0Provider } from '@auth0/auth0-react';
import workerUrl from '@auth0/auth0-spa-js/dist/auth0-spa-js.worker.production.js?url';
import type { ReactNode } from 'react';
import { audience, basename, settings } from '../settings.ts';
import { requestedScope } from './scopes.ts';

const callback = `${settings.issuer}dashboard/callback`;

export function SignInProvider({
  onSignedIn,
  children,
}: {
  /** Called with the path, below the dashboard's, that was asked for before. */
  onSignedIn: (path: string) => void;
  children: ReactNode;
}) {
  return (
    <Auth0Provider
      domain={settings.issuer.slice(0, -1)}
      clientId={settings.client_id}
      authorizationParams={{ redirect_uri: callback, audience, scope: requestedScope }}
      cacheLocation="memory"
      useRefreshTokens
      useRefreshTokensFallback
      workerUrl={workerUrl}
      skipRedirectCallback={location.pathname !== `${basename}/callback`}
      onRedirectCallback={(state) => onSignedIn(state?.returnTo ?? '/')}
    >
      {children}
    </Auth0Provider>
  );
}
