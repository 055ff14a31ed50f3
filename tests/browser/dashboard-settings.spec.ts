// Settings, home, and trying the login: what there is one of.

import {
  dashboardOn,
  expect,
  expectAccessible,
  flip,
  forgetPictures,
  owner,
  type Page,
  startDashboard,
  test,
  watchDashboard,
} from '../setup/dashboard-test.ts';
import { password } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();

test('the tenant is renamed, and hears it at once', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/settings');
  const email = `help-${process.pid}@example.com`;
  await page.getByRole('textbox', { name: 'Support email' }).fill(email);
  await page.getByRole('combobox', { name: 'Default API' }).selectOption({ label: 'Orders' });
  await save(page);
  await dashboard.expectToast('Saved');
  expect(await freehold.stores.tenant.get()).toMatchObject({
    support_email: email,
    default_audience: 'https://orders.example/',
  });
  await page.getByRole('combobox', { name: 'Default API' }).selectOption({ label: 'None' });
  await save(page);
  await dashboard.expectToast('Saved');
});

test('what is typed while the answer is on its way stays, and is saved next', async ({ page, dashboard }) => {
  await dashboard.open('/settings');
  const answer = Promise.withResolvers<void>();
  const conditions = new Set<string | undefined>();
  await page.route('**/api/v2/tenants/settings', async (route) => {
    if (route.request().method() === 'PATCH') {
      conditions.add(route.request().headers()['if-match']);
      await answer.promise;
    }
    await route.fallback();
  });
  const address = page.getByRole('textbox', { name: 'Support page' });
  await page.getByRole('textbox', { name: 'Support email' }).fill(`sent-${process.pid}@example.com`);
  await save(page);
  await address.fill('https://help.example.com/');
  answer.resolve();
  await dashboard.expectToast('Saved');
  await expect(address).toHaveValue('https://help.example.com/');
  await save(page);
  await dashboard.expectToast('Saved');
  // Each of the state before it.
  expect([...conditions]).toEqual([expect.any(String), expect.any(String)]);
  await page.reload();
  await expect(address).toHaveValue('https://help.example.com/');
});

test('sessions and codes live as long as one says, in any unit', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/settings/sessions');
  await page.getByLabel('Without doing anything', { exact: true }).fill('2');
  await page.getByLabel('Without doing anything: unit').selectOption('hours');
  await save(page);
  await dashboard.expectToast('Saved');
  expect(await freehold.stores.tenant.get()).toMatchObject({ idle_session_lifetime: 2 });
  await page.getByRole('tab', { name: 'Advanced' }).click();
  await flip(page.getByRole('switch', { name: /descriptions of permissions/ }));
  await save(page);
  await dashboard.expectToast('Saved');
  expect(await freehold.stores.tenant.get()).toMatchObject({
    flags: { use_scope_descriptions_for_consent: true },
  });
});

