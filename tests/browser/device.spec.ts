// A device, connected by a person at a keyboard: RFC 8628 §3.3 without a mouse.
import { expect, test } from '../setup/browser-test.ts';
import { getCodes, poll } from '../setup/device.ts';
import { password } from '../setup/flow.ts';

test('DV-9, UL-1: a code is typed, compared and confirmed with the keyboard alone', async ({
  page,
  freehold,
}) => {
  const codes = await getCodes(freehold);
  await page.goto(codes.verification_uri);
  await expect(page.getByLabel('Code')).toBeFocused();
  await page.keyboard.type(codes.user_code.replace('-', '').toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page.getByText(codes.user_code)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Continue' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Email address')).toBeFocused();
  await page.keyboard.type('ada@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your device is connected');
  expect((await poll(freehold, codes)).status).toBe(200);
  // Seeing the end again connects nothing and loses nothing.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your device is connected');
});
