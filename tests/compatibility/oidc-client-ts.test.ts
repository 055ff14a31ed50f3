import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { UserManager, UserManagerSettings } from 'oidc-client-ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';
import { type SinglePage, startSinglePage } from './single-page.ts';

declare const oidc: typeof import('oidc-client-ts');
declare global {
  interface Window {
    userManager: UserManager;
  }
}

// In a frame and in a popup the application hands its answer on to the window that opened it.
const script = `${readFileSync('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', 'utf8')}
const here = { authority: location.origin, client_id: 'spa', redirect_uri: location.href };
if (parent !== window) new oidc.UserManager(here).signinSilentCallback();
if (opener !== null) new oidc.UserManager(here).signinPopupCallback();`;
let spa: SinglePage;
let page: Page;

beforeAll(async () => {
  spa = await startSinglePage(script);
  page = await spa.browser.newPage();
});
afterAll(() => spa.stop());

interface Settings extends Partial<Omit<UserManagerSettings, 'dpop'>> {
  /** With a store that only a page has. */
  dpop?: { bind_authorization_code: boolean };
}

async function makeManager(target: Page, { dpop, ...settings }: Settings = {}): Promise<void> {
  const { application, freehold } = spa;
  const all: UserManagerSettings = {
    authority: freehold.issuer,
    client_id: 'spa',
    redirect_uri: application.callback,
    post_logout_redirect_uri: `${application.origin}/`,
    scope: 'openid profile email',
    loadUserInfo: true,
    automaticSilentRenew: false,
    ...settings,
  };
  await target.evaluate(
    ([given, bound]) => {
      const store = new oidc.IndexedDbDPoPStore();
      window.userManager = new oidc.UserManager(bound ? { ...given, dpop: { ...bound, store } } : given);
    },
    [all, dpop] as const,
  );
}

async function logInByRedirect(settings: Settings = {}) {
  await page.goto(spa.application.origin);
  await makeManager(page, settings);
  await page.evaluate(() => {
    void window.userManager.signinRedirect({ prompt: 'login' });
  });
  await logIn(page);
  await page.waitForURL(`${spa.application.callback}?**`);
  await makeManager(page, settings);
  return page.evaluate(async () => {
    const user = await window.userManager.signinRedirectCallback();
    const { profile, refresh_token, access_token, token_type } = user;
    return { profile, refresh_token, access_token, token_type };
  });
}

describe('oidc-client-ts', () => {
  test('logs in by redirect: discovery, PKCE, ID token and userinfo', async () => {
    const { profile } = await logInByRedirect();
    expect(profile).toMatchObject({ sub: ada, email: 'ada@example.com', name: 'Ada Lovelace' });
  });

  test('renews its tokens silently in an iframe', async () => {
    const token = await page.evaluate(async () => (await window.userManager.signinSilent())?.access_token);
    expect(token).toEqual(expect.any(String));
  });

  test('logs in in a popup', async () => {
    const opened = page.context().waitForEvent('page');
    const done = page.evaluate(
      async () => (await window.userManager.signinPopup({ prompt: 'login' })).profile.sub,
    );
    await logIn(await opened);
    expect(await done).toBe(ada);
  });

  test('refreshes with a refresh token', async () => {
    const first = await logInByRedirect({ scope: 'openid profile offline_access' });
    expect(first.refresh_token).toEqual(expect.any(String));
    const token = await page.evaluate(async () => (await window.userManager.signinSilent())?.access_token);
    expect(token).toEqual(expect.any(String));
    expect(token).not.toBe(first.access_token);
  });

  test('revokes its refresh token', async () => {
    await page.evaluate(() => window.userManager.revokeTokens(['refresh_token']));
    const user = await page.evaluate(() => window.userManager.getUser());
    expect(user?.refresh_token).toBeNull();
  });

  test('binds the code and its tokens by DPoP, and refreshes them', async () => {
    const dpop = { bind_authorization_code: true };
    const scope = 'openid offline_access';
    const first = await logInByRedirect({ scope, dpop, loadUserInfo: false });
    expect(first.token_type).toBe('DPoP');
    const renewed = await page.evaluate(async () => (await window.userManager.signinSilent())?.access_token);
    expect(renewed).toEqual(expect.any(String));
    expect(renewed).not.toBe(first.access_token);
  });

  test('logs out at the end session endpoint', async () => {
    await page.evaluate(() => {
      void window.userManager.signoutRedirect();
    });
    await page.waitForURL(`${spa.application.origin}/`);
    await makeManager(page);
    expect(await page.evaluate(() => window.userManager.getUser())).toBeNull();
  });
});
