// UL-3: who somebody is on one page, the password on the next, as people meet them, with scripts and without.
import {
  atCallback,
  test as base,
  expect,
  expectAccessible,
  loginUrl,
  type Page,
  signUp,
  tenantOf,
} from '../setup/browser-test.ts';
import { password, users } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';
import { startFreehold } from '../setup/server.ts';

const test = base.extend({
  freehold: [
    async ({ application }, use) => {
      const tenant = tenantOf(application, { prompts: { identifier_first: true } });
      const freehold = await startFreehold({ tenant, users });
      await use(freehold);
      await freehold.stop();
    },
    { scope: 'worker' },
  ],
});

const ada = 'ada@example.com';
const lost = 'invalid_request: We could not find the session of this login. It may be that:';
const send = (page: Page) => page.locator('[type=submit][name=action][value=default]').click();

/** As scripts that drive Auth0's two pages do it. */
async function typeIdentifier(page: Page, username = ada): Promise<void> {
  await page.waitForURL(/\/u\/login\/identifier\?state=/);
  await page.locator('#username').fill(username);
  await send(page);
}

async function typePassword(page: Page, typed = password): Promise<void> {
  await page.waitForURL(/\/u\/login\/password\?state=/);
  await page.locator('#password').fill(typed);
  await send(page);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('UL-3, UL-8: a wrong password stays on its page; “Edit” leads back; then the right one', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }));
      await expect(page).toHaveTitle('Log in · Acme');
      await typeIdentifier(page, 'ada@example.co');
      await expect(page).toHaveTitle('Enter your password · Acme');
      await expect(page.getByText('Continue to Harbour Shop')).toBeVisible();
      await expect(page.locator('#username')).toHaveValue('ada@example.co');
      await expect(page.locator('#username')).not.toBeEditable();
      await typePassword(page, 'not-the-password');
      await expect(page).toHaveTitle('Error: Enter your password · Acme');
      await expect(page.getByRole('alert')).toHaveText('Wrong email or password');
      await expect(page.locator('#password')).toHaveValue('');
      await page.getByRole('link', { name: 'Edit Email address' }).click();
      await expect(page.locator('#username')).toHaveValue('ada@example.co');
      await typeIdentifier(page);
      await typePassword(page);
      expect(await atCallback(page, application)).toEqual({ code: expect.any(String), state: 'xyzABC123' });
    });

    test('the keyboard alone: Tab goes through both forms in their order, Enter sends them', async ({
      page,
      freehold,
      application,
    }) => {
      const next = async (role: 'button' | 'link', name: string) => {
        await page.keyboard.press('Tab');
        await expect(page.getByRole(role, { name })).toBeFocused();
      };
      await page.goto(loginUrl({ freehold, application }));
      await expect(page.locator('#username')).toBeFocused();
      await page.keyboard.type(ada);
      await next('button', 'Continue');
      await next('link', 'Sign up');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      await expect(page.locator('#password')).toBeFocused();
      await page.keyboard.press('Shift+Tab');
      await expect(page.getByRole('link', { name: 'Edit Email address' })).toBeFocused();
      await page.keyboard.press('Tab');
      await page.keyboard.type(password);
      if (javaScriptEnabled) {
        // Its script has come later than the page.
        await expect(page.getByRole('button', { name: 'Show password' })).toBeVisible();
        await next('button', 'Show password');
      }
      await next('link', 'Forgot password?');
      await next('button', 'Continue');
      await next('link', 'Sign up');
      await page.locator('#password').press('Enter');
      expect(await atCallback(page, application)).toHaveProperty('code');
    });
  });
}

test('the back button between the pages, and after them', async ({ page, freehold, application }) => {
  await page.goto(loginUrl({ freehold, application }));
  await typeIdentifier(page, 'bob@example.com');
  await expect(page.locator('#password')).toBeVisible();
  await page.goBack();
  await typeIdentifier(page);
  await expect(page.locator('#password')).toBeVisible();
  await expect(page.locator('#username')).toHaveValue(ada);
  await page.reload();
  await typePassword(page);
  await atCallback(page, application);
  const answer = await page.goBack();
  expect(answer?.status()).toBe(400);
  await expect(page.getByText(lost)).toBeVisible();
});

test('two tabs: both log in, and each gets its own answer', async ({
  page,
  context,
  freehold,
  application,
}) => {
  const other = await context.newPage();
  await page.goto(loginUrl({ freehold, application }, { state: 'first' }));
  await other.goto(loginUrl({ freehold, application }, { state: 'second' }));
  await typeIdentifier(page);
  await typeIdentifier(other, 'bob@example.com');
  await typePassword(other);
  const second = await atCallback(other, application);
  await typePassword(page);
  const first = await atCallback(page, application);
  expect([first.state, second.state]).toEqual(['first', 'second']);
});

test('AZ-66, LT-1: the cookie of the browser is lost between the pages', async ({
  page,
  freehold,
  application,
}) => {
  await page.goto(loginUrl({ freehold, application }));
  await typeIdentifier(page);
  await expect(page.locator('#password')).toBeVisible();
  await page.context().clearCookies();
  await typePassword(page);
  await expect(page.getByText(lost)).toBeVisible();
});

test('SU-5: who has no account signs up with what was typed', async ({ page, freehold, application }) => {
  await page.goto(loginUrl({ freehold, application }));
  await typeIdentifier(page, 'somebody@example.com');
  await page.getByRole('link', { name: 'Sign up' }).click();
  await expect(page.locator('#email')).toHaveValue('somebody@example.com');
  await signUp(page);
  expect(await atCallback(page, application)).toHaveProperty('code');
});

const looks: Record<string, (page: Page) => Promise<void>> = {
  'Log in': async () => {},
  'Log in (without an identifier)': async (page) => {
    await typeIdentifier(page, ' ');
    await expect(page).toHaveTitle(/^Error: /);
  },
  'Enter your password': (page) => typeIdentifier(page),
  'Enter your password (after a wrong one)': async (page) => {
    await typeIdentifier(page, `${'long'.repeat(15)}@example.com`);
    await typePassword(page, 'wrong');
    await expect(page).toHaveTitle(/^Error: /);
  },
};

for (const [name, visit] of Object.entries(looks)) {
  test(`LT-5: ${name}: axe finds nothing, light and dark, in the tenant’s colours`, async ({
    page,
    freehold,
    application,
  }) => {
    await (await managementApi(freehold)).patch('/branding', { colors: { primary: '#f5c518' } });
    await page.goto(loginUrl({ freehold, application }));
    await visit(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name.replace(/ \(.*\)$/, ''));
    await expect(page.getByRole('button', { name: 'Continue' })).toHaveCSS(
      'background-color',
      'rgb(245, 197, 24)',
    );
    await expectAccessible(page);
  });
}
