// The log in the dashboard: what is asked for stands in the address, and what happens now appears by itself.
import { expect, expectAccessible, flip, test } from '../setup/dashboard-test.ts';
import { getCode } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';

const entries = { name: 'Log entries' };

test('the log is searched and narrowed by type; an address of it leads to the same', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  test.slow();
  const name = `logger-${project.name.replaceAll(' ', '-')}`;
  const api = await managementApi(freehold, undefined, name);
  await api.post('/roles', { name });
  await api.post('/roles', { name });
  await dashboard.open('/logs');
  const rows = page.getByRole('table', entries).locator('tbody').getByRole('row');
  await page.getByRole('searchbox', { name: 'Search the log' }).fill(name);
  // A token, a change, and a refusal.
  await expect(rows).toHaveCount(3);
  await page.getByLabel('What happened').first().click();
  await page.getByRole('option', { name: 'All failures' }).click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Refused by the Management API');
  await expect(page).toHaveURL(/type=failures/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole('searchbox', { name: 'Search the log' })).toHaveValue(name);

  await rows.getByRole('link', { name: 'Refused by the Management API' }).click();
  await expect(page).toHaveURL(/\/logs\/\w+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Refused by the Management API');
  const json = JSON.parse(await page.getByRole('region', { name: 'the entry as JSON' }).innerText());
  expect(json).toMatchObject({
    type: 'fapi',
    client_id: name,
    details: { response: { statusCode: 409 } },
  });
  await expectAccessible(page);
  await page.getByRole('link', { name: 'More of this application' }).click();
  await expect(rows).toHaveCount(3);
  await dashboard.open(`/logs?type=sapi&client=${name}&q=${encodeURIComponent('Create a role')}`);
  await expect(rows).toHaveCount(1);
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('nothing of the kind');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(page).not.toHaveURL(/q=/);
});

test('what happens now appears by itself while one looks on', async ({ page, dashboard, freehold }, {
  project,
}) => {
  const name = `tail-${project.name.replaceAll(' ', '-')}`;
  const api = await managementApi(freehold, undefined, name);
  await dashboard.open(`/logs?client=${name}`);
  const rows = page.getByRole('table', entries).locator('tbody').getByRole('row');
  await expect(rows).toHaveCount(1);
  const loaded = await page.evaluate(() => performance.timeOrigin);
  await flip(page.getByRole('switch', { name: 'Live' }));
  await api.post('/roles', { name: name });
  await expect(rows).toHaveCount(2);
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded);
});

test('the log is narrowed to a person, an application, a connection and a time; each is seen, and taken away', async ({
  page,
  dashboard,
  freehold,
}) => {
  test.slow();
  await getCode(freehold, { username: 'ada@example.com' });
  await dashboard.open('/logs');
  const rows = page.getByRole('table', entries).locator('tbody').getByRole('row');
  const chosen = page.getByRole('list', { name: 'Shown are only those with' }).getByRole('listitem');
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByLabel('User').first().fill('ada@');
  await page.getByRole('option', { name: 'ada@example.com' }).click();
  await expect(page).toHaveURL(/user=auth0/);
  await expect(chosen).toHaveText([/^User: (ada@example\.com|Ada Lovelace)$/]);
  await expect(rows.filter({ hasText: 'owner@example.com' })).toHaveCount(0);
  await expect(rows.filter({ hasText: 'Logged in' }).first()).toBeVisible();
  for (const [label, name] of [
    ['Application', 'Single page'],
    ['Connection', 'Username-Password-Authentication'],
  ] as const) {
    await page.getByLabel(label).first().click();
    await page.getByRole('option', { name, exact: true }).click();
    await expect(chosen.filter({ hasText: `${label}: ${name}` })).toBeVisible();
  }
  await expect(rows.filter({ hasText: 'Logged in' }).first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('From').fill('2100-01-01T00:00');
  await expect(page.getByText('Nothing like this')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Nothing like this')).toBeVisible();
  await page.getByRole('button', { name: /^Take away: From Jan 1, 2100/ }).click();
  await expect(rows.filter({ hasText: 'Logged in' }).first()).toBeVisible();
  await expect(chosen).toHaveCount(3);
});
