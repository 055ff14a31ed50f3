// A React application of the SDK's own parts, bundled for a page by its test.
import { Auth0Provider, type Auth0ProviderOptions, useAuth0 } from '@auth0/auth0-react';
import { createElement, useState } from 'react';
import { createRoot } from 'react-dom/client';

export function start(options: Auth0ProviderOptions): void {
  const root = document.body.appendChild(document.createElement('main'));
  createRoot(root).render(createElement(Auth0Provider, options, createElement(Profile)));
}

function Profile() {
  const auth0 = useAuth0();
  const [token, setToken] = useState('');
  if (auth0.isLoading) return 'Loading';
  if (auth0.error) return `Failed: ${auth0.error.message}`;
  if (!auth0.isAuthenticated) return button('Log in', () => auth0.loginWithRedirect());
  const renew = async () => setToken((await auth0.getAccessTokenSilently({ cacheMode: 'off' })) ?? '');
  const logout = () => auth0.logout({ logoutParams: { returnTo: location.origin } });
  return [
    createElement('h2', { key: 'user' }, auth0.user?.name),
    createElement('output', { key: 'token' }, token),
    button('Renew', renew),
    button('Log out', logout),
  ];
}

const button = (label: string, onClick: () => Promise<void>) =>
  createElement('button', { key: label, type: 'button', onClick }, label);
