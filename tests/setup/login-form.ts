// The login page, filled in as scripts that drive Auth0's hosted page fill it in.
import type { Page } from '@playwright/test';
import { password } from './flow.ts';

export async function logIn(page: Page, username = 'ada@example.com', secret = password): Promise<void> {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(secret);
  await page.locator('[type=submit][name=action][value=default]').click();
}
