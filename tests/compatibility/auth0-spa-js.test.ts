// In Chromium, from the file that Auth0's CDN serves: the global `auth0`.
import { readFileSync } from 'node:fs';
import type { Auth0Client, Auth0ClientOptions, GetTokenSilentlyOptions } from '@auth0/auth0-spa-js';
import type { BrowserContext, Page, Request } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ada, audience, claimsOf } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';
import { boundAudience, type SinglePage, startSinglePage } from './single-page.ts';

declare const auth0: typeof import('@auth0/auth0-spa-js');
declare global {
  interface Window {
    spaClient: Auth0Client;
  }
}

const script = readFileSync('node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js', 'utf8');
const withRefreshTokens = { useRefreshTokens: true, cacheLocation: 'localstorage' } as const;
const withBoundTokens = {
  useDpop: true,
  authorizationParams: { audience: boundAudience, scope: 'openid read:orders' },
};
let spa: SinglePage;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  spa = await startSinglePage(script);
});
afterAll(() => spa.stop());

beforeEach(async () => {
  context = await spa.browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());

/** Opens the application, as a newcomer or a page load would, with its client set up. */
async function open(options: Partial<Auth0ClientOptions> = {}, target = page, path = '/'): Promise<void> {
  await target.goto(spa.application.origin + path);
  await makeClient(options, target);
}

async function makeClient(options: Partial<Auth0ClientOptions>, target: Page): Promise<void> {
  const settings: Auth0ClientOptions = {
    domain: spa.freehold.issuer.slice(0, -1),
    clientId: 'spa',
    ...options,
    authorizationParams: {
      redirect_uri: spa.application.callback,
      audience,
      scope: 'openid profile email read:orders',
      ...options.authorizationParams,
    },
  };
  await target.evaluate((given) => {
    window.spaClient = new auth0.Auth0Client(given);
  }, settings);
}

/** The redirect there, the login page, and the redirect back. */
async function logInByRedirect(options: Partial<Auth0ClientOptions> = {}): Promise<unknown> {
  await open(options);
  await page.evaluate(() => {
    void window.spaClient.loginWithRedirect({ appState: { target: '/orders' } });
  });
  await logIn(page);
  await page.waitForURL(`${spa.application.callback}?**`);
  await makeClient(options, page);
  return page.evaluate(async () => (await window.spaClient.handleRedirectCallback()).appState);
}

const getToken = (options: GetTokenSilentlyOptions = {}, target = page) =>
  target.evaluate((given) => window.spaClient.getTokenSilently(given), options);
const getUser = () => page.evaluate(() => window.spaClient.getUser());
/** What is sent to the token endpoint meanwhile: the grant type and the type of the body. */
async function tokenRequests(during: () => Promise<unknown>): Promise<string[][]> {
  const seen: string[][] = [];
  const watch = (request: Request) => {
    if (!request.url().endsWith('/oauth/token') || request.method() !== 'POST') return;
    const type = request.headers()['content-type'] ?? '';
    const body = request.postData() ?? '';
    const parameters = type.includes('json')
      ? JSON.parse(body)
      : Object.fromEntries(new URLSearchParams(body));
    seen.push([parameters.grant_type, type]);
  };
  context.on('request', watch);
  await during();
  context.off('request', watch);
  return seen;
}

describe('@auth0/auth0-spa-js', () => {
  test('logs in by redirect: user, ID token claims, access token from the cache', async () => {
    expect(await logInByRedirect()).toEqual({ target: '/orders' });
    expect(await getUser()).toMatchObject({ sub: ada, email: 'ada@example.com', name: 'Ada Lovelace' });
    const claims = await page.evaluate(() => window.spaClient.getIdTokenClaims());
    expect(claims).toMatchObject({ iss: spa.freehold.issuer, aud: 'spa', sid: expect.any(String) });
    expect(await getToken()).toBe(await getToken({ cacheMode: 'cache-only' }));
  });

  test('logs in in a popup', async () => {
    await open();
    const opened = context.waitForEvent('page');
    const done = page.evaluate(() => window.spaClient.loginWithPopup());
    await logIn(await opened);
    await done;
    expect(await getUser()).toMatchObject({ sub: ada });
  });

  test('renews its tokens silently in an iframe, also after a reload', async () => {
    await logInByRedirect();
    const first = await getToken();
    expect(await getToken({ cacheMode: 'off' })).not.toBe(first);
    await open();
    await page.evaluate(() => window.spaClient.checkSession());
    expect(await getUser()).toMatchObject({ sub: ada });
  });

  test('silently without a session: login_required', async () => {
    await open();
    const refusal = page.evaluate(() =>
      window.spaClient.getTokenSilently().catch((error: { error: string }) => error.error),
    );
    expect(await refusal).toBe('login_required');
  });

  test('refreshes with rotating refresh tokens, kept in a worker', async () => {
    await logInByRedirect({ useRefreshTokens: true });
    const first = await getToken();
    const second = await getToken({ cacheMode: 'off' });
    const third = await getToken({ cacheMode: 'off' });
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test('three tabs refresh at the same time and all go on', async () => {
    await logInByRedirect(withRefreshTokens);
    const tabs = [page, await context.newPage(), await context.newPage()];
    for (const tab of tabs.slice(1)) await open(withRefreshTokens, tab);
    for (const _round of [1, 2]) {
      const tokens = await Promise.all(tabs.map((tab) => getToken({ cacheMode: 'off' }, tab)));
      expect(tokens.every((token) => token?.split('.').length === 3)).toBe(true);
    }
  });

  test('binds its tokens by DPoP, refreshes them and calls /userinfo with them', async () => {
    const options = { ...withRefreshTokens, ...withBoundTokens };
    await logInByRedirect(options);
    const { token_type } = (await page.evaluate(() =>
      window.spaClient.getTokenSilently({ cacheMode: 'off', detailedResponse: true }),
    )) ?? { token_type: undefined };
    expect(token_type).toBe('DPoP');
    const userinfo = await page.evaluate(
      async (baseUrl) => {
        const fetcher = window.spaClient.createFetcher({
          baseUrl,
          dpopNonceId: 'userinfo',
          getAccessToken: () => window.spaClient.getTokenSilently(),
        });
        const token = await window.spaClient.getTokenSilently();
        const answer = await fetcher.fetchWithAuth('/userinfo');
        const unbound = await fetch(`${baseUrl}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
        return { sub: ((await answer.json()) as { sub: string }).sub, unbound: unbound.status };
      },
      spa.freehold.issuer.slice(0, -1),
    );
    expect(userinfo).toEqual({ sub: ada, unbound: 401 });
  });

  test('refreshes with a refresh token that lives as long as the session', async () => {
    const options = { ...withRefreshTokens, ...withBoundTokens, refreshTokenMode: 'online' } as const;
    await logInByRedirect(options);
    const first = await getToken();
    expect(await getToken({ cacheMode: 'off' })).not.toBe(first);
    await page.goto(`${spa.freehold.issuer}v2/logout`);
    await open(options);
    const refusal = page.evaluate(() =>
      window.spaClient
        .getTokenSilently({ cacheMode: 'off' })
        .catch((error: { error: string }) => error.error),
    );
    expect(await refusal).toBe('invalid_grant');
  });

  test('gets a token for another API with the refresh token of the first', async () => {
    await logInByRedirect({ ...withRefreshTokens, useMrrt: true });
    const authorizationParams = { audience: boundAudience, scope: 'read:orders' };
    const requests = await tokenRequests(async () => {
      expect(claimsOf(await getToken({ authorizationParams })).aud).toContain(boundAudience);
    });
    expect(requests.map(([grant]) => grant)).toEqual(['refresh_token']);
  });

  test('speaks to the token endpoint in forms, its default, and in JSON', async () => {
    const requests = await tokenRequests(async () => {
      await logInByRedirect(withRefreshTokens);
      await makeClient({ ...withRefreshTokens, useFormData: false }, page);
      await getToken({ cacheMode: 'off' });
    });
    expect(requests).toEqual([
      ['authorization_code', 'application/x-www-form-urlencoded'],
      ['refresh_token', 'application/json'],
    ]);
  });

  test('revokes its refresh token', async () => {
    await logInByRedirect(withRefreshTokens);
    await page.evaluate(() => window.spaClient.revokeRefreshToken());
    const refusal = page.evaluate(() =>
      window.spaClient
        .getTokenSilently({ cacheMode: 'off' })
        .catch((error: { error: string }) => error.error),
    );
    expect(await refusal).toBe('missing_refresh_token');
  });

  test('logs out: the session is gone', async () => {
    await logInByRedirect();
    const returnTo = spa.application.origin;
    await page.evaluate((url) => {
      void window.spaClient.logout({ logoutParams: { returnTo: url } });
    }, returnTo);
    await page.waitForURL(`${returnTo}/`);
    await makeClient({}, page);
    await page.evaluate(() => window.spaClient.checkSession());
    expect(await page.evaluate(() => window.spaClient.isAuthenticated())).toBe(false);
  });
});
