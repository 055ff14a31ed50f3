// A tenant's own looks, as browsers show them: readable for everybody, and nobody is told who looks.
import type { Request } from '@playwright/test';
import { expect, expectAccessible, loginUrl, tenantOf, test } from '../setup/browser-test.ts';
import { users } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';
import { startFreehold } from '../setup/server.ts';

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40"/></svg>';
const colors = {
  primary: '#f5c518',
  page_background: { type: 'linear-gradient', start: '#000000', end: '#ffffff', angle_deg: 180 },
};

test.describe('branding', () => {
  // What the font's address holds here is no font.
  test.use({ expectedComplaint: /decode|OTS/ });

  test('§3.7: colours, gradient, logo, icon and font, on the next page that opens', async ({
    page,
    context,
    application,
  }) => {
    const support = { friendly_name: 'Acme', support_email: 'help@acme.example' };
    const freehold = await startFreehold({ tenant: tenantOf(application, { tenant: support }), users });
    const asked: Request[] = [];
    await context.route('https://cdn.acme.example/**', (route) => {
      asked.push(route.request());
      const headers = { 'access-control-allow-origin': '*' };
      return route.fulfill({ body: logo, contentType: 'image/svg+xml', headers });
    });
    try {
      const api = await managementApi(freehold);
      await page.goto(loginUrl({ freehold, application }));
      await expect(page.locator('.brand img')).toHaveCount(0);
      const { status } = await api.patch('/branding', {
        colors,
        logo_url: 'https://cdn.acme.example/logo.svg',
        favicon_url: 'https://cdn.acme.example/favicon.svg',
        font: { url: 'https://cdn.acme.example/acme.woff2' },
      });
      expect(status).toBe(200);
      await page.goto(loginUrl({ freehold, application }));
      await expect(page.getByRole('img', { name: 'Acme' })).toBeVisible();
      const body = page.locator('body');
      if ((page.viewportSize()?.width ?? 0) > 480)
        await expect(body).toHaveCSS('background-image', /^linear-gradient\(.*rgb\(0, 0, 0\)/);
      await expect(page.getByRole('button', { name: 'Continue' })).toHaveCSS(
        'background-color',
        'rgb(245, 197, 24)',
      );
      await expectAccessible(page);
      await expect
        .poll(() => asked.map((request) => new URL(request.url()).pathname))
        .toEqual(expect.arrayContaining(['/logo.svg', '/acme.woff2']));
      for (const request of asked) expect(request.headers()).not.toHaveProperty('referer');
    } finally {
      await freehold.stop();
    }
  });
});
