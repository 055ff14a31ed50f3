// The dashboard on PostgreSQL: the main walk through it. All of its screens are walked on SQLite in tests/browser.
import type { Browser, BrowserContext } from '@playwright/test';
import { afterAll, afterEach, beforeAll, test } from 'vitest';
import { launchChromium } from '../setup/chromium.ts';
import {
  type Dashboard,
  dashboardOn,
  expect,
  forgetPictures,
  startDashboard,
  watchDashboard,
} from '../setup/dashboard-test.ts';
import { ada, audience, password } from '../setup/flow.ts';
import { createDatabase, type TestDatabase } from '../setup/postgres.ts';
import type { Freehold } from '../setup/server.ts';

let database: TestDatabase;
let freehold: Freehold;
let browser: Browser;
let context: BrowserContext;
let complaints: string[];

beforeAll(async () => {
  database = await createDatabase();
  freehold = await startDashboard({ databaseUrl: database.url });
  browser = await launchChromium();
  context = await browser.newContext();
  complaints = await watchDashboard(context);
});
afterEach(() => {
  expect(complaints.splice(0), 'nothing in the console, every resource there').toEqual([]);
});
afterAll(async () => {
  await forgetPictures(context);
  await browser.close();
  await freehold.stop();
  await database.drop();
});

/** A screen of its own for each test, in a browser that the first of them signs in. */
async function open(path: string): Promise<Dashboard> {
  const dashboard = dashboardOn(await context.newPage(), freehold);
  await dashboard.open(path);
  return dashboard;
}

test('an application is created, and has its first addresses', async () => {
  const { page } = await open('/applications');
  await page.getByRole('button', { name: 'Create application' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Harbour Shop');
  await page.getByRole('radio', { name: /Single-page/ }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Harbour Shop');
  await page.getByRole('button', { name: 'Allow http://localhost:5173' }).click();
  await expect(page.getByText('These addresses are allowed.')).toBeVisible();
  const client_id = new URL(page.url()).pathname.split('/')[3] ?? '';
  expect(await freehold.stores.clients.find(client_id)).toMatchObject({
    name: 'Harbour Shop',
    callbacks: ['http://localhost:5173'],
  });
});

test('a user is created, and found while one types', async () => {
  const { page } = await open('/users?create=true');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Email address').fill('Grace_100%@example.com');
  await dialog.locator('input[name=password]').fill(password);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('grace_100%@example.com');
  await page.getByRole('link', { name: 'Users' }).last().click();
  const rows = page.getByRole('table', { name: 'Users' }).getByRole('link');
  await expect(rows.filter({ hasText: 'Ada Lovelace' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search users' }).fill('GRACE_100%');
  await expect(rows).toHaveText(['grace_100%@example.com']);
  await page.getByRole('searchbox', { name: 'Search users' }).fill('ada love');
  await expect(rows).toHaveText(['Ada Lovelace']);
});

test('a role is created, gets a permission, and is assigned', async () => {
  const { page } = await open('/roles?create=true');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Packer');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Packer');
  await page.getByRole('button', { name: 'Add permissions' }).first().click();
  await dialog.getByRole('checkbox', { name: 'read:orders' }).check();
  await dialog.getByRole('button', { name: 'Add 1' }).click();
  await expect(page.getByRole('table', { name: 'Permissions of this role' })).toContainText('read:orders');
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Assign users' }).first().click();
  await dialog.getByRole('searchbox', { name: 'Search users' }).fill('ada@example.com');
  await dialog.getByRole('checkbox', { name: 'ada@example.com' }).check();
  await dialog.getByRole('button', { name: 'Assign 1' }).click();
  await expect(page.getByRole('table', { name: 'Users with this role' })).toContainText('Ada Lovelace');
  expect(await freehold.stores.users.listPermissions(ada, audience)).toContain('read:orders');
});

test('a setting is changed; the log has the change, and is searched', async () => {
  const { page, expectToast } = await open('/settings');
  await page.getByRole('textbox', { name: 'Support email' }).fill('help@example.com');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expectToast('Saved');
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Support email' })).toHaveValue('help@example.com');
  await page.getByRole('link', { name: 'Logs' }).click();
  const rows = page.getByRole('table', { name: 'Log entries' }).locator('tbody').getByRole('row');
  await expect(rows.filter({ hasText: 'Login' }).first()).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('Update tenant settings');
  await expect(rows).toHaveCount(1);
  await page.getByLabel('What happened').first().click();
  await page.getByRole('option', { name: 'All failures' }).click();
  await expect(page.getByText('Nothing like this')).toBeVisible();
});
