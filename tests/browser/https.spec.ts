// Over https: cookies that only our own host can set, and silent authentication from another site.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { type Application, startApplication } from '../setup/application.ts';
import {
  atCallback,
  test as base,
  expect,
  logIn,
  loginUrl,
  messageOfFrame,
  tenantOf,
} from '../setup/browser-test.ts';
import { users } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';
import { makeTlsFiles } from '../setup/tls.ts';

/** Two sites: the server on a.localhost, the application on b.localhost. */
const test = base.extend<object, { sites: { freehold: Freehold; application: Application } }>({
  sites: [
    // Playwright reads what a fixture needs from this pattern, which therefore has to be one.
    async ({ playwright: _ }, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'freehold-tls-'));
      const application = await startApplication('b.localhost', await makeTlsFiles(folder, 'b.localhost'));
      const port = await findFreePort();
      const environment = { FREEHOLD_ISSUER: `https://a.localhost:${port}/` };
      const options = { tenant: tenantOf(application), users, environment, flags: ['--https'], port };
      const freehold = await startFreehold(options);
      await use({ freehold, application });
      await freehold.stop();
      await application.stop();
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

test.use({ ignoreHTTPSErrors: true });

test('SE-7: the cookies are __Host-, Secure, HttpOnly, for every path and no domain', async ({
  page,
  context,
  sites,
}) => {
  await page.goto(loginUrl(sites));
  await logIn(page);
  await atCallback(page, sites.application);
  const cookies = (await context.cookies()).map(({ value, expires, ...attributes }) => attributes);
  const both = { domain: 'a.localhost', path: '/', httpOnly: true, secure: true };
  expect(cookies.sort((one, other) => one.name.localeCompare(other.name))).toEqual([
    { name: '__Host-freehold_browser', sameSite: 'Lax', ...both },
    { name: '__Host-freehold_session', sameSite: 'None', ...both },
  ]);
});

for (const allowed of [true, false])
  test.describe(`where the browser ${allowed ? 'sends' : 'keeps back'} cookies to a frame on another site`, () => {
    test.use({
      context: async ({ launchOptions, viewport }, use) => {
        const profile = await mkdtemp(join(tmpdir(), 'freehold-profile-'));
        await mkdir(join(profile, 'Default'));
        // Chromium's CookieControlsMode: 0 allows third-party cookies, 1 blocks them.
        const preferences = { profile: { cookie_controls_mode: allowed ? 0 : 1 } };
        await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
        const options = { ...launchOptions, viewport, ignoreHTTPSErrors: true };
        const context = await chromium.launchPersistentContext(profile, options);
        await use(context);
        await context.close();
        await rm(profile, { recursive: true, force: true, maxRetries: 10 });
      },
    });

    const outcome = allowed ? 'gets a code from the session' : 'gets login_required, session or not (SE-13)';
    test(`SE-7, RM-7, SD-97: the frame ${outcome}`, async ({ page, sites }) => {
      const silently = loginUrl(sites, { prompt: 'none', response_mode: 'web_message' });
      const answer = (response: Record<string, unknown>) => ({
        origin: new URL(sites.freehold.issuer).origin,
        data: { type: 'authorization_response', response: { ...response, state: 'xyzABC123' } },
      });
      const loginRequired = answer({ error: 'login_required', error_description: 'Login required' });
      const code = answer({ code: expect.stringMatching(/^[\w-]{43,}$/) });

      await page.goto(sites.application.origin);
      expect(await messageOfFrame(page, silently)).toEqual(loginRequired);
      await page.goto(loginUrl(sites));
      await logIn(page);
      await atCallback(page, sites.application);
      expect(await messageOfFrame(page, silently)).toEqual(allowed ? code : loginRequired);
    });
  });
