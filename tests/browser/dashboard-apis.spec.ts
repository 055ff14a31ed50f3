// APIs: what tokens are for, what may be done with them, and who may have them.
import { expect, expectAccessible, flip, type Page, test } from '../setup/dashboard-test.ts';
import { consentAudience } from '../setup/flow.ts';

let made = 0;

async function create(page: Page): Promise<{ name: string; identifier: string }> {
  made += 1;
  const name = `Harbour orders ${process.pid}-${made}`;
  const identifier = `https://orders-${process.pid}-${made}.example.com`;
  await page.getByRole('button', { name: 'Create API' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Identifier' }).fill(identifier);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
  return { name, identifier };
}

test('create → quick start with the real identifier', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/apis');
  const { identifier } = await create(page);
  await expect(page.getByText(`audience: '${identifier}'`)).toBeVisible();
  await expect(page.getByText(`issuerBaseURL: '${freehold.issuer}'`)).toBeVisible();
  expect(await freehold.stores.resourceServers.find(identifier)).toMatchObject({ signing_alg: 'RS256' });
});

test.describe('an identifier that is taken', () => {
  test.use({ expectedComplaint: /^409 / });

  test('is refused beside its field', async ({ page, dashboard }) => {
    await dashboard.open('/apis?create=true');
    await page.getByRole('textbox', { name: 'Name' }).fill('Twice');
    await page.getByRole('textbox', { name: 'Identifier' }).fill('https://orders.example/');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page.getByRole('textbox', { name: 'Identifier' })).toHaveAttribute('aria-invalid', 'true');
  });
});

test('offline access, RBAC and lifetimes are set', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/apis');
  const { identifier } = await create(page);
  await page.getByRole('tab', { name: 'Settings' }).click();
  for (const name of ['Offline access', /RBAC/, 'Permissions in the token'])
    await flip(page.getByRole('switch', { name }));
  await page.getByLabel('Lifetime', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dashboard.expectToast('Saved');
  expect(await freehold.stores.resourceServers.find(identifier)).toMatchObject({
    allow_offline_access: true,
    enforce_policies: true,
    token_dialect: 'access_token_authz',
    token_lifetime: 172_800,
  });
});

test('permissions are added and removed', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/apis');
  const { identifier } = await create(page);
  await page.getByRole('tab', { name: 'Permissions' }).click();
  for (const value of ['read:ships', 'write:ships']) {
    await page.getByRole('textbox', { name: 'Permission' }).fill(value);
    await page.getByRole('textbox', { name: 'Description' }).fill('Of the harbour');
    await page.getByRole('button', { name: 'Add' }).click();
    await expect(page.getByRole('row', { name: new RegExp(value) })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'Permission' })).toHaveValue('');
  }
  await page.getByRole('button', { name: 'Remove write:ships' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await dashboard.expectToast('write:ships is removed');
  expect((await freehold.stores.resourceServers.find(identifier))?.scopes).toEqual([
    { value: 'read:ships', description: 'Of the harbour' },
  ]);
});

test('an application is let in, and gets a token that is shown with what it says', async ({
  page,
  dashboard,
}) => {
  const machine = `Robot ${process.pid}`;
  await dashboard.open('/applications?create=true');
  await page.getByRole('textbox', { name: 'Name' }).fill(machine);
  await page.getByRole('radio', { name: /Machine to machine/ }).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(machine);
  await dashboard.open('/apis');
  const { identifier } = await create(page);
  await page.getByRole('tab', { name: 'Access' }).click();
  await flip(page.getByRole('row', { name: new RegExp(machine) }).getByRole('switch'));
  await dashboard.expectToast(/may call/);
  await page.getByRole('tab', { name: 'Test' }).click();
  // One word for the shell, whatever somebody called the API.
  await expect(page.getByText(`--data-urlencode 'audience=${identifier}'`)).toBeVisible();
  await page.getByRole('button', { name: 'Get a token' }).click();
  await expect(page.getByRole('region', { name: 'the claims' })).toContainText(identifier);
});

test('a switch says what is, however many applications may call the API', async ({
  page,
  dashboard,
  freehold,
}) => {
  const { unitOfWork } = freehold.composed;
  const many = Array.from({ length: 101 }, (_, index) => `many-${String(index).padStart(3, '0')}`);
  const grantTo = (client_id: string, id: string) => ({
    id,
    client_id,
    audience: consentAudience,
    scope: [],
    subject_type: 'client' as const,
    allow_all_scopes: false,
    organization_usage: null,
    allow_any_organization: null,
    unused: {},
  });
  await unitOfWork.transaction(async ({ clients, clientGrants }) => {
    const web = await clients.find('web');
    if (web === undefined) return;
    for (const client_id of many) {
      await clients.upsert({ ...web, client_id, name: client_id, app_type: 'spa' });
      await clientGrants.upsert(grantTo(client_id, `cgr_${client_id.replace('-', '').padEnd(16, '0')}`));
    }
    await clientGrants.upsert(grantTo('web', 'cgr_zzzzzzzzzzzzzzzz'));
  });
  const api = await freehold.stores.resourceServers.find(consentAudience);
  await dashboard.open(`/apis/${api?.id}/access`);
  await expect(page.getByRole('switch', { name: 'Web may call Payments' })).toBeChecked();
  await unitOfWork.transaction(async ({ clients, clientGrants }) => {
    for (const client_id of many) await clients.delete(client_id);
    await clientGrants.deleteById('cgr_zzzzzzzzzzzzzzzz');
  });
});

test('the server’s own API can be looked at, and not changed', async ({ page, dashboard }) => {
  await dashboard.open('/apis');
  await page.getByRole('link', { name: 'Auth0 Management API' }).click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Delete' })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Permissions' }).click();
  await page.getByRole('searchbox').fill('read:clients');
  await expect(page.getByRole('row', { name: /read:clients/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /delete:users/ })).toHaveCount(0);
});

test('deleting takes the name', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/apis');
  const { name, identifier } = await create(page);
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete this API' });
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dashboard.expectToast(`${name} is deleted`);
  expect(await freehold.stores.resourceServers.find(identifier)).toBeUndefined();
});

test('axe finds nothing on the screens of APIs', async ({ page, dashboard }) => {
  await dashboard.open('/apis');
  await expectAccessible(page);
  await create(page);
  for (const tab of ['Quick start', 'Settings', 'Permissions', 'Access', 'Test']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tabpanel', { name: tab })).toBeVisible();
    await expectAccessible(page);
  }
});
