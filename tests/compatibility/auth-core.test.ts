import { Auth, type AuthConfig } from '@auth/core';
import Auth0 from '@auth/core/providers/auth0';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, audience, webSecret } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';
import {
  listenerOf,
  startWebApplications,
  type WebApplication,
  type WebApplications,
} from './web-application.ts';

const application: WebApplication = {
  callback: '/auth/callback/auth0',
  client: { token_endpoint_auth_method: 'client_secret_basic' },
  listener({ issuer }, origin) {
    const settings: AuthConfig = {
      basePath: '/auth',
      secret: 'what-the-application-seals-its-cookies-with',
      trustHost: true,
      providers: [
        Auth0({
          issuer,
          clientId: 'web',
          clientSecret: webSecret,
          authorization: { params: { audience, scope: 'openid profile email read:orders' } },
        }),
      ],
      callbacks: {
        jwt: ({ token, account }) => (account ? { ...token, account } : token),
        session: ({ session, token }) => ({ ...session, account: token.account }),
      },
    };
    return listenerOf(origin, async (request) =>
      new URL(request.url).pathname.startsWith('/auth/')
        ? Auth(request, settings)
        : new Response('The application'),
    );
  },
};

let web: WebApplications;
let page: Page;

beforeAll(async () => {
  web = await startWebApplications([application]);
  page = await web.newPage();
});
afterAll(() => web.stop());

describe('@auth/core', () => {
  test('the Auth0 provider logs in: discovery, PKCE, ID token, its own session', async () => {
    await page.goto(`${web.origins[0]}/auth/signin`);
    await page.getByRole('button', { name: 'Auth0' }).click();
    await logIn(page);
    await page.waitForURL(`${web.origins[0]}/`);
    await page.goto(`${web.origins[0]}/auth/session`);
    expect(JSON.parse((await page.textContent('body')) ?? '')).toMatchObject({
      user: { name: 'Ada Lovelace', email: 'ada@example.com', image: 'https://example.com/ada.png' },
      account: { provider: 'auth0', providerAccountId: ada, scope: expect.stringContaining('read:orders') },
    });
  });
});
