// Roles and organizations in the dashboard: what people may do, and the companies that they come from.
import { expect, expectAccessible, flip, owner, type Page, test } from '../setup/dashboard-test.ts';
import { ada } from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';

test.describe('with a refusal', () => {
  test.use({ expectedComplaint: /^409 / });

  test('a role is created, gets permissions and people, loses them, and is deleted', async ({
    page,
    dashboard,
    freehold,
  }, { project }) => {
    const api = await managementApi(freehold);
    const taken = `Taken ${project.name}`;
    await api.post('/roles', { name: taken });
    await dashboard.open('/roles');
    await page.getByRole('button', { name: 'Create a role' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(taken);
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog.getByText('already exists')).toBeVisible();
    const name = `Packer ${project.name}`;
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Description').fill('Packs');
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
    await expect(page).toHaveURL(/\/roles\/rol_\w+\/permissions$/);

    await page.getByRole('button', { name: 'Add permissions' }).first().click();
    await dialog.getByRole('combobox', { name: 'API' }).click();
    await page.getByRole('option', { name: 'Orders', exact: true }).click();
    await dialog.getByRole('checkbox', { name: 'read:orders' }).check();
    await dialog.getByRole('button', { name: 'Add 1' }).click();
    const permissions = page.getByRole('table', { name: 'Permissions of this role' });
    await expect(permissions).toContainText('read:orders');
    await permissions.getByRole('button', { name: 'Remove' }).click();
    await expect(page.getByText('No permissions yet')).toBeVisible();
    await dashboard.undo('read:orders');
    await expect(permissions).toContainText('read:orders');

    await page.getByRole('tab', { name: 'Users' }).click();
    await page.getByRole('button', { name: 'Assign users' }).first().click();
    await pickUser(page, 'ada@example.com', 'Assign 1');
    await expect(page.getByRole('table', { name: 'Users with this role' })).toContainText('Ada Lovelace');
    const { body } = await api.get(`/users/${encodeURIComponent(ada)}/permissions`);
    expect(Array.from(body, ({ permission_name }) => permission_name)).toContain('read:orders');

    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Delete the role' }).click();
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByRole('button', { name: 'Delete the role' }).click();
    await expect(page).toHaveURL(/\/dashboard\/roles$/);
    await expect(page.getByRole('link', { name: taken })).toBeVisible();
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  });
});

test('what the roles of administrators allow can be read, not changed; who has them can', async ({
  page,
  dashboard,
}) => {
  await dashboard.open('/roles');
  await page.getByText('For administrators').click();
  await expect(page).toHaveURL(/type=system/);
  const roles = page.getByRole('table', { name: 'Roles' });
  await roles.getByRole('link', { name: 'owner' }).click();
  await expect(page.getByText('One of the server’s own roles')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Delete the role' })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Permissions' }).click();
  const permissions = page.getByRole('table', { name: 'Permissions of this role' });
  await expect(permissions.getByRole('row').nth(1)).toContainText('Management API');
  await expect(page.getByRole('button', { name: /^(Add permissions|Remove)$/ })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Users' }).click();
  await expect(page.getByRole('table', { name: 'Users with this role' })).toContainText(owner);
  await expect(page.getByRole('button', { name: 'Assign users' })).toBeVisible();
});

test('an organization’s name comes from what people see, and is checked while one types', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  await dashboard.open('/organizations');
  await page.getByRole('button', { name: 'Create an organization' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Display name').fill(`Nörth & Wind ${project.name}`);
  const name = dialog.getByRole('textbox', { name: 'Name', exact: true });
  const derived = `north-wind-${project.name.replaceAll(' ', '-')}`;
  await expect(name).toHaveValue(derived);
  await name.fill('Not a Name');
  await expect(dialog.getByText('Small letters, digits, - and _ only')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Create', exact: true })).toBeDisabled();
  await name.fill(derived);
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Nörth & Wind ${project.name}`);
  await expectAccessible(page);
  await page.getByLabel('Display name').fill(`North Wind ${project.name}`);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`North Wind ${project.name}`);
  const { body } = await (await managementApi(freehold)).get(`/organizations/name/${derived}`);
  expect(body).toMatchObject({ name: derived, display_name: `North Wind ${project.name}` });
});

test('an organization’s members have roles in it', async ({ page, dashboard, freehold }, { project }) => {
  const api = await managementApi(freehold);
  const at = await createOrganization(api, `members-${project.name}`);
  const role = `Captain ${project.name}`;
  await api.post('/roles', { name: role });
  await dashboard.open(`${at}/members`);
  await page.getByRole('button', { name: 'Add members' }).first().click();
  await pickUser(page, 'ada@example.com', 'Add 1');
  const members = page.getByRole('table', { name: 'Members' });
  await members.getByRole('button', { name: 'Roles' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Roles').first().click();
  await page.getByRole('option', { name: role }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(members.getByText(role)).toBeVisible();
  const { body } = await api.get(`${at}/members/${encodeURIComponent(ada)}/roles`);
  expect(Array.from(body, ({ name }) => name)).toEqual([role]);
  await members.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No members yet')).toBeVisible();
});

test('the link of an invitation is shown once', async ({ page, dashboard, freehold }, { project }) => {
  const api = await managementApi(freehold);
  const at = await createOrganization(api, `invitations-${project.name}`);
  await api.patch('/clients/web', {
    organization_usage: 'allow',
    initiate_login_uri: 'https://app.example/login',
  });
  const invitationsAt = async () =>
    Array.from((await api.get(`${at}/invitations`)).body, ({ id, created_at, expires_at }) => ({
      id: String(id),
      lifetime: Date.parse(String(expires_at)) - Date.parse(String(created_at)),
    }));
  await dashboard.open(`${at}/invitations`);
  await page.getByRole('button', { name: 'Invite' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
  await dialog.getByLabel('Email address').fill('grace.hopper.of.the.navy@example.com');
  await dialog.getByLabel('Application').first().click();
  await page.getByRole('option', { name: 'Web', exact: true }).click();
  await dialog.getByLabel('Good for').selectOption('30 days');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  const made = page.getByRole('dialog', { name: 'The invitation is made' });
  await expect(made).toContainText('now and never again');
  await expect(made).toContainText('https://app.example/login?invitation=');
  await made.getByRole('button', { name: 'Close' }).click();
  await page.reload();
  const invitations = page.getByRole('table', { name: 'Invitations' });
  await expect(invitations).toContainText('grace.hopper.of.the.navy@example.com');
  await expect(page.locator('body')).not.toContainText('invitation=');
  const month = 2_592_000_000;
  const [first] = await invitationsAt();
  expect(first?.lifetime).toBe(month);
  await invitations.getByRole('button', { name: 'Send again' }).click();
  await made.getByRole('button', { name: 'Close' }).click();
  await expect
    .poll(invitationsAt)
    .toEqual([{ id: expect.not.stringMatching(first?.id ?? ''), lifetime: month }]);
  // Until it is read again the list has the one of before, too.
  await page.reload();
  await invitations.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('Nobody is invited')).toBeVisible();
});

test('how an organization’s people log in is switched at once, and undone', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  const api = await managementApi(freehold);
  const at = await createOrganization(api, `connections-${project.name}`);
  await dashboard.open(`${at}/connections`);
  await page.getByRole('button', { name: 'Enable a connection' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Connection').first().click();
  await page.getByRole('option', { name: 'Username-Password-Authentication' }).click();
  await dialog.getByRole('button', { name: 'Enable' }).click();
  const member = page.getByRole('switch', { name: /^Members by logging in/ });
  await expect(member).not.toBeChecked();
  await expectAccessible(page);
  const stored = async () => (await api.get(`${at}/enabled_connections`)).body[0]?.assign_membership_on_login;
  await flip(member);
  await dashboard.expectToast('Members by logging in: on');
  expect(await stored()).toBe(true);
  await dashboard.undo('Members by logging in: on');
  await expect(member).not.toBeChecked();
  await expect.poll(stored).toBe(false);
});

async function createOrganization(api: ManagementApi, name: string): Promise<string> {
  const { body } = await api.post('/organizations', { name: name.replaceAll(' ', '-') });
  return `/organizations/${String(body.id)}`;
}

async function pickUser(page: Page, email: string, action: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('searchbox', { name: 'Search users' }).fill(email);
  await dialog.getByRole('checkbox', { name: email }).check();
  await dialog.getByRole('button', { name: action }).click();
}
