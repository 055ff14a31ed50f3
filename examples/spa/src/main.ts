// The smallest application that uses @freehold/client: log in, show the user, call an API, log out. Tokens live in
// this page's memory; after a reload the session at the server brings them back, without showing a page.

import { AuthorizationError, FreeholdClient } from '@freehold/client';

const issuer = 'http://localhost:3000/';
const here = `${location.origin}/`;

const client = new FreeholdClient({
  issuer,
  client_id: 'example-spa',
  redirect_uri: here,
  scope: 'openid profile email offline_access',
  // For an API of your own: audience: 'https://api.example.com/'
});

/** Tokens from the callback if this page is one, else from the session at the server, else none. */
async function logIn(): Promise<void> {
  const isCallback = /[?&](code|error)=/.test(location.search);
  if (isCallback) {
    const callback = location.href;
    history.replaceState(null, '', here);
    await client.handleCallback(callback);
    return;
  }
  try {
    await client.authenticateSilently();
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
  }
}

/** The API answers 401 when the access token is too old: then new tokens, and once more. */
async function callApi(url: string): Promise<Response> {
  const send = () => fetch(url, { headers: { authorization: `Bearer ${client.tokens?.access_token}` } });
  const response = await send();
  if (response.status !== 401) return response;
  await client.refresh();
  return send();
}

function show(message: string): void {
  const isLoggedIn = client.tokens !== undefined;
  byId('message').textContent = message;
  byId('login').hidden = isLoggedIn;
  byId('call').hidden = !isLoggedIn;
  byId('logout').hidden = !isLoggedIn;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

function onClick(id: string, act: () => Promise<void>): void {
  byId(id).addEventListener('click', () => act().catch((error: unknown) => show(String(error))));
}

onClick('login', async () => location.assign(await client.authorizationUrl()));
onClick('logout', async () => location.assign(client.logoutUrl({ returnTo: here })));
onClick('call', async () => {
  const response = await callApi(`${issuer}userinfo`);
  byId('answer').textContent = await response.text();
});

try {
  await logIn();
  const name = client.tokens?.claims.name;
  show(
    client.tokens ? `You are logged in as ${name ?? client.tokens.claims.sub}.` : 'You are not logged in.',
  );
} catch (error) {
  show(String(error));
}
