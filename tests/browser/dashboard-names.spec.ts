// Names that nobody expected: with markup, from right to left, of pictures, of ten thousand characters. Wherever they are
// shown they are text, and no screen grows wider than the device for them.
import { furnish, placesWith, type ScreenIds, walk } from '../setup/dashboard-screens.ts';
import {
  type Dashboard,
  dashboardOn,
  expect,
  flip,
  type Page,
  startDashboard,
  test,
  whenShown,
} from '../setup/dashboard-test.ts';
import { confidential } from '../setup/flow.ts';
import type { Freehold } from '../setup/server.ts';

const start = '<img src=x onerror="document.title=1"><b id=strange>&amp; \u202Eمتجر 🛍️ ';
const name =
  start + 'ThisHasNoSpace'.repeat((10_000 - start.length) / 14 + 1).slice(0, 10_000 - start.length);

/** What is left of it where fewer characters fit. */
const beginning = name.slice(0, 128);

test('names are text wherever they are shown, and no screen is wider for them', async ({ page }) => {
  test.slow();
  const freehold = await startDashboard();
  try {
    const ids = await furnish(freehold);
    renameEverything(freehold);
    const strange = dashboardOn(page, freehold);
    await strange.open('/try');
    await walk(strange, placesWith(ids), async (where) => {
      await expectText(page, where);
      if (!withoutNames.test(where)) await expect(page.locator('#content'), where).toContainText(beginning);
    });
    await inDialogs(strange, ids);
    await page.goto('about:blank');
  } finally {
    await freehold.stop();
  }
});

/** What shows numbers, the looks, or settings that no name is in. */
const withoutNames =
  /^\/(try|branding|attack-protection|settings|\?|$|,)|, (Settings|JSON|Test|Quick start|Credentials|Sessions|History)$/;

/** As if it had been imported so: the API takes fewer characters for most of them. */
function renameEverything({ execute, clock }: Freehold): void {
  for (const table of ['client', '"user"', 'resource_server']) execute(`update ${table} set name = ?`, name);
  execute('update connection set display_name = ?', name.slice(0, 128));
  execute('update organization set display_name = ?', name.slice(0, 255));
  // The server's own keep their names: who is an administrator is known by them.
  const ofRoles = name.slice(0, 255);
  execute('update role set name = ?, description = ? where is_system = 0', ofRoles, ofRoles);
  execute("update invitation set inviter = json_set(inviter, '$.name', ?)", name.slice(0, 300));
  execute("update tenant set settings = json_set(settings, '$.friendly_name', ?)", name.slice(0, 200));
  execute("update log set entry = json_set(entry, '$.user_name', ?, '$.description', ?)", name, name);
  // What is kept for a second is read again.
  clock.advance(2);
}

async function expectText(page: Page, where: string): Promise<void> {
  await expect(page.locator('img[src=x], #strange'), where).toHaveCount(0);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways, `scrolls sideways: ${where}`).toBeLessThanOrEqual(0);
}

/** What opens above the screens: a confirmation, a toast, the palette. */
async function inDialogs({ page, goTo, expectToast }: Dashboard, ids: ScreenIds): Promise<void> {
  await goTo(`/roles/${ids.role}`);
  await page.getByRole('button', { name: 'Delete the role' }).click();
  await expect(page.getByRole('dialog')).toContainText(beginning);
  await expectText(page, 'a confirmation');
  await page.keyboard.press('Escape');

  await goTo('/nowhere');
  await goTo(`/connections/${ids.connection}/applications`);
  await flip(page.getByRole('switch').first());
  await expectToast(beginning);
  await expectText(page, 'a toast');

  await whenShown(page);
  await page.keyboard.press('ControlOrMeta+K');
  await page.getByRole('textbox', { name: 'Search' }).fill(confidential.client_id);
  await expect(page.getByRole('button').filter({ hasText: beginning }).first()).toBeVisible();
  await expectText(page, 'the palette');
}
