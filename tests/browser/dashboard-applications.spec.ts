// Applications: from nothing to a first login, and everything that is set afterwards.
import { expect, expectAccessible, flip, type Page, test } from '../setup/dashboard-test.ts';

let made = 0;

/** Creates an application and is on its quick start then. */
async function create(
  page: Page,
  type: RegExp = /Single-page/,
): Promise<{ name: string; client_id: string }> {
  made += 1;
  const name = `Harbour Shop ${process.pid}-${made}`;
  await page.getByRole('button', { name: 'Create application' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('radio', { name: type }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  return { name, client_id: new URL(page.url()).pathname.split('/')[3] ?? '' };
}

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();

test('create → quick start with the real domain and client ID, its addresses allowed by a click', async ({
  page,
  dashboard,
  freehold,
}) => {
  await dashboard.open('/applications');
  const { name, client_id } = await create(page);
  await expect(page.getByText(`clientId="${client_id}"`)).toBeVisible();
  await expect(page.getByText(`domain="${freehold.issuer.slice(0, -1)}"`)).toBeVisible();
  await page.getByRole('button', { name: 'Allow http://localhost:5173' }).click();
  await expect(page.getByText('These addresses are allowed.')).toBeVisible();
  expect(await freehold.stores.clients.find(client_id)).toMatchObject({
    name,
    app_type: 'spa',
    callbacks: ['http://localhost:5173'],
    web_origins: ['http://localhost:5173'],
    token_endpoint_auth_method: 'none',
    refresh_token: { rotation_type: 'rotating' },
  });
});

test('each address is judged where it stands; what is saved is what was changed', async ({
  page,
  dashboard,
  freehold,
}) => {
  await dashboard.open('/applications');
  const { client_id } = await create(page);
  await page.getByRole('tab', { name: 'Settings' }).click();
  const callbacks = page.getByRole('group', { name: 'Callback URLs' });
  await callbacks.getByRole('textbox').first().fill('nonsense');
  await expect(callbacks.getByText(/^Not a URL/)).toBeVisible();
  await callbacks.getByRole('textbox').first().fill('https://*.example.com/callback');
  await expect(callbacks.getByText(/Every subdomain/)).toBeVisible();
  await callbacks.getByRole('textbox').first().fill('https://a.example/cb https://b.example/cb');
  await expect(callbacks.getByRole('textbox')).toHaveCount(2);
  const origins = page.getByRole('group', { name: 'Web origins' });
  await origins.getByRole('textbox').fill('https://a.example/path');
  await expect(origins.getByText('An origin has no path: write https://a.example')).toBeVisible();
  await origins.getByRole('textbox').fill('https://a.example');
  await page.getByRole('checkbox', { name: 'Device code' }).check();
  await save(page);
  await dashboard.expectToast('Saved');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeHidden();
  expect(await freehold.stores.clients.find(client_id)).toMatchObject({
    callbacks: ['https://a.example/cb', 'https://b.example/cb'],
    web_origins: ['https://a.example'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  });
});

test.describe('two who edit at once', () => {
  test.use({ expectedComplaint: /^412 / });

  test('the second is told, and loses nothing unseen', async ({ page, dashboard, freehold }) => {
    await dashboard.open('/applications');
    const { client_id } = await create(page);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('Mine');
    await freehold.composed.unitOfWork.transaction(async ({ clients }) => {
      const client = await clients.find(client_id);
      if (client !== undefined) await clients.upsert({ ...client, description: 'Theirs' });
    });
    await save(page);
    const dialog = page.getByRole('dialog', { name: 'Somebody else has changed this' });
    await expect(dialog).toContainText('description');
    await dialog.getByRole('button', { name: 'Save mine over theirs' }).click();
    await dashboard.expectToast('Saved');
    expect(await freehold.stores.clients.find(client_id)).toMatchObject({ description: 'Mine' });
  });
});

test('leaving with unsaved changes is asked about', async ({ page, dashboard, isMobile }) => {
  await dashboard.open('/applications');
  await create(page);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('textbox', { name: 'Description' }).fill('Unsaved');
  await page.getByRole('link', { name: 'Applications' }).last().click();
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await expect(page.getByRole('textbox', { name: 'Description' })).toHaveValue('Unsaved');
  if (!isMobile) {
    await page.getByRole('button', { name: 'As curl' }).click();
    await expect(page.getByText('-d \'{"description":"Unsaved"}\'')).toBeVisible();
    await page.keyboard.press('Escape');
  }
  await page.getByRole('link', { name: 'Applications' }).last().click();
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Applications');
});

test('a secret is shown, hidden and rotated', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/applications');
  const { client_id } = await create(page, /Machine to machine/);
  await page.getByRole('tab', { name: 'Credentials' }).click();
  const field = page.getByRole('textbox', { name: 'Client secret' });
  await expect(field).toHaveValue(/^•+$/);
  await page.getByRole('button', { name: 'Show the client secret' }).click();
  const secret = (await freehold.stores.clients.findSecret(client_id)) ?? '';
  await expect(field).toHaveValue(secret);
  await page.getByRole('button', { name: 'Hide the client secret' }).click();
  await expect(field).toHaveValue(/^•+$/);
  await page.getByRole('button', { name: 'Rotate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Rotate' }).click();
  await dashboard.expectToast('There is a new secret');
  await expect(field).not.toHaveValue(secret);
  await expect(field).toHaveValue((await freehold.stores.clients.findSecret(client_id)) ?? '');
});

test('an API is allowed with permissions, by a switch that can be undone', async ({
  page,
  dashboard,
  freehold,
}) => {
  await dashboard.open('/applications');
  const { client_id } = await create(page, /Machine to machine/);
  await page.getByRole('tab', { name: 'APIs' }).click();
  const row = page.getByRole('row', { name: /orders\.example/ });
  const grant = () => freehold.stores.clientGrants.find(client_id, 'https://orders.example/', 'client');
  await flip(row.getByRole('switch'));
  await dashboard.expectToast('may call Orders');
  await row.getByRole('button', { name: 'Permissions' }).click();
  await page.getByRole('checkbox', { name: 'read:orders' }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await dashboard.expectToast('Permissions saved');
  expect(await grant()).toMatchObject({ scope: ['read:orders'] });
  await flip(row.getByRole('switch'));
  await dashboard.expectToast('may not call Orders any more');
  await expect.poll(grant).toBeUndefined();
  await dashboard.undo('may not call Orders any more');
  await expect.poll(grant).toBeDefined();
});

test('a connection is switched off and on', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/applications');
  const { client_id } = await create(page);
  await page.getByRole('tab', { name: 'Connections' }).click();
  const toggle = page.getByRole('row', { name: /Username-Password-Authentication/ }).getByRole('switch');
  const isOn = async () => (await freehold.stores.connections.listForClient(client_id)).length > 0;
  await expect(toggle).toBeEnabled();
  const wasOn = await toggle.isChecked();
  for (const wanted of [!wasOn, wasOn]) {
    await flip(toggle);
    await dashboard.expectToast(wanted ? 'People may log in to' : 'Nobody logs in to');
    await expect(toggle).toBeChecked({ checked: wanted });
    expect(await isOn()).toBe(wanted);
  }
});

test('the list is searched and filtered by its address; deleting takes the name', async ({
  page,
  dashboard,
}) => {
  await dashboard.open('/applications');
  const { name } = await create(page);
  await dashboard.open(`/applications?q=${encodeURIComponent(name)}&type=spa`);
  await expect(page.getByRole('searchbox')).toHaveValue(name);
  await page.getByRole('link', { name }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete this application' });
  await expect(dialog.getByRole('button', { name: 'Delete' })).toBeDisabled();
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dashboard.expectToast(`${name} is deleted`);
  await dashboard.open(`/applications?q=${encodeURIComponent(name)}`);
  await expect(page.getByText('No application is like that')).toBeVisible();
});

test('names are text, whatever is in them', async ({ page, dashboard, freehold }) => {
  const name = '\u202Eمتجر & "Co" 🛍️ '.repeat(20).trim();
  await freehold.composed.unitOfWork.transaction(async ({ clients }) => {
    const client = await clients.find('spa');
    if (client !== undefined) await clients.upsert({ ...client, client_id: 'strange', name });
  });
  await dashboard.open('/applications/strange/settings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});

test('axe finds nothing on the screens of applications', async ({ page, dashboard }) => {
  await dashboard.open('/applications');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create application' }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await create(page, /Regular web/);
  for (const tab of ['Quick start', 'Settings', 'Credentials', 'APIs', 'Connections', 'Organizations']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tabpanel', { name: tab }).getByRole('heading').first()).toBeVisible();
    await expectAccessible(page);
  }
});
