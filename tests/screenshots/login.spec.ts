// The pages on which people log in, as `npm run screenshots` shows them beside the dashboard's screens.
import { join } from 'node:path';
import { test as base, expect, logIn, loginUrl, type Page, tenantOf } from '../setup/browser-test.ts';
import { users } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';
import { startFreehold } from '../setup/server.ts';

const folder = join(import.meta.dirname, '../../.build/screenshots');

const test = base.extend({
  freehold: [
    async ({ application }, use) => {
      const connections = ['email', 'sms'].map((strategy) => ({
        name: strategy,
        strategy,
        enabled_clients: ['spa'],
      }));
      const freehold = await startFreehold({ tenant: tenantOf(application, { connections }), users });
      await use(freehold);
      await freehold.stop();
    },
    { scope: 'worker' },
  ],
});

const typeIdentifier = async (page: Page) => {
  await page.locator('#username').fill('ada@example.com');
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
};

/** Each leaves the browser on its page. */
const pages: Record<string, { identifierFirst?: boolean; visit?: (page: Page) => Promise<void> }> = {
  login: {},
  'login-refused': { visit: (page) => logIn(page, 'ada@example.com', 'wrong') },
  'login-id': { identifierFirst: true },
  'login-password': { identifierFirst: true, visit: typeIdentifier },
  'login-password-refused': {
    identifierFirst: true,
    async visit(page) {
      await typeIdentifier(page);
      await page.locator('#password').fill('wrong');
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
    },
  },
  passwordless: { visit: (page) => page.getByRole('button', { name: 'a code by email' }).click() },
  signup: { visit: (page) => page.getByRole('link', { name: 'Sign up' }).click() },
  'reset-password-request': { visit: (page) => page.getByRole('link', { name: 'Forgot password?' }).click() },
};

for (const [name, { identifierFirst = false, visit }] of Object.entries(pages)) {
  test(name, async ({ page, freehold, application }, { project }) => {
    await (await managementApi(freehold)).patch('/prompts', { identifier_first: identifierFirst });
    await page.goto(loginUrl({ freehold, application }));
    await visit?.(page);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.screenshot({ path: join(folder, `${project.name}-page-${name}.png`), fullPage: true });
  });
}
