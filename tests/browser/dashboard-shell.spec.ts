// The frame of the dashboard: signing in and out, finding one's way, and what does not go as it should.

import type { Locator } from '@playwright/test';
import {
  dashboardOn,
  expect,
  expectAccessible,
  owner,
  type Page,
  startDashboard,
  test,
  violationsOn,
  whenShown,
} from '../setup/dashboard-test.ts';
import { password } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';

const nav = { name: 'Dashboard' };

test('a deep link leads to the login and back to itself; a reload asks nothing', async ({
  page,
  dashboard,
}) => {
  await dashboard.open('/settings/sessions');
  await expect(page).toHaveURL(/\/dashboard\/settings\/sessions$/);
  await expect(page).toHaveTitle('Settings · Acme');
  await expect(page.getByRole('tab', { name: 'Sessions' })).toHaveAttribute('aria-selected', 'true');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
});

test('no token is anywhere that a script of the login pages could read', async ({ page, dashboard }) => {
  await dashboard.open('/');
  const stored = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]),
  );
  expect(stored).not.toMatch(/eyJ|access_token|refresh_token/);
});

test('the Management API gets no cookie', async ({ page, dashboard }) => {
  const asked: Promise<Record<string, string>>[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/v2/')) asked.push(request.allHeaders());
  });
  await dashboard.open('/settings');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Acme');
  expect(asked.length).toBeGreaterThan(0);
  for (const headers of await Promise.all(asked)) expect(headers).not.toHaveProperty('cookie');
});

test('logging out ends the session', async ({ page, dashboard }) => {
  await dashboard.open('/settings');
  await openMenu(page);
  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page.locator('#username')).toBeVisible();
});

test('whoever has no administrative role is told so', async ({ page, dashboard }) => {
  await dashboard.openAs('ada@example.com', '/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You have no access to this dashboard');
  await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await expect(page.locator('#username')).toBeVisible();
});

test('the palette finds pages, people and commands, by keyboard alone', async ({
  page,
  dashboard,
  isMobile,
}) => {
  await dashboard.open('/');
  const search = await openPalette(page);
  await search.fill('audience');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('APIs');
  await expect(search).toBeHidden();
  await openPalette(page);
  await search.fill('ada@');
  await expect(page.getByRole('button', { name: /ada@example\.com/ })).toBeVisible();
  if (isMobile) return;
  await search.fill('Create a role');
  await page.getByRole('button', { name: 'Create a role' }).click();
  await expect(page.getByRole('dialog', { name: 'Create a role' })).toBeVisible();
});

