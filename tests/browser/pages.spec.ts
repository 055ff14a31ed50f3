// Every page once: for people who cannot see it, on a phone, in the dark, and by the policy that the browser enforces.

import type { BrowserContext } from '@playwright/test';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent } from '../setup/agent.ts';
import type { Application } from '../setup/application.ts';
import {
  atCallback,
  expect,
  expectAccessible,
  logIn,
  loginUrl,
  type Page,
  signUp,
  test,
} from '../setup/browser-test.ts';
import { getCodes } from '../setup/device.ts';
import { consentAudience, password } from '../setup/flow.ts';
import { linkSentTo } from '../setup/outbox.ts';
import type { Freehold } from '../setup/server.ts';

interface Visit {
  page: Page;
  context: BrowserContext;
  freehold: Freehold;
  application: Application;
}

/** Each leaves the browser on its page: the heading, and in brackets what came before. */
const pages: Record<string, (visit: Visit) => Promise<void>> = {
  'Log in': async ({ page, ...where }) => {
    await page.goto(loginUrl(where));
  },
  'Log in (after a wrong password)': async ({ page, ...where }) => {
    await page.goto(loginUrl(where));
    await logIn(page, 'nobody@example.com', 'wrong');
    await expectRefused(page);
  },
  'Sign up': async ({ page, ...where }) => {
    await page.goto(loginUrl(where, { screen_hint: 'signup' }));
  },
  'Sign up (after a weak password)': async ({ page, ...where }) => {
    await page.goto(loginUrl(where, { screen_hint: 'signup' }));
    await signUp(page, 'not an address', 'weak');
    await expectRefused(page);
  },
  'Forgot your password?': async ({ page, ...where }) => {
    await page.goto(loginUrl(where));
    await page.getByRole('link', { name: 'Forgot password?' }).click();
  },
  'Check your email': async ({ page, ...where }) => {
    await page.goto(loginUrl(where));
    await page.getByRole('link', { name: 'Forgot password?' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Forgot your password?');
    await page.getByLabel('Email address').fill('somebody@example.com');
    await page.getByRole('button', { name: 'Send link' }).click();
  },
  'Choose a new password': async ({ page, freehold }) => {
    await page.goto(await resetLink(freehold));
  },
  'Choose a new password (after a weak one)': async ({ page, freehold }) => {
    await page.goto(await resetLink(freehold));
    await page.getByLabel('New password').fill('weak');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expectRefused(page);
  },
  'Your password is changed': async ({ page, freehold }) => {
    await page.goto(await resetLink(freehold));
    await page.getByLabel('New password').fill(password);
    await page.getByRole('button', { name: 'Change password' }).click();
  },
  'Confirm your email address': async ({ page, ...where }) => {
    await page.goto(await verificationLink({ page, ...where }));
  },
  'Your email address is confirmed': async ({ page, ...where }) => {
    await page.goto(await verificationLink({ page, ...where }));
    await page.getByRole('button', { name: 'Confirm' }).click();
  },
  'This link cannot be used any more': async ({ page, freehold }) => {
    await page.goto(`${freehold.issuer}u/reset-password?ticket=unknown`);
  },
  'Allow access': async ({ page, ...where }) => {
    const scope = 'openid profile email offline_access read:payments';
    await page.goto(loginUrl(where, { audience: consentAudience, scope, screen_hint: 'signup' }));
    await signUp(page);
  },
  'Allow access (to an application that registered itself)': async ({ page, ...where }) => {
    const answer = await new Agent(where.freehold.issuer).postJson('/oidc/register', {
      client_name: 'Meeting notes',
      redirect_uris: [where.application.callback],
      policy_uri: 'https://notes.example/policy',
      tos_uri: 'https://notes.example/terms',
    });
    await page.goto(loginUrl(where, { client_id: String(answer.json().client_id) }));
    await logIn(page);
  },
  'Is this your application?': async ({ page, ...where }) => {
    const native = { client_id: 'native', redirect_uri: 'com.example.pocket://callback' };
    await page.goto(loginUrl(where));
    await logIn(page);
    await atCallback(page, where.application);
    await page.goto(loginUrl(where, native));
  },
  'Connect a device': async ({ page, freehold }) => {
    await page.goto(`${freehold.issuer}activate`);
  },
  'Connect a device (after a wrong code)': async ({ page, freehold }) => {
    await page.goto(`${freehold.issuer}activate?user_code=BCDF-GHJK`);
  },
  'Is this the code on your device?': async ({ page, ...where }) => {
    await page.goto(loginUrl(where));
    await logIn(page);
    await atCallback(page, where.application);
    await page.goto((await getCodes(where.freehold)).verification_uri_complete);
  },
  'Your device is connected': async ({ page, freehold }) => {
    await page.goto((await getCodes(freehold)).verification_uri_complete);
    await page.getByRole('button', { name: 'Continue' }).click();
    await logIn(page);
  },
  'Your device was not connected': async ({ page, freehold }) => {
    await page.goto((await getCodes(freehold)).verification_uri_complete);
    await page.getByRole('button', { name: 'Cancel' }).click();
  },
  'This code cannot be used any more': async ({ page, context, freehold }) => {
    await page.goto((await getCodes(freehold)).verification_uri_complete);
    await context.clearCookies();
    await page.getByRole('button', { name: 'Continue' }).click();
  },
  'Log out': async ({ page, ...where }) => {
    await page.goto(loginUrl(where));
    await logIn(page);
    await atCallback(page, where.application);
    await page.goto(`${where.freehold.issuer}oidc/logout`);
  },
  'You are logged out': async ({ page, freehold }) => {
    await page.goto(`${freehold.issuer}v2/logout`);
  },
  'Oops!, something went wrong': async ({ page, ...where }) => {
    await page.goto(loginUrl(where, { client_id: 'nobody' }));
  },
  'Oops!, something went wrong (with a lost login)': async ({ page, freehold }) => {
    await page.goto(`${freehold.issuer}u/login?state=lost`);
  },
  'Callback URL mismatch.': async ({ page, ...where }) => {
    await page.goto(loginUrl(where, { redirect_uri: `https://evil.example/${'long'.repeat(100)}` }));
  },
  'The keys to your own house.': async ({ page, freehold }) => {
    await page.goto(freehold.issuer);
  },
  'Try a login, step by step': async ({ page, freehold }) => {
    await page.goto(`${freehold.issuer}try`);
  },
};

/** The page that was there before has the same heading. */
function expectRefused(page: Page): Promise<void> {
  return expect(page).toHaveTitle(/^Error: /);
}

/** One that a mail to Ada has brought. */
async function resetLink(freehold: Freehold): Promise<string> {
  // No two mails of one second, and no limit of another page's.
  freehold.clock.advance(3600);
  const body = { email: 'ada@example.com', connection: defaultDatabaseName };
  await new Agent(freehold.issuer).postJson('/dbconnections/change_password', body);
  return (await linkSentTo(freehold, 'ada@example.com')).href;
}

/** One that a mail to somebody who has just signed up has brought. */
async function verificationLink({ page, ...where }: Visit): Promise<string> {
  await page.goto(loginUrl(where, { screen_hint: 'signup' }));
  const email = await signUp(page);
  await atCallback(page, where.application);
  return (await linkSentTo(where.freehold, email)).href;
}

for (const [name, visit] of Object.entries(pages)) {
  test(`LT-5, RM-10: ${name}: axe finds nothing, light and dark; no violation, no framing`, async ({
    page,
    context,
    freehold,
    application,
  }) => {
    const answers: Record<string, string>[] = [];
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.status() !== 302)
        answers.push(response.headers());
    });
    await visit({ page, context, freehold, application });
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(name.replace(/ \(.*\)$/, ''));
    const policy = answers.at(-1)?.['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; img-src https: data:");
    expect(policy).toContain("frame-ancestors 'none'");
    await expectAccessible(page);
  });
}
