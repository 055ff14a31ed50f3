// Users in the dashboard: finding, creating, changing, blocking and deleting them, and all that hangs on one.
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent } from '../setup/agent.ts';
import { expect, expectAccessible, owner, test } from '../setup/dashboard-test.ts';
import { audience, authorizationUrl, newPkce, password } from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import type { Freehold } from '../setup/server.ts';

test('people are found while one types, and what is asked for stands in the address', async ({
  page,
  dashboard,
}) => {
  await dashboard.open('/users');
  await expectAccessible(page);
  const rows = page.getByRole('table', { name: 'Users' }).getByRole('link');
  await expect(rows.filter({ hasText: 'Ada Lovelace' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search users' }).fill('ADA@exam');
  await expect(rows).toHaveText(['Ada Lovelace']);
  await expect(page).toHaveURL(/q=ADA/);
  await page.getByRole('searchbox', { name: 'Search users' }).fill('nobody-like-this');
  await expect(page.getByText('Nobody like this')).toBeVisible();
  await page.getByRole('button', { name: 'Show everybody' }).click();
  await expect(page).not.toHaveURL(/q=/);
  await dashboard.open('/users?q=ada@example.com&blocked=true');
  await expect(page.getByText('Nobody like this')).toBeVisible();
});

test('people are narrowed to the blocked, to a connection, and by when they were last here', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold);
  const user_id = await createUser(api, `filtered-${project.name}`);
  const email = `filtered-${project.name.replaceAll(' ', '-')}@example.com`;
  await api.patch(`/users/${encodeURIComponent(user_id)}`, { blocked: true });
  await api.post('/connections', {
    name: `Visitors-${project.name.replaceAll(' ', '-')}`,
    strategy: 'auth0',
  });
  await dashboard.open(`/users?q=${encodeURIComponent(email)}`);
  const found = page.getByRole('table', { name: 'Users' }).getByRole('link', { name: email });
  const nobody = page.getByText('Nobody like this');
  const choose = async (filter: string, option: string | RegExp) => {
    await page.getByLabel(filter, { exact: true }).first().click();
    await page.getByRole('option', { name: option, exact: true }).click();
  };
  await choose('Whether they are blocked', 'Not blocked');
  await expect(nobody).toBeVisible();
  await choose('Whether they are blocked', 'Blocked');
  await expect(found).toBeVisible();
  await choose('Connection', /^Visitors-/);
  await expect(nobody).toBeVisible();
  await choose('Connection', defaultDatabaseName);
  await expect(found).toBeVisible();
  await choose('Last login', 'Within 30 days');
  await expect(nobody).toBeVisible();
  await choose('Last login', 'Never');
  await expect(found).toBeVisible();
  await expect(page).toHaveURL(/blocked=true&connection=Username-Password-Authentication&seen=never/);
});

test.describe('with a refusal', () => {
  test.use({ expectedComplaint: /^400 / });

  test('a user is created, edited, blocked with a way back, and deleted by typing the address', async ({
    page,
    dashboard,
    freehold,
  }, { project }) => {
    test.slow();
    const email = `new-${project.name.replace(/\W/g, '')}@example.com`;
    await dashboard.open('/users');
    await page.getByRole('button', { name: 'Create a user' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email address').fill(email);
    await dialog.locator('input[name=password]').fill('weak');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog.getByText('Password is too weak')).toBeVisible();
    await dialog.locator('input[name=password]').fill(password);
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(email);
    await expectAccessible(page);

    await page.getByLabel('Name', { exact: true }).fill('Grace <Hopper>');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grace <Hopper>');

    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Block' }).click();
    await expect(page.getByText('Blocked', { exact: true })).toBeVisible();
    await dashboard.undo('Blocked: they are signed out everywhere');
    await expect(page.getByText('Blocked', { exact: true })).toBeHidden();

    await page.getByRole('button', { name: 'Actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const confirmation = page.getByRole('dialog');
    await expect(confirmation.getByRole('button', { name: 'Delete the user' })).toBeDisabled();
    await confirmation.getByRole('textbox').fill(email);
    await confirmation.getByRole('button', { name: 'Delete the user' }).click();
    await expect(page).toHaveURL(/\/dashboard\/users$/);
    const types = (await freehold.logEntries()).map(({ type }) => type);
    expect(types).toContain('sapi');
  });
});

test.describe('while somebody else edits', () => {
  test.use({ expectedComplaint: /^412 / });

  test('the later one is told what the other changed, and decides', async ({ page, dashboard, freehold }, {
    project,
  }) => {
    const api = await managementApi(freehold, undefined, `conflict ${project.name}`.replaceAll(' ', '-'));
    const user_id = await createUser(api, `conflict-${project.name}`);
    await dashboard.open(`/users/${encodeURIComponent(user_id)}`);
    await page.getByLabel('Nickname').fill('mine');
    expect((await api.patch(`/users/${encodeURIComponent(user_id)}`, { nickname: 'theirs' })).status).toBe(
      200,
    );
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('nickname');
    await dialog.getByRole('button', { name: 'Show theirs' }).click();
    await expect(page.getByLabel('Nickname')).toHaveValue('theirs');
  });
});

test('metadata is edited as JSON; what is no JSON is told at once and not sent', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold, undefined, `metadata ${project.name}`.replaceAll(' ', '-'));
  const user_id = await createUser(api, `metadata-${project.name}`);
  const at = `/users/${encodeURIComponent(user_id)}`;
  await api.patch(at, { user_metadata: { colour: 'red', gone: true } });
  await dashboard.open(at);
  const editor = page.getByLabel('user_metadata');
  await editor.fill('{ "colour": ');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeHidden();
  await editor.fill('{ "colour": "blue" }');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await dashboard.expectToast('Saved');
  expect((await api.get(at)).body.user_metadata).toEqual({ colour: 'blue' });
});

test('a link to another password can be copied, and a mail asked for', async ({ page, dashboard, freehold }, {
  project,
}) => {
  const api = await managementApi(freehold, undefined, `tickets ${project.name}`.replaceAll(' ', '-'));
  const user_id = await createUser(api, `ticket-${project.name}`);
  await dashboard.open(`/users/${encodeURIComponent(user_id)}`);
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Link to another password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Send it by mail' }).click();
  await dashboard.expectToast('on its way');
  await dialog.getByRole('button', { name: 'Make a link to copy' }).click();
  await expect(dialog).toContainText(`${freehold.issuer}u/reset-password?ticket=`);
});

test('roles, permissions, sessions, organizations and history of one person', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  test.slow();
  const api = await managementApi(freehold, undefined, `roles ${project.name}`.replaceAll(' ', '-'));
  const user_id = await createUser(api, `roles-${project.name}`);
  const role = `Clerk ${project.name}`;
  const { body } = await api.post('/roles', { name: role });
  await api.post(`/roles/${body.id}/permissions`, {
    permissions: [{ resource_server_identifier: audience, permission_name: 'read:orders' }],
  });
  const at = `/users/${encodeURIComponent(user_id)}`;
  await dashboard.open(`${at}/roles`);
  await page.getByRole('button', { name: 'Assign roles' }).first().click();
  await page.getByRole('dialog').getByLabel('Roles').first().click();
  await page.getByRole('option', { name: role }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click();
  await expect(page.getByRole('link', { name: role })).toBeVisible();

  await page.getByRole('tab', { name: 'Permissions' }).click();
  await expect(page.getByText('read:orders')).toBeVisible();
  await page.getByRole('button', { name: 'Add permissions' }).first().click();
  const picker = page.getByRole('dialog');
  await picker.getByRole('combobox', { name: 'API' }).click();
  await page.getByRole('option', { name: 'Orders', exact: true }).click();
  await picker.getByRole('checkbox', { name: 'write:orders' }).check();
  await expectAccessible(page);
  await picker.getByRole('button', { name: 'Add 1' }).click();
  const granted = (name: string) =>
    page.getByRole('table', { name: 'Permissions of this user' }).getByRole('row').filter({ hasText: name });
  await expect(granted('write:orders').getByRole('button', { name: 'Remove' })).toBeVisible();
  await expect(granted('read:orders').getByRole('button', { name: 'Remove' })).toHaveCount(0);

  for (const tab of ['Sessions', 'Applications', 'Organizations', 'History', 'JSON']) {
    await page.getByRole('tab', { name: tab }).click();
    await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('tabpanel', { name: tab })).not.toBeEmpty();
    await dashboard.settle();
    await expect(page.getByRole('alert')).toHaveCount(0);
  }
});

test('whoever failed too often is told of, at home too, and let in again', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold);
  const user_id = await createUser(api, `kept-out-${project.name}`);
  const email = `kept-out-${project.name.replaceAll(' ', '-')}@example.com`;
  const agent = new Agent(freehold.issuer);
  for (let times = 0; times < 10; times += 1)
    await agent.logIn(authorizationUrl(freehold, newPkce()), email, 'Wrong-horse-1');
  await dashboard.open('/?days=7');
  const failed = page.getByRole('table', { name: 'Failed logins' });
  await expect(failed.getByRole('row').nth(1)).toContainText(email);
  await expect(failed.getByRole('row')).toHaveCount(6);
  await page.getByRole('link', { name: 'All of them' }).click();
  await expect(page).toHaveURL(/type=failed_logins&from=/);
  await expect(page.getByRole('table', { name: 'Log entries' })).toContainText('Wrong password');

  await dashboard.open(`/users/${encodeURIComponent(user_id)}`);
  await expect(page.getByText(`${email} from 127.0.0.1`)).toBeVisible();
  await page.getByRole('button', { name: 'Let them in again' }).click();
  await expect(page.getByText('Kept out for too many wrong passwords')).toBeHidden();
  const { body } = await api.get(`/user-blocks/${encodeURIComponent(user_id)}`);
  expect(body).toEqual({ blocked_for: [] });
});