test.describe('signing keys', () => {
  // The page's own token was signed by the key that is revoked: it is renewed.
  test.use({ expectedComplaint: /^401 .*\/keys\/signing$/ });

  test('are rotated, and the old one revoked by typing its name', async ({ page, dashboard, freehold }) => {
    await dashboard.open('/settings/keys');
    const before = await freehold.stores.signingKeys.list();
    const current = before.find(({ alg, status }) => alg === 'RS256' && status === 'current');
    await page
      .getByRole('row', { name: /RS256 Signs now/ })
      .getByRole('button', { name: 'Rotate' })
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
    await dashboard.expectToast('The next key signs now');
    const row = page.getByRole('row', { name: new RegExp(current?.kid ?? '') });
    await expect(row).toContainText('Still good');
    await row.getByRole('button', { name: 'Revoke' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill((current?.kid ?? '').slice(0, 8));
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await expect
      .poll(
        async () =>
          (await freehold.stores.signingKeys.list()).find(({ kid }) => kid === current?.kid)?.status,
      )
      .toBe('revoked');
  });
});

test('an administrator is added, sees what the role allows, and is removed', async ({
  page,
  browser,
  dashboard,
  freehold,
}) => {
  await dashboard.open('/settings/administrators');
  await page.getByRole('textbox', { name: 'Email address' }).fill('nobody@example.com');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText(/Nobody has this address/)).toBeVisible();
  await page.getByRole('textbox', { name: 'Email address' }).fill('bob@example.com');
  await page.getByRole('combobox', { name: 'Role' }).selectOption('Viewer');
  await page.getByRole('button', { name: 'Add' }).click();
  await dashboard.expectToast('bob@example.com is an administrator now');
  const context = await browser.newContext();
  await watchDashboard(context);
  const other = await context.newPage();
  await other.goto(`${freehold.issuer}dashboard/settings`);
  await logIn(other, 'bob@example.com');
  await expect(other.getByRole('textbox', { name: 'Name' })).toBeDisabled();
  await expect(other.getByRole('tab', { name: 'General' })).toBeVisible();
  await forgetPictures(context);
  await context.close();
  await page.getByRole('button', { name: /Take the role viewer from/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take away' }).click();
  await dashboard.expectToast('lost the role viewer');
});

test('home tells how many there are, and what happened when', async ({ page, dashboard }) => {
  await dashboard.open('/?days=7');
  await expect(page.getByRole('table', { name: 'Logins and sign-ups by day' }).getByRole('row')).toHaveCount(
    8,
  );
  await page.getByText('14 days').click();
  await expect(page).toHaveURL(/days=14/);
  await expect(page.getByRole('table', { name: 'Logins and sign-ups by day' }).getByRole('row')).toHaveCount(
    15,
  );
  await page.getByRole('link', { name: 'Users' }).last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Users');
});

test('the login is tried in a window of its own: tokens, userinfo, refresh, logout', async ({
  page,
  dashboard,
}) => {
  await dashboard.open('/try');
  await page.getByRole('combobox', { name: 'API' }).selectOption({ label: 'Orders' });
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Log in' }).click();
  const popup = await opened;
  await popup.locator('#username').waitFor();
  await logIn(popup, 'ada@example.com');
  await expect(page.getByRole('region', { name: '/userinfo' }).first()).toContainText('ada@example.com');
  await expect(page.getByRole('region', { name: 'ID token' }).first()).toContainText('"nonce"');
  const token = page.getByRole('region', { name: 'the access token' });
  const first = await token.textContent();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(token).not.toHaveText(first ?? '');
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(page.getByText('Nobody is logged in at the tenant in this browser any more')).toBeVisible();
  await expect(token).toHaveCount(0);
  await page.reload();
  await expect(page.locator('#username')).toBeVisible();
});

test.describe('a login that is too old', () => {
  test.use({ expectedComplaint: /^401 .*\/rotate\?alg=RS256$/ });

  test('what is dangerous asks for a login of the last minutes, and goes on by itself', async ({ page }) => {
    const fresh = await startDashboard();
    const dashboard = dashboardOn(page, fresh);
    try {
      await dashboard.open('/settings/keys');
      const row = page.getByRole('row', { name: /RS256 Signs now/ });
      await expect(row).toBeVisible();
      fresh.clock.advance(301);
      await row.getByRole('button', { name: 'Rotate' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
      const opened = page.waitForEvent('popup');
      await page
        .getByRole('dialog', { name: 'Show that it is you' })
        .getByRole('button', { name: 'Log in again' })
        .click();
      await logIn(await opened, owner, password);
      await dashboard.expectToast('The next key signs now');
      await page.goto('about:blank');
    } finally {
      await fresh.stop();
    }
  });
});

test('axe finds nothing on settings, home and the login to be tried', async ({ page, dashboard }) => {
  for (const path of ['/settings', '/settings/sessions', '/settings/advanced', '/settings/keys', '/try']) {
    await dashboard.open(path);
    await expect(page.getByRole('main').getByRole('heading', { level: 2 }).first()).toBeVisible();
    await expectAccessible(page);
  }
  await dashboard.open('/settings/administrators');
  await expect(page.getByRole('table', { name: /owner/ })).toBeVisible();
  await expectAccessible(page);
});
