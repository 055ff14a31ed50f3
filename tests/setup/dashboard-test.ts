// What tests of the dashboard have: a server with a tenant and an owner, a page that is signed in, and the watch on it.
// Pictures from elsewhere are answered here, for the tests' browser knows no other hosts.
import { type BrowserContext, test as base, type Locator, type Page } from '@playwright/test';
import { expect, expectLoaded, watch } from './browser-test.ts';
import { countCalls, keepToasts, leaveFor, stillUnderWay, takeToast } from './dashboard-page.ts';
import { password, sampleTenant, users } from './flow.ts';
import { logIn } from './login-form.ts';
import { RunningClock } from './running-clock.ts';
import { type Freehold, startFreehold } from './server.ts';

export type { Page } from '@playwright/test';
export { expect, expectAccessible, expectLoaded, violationsOn } from './browser-test.ts';

export const owner = 'owner@example.com';

/** The sample tenant with an owner, on a clock that runs: the dashboard's SDK has a clock of its own. */
export function startDashboard(options: Parameters<typeof startFreehold>[0] = {}): Promise<Freehold> {
  return startFreehold({
    tenant: sampleTenant(),
    users,
    clock: new RunningClock(),
    environment: { FREEHOLD_ADMIN_EMAIL: owner, FREEHOLD_ADMIN_PASSWORD: password },
    ...options,
  });
}

export interface Dashboard {
  page: Page;
  /** Opens a screen by its address below /dashboard, and signs in where that is asked. */
  open(path: string): Promise<void>;
  /** As `open`, as somebody else. */
  openAs(username: string, path: string): Promise<void>;
  /** Goes on to another screen, as a link to it does: the page is not loaded again. */
  goTo(path: string): Promise<void>;
  /** Waits for a toast that says this, and that was not expected before. */
  expectToast(text: string | RegExp): Promise<void>;
  /** Undoes what a toast says that says this. */
  undo(text: string | RegExp): Promise<void>;
  /** Waits until nothing is on its way to the screen any more. */
  settle(): Promise<void>;
}

interface TestFixtures {
  /** What the browser shall complain about in this test. */
  expectedComplaint: RegExp | undefined;
  quiet: undefined;
  dashboard: Dashboard;
}

export const test = base.extend<TestFixtures, { freehold: Freehold }>({
  expectedComplaint: [undefined, { option: true }],
  freehold: [
    // Playwright reads what a fixture needs from this pattern, which therefore has to be one.
    async ({ playwright: _ }, use) => {
      const freehold = await startDashboard();
      await use(freehold);
      await freehold.stop();
    },
    { scope: 'worker' },
  ],
  quiet: [
    async ({ context, expectedComplaint }, use) => {
      const complaints = await watchDashboard(context);
      await use(undefined);
      const unexpected = complaints.filter((complaint) => !expectedComplaint?.test(complaint));
      await forgetPictures(context);
      expect(unexpected, 'nothing in the console, no violation of the policy, every resource there').toEqual(
        [],
      );
    },
    { auto: true },
  ],
  dashboard: async ({ page, freehold }, use) => {
    await use(dashboardOn(page, freehold, sessionsOf(freehold)));
  },
});

/** Answers pictures from elsewhere, and collects what the browser complains about. */
export async function watchDashboard(context: BrowserContext): Promise<string[]> {
  await context.route(
    (url) => url.hostname !== 'localhost' && url.protocol.startsWith('http'),
    (route) => route.fulfill({ contentType: 'image/svg+xml', body: picture }),
  );
  await context.addInitScript(keepToasts);
  await context.addInitScript(countCalls);
  return watch(context);
}

/** Before the context is closed: a picture that was asked for last need not come any more. */
export function forgetPictures(context: BrowserContext): Promise<void> {
  return context.unrouteAll({ behavior: 'ignoreErrors' });
}

/** Switches by the keyboard, once that is possible: a switch waits until it is known whether it is on. */
export async function flip(toggle: Locator): Promise<void> {
  await expect(toggle).toBeEnabled();
  await toggle.press('Space');
}

/** When the page has done what comes of what it has shown, such as listening to keys. */
export async function whenShown(page: Page): Promise<void> {
  // Not when it is idle: where something moves, on a slow machine, it never is.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
}

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="#8ab"/></svg>';

/** Cookies of who has logged in, and when: a test that is not about the login need not log in again. */
type Sessions = Map<string, { cookies: Cookies; authenticated_at: number }>;
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

const sessions = new WeakMap<Freehold, Sessions>();

function sessionsOf(freehold: Freehold): Sessions {
  const known = sessions.get(freehold) ?? new Map();
  sessions.set(freehold, known);
  return known;
}

/** In seconds: well within the time for which a login is fresh, however long the test. */
const sessionsSharedFor = 60;

/** `shared`: sessions of tests before. */
export function dashboardOn(
  page: Page,
  { issuer, clock }: Pick<Freehold, 'issuer' | 'clock'>,
  shared: Sessions = new Map(),
): Dashboard {
  async function resume(username: string): Promise<void> {
    const session = shared.get(username);
    if (session === undefined || session.authenticated_at + sessionsSharedFor < clock.now()) return;
    const isNew = (await page.context().cookies(issuer)).length === 0;
    if (isNew) await page.context().addCookies(session.cookies);
  }

  async function openAs(username: string, path: string): Promise<void> {
    await resume(username);
    await page.goto(`${issuer}dashboard${path}`);
    // Of the dashboard: the login page has one, too.
    const heading = page.locator('#root h1');
    const field = page.locator('#username');
    await expect(heading.or(field).first()).toBeVisible();
    const asked = await field.isVisible();
    if (asked) await logIn(page, username);
    await expect(heading).toBeVisible();
    if (!asked) return;
    const cookies = await page.context().cookies(issuer);
    shared.set(username, { cookies, authenticated_at: clock.now() });
  }
  return {
    page,
    openAs,
    open: (path) => openAs(owner, path),
    async goTo(path) {
      await page.evaluate(leaveFor, `/dashboard${path}`);
      await expect(page.locator('#content h1:not([data-left])')).toBeVisible();
    },
    async expectToast(text) {
      const isSaid = () => page.evaluate(takeToast, text);
      await expect.poll(isSaid, { message: `a toast says ${text}`, intervals: [20, 50, 100] }).toBe(true);
    },
    async undo(text) {
      const toast = page.locator('.mantine-Notification-root', { hasText: text });
      await toast.getByRole('button', { name: 'Undo' }).click();
    },
    async settle() {
      await expect.poll(() => page.evaluate(stillUnderWay), { intervals: [20, 50, 100] }).toBe(0);
      await expectLoaded(page);
    },
  };
}
