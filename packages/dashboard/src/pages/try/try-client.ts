// A login for trying, beside the dashboard's own: another client, with tokens of its own, in memory.
import { Auth0Client, type IdToken } from '@auth0/auth0-spa-js';
import workerUrl from '@auth0/auth0-spa-js/dist/auth0-spa-js.worker.production.js?url';
import { settings } from '../../settings.ts';

export interface Choices {
  connection: string;
  organization: string;
  audience: string;
}

export interface Tried {
  idToken: IdToken | undefined;
  accessToken: string;
  userinfo: Record<string, unknown>;
}

/** Without what is not chosen. */
export function tryClient(choices: Choices): Auth0Client {
  const chosen = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== ''));
  return new Auth0Client({
    domain: settings.issuer.slice(0, -1),
    clientId: settings.try_client_id,
    cacheLocation: 'memory',
    useRefreshTokens: true,
    workerUrl,
    authorizationParams: {
      redirect_uri: `${settings.issuer}dashboard/callback`,
      scope: 'openid profile email offline_access',
      ...chosen,
    },
  });
}

/** In a window of its own, whoever is logged in already. Throws what the SDK throws. */
export async function tryLogin(client: Auth0Client): Promise<Tried> {
  await client.loginWithPopup({ authorizationParams: { prompt: 'login' } });
  return await resultOf(client);
}

/** Refreshed: the token of before is not taken again. */
export async function tryRefresh(client: Auth0Client): Promise<Tried> {
  await client.getTokenSilently({ cacheMode: 'off' });
  return await resultOf(client);
}

/** Ends the session of this browser at the tenant, in a window of its own: nothing but going there ends one. */
export async function tryLogout(client: Auth0Client): Promise<void> {
  await client.logout({
    logoutParams: { returnTo: `${settings.issuer}dashboard` },
    async openUrl(url) {
      const popup = window.open(url, 'freehold-try-logout', 'popup,width=420,height=640');
      if (popup === null) throw new Error('The browser has kept the window shut. Allow it, and try again.');
      await hasArrived(popup);
      popup.close();
    },
  });
}

/** Of this origin, so that it can be seen: whatever page it shows comes after the logout. */
function hasArrived(popup: Window): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (!popup.closed && popup.location.href === 'about:blank') return;
      clearInterval(timer);
      resolve();
    }, 50);
  });
}

async function resultOf(client: Auth0Client): Promise<Tried> {
  const accessToken = (await client.getTokenSilently()) ?? '';
  const [idToken, userinfo] = await Promise.all([client.getIdTokenClaims(), userinfoOf(accessToken)]);
  return { idToken, accessToken, userinfo };
}

async function userinfoOf(accessToken: string): Promise<Record<string, unknown>> {
  const answer = await fetch('/userinfo', {
    headers: { authorization: `Bearer ${accessToken}` },
    credentials: 'omit',
  });
  return (await answer.json()) as Record<string, unknown>;
}
