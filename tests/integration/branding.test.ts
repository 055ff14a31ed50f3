// The pages wear what the tenant has said of its looks, as soon as it is said.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, newPkce, sampleTenant, users } from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
beforeAll(async () => {
  const tenant = sampleTenant({ branding: { colors: { primary: '#0059d6' } } });
  freehold = await startFreehold({ tenant, users });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const loginPage = () => new Agent(freehold.issuer).open(authorizationUrl(freehold, newPkce()));

async function theme() {
  const { text } = await loginPage();
  const url = /href="(\/assets\/theme\.css\?v=[\w-]{12})"/.exec(text)?.[1];
  if (url === undefined) return undefined;
  return { url, ...(await new Agent(freehold.issuer).send(url)) };
}

test('§3.7: what the file says of colours, and what the Management API says, is worn at once', async () => {
  const first = await theme();
  expect(first?.text).toContain('--color-primary:#0059d6');
  expect(first?.headers).toMatchObject({
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  await api.patch('/branding', {
    colors: { page_background: { type: 'linear-gradient', start: '#000000', end: '#222222', angle_deg: 35 } },
  });
  const second = await theme();
  expect(second?.text).toContain('--page-background:linear-gradient(35deg,#000000,#222222)');
  expect(second?.text).not.toContain('#0059d6');
  expect(second?.url).not.toBe(first?.url);
  // A page of before still asks for its own.
  const outdated = await new Agent(freehold.issuer).send(first?.url ?? '');
  expect([outdated.text, outdated.headers['cache-control']]).toEqual([second?.text, 'no-cache']);
});

test('§3.7: logo and icon; the tenant’s picture where there is no logo', async () => {
  await api.patch('/tenants/settings', { picture_url: 'https://acme.example/picture.png' });
  expect((await loginPage()).text).toContain('<img src="https://acme.example/picture.png"');
  await api.patch('/branding', {
    logo_url: 'https://acme.example/logo.png?a=1&b="',
    favicon_url: 'https://acme.example/favicon.ico',
  });
  const { text } = await loginPage();
  expect(text).toContain('<img src="https://acme.example/logo.png?a=1&amp;b=&quot;"');
  expect(text).toContain('<link rel="icon" href="https://acme.example/favicon.ico"/>');
  await api.patch('/branding', { logo_url: null, favicon_url: null });
  expect((await loginPage()).text).toContain('<link rel="icon" type="image/svg+xml"');
});

test('LT-5: a page lets in the font of the tenant from its host, and no other', async () => {
  expect((await loginPage()).headers['content-security-policy']).not.toContain('font-src');
  await api.patch('/branding', { font: { url: 'https://fonts.acme.example/acme.woff2' } });
  const { headers } = await loginPage();
  expect(headers['content-security-policy']).toMatch(
    /^default-src 'none'; .*; font-src https:\/\/fonts\.acme\.example$/,
  );
  expect((await theme())?.text).toContain('src:url("https://fonts.acme.example/acme.woff2")');
  expect((await api.get('/branding')).headers).not.toHaveProperty('content-security-policy');
});

test('without any of it the pages look as Freehold does', async () => {
  const emptied = { colors: { primary: null, page_background: null }, font: { url: null } };
  expect((await api.patch('/branding', emptied)).body).toEqual({});
  await api.patch('/branding', { colors: { primary: '#0059d6' }, font: null });
  await api.patch('/branding', { colors: null });
  expect((await api.get('/branding')).body).toEqual({});
  expect(await theme()).toBeUndefined();
  expect((await new Agent(freehold.issuer).send('/assets/theme.css')).text).toBe('');
});

test.each([
  [
    { colors: { primary: 'red' } },
    "'Object didn't pass validation for format html-color-or-null: red' on property colors.primary",
  ],
  [{ colors: { page_background: { type: 'radial' } } }, 'on property colors.page_background'],
  [{ colors: { secondary: '#fff' } }, "'Additional properties not allowed: secondary' on property colors"],
  [
    { logo_url: 'http://acme.example/' },
    "format strict-https-uri-or-null: http://acme.example/' on property logo_url",
  ],
  [{ font: { url: 'javascript:alert(1)' } }, 'on property font.url'],
  // It would put every page, the administrators' too, into a sandbox.
  [{ font: { url: 'https://fonts.acme.example;sandbox/a.woff2' } }, 'on property font.url'],
  [{ logo_url: 'https://acme.example,x/logo.svg' }, 'on property logo_url'],
  [{ favicon_url: 7 }, "'Expected type string but found type integer' on property favicon_url"],
])('§3.1: %j is refused', async (body, words) => {
  const { status, body: refusal } = await api.patch('/branding', body);
  expect([status, refusal.message]).toEqual([400, expect.stringContaining(words)]);
});
