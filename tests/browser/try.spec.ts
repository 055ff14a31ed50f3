// /try: the whole flow in the browser with the project's own client package, every step shown as it happens.
import { expect, expectAccessible, logIn, type Page, signUp, test } from '../setup/browser-test.ts';

const steps = [
  'verifier',
  'challenge',
  'request',
  'callback',
  'tokens',
  'id_token',
  'userinfo',
  'refresh',
  'silent',
  'logout',
] as const;
type StepName = (typeof steps)[number];

const step = (page: Page, name: StepName) => page.locator(`#step-${name}`);

async function expectStatus(page: Page, status: string, ...names: StepName[]): Promise<void> {
  for (const name of names) await expect(step(page, name)).toHaveAttribute('data-status', status);
}

/** From the start page to the login page. */
async function begin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expectStatus(page, 'done', 'verifier', 'challenge', 'request');
  await page.getByRole('button', { name: 'Continue to the login page' }).click();
}

test('the home page greets and leads to /try', async ({ page, freehold }) => {
  await page.goto(freehold.issuer);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The keys to your own house.');
  await expect(page.getByText(freehold.issuer, { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Try a login' }).click();
  await page.waitForURL(`${freehold.issuer}try`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Try a login, step by step');
});

test('SD-97: the whole walk: login, tokens, ID token, userinfo, refresh, silent authentication, logout', async ({
  page,
  freehold,
}) => {
  await page.goto(`${freehold.issuer}try`);
  await begin(page);
  await logIn(page);
  await expectStatus(page, 'done', ...steps.slice(0, 9));
  await expect(page).toHaveURL(`${freehold.issuer}try/callback`);
  await expect(step(page, 'id_token')).toContainText('ada@example.com');
  await expect(step(page, 'userinfo')).toContainText('Ada Lovelace');
  await expectStatus(page, 'waiting', 'logout');
  await step(page, 'logout').getByRole('button', { name: 'Log out' }).click();
  await expectStatus(page, 'done', 'logout');
  await expect(page).toHaveURL(`${freehold.issuer}try`);
  await page.getByLabel('prompt').selectOption('none');
  await begin(page);
  await expectStatus(page, 'failed', 'callback');
  await expect(step(page, 'callback').getByRole('alert')).toContainText('login_required');
});

test('the walk again, begun with sign-up and done by its buttons', async ({ page, freehold }) => {
  await page.goto(`${freehold.issuer}try`);
  await page.getByLabel('Begin with sign-up').check();
  await page.getByLabel('Run the steps after the login by themselves').uncheck();
  await begin(page);
  await signUp(page);
  await expectStatus(page, 'done', 'callback');
  await expectStatus(page, 'waiting', 'tokens', 'id_token', 'userinfo', 'refresh', 'silent', 'logout');
  for (const [name, button] of [
    ['tokens', 'Exchange the code'],
    ['userinfo', 'Call /userinfo'],
    ['refresh', 'Refresh'],
    ['silent', 'Silent authentication'],
  ] as const) {
    await step(page, name).getByRole('button', { name: button }).click();
    await expectStatus(page, 'done', name);
  }
  await expectStatus(page, 'done', 'id_token');
});

test('without a refresh token the walk says how to get one', async ({ page, freehold }) => {
  await page.goto(`${freehold.issuer}try`);
  await page.getByLabel('Ask for a refresh token').uncheck();
  await begin(page);
  await logIn(page);
  await expectStatus(page, 'done', 'tokens', 'id_token', 'userinfo', 'silent');
  await expectStatus(page, 'skipped', 'refresh');
  await expect(step(page, 'refresh')).toContainText(
    'There is no refresh token: start again and ask for one.',
  );
});

test('who declines on the consent page reads access_denied, and what to do', async ({ page, freehold }) => {
  await page.goto(`${freehold.issuer}try`);
  await page.getByLabel('prompt').selectOption('consent');
  await begin(page);
  await logIn(page);
  await page.getByRole('button', { name: 'Decline' }).click();
  await expectStatus(page, 'failed', 'callback');
  await expectStatus(page, 'waiting', 'tokens', 'id_token', 'userinfo', 'refresh', 'silent', 'logout');
  await expect(step(page, 'callback').getByRole('alert')).toContainText('access_denied');
  await expect(step(page, 'callback').getByRole('alert')).toBeFocused();
});

test('a callback that answers nothing is refused', async ({ page, freehold }) => {
  await page.goto(`${freehold.issuer}try/callback?code=forged&state=forged`);
  await expectStatus(page, 'failed', 'callback');
  await expect(step(page, 'callback').getByRole('alert')).toContainText(
    'This callback answers nothing that was asked',
  );
});

test('GL-2: under another name of the machine there is an answer that names the right one', async ({
  page,
  freehold,
}) => {
  const answer = await page.goto(`http://127.0.0.1:${freehold.port}/try`);
  expect(answer?.status()).toBe(421);
  await expect(page.getByText(`This server answers at ${freehold.issuer} only.`)).toBeVisible();
});

test('LT-5: the whole walk has nothing for axe to find, and nothing to scroll sideways', async ({
  page,
  freehold,
}) => {
  await page.goto(`${freehold.issuer}try`);
  await begin(page);
  await logIn(page);
  await expectStatus(page, 'done', ...steps.slice(0, 9));
  for (const fold of await page.locator('details').all())
    await fold.evaluate((details) => details.setAttribute('open', ''));
  await expectAccessible(page);
});

test('SE-7: on http the cookies are HttpOnly, Lax and named after the port', async ({
  page,
  context,
  freehold,
}) => {
  await page.goto(`${freehold.issuer}try`);
  await begin(page);
  await logIn(page);
  await expectStatus(page, 'done', 'callback');
  const cookies = await context.cookies();
  expect(
    cookies
      .map(({ name, httpOnly, secure, sameSite, path }) => ({ name, httpOnly, secure, sameSite, path }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  ).toEqual(
    ['browser', 'session'].map((kind) => ({
      name: `freehold_${kind}_${freehold.port}`,
      httpOnly: true,
      secure: false,
      sameSite: 'Lax',
      path: '/',
    })),
  );
});
