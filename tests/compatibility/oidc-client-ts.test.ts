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

async function makeManager(target: Page, settings: Partial<UserManagerSettings> = {}): Promise<void> {
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
  await target.evaluate((given) => {
    window.userManager = new oidc.UserManager(given);
  }, all);
}

async function logInByRedirect(settings: Partial<UserManagerSettings> = {}) {
  await page.goto(spa.application.origin);
  await makeManager(page, settings);
  await page.evaluate(() => {
    void window.userManager.signinRedirect({ prompt: 'login' });
  });
  await logIn(page);
  await page.waitForURL(`${spa.application.callback}?**`);
  await makeManager(page, settings);
  return page.evaluate(async () => {
    const { profile, refresh_token, access_token } = await window.userManager.signinRedirectCallback();
    return { profile, refresh_token, access_token };
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

  test('logs out at the end session endpoint', async () => {
    await page.evaluate(() => {
      void window.userManager.signoutRedirect();
    });
    await page.waitForURL(`${spa.application.origin}/`);
    await makeManager(page);
    expect(await page.evaluate(() => window.userManager.getUser())).toBeNull();
  });
});
