// How people sign in, in the dashboard: connections, the looks of the pages, and protection against attacks.
import { Agent } from '../setup/agent.ts';
import { signUp } from '../setup/browser-test.ts';
import { expect, expectAccessible, flip, test } from '../setup/dashboard-test.ts';
import { authorizationUrl, newPkce } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';

test('a connection is created, enabled for an application, made stricter by keyboard, and deleted', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold);
  const name = `Staff-${project.name.replaceAll(' ', '-')}`;
  await dashboard.open('/connections');
  await page.getByRole('button', { name: 'Create a connection' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page).toHaveURL(/\/connections\/con_\w+\/applications$/);
  const at = `/connections/${/con_\w+/.exec(page.url())?.[0]}`;
  const web = page.getByRole('switch', { name: 'Log in to Web by this connection' });
  await flip(web);
  await dashboard.expectToast('Web: enabled');
  expect((await api.get(`${at}/clients`)).body.clients).toEqual([{ client_id: 'web' }]);

  await page.getByRole('tab', { name: 'Settings' }).click();
  const strength = page.getByRole('slider', { name: 'How strong they have to be' });
  await expect(strength).toHaveAttribute('aria-valuetext', 'Good');
  await strength.press('ArrowRight');
  await expect(strength).toHaveAttribute('aria-valuetext', 'Excellent');
  await expect(page.getByText('none more than twice in a row')).toBeVisible();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dashboard.expectToast('Saved');
  expect((await api.get(at)).body.options).toMatchObject({ passwordPolicy: 'excellent' });

  await page.getByRole('button', { name: 'Delete the connection' }).click();
  const remove = dialog.getByRole('button', { name: 'Delete the connection' });
  await dialog.getByRole('textbox').fill(name.toUpperCase());
  await expect(remove).toBeDisabled();
  await dialog.getByRole('textbox').fill(name);
  await remove.click();
  await expect(page).toHaveURL(/\/dashboard\/connections$/);
  await expect(page.getByRole('link', { name: 'Username-Password-Authentication' })).toBeVisible();
  await expect(page.getByRole('link', { name })).toHaveCount(0);
});

test('the login page wears at once what the preview has shown', async ({
  page,
  dashboard,
  freehold,
  browser,
}, { project }) => {
  const { colorScheme } = project.use;
  const visitor = await browser.newContext(colorScheme === undefined ? {} : { colorScheme });
  const login = await visitor.newPage();
  const colorOfLogin = async () => {
    await login.goto(authorizationUrl(freehold, newPkce()).href);
    const button = login.getByRole('button', { name: 'Continue' });
    return button.evaluate((element) => getComputedStyle(element).backgroundColor);
  };
  const before = await colorOfLogin();
  await dashboard.open('/branding');
  const preview = page.frameLocator('iframe[title="Preview of the login page"]');
  const button = preview.getByRole('button', { name: 'Continue' });
  await expect(button).toHaveCSS('background-color', before);
  await page.getByLabel('Buttons and links').fill('#7a1fa2');
  await expect(button).not.toHaveCSS('background-color', before);
  expect(await colorOfLogin()).toBe(before);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dashboard.expectToast('Saved');
  await expect(button).toHaveCSS('background-color', await colorOfLogin());
  await visitor.close();
  await page.getByText('Sign up', { exact: true }).click();
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Sign up');
});

test('UL-3: identifier first is switched, seen before it is met, and undone', async ({
  page,
  dashboard,
  freehold,
}) => {
  const api = await managementApi(freehold);
  const isOn = async () => (await api.get('/prompts')).body.identifier_first;
  const loginPage = async () =>
    (await new Agent(freehold.issuer).send(authorizationUrl(freehold, newPkce()))).location?.pathname;
  try {
    await dashboard.open('/branding');
    const preview = page.frameLocator('iframe[title="Preview of the login page"]');
    await expect(preview.locator('#password')).toBeVisible();
    await flip(page.getByRole('switch', { name: 'Identifier first' }));
    await dashboard.expectToast('Login asks on two pages now');
    expect([await isOn(), await loginPage()]).toEqual([true, '/u/login/identifier']);
    await expect(preview.locator('#password')).toHaveCount(0);
    await page.getByText('Password', { exact: true }).click();
    await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Enter your password');
    await dashboard.undo('Login asks on two pages now');
    await expect(preview.getByRole('heading', { level: 1 })).toHaveText('Log in');
    await expect(page.getByRole('switch', { name: 'Identifier first' })).not.toBeChecked();
    expect([await isOn(), await loginPage()]).toEqual([false, '/u/login']);
  } finally {
    await api.patch('/prompts', { identifier_first: false });
  }
});

