// What every browser test has: a server with a tenant, an application beside it, and a watch on the page, which
// fails the test for whatever the browser complains about. One server and one application per worker.
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, test as base, type Page, expect as playwrightExpect } from '@playwright/test';
import { type Application, startApplication } from './application.ts';
import { television } from './device.ts';
import { authorizationUrl, newPkce, type Pkce, password, sampleTenant, spa, users } from './flow.ts';
import { type Freehold, startFreehold } from './server.ts';

export type { Page } from '@playwright/test';
export { logIn } from './login-form.ts';

/** What is waited for comes, on a slow machine too: only what does not come at all fails. */
export const expect = playwrightExpect.configure({ timeout: 60_000 });

/** The sample tenant, its clients at home at `application`. */
export function tenantOf(application: Application, overrides: Record<string, unknown> = {}) {
  const atApplication = {
    ...spa,
    callbacks: [application.callback],
    allowed_logout_urls: [`${application.origin}/`],
    web_origins: [application.origin],
    allowed_origins: [application.origin],
  };
  return sampleTenant({
    tenant: { friendly_name: 'Acme', flags: { enable_dynamic_client_registration: true } },
    clients: [
      { ...atApplication, name: 'Harbour Shop' },
      { ...atApplication, name: 'Atlas Reports', client_id: 'third', is_first_party: false },
      { ...atApplication, name: 'Elsewhere', client_id: 'no-web-origins', web_origins: [] },
      {
        ...atApplication,
        name: 'Old Mill',
        client_id: 'implicit',
        grant_types: ['authorization_code', 'implicit'],
      },
      {
        ...atApplication,
        name: 'Pocket',
        client_id: 'native',
        app_type: 'native',
        callbacks: ['com.example.pocket://callback', 'http://127.0.0.1/callback'],
        skip_non_verifiable_callback_uri_confirmation_prompt: false,
      },
      television,
    ],
    ...overrides,
  });
}

interface TestFixtures {
  /** What the browser shall complain about in this test. */
  expectedComplaint: RegExp | undefined;
  quiet: undefined;
}

interface WorkerFixtures {
  application: Application;
  freehold: Freehold;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  expectedComplaint: [undefined, { option: true }],
  application: [
    // Playwright reads what a fixture needs from this pattern, which therefore has to be one.
    async ({ playwright: _ }, use) => {
      const application = await startApplication();
      await use(application);
      await application.stop();
    },
    { scope: 'worker' },
  ],
  freehold: [
    async ({ application }, use) => {
      const freehold = await startFreehold({ tenant: tenantOf(application), users });
      await use(freehold);
      await freehold.stop();
    },
    { scope: 'worker' },
  ],
  quiet: [
    async ({ context, expectedComplaint }, use) => {
      const complaints = await watch(context);
      await use(undefined);
      const unexpected = complaints.filter((complaint) => !expectedComplaint?.test(complaint));
      expect(unexpected, 'nothing in the console, no violation of the policy, every resource there').toEqual(
        [],
      );
    },
    { auto: true },
  ],
});

/** What browsers complain about on the pages of this context, collected as it happens. */
export async function watch(context: BrowserContext): Promise<string[]> {
  const complaints: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`securitypolicyviolation: ${violatedDirective} ${blockedURI}`);
    });
  });
  context.on('console', (message) => {
    // A page of status 400 is no fault; a resource of status 400 is, and is seen below.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded with');
    if (['error', 'warning'].includes(message.type()) && !isStatus) complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('response', (response) => {
    const isPage = response.request().isNavigationRequest();
    if (response.status() >= 400 && !isPage) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}

/** The authorization URL of the single-page application, with a `state` of its own. */
export function loginUrl(
  { freehold, application }: WorkerFixtures,
  overrides: Record<string, string | undefined> = {},
  pkce: Pkce = newPkce(),
): string {
  return authorizationUrl(freehold, pkce, { redirect_uri: application.callback, ...overrides }).href;
}

/** The parameters of the answer, once the browser is at the callback. */
export async function atCallback(page: Page, { callback }: Application): Promise<Record<string, string>> {
  await page.waitForURL((url) => url.origin + url.pathname === callback);
  return Object.fromEntries(new URL(page.url()).searchParams);
}

const narrowestPhone = { width: 360, height: 640 };

/**
 * axe finds nothing, and nothing has to be scrolled sideways, light and dark: in the window of the project, or on the
 * narrowest phone where that is one.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await expectLoaded(page);
  const window = page.viewportSize() ?? { width: 1280, height: 800 };
  const smallest = window.width < 600 ? narrowestPhone : window;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const size of new Set([window, smallest])) {
      await page.setViewportSize(size);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(sideways, `scrolls sideways: ${await page.title()}, ${size.width} wide`).toBeLessThanOrEqual(0);
    }
    const isOfProject = colorScheme === test.info().project.use.colorScheme;
    const found = await violationsOn(page, isOfProject ? [] : rulesOfColours);
    expect(found, `axe: ${await page.title()}, ${smallest.width} wide, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(window);
}

/** What axe can find in one scheme alone: all else is looked for once in each window. */
const rulesOfColours = ['color-contrast', 'link-in-text-block'];

/** As the page is now, by these rules of axe, or by all. */
export async function violationsOn(page: Page, rules: readonly string[] = []): Promise<string[]> {
  await expectLoaded(page);
  await settle(page);
  const axe = new AxeBuilder({ page });
  if (rules.length > 0) axe.withRules([...rules]);
  // For what it gathers from frames axe opens a page of its own each time.
  axe.setLegacyMode(page.frames().length === 1);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
}

/** What is still to come is not what people see: it is dimmed, or a placeholder stands for it. */
export async function expectLoaded(page: Page): Promise<void> {
  await expect(page.locator('[aria-busy=true], .mantine-Skeleton-root')).toHaveCount(0);
}

/** Halfway through a transition no colour is what it will be; the page hears of another scheme with its next frame. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

let addresses = 0;

/** An address that nobody has signed up with. */
export function newAddress(): string {
  addresses += 1;
  return `person-${process.pid}-${addresses}@example.com`;
}

export async function signUp(page: Page, email = newAddress(), secret = password): Promise<string> {
  await page.locator('#email').fill(email);
  await page.locator('#password').fill(secret);
  await page.getByRole('button', { name: 'Continue' }).click();
  return email;
}

export interface Message {
  origin: string;
  data: unknown;
}

/** What the page is told by a frame that it opens, as Auth0's SPA SDK listens (RM-9). */
export function messageOfFrame(page: Page, url: string): Promise<Message> {
  return page.evaluate(
    (src) =>
      new Promise<Message>((resolve) => {
        const frame = document.createElement('iframe');
        addEventListener('message', ({ origin, data, source }) => {
          if (source === frame.contentWindow) resolve({ origin, data });
        });
        frame.src = src;
        document.body.append(frame);
      }),
    url,
  );
}

/** Opens a frame that the browser must refuse to show. */
export async function expectFrameRefused(page: Page, url: string): Promise<void> {
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await page.evaluate((src) => {
    const frame = document.createElement('iframe');
    addEventListener('message', ({ source }) => {
      if (source === frame.contentWindow) document.title = 'The frame has spoken';
    });
    frame.src = src;
    document.body.append(frame);
  }, url);
  await refused;
  await expect(page).not.toHaveTitle('The frame has spoken');
}
