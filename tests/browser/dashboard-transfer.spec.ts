// Users that come from elsewhere and go elsewhere: long work, watched while it goes on.

import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, expectAccessible, test } from '../setup/dashboard-test.ts';
import { managementApi } from '../setup/management.ts';

const bcryptOfAbc = '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i';

function fileOf(users: unknown) {
  const text = typeof users === 'string' ? users : JSON.stringify(users);
  return { name: 'users.json', mimeType: 'application/json', buffer: Buffer.from(text) };
}

test('§6.1: a file is looked at before it is sent, imported while one looks on, and its faults are told', async ({
  page,
  dashboard,
  freehold,
}, { project }) => {
  test.slow();
  const at = project.name.replaceAll(' ', '-');
  await dashboard.open('/users');
  await page.getByRole('link', { name: 'Import and export' }).click();
  const file = page.locator('input[type=file]');
  const start = page.getByRole('button', { name: 'Import', exact: true });
  await file.setInputFiles(fileOf('{ "email": '));
  await expect(page.getByText('This is no JSON')).toBeVisible();
  await file.setInputFiles(fileOf({ email: 'ada@example.com' }));
  await expect(page.getByText('This is JSON, but no list')).toBeVisible();
  await file.setInputFiles(fileOf([{ name: 'x'.repeat(512_000) }]));
  await expect(page.getByText('512 kB are taken: split it')).toBeVisible();
  await expect(start).toBeDisabled();
  await file.setInputFiles(
    fileOf([
      { email: `first-${at}@example.com`, password_hash: bcryptOfAbc, name: 'First <b>' },
      { email: 'ada@example.com' },
      { email: `third-${at}@example.com`, password_hash: 'abc' },
    ]),
  );
  await expect(page.getByText('3 users in it')).toBeVisible();
  await start.click();
  const progress = page.getByRole('progressbar', { name: 'Imported' });
  await expect(progress).toBeVisible();
  await expect(page.getByText('Waiting to begin')).toBeVisible();
  const id = new URL(page.url()).searchParams.get('job') ?? '';
  await freehold.composed.unitOfWork.transaction(async ({ jobs }) => {
    const summary = { failed: 0, updated: 0, inserted: 0, total: 0 };
    await jobs.update({ id, status: 'processing', described: { summary, percentage_done: 40 } });
  });
  await expect(progress).toHaveAttribute('aria-valuenow', '40');
  await page.reload();
  await expect(progress).toBeVisible();

  await freehold.composed.deliverDue();
  await expect(page.getByText('Not everybody is here')).toBeVisible();
  const failures = page.getByRole('table', { name: 'Users that were not imported' });
  await expect(failures.getByRole('row')).toHaveCount(3);
  await expect(failures).toContainText('The user already exists.');
  await expect(failures).toContainText('password_hash');
  await expect(failures).not.toContainText('abc');
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as JSON' }).click();
  const told = JSON.parse(await readFile(await (await download).path(), 'utf8'));
  expect(told[0]).toMatchObject({
    user: { email: 'ada@example.com' },
    errors: [{ code: 'DUPLICATED_USER', path: 'email' }],
  });
  const api = await managementApi(freehold);
  const { body } = await api.get(`/users-by-email?email=first-${at}@example.com`);
  expect(body[0]).toMatchObject({ name: 'First <b>' });
  await page.getByRole('button', { name: 'Import another file' }).click();
  await expect(page).not.toHaveURL(/job=/);
  await expect(start).toBeVisible();
});

test('§6.2: users are exported with the fields that one chooses', async ({ page, dashboard }) => {
  test.slow();
  await dashboard.open('/users/import-export/export');
  await expectAccessible(page);
  const fields = page.getByRole('combobox', { name: 'Fields' });
  for (const name of ['email', 'name']) {
    await fields.fill(name);
    await fields.press('Enter');
  }
  await fields.press('Escape');
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const link = page.getByRole('link', { name: 'Download users.csv.gz' });
  const download = page.waitForEvent('download');
  await link.click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('users.csv.gz');
  const lines = gunzipSync(await readFile(await file.path()))
    .toString()
    .trim()
    .split('\n');
  expect(lines[0]).toBe('email,name');
  expect(lines).toContain('ada@example.com,Ada Lovelace');
});