test('factors are taken back, one or all', async ({ page, dashboard, freehold }, { project }) => {
  const api = await managementApi(freehold);
  const user_id = await createUser(api, `factors-${project.name}`);
  const at = `/users/${encodeURIComponent(user_id)}/authentication-methods`;
  await api.post(at, { type: 'totp', name: 'Old phone', totp_secret: 'JBSWY3DPEHPK3PXP' });
  await api.post(at, { type: 'phone', phone_number: '+15550100' });
  await dashboard.open(`/users/${encodeURIComponent(user_id)}`);
  const factors = page.getByRole('table', { name: 'Factors' });
  await expect(factors).not.toContainText('JBSWY3DPEHPK3PXP');
  await factors
    .getByRole('row', { name: /Authenticator app/ })
    .getByRole('button', { name: 'Remove' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(factors.getByRole('row')).toHaveCount(2);
  await expect(factors).toContainText('Phone');
  await page.getByRole('button', { name: 'Reset all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset all' }).click();
  await expect(page.getByText('No factors')).toBeVisible();
  expect((await api.get(at)).body).toEqual([]);
});

test('sessions end one by one', async ({ page, dashboard, freehold }) => {
  await dashboard.open('/');
  await dashboard.open(`/users/${encodeURIComponent(await ownerOf(freehold))}/sessions`);
  const sessions = page.getByRole('table', { name: 'Browser sessions' }).getByRole('row');
  await expect(sessions.nth(1)).toContainText('Chrome');
  await expect(page.getByRole('table', { name: 'Devices' })).toContainText('freehold-dashboard');
});

async function createUser(api: ManagementApi, name: string): Promise<string> {
  const email = `${name.replaceAll(' ', '-')}@example.com`;
  const { body } = await api.post('/users', {
    connection: defaultDatabaseName,
    email,
    password,
    email_verified: true,
  });
  return String(body.user_id);
}

async function ownerOf({ stores }: Freehold): Promise<string> {
  const database = await stores.connections.findByName(defaultDatabaseName);
  const found = await stores.users.findByIdentifier(database?.id ?? '', owner);
  return found?.user.user_id ?? '';
}
