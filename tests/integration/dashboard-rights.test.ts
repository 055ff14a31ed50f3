// What people see in the dashboard who may not do everything: no secret in any answer or on any screen, nothing to press
// that would be refused, and a word where something is not for them.
import type { Browser, Page, Response } from '@playwright/test';
import { afterAll, beforeAll, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { giveRole } from '../setup/administrators.ts';
import { launchChromium } from '../setup/chromium.ts';
import { furnish, placesWith, posted, type ScreenIds, walk } from '../setup/dashboard-screens.ts';
import {
  dashboardOn,
  expect,
  forgetPictures,
  startDashboard,
  watchDashboard,
} from '../setup/dashboard-test.ts';
import { password, webSecret } from '../setup/flow.ts';
import { type ManagementApi, managementApi, managementSecret } from '../setup/management.ts';
import type { Freehold } from '../setup/server.ts';

const signingSecret = 'the-secret-that-signs-the-tokens-of-the-ledger-0123456789abcdef0123456789';
const twilioToken = 'the-token-of-the-sender-of-text-messages';
const upstreamSecret = 'the-secret-of-this-server-at-another';
const secrets = [webSecret, managementSecret, signingSecret, twilioToken, upstreamSecret];
/** A private key, and how a ticket of an invitation is told. */
const telling = /PRIVATE KEY|"ticket_id":"(?!\[REDACTED\]).{10}|invitation=.{10}/g;
const viewer = 'viewer@example.com';
const support = 'support@example.com';

let freehold: Freehold;
let browser: Browser;
let ids: ScreenIds;

beforeAll(async () => {
  freehold = await startDashboard();
  const api = await managementApi(freehold);
  ids = { ...(await furnish(freehold)), ...(await makeSecrets(api)) };
  for (const [email, role] of [
    [viewer, 'viewer'],
    [support, 'support'],
  ] as const) {
    const user = { connection: defaultDatabaseName, email, password, email_verified: true };
    const { user_id } = await posted(api, '/users', user);
    await giveRole(freehold, String(user_id), role);
  }
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await freehold.stop();
});

const placesOfSecrets = () => [
  `/apis/${ids.ledger}`,
  `/connections/${ids.sms}`,
  `/connections/${ids.upstream}`,
];

/** What has a secret, of each kind. */
async function makeSecrets(api: ManagementApi): Promise<ScreenIds> {
  const made = async (path: string, body: unknown) => String((await posted(api, path, body)).id);
  return {
    ledger: await made('/resource-servers', {
      name: 'Ledger',
      identifier: 'https://ledger.example/',
      signing_alg: 'HS256',
      signing_secret: signingSecret,
    }),
    sms: await made('/connections', {
      name: 'sms',
      strategy: 'sms',
      options: { twilio_sid: 'AC1', twilio_token: twilioToken, from: '+15550100' },
    }),
    upstream: await made('/connections', {
      name: 'elsewhere',
      strategy: 'google-oauth2',
      options: { client_id: 'freehold', client_secret: upstreamSecret },
    }),
  };
}

/** What people with these roles may read, or might in a mistake, and what of it is secret. */
test('whoever may do everything gets each of the secrets', async () => {
  const api = await managementApi(freehold);
  const answers = [
    await api.get('/clients?fields=client_secret'),
    await api.get('/resource-servers'),
    await api.get('/connections'),
    await api.get(`/organizations/${ids.organization}/invitations`),
  ];
  const all = answers.map(({ text }) => text).join();
  for (const secret of secrets) expect(all).toContain(secret);
  expect(all).toMatch(/"ticket_id":"\w+"/);
});

test('a viewer sees every screen, no secret, and nothing that changes anything', async () => {
  const visit = await visitAs(viewer);
  await walk(visit.dashboard, [...placesWith(ids), ...placesOfSecrets()], async (where) => {
    expect(await headingOf(visit.page), where).not.toContain('not for your role');
    expect((await controlsOf(visit.page)).filter(changesSomething), where).toEqual([]);
    await visit.expectNoSecret(where);
  });
  await visit.dashboard.goTo(`/applications/${ids.confidential}/credentials`);
  await expect(visit.page.getByText('Your role does not show secrets.')).toBeVisible();
  await visit.end();
});

test('support sees people, is told of what it may not see, and can do what is offered', async () => {
  const visit = await visitAs(support);
  const { page, dashboard } = visit;
  const offered = new Set<string>();
  const notShown = new Set<string>();
  await walk(dashboard, [...placesWith(ids), ...placesOfSecrets()], async (where) => {
    const [, screen] = where.split('/');
    if ((await headingOf(page)).includes('not for your role')) notShown.add(screen ?? '');
    for (const control of await controlsOf(page)) if (changesSomething(control)) offered.add(control);
    await visit.expectNoSecret(where);
  });
  expect([...notShown].sort()).toEqual(['apis', 'applications', 'attack-protection', 'branding', 'settings']);
  // Each of these is pressed below, or leads to one that is; fields are saved together.
  expect([...offered].sort()).toEqual([
    'button "Actions"',
    'button "End all sessions"',
    'button "End"',
    'button "Link another account"',
    'button "Remove"',
    'button "Sign out all devices"',
    'button "Sign out"',
    'switch "Email address verified"',
    'textbox "Email address"',
    'textbox "Family name"',
    'textbox "Given name"',
    'textbox "Name"',
    'textbox "Nickname"',
    'textbox "Picture"',
    'textbox "app_metadata"',
    'textbox "user_metadata"',
  ]);
  await visit.end();
});

test('what support is offered on the screens of a person is not refused', async () => {
  const { page, dashboard, end } = await visitAs(support);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
  await dashboard.goTo(`/users/${encodeURIComponent(ids.user ?? '')}`);
  await page.getByLabel('Nickname').fill('countess');
  await press('Save');
  await dashboard.expectToast('Saved');
  await page.getByRole('tab', { name: 'Permissions' }).click();
  await press('Remove');
  await dashboard.undo('read:orders');
  await expect(page.getByRole('button', { name: 'Remove' })).toBeVisible();
  await page.getByRole('tab', { name: 'Sessions' }).click();
  await press('Sign out');
  await dashboard.expectToast('The device is signed out');
  await press('End');
  await expect(page.getByRole('table', { name: 'Browser sessions' })).toBeHidden();
  for (const action of ['Block', 'Unblock']) {
    await press('Actions');
    await page.getByRole('menuitem', { name: action }).click();
    await expect(page.getByText('Blocked', { exact: true })).toBeVisible({ visible: action === 'Block' });
  }
  await end();
});

/** A browser of this person, whose answers of the Management API are kept. */
async function visitAs(username: string) {
  const context = await browser.newContext();
  const complaints = await watchDashboard(context);
  const page = await context.newPage();
  const answers: Promise<string>[] = [];
  const keep = (response: Response) => {
    if (response.url().startsWith(`${freehold.issuer}api/v2/`)) answers.push(response.text());
  };
  page.on('response', keep);
  const dashboard = dashboardOn(page, freehold);
  await dashboard.openAs(username, '/try');
  async function expectNoSecret(where: string): Promise<void> {
    const told = [await page.content(), ...(await Promise.all(answers.splice(0)))].join();
    const seen = [...secrets.filter((secret) => told.includes(secret)), ...(told.match(telling) ?? [])];
    expect(seen, where).toEqual([]);
  }
  return {
    page,
    dashboard,
    expectNoSecret,
    async end() {
      page.off('response', keep);
      await expectNoSecret('what was still on its way');
      expect(complaints, 'nothing was refused').toEqual([]);
      await forgetPictures(context);
      await context.close();
    },
  };
}

const headingOf = (page: Page) => page.locator('#content h1').innerText();

/** What can be pressed or filled in: its role and name. */
async function controlsOf(page: Page): Promise<string[]> {
  const enabled = '#content :is(button, input, select, textarea):enabled:visible:not([role=tab])';
  const controls = await page.locator(enabled).all();
  const snapshots = await Promise.all(controls.map((control) => control.ariaSnapshot()));
  return snapshots.map((snapshot) => /\w+ "(?:\\.|[^"\\])*"|\w+/.exec(snapshot)?.[0] ?? snapshot);
}

/** Copies, shows, pages or looks for something; chooses what a preview or a login that is tried looks like. */
const harmless = [
  /^button "(Copy.*|Previous|Next|Permissions|More filters)"$/,
  /^searchbox "Search .*"$/,
  /^combobox "(Type|Whether they are blocked|Connection|Last login|Order|What happened|When)"$/,
  /^radio "(\d+ days|Yours|For administrators)"$/,
  /^switch "Live"$/,
  /^(combobox|textbox|button) "(Application|Connection|API|Organization|Log in)"$/,
];

function changesSomething(control: string): boolean {
  return !harmless.some((pattern) => pattern.test(control));
}
