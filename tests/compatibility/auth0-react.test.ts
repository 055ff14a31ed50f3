import type { Auth0ProviderOptions } from '@auth0/auth0-react';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audience } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';
import { bundle, type SinglePage, startSinglePage } from './single-page.ts';

declare const reactApplication: typeof import('./react-application.ts');
let spa: SinglePage;
let page: Page;

beforeAll(async () => {
  spa = await startSinglePage(await bundle('./react-application.ts', 'reactApplication'));
  page = await spa.browser.newPage();
});
afterAll(() => spa.stop());

/** On the page that is open now, as the application's own code does when a page loads. */
async function start(options: Partial<Auth0ProviderOptions> = {}): Promise<void> {
  const settings: Auth0ProviderOptions = {
    domain: spa.freehold.issuer.slice(0, -1),
    clientId: 'spa',
    authorizationParams: { redirect_uri: spa.application.callback, audience },
    ...options,
  };
  await page.evaluate((given) => reactApplication.start(given), settings);
}

const press = (name: string) => page.getByRole('button', { name }).click();
const shownName = () => page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();

async function renew(): Promise<string> {
  const before = await page.locator('output').textContent();
  await press('Renew');
  await page.waitForFunction((old) => document.querySelector('output')?.textContent !== old, before);
  return (await page.locator('output').textContent()) ?? '';
}

describe('@auth0/auth0-react', () => {
  test('logs in by redirect: the hook has the user', async () => {
    await page.goto(spa.application.origin);
    await start();
    await press('Log in');
    await logIn(page);
    await page.waitForURL(`${spa.application.callback}?**`);
    await start();
    await shownName();
  });

  test('a reloaded page is logged in again, silently, and renews its token in an iframe', async () => {
    await page.goto(spa.application.origin);
    await start();
    await shownName();
    expect(await renew()).not.toBe(await renew());
  });

  test('renews its token with refresh tokens', async () => {
    await page.goto(spa.application.origin);
    await start({ useRefreshTokens: true, useRefreshTokensFallback: true });
    await shownName();
    const refreshed = page.waitForRequest((request) =>
      Boolean(request.postData()?.includes('grant_type=refresh_token')),
    );
    await renew();
    await renew();
    await refreshed;
  });

  test('logs out', async () => {
    await Promise.all([page.waitForEvent('load'), press('Log out')]);
    expect(page.url()).toBe(`${spa.application.origin}/`);
    await start();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
  });
});
