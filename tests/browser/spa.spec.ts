// examples/spa end to end: its own server, its own registration, and a browser.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { test as base, expect, expectAccessible, logIn } from '../setup/browser-test.ts';
import { users } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const folder = fileURLToPath(new URL('../../examples/spa/', import.meta.url));

const test = base.extend<{ example: { url: string; server: Freehold } }>({
  // Playwright reads what a fixture needs from this pattern, which therefore has to be one.
  example: async ({ playwright: _ }, use) => {
    const port = await findFreePort();
    const child = spawn(process.execPath, [`${folder}serve.ts`, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    const url = `http://localhost:${port}/`;
    expect(line).toBe(`The example runs on ${url}`);
    const registration = await readFile(`${folder}tenant.yaml`, 'utf8');
    const tenant = parse(registration.replaceAll('http://localhost:3001', url.slice(0, -1)));
    const server = await startFreehold({ tenant, users });
    await use({ url, server });
    await server.stop();
    child.kill();
    await ended;
  },
});

test.beforeEach(async ({ page, example }) => {
  // The example names the issuer that `npm start` makes.
  await page.route(`${example.url}main.js`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replaceAll('http://localhost:3000/', example.server.issuer);
    await route.fulfill({ response: answer, body });
  });
});

test('the example logs in, keeps the login over a reload, calls an API, and logs out', async ({
  page,
  example,
}) => {
  const message = page.getByRole('status');
  await page.goto(example.url);
  await expect(message).toHaveText('You are not logged in.');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByText('Continue to Example application')).toBeVisible();
  await logIn(page);
  await expect(message).toHaveText('You are logged in as Ada Lovelace.');
  await expect(page).toHaveURL(example.url);

  await page.reload();
  await expect(message).toHaveText('You are logged in as Ada Lovelace.');
  await page.getByRole('button', { name: 'Call the API' }).click();
  await expect(page.locator('#answer')).toContainText('"email":"ada@example.com"');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(message).toHaveText('You are not logged in.');
  await page.reload();
  await expect(message).toHaveText('You are not logged in.');
});

test.describe('with an access token that has expired', () => {
  test.use({ expectedComplaint: /^401 .*\/userinfo$/ });

  test('SD-94: the example refreshes its tokens and calls again', async ({ page, example }) => {
    await page.goto(example.url);
    await expect(page.getByRole('status')).toHaveText('You are not logged in.');
    await page.getByRole('button', { name: 'Log in' }).click();
    await logIn(page);
    await expect(page.getByRole('status')).toHaveText('You are logged in as Ada Lovelace.');
    example.server.clock.advance(86_401);
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/userinfo') && response.request().method() === 'GET')
        statuses.push(response.status());
    });
    const refreshed = page.waitForRequest((request) =>
      (request.postData() ?? '').includes('grant_type=refresh_token'),
    );
    await page.getByRole('button', { name: 'Call the API' }).click();
    await refreshed;
    await expect(page.locator('#answer')).toContainText('"email":"ada@example.com"');
    expect(statuses).toEqual([401, 200]);
  });
});