test('whatever the palette offers to create, its dialog stands in the address, and “back” does not bring it back', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold);
  const name = `palette-${project.name.replaceAll(' ', '-')}`;
  await api.post('/organizations', { name });
  await dashboard.open('/');
  for (const thing of ['an API', 'a user', 'a connection']) {
    const search = await openPalette(page);
    await search.fill(`Create ${thing}`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: `Create ${thing}` });
    await expect(dialog).toBeVisible();
    await expect(page).toHaveURL(/\?create=true$/);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(page).not.toHaveURL(/create/);
  }
  await (await openPalette(page)).fill(name);
  await page.getByRole('button', { name }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

  await dashboard.open('/roles?create=true');
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  await page.goBack();
  await expect(page.getByRole('link', { name })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('every page can be reached by the navigation, whose link then says where one is', async ({
  page,
  dashboard,
}) => {
  await dashboard.open('/');
  await openMenu(page);
  const links = page.getByRole('navigation', nav).getByRole('link');
  await expect(links.first()).toBeVisible();
  const names = await links.allTextContents();
  expect(names.length).toBeGreaterThanOrEqual(12);
  for (const name of names) {
    const link = page.getByRole('navigation', nav).getByRole('link', { name, exact: true });
    await openMenu(page);
    await link.click();
    await openMenu(page);
    await expect(link).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('There is no such page');
  }
});

test('the first key goes to the content; arriving somewhere focuses its heading', async ({
  page,
  dashboard,
  isMobile,
}) => {
  await dashboard.open('/');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
  if (isMobile) return;
  await page.getByRole('navigation', nav).getByRole('link', { name: 'APIs' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('light and dark are chosen in the menu, and stay', async ({ page, dashboard }) => {
  await dashboard.open('/');
  const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
  for (const [name, value] of [
    ['Dark', 'dark'],
    ['Light', 'light'],
  ] as const) {
    await openMenu(page);
    await page.getByRole('button', { name: /your menu/ }).click();
    await page.getByRole('menuitem', { name }).click();
    await expect.poll(scheme).toBe(value);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await scheme()).toBe(value);
  }
});

test('the chosen scheme is there before the dashboard is', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/');
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.route('**/dashboard/assets/index-*.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  for (const [chosen, colorScheme, color] of [
    ['dark', 'light', 'rgb(15, 20, 18)'],
    ['light', 'dark', 'rgb(248, 247, 243)'],
    ['auto', 'dark', 'rgb(15, 20, 18)'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate((value) => localStorage.setItem('mantine-color-scheme-value', value), chosen);
    await page.goto(`${freehold.issuer}dashboard/`);
    expect(await ground(), chosen).toBe(color);
  }
});

test('what the page has called is shown as curl', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/settings');
  await openMenu(page);
  await page.getByRole('button', { name: /your menu/ }).click();
  await page.getByRole('menuitem', { name: 'API calls of this page' }).click();
  const drawer = page.getByRole('dialog', { name: 'The same by script' });
  await expect(drawer).toContainText(`curl '${freehold.issuer}api/v2/tenants/settings'`);
  await expect(drawer).toContainText('-H "Authorization: Bearer $TOKEN"');
});

test('an address that is none says so, with a way home', async ({ page, dashboard }) => {
  await dashboard.open('/nowhere');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page');
  await page.getByRole('link', { name: 'Go home' }).click();
  await expect(page).toHaveURL(/\/dashboard\/?$/);
});

test('axe finds nothing on the home page and on one that is not there', async ({ dashboard }) => {
  await dashboard.open('/');
  await expect(dashboard.page.getByText('Activity')).toBeVisible();
  await expectAccessible(dashboard.page);
  await dashboard.open('/nowhere');
  await expectAccessible(dashboard.page);
});

test('axe finds nothing in the log, nor in what creates', async ({ page, dashboard }) => {
  await dashboard.open('/logs');
  await expect(page.getByRole('table', { name: 'Log entries' }).getByRole('link').first()).toBeVisible();
  expect(await violationsOn(page)).toEqual([]);
  for (const place of ['applications', 'apis', 'users', 'roles', 'organizations', 'connections']) {
    await dashboard.goTo('/nowhere');
    await dashboard.goTo(`/${place}?create=true`);
    await expect(page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true })).toBeVisible();
    expect(await violationsOn(page), place).toEqual([]);
  }
});

test.describe('the first start', () => {
  test.use({ expectedComplaint: /^410 / });

  test('the printed link makes an owner, who is in at once', async ({ page, context }) => {
    const fresh = await startDashboard({ environment: {} });
    try {
      await page.goto(fresh.composed.setUpUrl ?? '');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('The house is yours');
      await expectAccessible(page);
      await page.getByLabel('Email address').fill(owner);
      await page.locator('input[name=password]').fill(password);
      await page.getByRole('button', { name: 'Make me the administrator' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Home');
      await page.goto(fresh.composed.setUpUrl ?? '');
      await page.reload();
      await page.getByLabel('Email address').fill('other@example.com');
      await page.locator('input[name=password]').fill(password);
      await page.getByRole('button', { name: 'Make me the administrator' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('This link cannot be used');
      await expectAccessible(page);
      await context.clearCookies();
      await dashboardOn(page, fresh).open('/');
      await page.goto('about:blank');
    } finally {
      await fresh.stop();
    }
  });
});

/** By the keyboard. Returns where one types. */
async function openPalette(page: Page): Promise<Locator> {
  await whenShown(page);
  await page.keyboard.press('ControlOrMeta+K');
  const search = page.getByRole('textbox', { name: 'Search' });
  await expect(search).toBeFocused();
  return search;
}

async function openMenu(page: Page): Promise<void> {
  const menu = page.getByRole('button', { name: 'Menu', exact: true });
  if ((await menu.isVisible()) && (await menu.getAttribute('aria-expanded')) === 'false') await menu.click();
}
