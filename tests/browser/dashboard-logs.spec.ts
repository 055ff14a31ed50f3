// The log in the dashboard: what is asked for stands in the address, and what happens now appears by itself.
import { expect, expectAccessible, test } from '../setup/dashboard-test.ts';
import { managementApi } from '../setup/management.ts';

const entries = { name: 'Log entries' };

test('the log is searched and narrowed by type; an address of it leads to the same', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
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
  await page.getByRole('switch', { name: 'Live' }).press('Space');
  await api.post('/roles', { name: name });
  await expect(rows).toHaveCount(2);
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loaded);
});
