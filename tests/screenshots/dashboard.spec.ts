// `npm run screenshots`: a picture of every screen of the dashboard, light on a desktop and dark on a phone, in
// .build/screenshots, for a person to look at. The tenant is the tests' sample.
import { join } from 'node:path';
import { addressOf, furnish, type ScreenIds, screens } from '../setup/dashboard-screens.ts';
import { test as base, expect } from '../setup/dashboard-test.ts';

const folder = join(import.meta.dirname, '../../.build/screenshots');

const test = base.extend<object, { ids: ScreenIds }>({
  ids: [async ({ freehold }, use) => use(await furnish(freehold)), { scope: 'worker' }],
});

for (const [name, path] of Object.entries(screens)) {
  test(name, async ({ page, dashboard, ids }, { project }) => {
    await dashboard.open(addressOf(path, ids));
    await page.waitForLoadState('networkidle');
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
    await page.screenshot({ path: join(folder, `${project.name}-${name}.png`), fullPage: true });
  });
}