test('§5: a connection is tried from its page: a real login with it, in a new tab that shows the claims', async ({
  page,
  context,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold);
  const name = `Tried-${project.name.replaceAll(' ', '-')}`;
  const { body } = await api.post('/connections', { name, display_name: 'Harbour staff', strategy: 'auth0' });
  await dashboard.open(`/connections/${String(body.id)}`);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Try', exact: true }).click();
  const tab = await opened;
  await expect(tab.getByRole('combobox', { name: 'Connection' })).toHaveValue(name);
  await tab.getByRole('button', { name: 'Log in' }).click();
  await expect(tab.getByRole('alert', { name: 'The login did not work' })).toContainText(
    'The connection is not enabled',
  );
  await expectAccessible(tab);
  await tab.getByRole('button', { name: 'Enable it for trying' }).click();
  await expect(tab.getByText('The login did not work')).toHaveCount(0);
  const popupOpened = tab.waitForEvent('popup');
  await tab.getByRole('button', { name: 'Log in' }).click();
  const popup = await popupOpened;
  await popup.getByRole('link', { name: 'Sign up' }).click();
  const email = await signUp(popup);
  await expect(tab.getByRole('region', { name: 'ID token' }).first()).toContainText(email);
  const found = (await api.get(`/users-by-email?email=${encodeURIComponent(email)}`)).body;
  expect(found[0]).toMatchObject({ identities: [{ connection: name }] });
  await api.delete(`/connections/${String(body.id)}`);
});

test('addresses that are never blocked are judged one by one, and saved', async ({
  page,
  dashboard,
  freehold,
}) => {
  await dashboard.open('/attack-protection');
  const addresses = page.getByLabel('Addresses that are never blocked');
  await addresses.fill('203.0.113.7\n203.0.113.256\n2001:db8::/32\nhome\n10.0.0.0/33');
  await expect(page.getByText('No address or range: 203.0.113.256, home, 10.0.0.0/33')).toBeVisible();
  await expect(addresses).toHaveAttribute('aria-invalid', 'true');
  await addresses.fill('203.0.113.7\n2001:db8::/32');
  await expect(page.getByText('No address or range')).toBeHidden();
  await page.getByLabel('Wrong passwords allowed').fill('7');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dashboard.expectToast('Saved');
  const api = await managementApi(freehold);
  expect((await api.get('/attack-protection/brute-force-protection')).body).toMatchObject({
    max_attempts: 7,
    allowlist: ['203.0.113.7', '2001:db8::/32'],
  });

  await page.getByRole('tab', { name: 'Suspicious addresses' }).click();
  await page.getByLabel('Sign-ups: one more each').fill('2.5');
  await page.getByLabel('Refused tokens of partners: one more each').fill('60');
  await page.getByLabel('Addresses that are never slowed down').fill('198.51.100.0/24');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dashboard.expectToast('Saved');
  expect((await api.get('/attack-protection/suspicious-ip-throttling')).body).toMatchObject({
    allowlist: ['198.51.100.0/24'],
    stage: {
      'pre-user-registration': { rate: 2500 },
      'pre-custom-token-exchange': { max_attempts: 10, rate: 60_000 },
    },
  });
});

test('axe finds nothing on a connection, on the branding and on attack protection', async ({
  page,
  dashboard,
  freehold,
}) => {
  const { body } = await (await managementApi(freehold)).get('/connections');
  await dashboard.open(`/connections/${String(body[0]?.id)}`);
  await expect(page.getByRole('slider')).toBeVisible();
  await expectAccessible(page);
  await dashboard.open('/branding');
  await expect(page.getByLabel('Buttons and links')).toBeVisible();
  // No script runs in it, and so axe neither.
  await page.getByTitle('Preview of the login page').evaluate((frame) => frame.remove());
  await expectAccessible(page);
  await dashboard.open('/attack-protection');
  await expect(page.getByLabel('Wrong passwords allowed')).toBeVisible();
  await expectAccessible(page);
});
