import type { Page } from '@playwright/test';
import express from 'express';
import { auth, requiresAuth, type SessionStore, type SessionStorePayload } from 'express-openid-connect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, audience, webSecret } from '../setup/flow.ts';
import { newKeyPair } from '../setup/keys.ts';
import { logIn } from '../setup/login-form.ts';
import { startWebApplications, type WebApplication, type WebApplications } from './web-application.ts';

const key = newKeyPair('RS256');

type Cookie = Pick<SessionStorePayload, 'cookie'>;
type Entry = SessionStorePayload<Cookie>;

/** Which sessions and users have been logged out by the back channel. */
class LogoutStore implements SessionStore<Cookie> {
  readonly #entries = new Map<string, Entry>();

  get(key: string, callback: (error: unknown, entry?: Entry | null) => void) {
    callback(null, this.#entries.get(key));
  }

  set(key: string, entry: Entry, callback?: (error?: unknown) => void) {
    this.#entries.set(key, entry);
    callback?.();
  }

  destroy(key: string, callback?: (error?: unknown) => void) {
    this.#entries.delete(key);
    callback?.();
  }
}

const codeFlow: WebApplication = {
  callback: '/callback',
  backchannelLogout: '/backchannel-logout',
  client: { token_endpoint_auth_method: 'client_secret_basic' },
  listener({ issuer }, origin) {
    const app = express();
    app.use(
      auth({
        issuerBaseURL: issuer,
        baseURL: origin,
        clientID: 'web',
        clientSecret: webSecret,
        secret: 'what-the-application-seals-its-cookies-with',
        authRequired: false,
        idpLogout: true,
        backchannelLogout: { store: new LogoutStore() },
        authorizationParams: {
          response_type: 'code',
          audience,
          scope: 'openid profile email offline_access read:orders',
        },
      }),
    );
    app.get('/profile', requiresAuth(), async ({ oidc }, response) => {
      response.json({ user: oidc.user, userinfo: await oidc.fetchUserInfo() });
    });
    app.get('/refresh', requiresAuth(), async ({ oidc }, response) => {
      const before = oidc.accessToken?.access_token;
      const after = await oidc.accessToken?.refresh();
      response.json({ before, after: after?.access_token });
    });
    app.get('/', ({ oidc }, response) => {
      response.json({ authenticated: oidc.isAuthenticated() });
    });
    return app;
  },
};

/** As the SDK's own quick start has it: an ID token, posted to the callback. */
const defaultFlow: WebApplication = {
  callback: '/callback',
  client: { name: 'Default', client_id: 'default', grant_types: ['implicit'] },
  listener({ issuer }, origin) {
    const app = express();
    const secret = 'what-the-application-seals-its-cookies-with';
    app.use(auth({ issuerBaseURL: issuer, baseURL: origin, clientID: 'default', secret }));
    app.get('/profile', ({ oidc }, response) => {
      response.json({ user: oidc.user });
    });
    return app;
  },
};

/** The strictest that it offers: the request is pushed, and the client proves itself by a signature. */
const strictFlow: WebApplication = {
  callback: '/callback',
  client: {
    name: 'Strict',
    client_id: 'strict',
    client_secret: undefined,
    token_endpoint_auth_method: undefined,
    require_pushed_authorization_requests: true,
    client_authentication_methods: { private_key_jwt: { credentials: [{ alg: 'RS256', pem: key.pem }] } },
  },
  listener({ issuer }, origin) {
    const app = express();
    app.use(
      auth({
        issuerBaseURL: issuer,
        baseURL: origin,
        clientID: 'strict',
        secret: 'what-the-application-seals-its-cookies-with',
        pushedAuthorizationRequests: true,
        clientAssertionSigningKey: key.privateKey,
        clientAssertionSigningAlg: 'RS256',
        authorizationParams: { response_type: 'code', scope: 'openid email' },
      }),
    );
    app.get('/profile', ({ oidc }, response) => {
      response.json({ user: oidc.user });
    });
    return app;
  },
};

let web: WebApplications;
let page: Page;

beforeAll(async () => {
  web = await startWebApplications([codeFlow, defaultFlow, strictFlow]);
  page = await web.newPage();
});
afterAll(() => web.stop());

async function open(path: string): Promise<unknown> {
  await page.goto(web.origins[0] + path);
  return shown();
}
const shown = async () => JSON.parse((await page.textContent('body')) ?? '') as unknown;

describe('express-openid-connect', () => {
  test('the code flow: login, user, userinfo', async () => {
    await page.goto(`${web.origins[0]}/profile`);
    await logIn(page);
    await page.waitForURL(`${web.origins[0]}/profile`);
    expect(await shown()).toMatchObject({
      user: { sub: ada, email: 'ada@example.com' },
      userinfo: { sub: ada, name: 'Ada Lovelace' },
    });
  });

  test('the code flow: refreshes its access token', async () => {
    const { before, after } = (await open('/refresh')) as { before: string; after: string };
    expect(after.split('.').length).toBe(3);
    expect(after).not.toBe(before);
  });

  test('the code flow: logs out at the server too', async () => {
    expect(await open('/')).toEqual({ authenticated: true });
    expect(await open('/logout')).toEqual({ authenticated: false });
    await page.goto(`${web.origins[0]}/profile`);
    expect(page.url()).toContain(`${web.freehold.issuer}u/login`);
  });

  test('the code flow: hears by the back channel that the session has ended', async () => {
    await logIn(page);
    await page.waitForURL(`${web.origins[0]}/profile`);
    expect(await open('/')).toEqual({ authenticated: true });
    await page.goto(`${web.freehold.issuer}v2/logout`);
    await web.freehold.composed.deliverDue();
    expect(await open('/')).toEqual({ authenticated: false });
  });

  test('its default flow: an ID token by form_post, without a client secret', async () => {
    const user = await userAt(web.origins[1]);
    expect(user).toMatchObject({ sub: ada, email: 'ada@example.com', sid: expect.any(String) });
  });

  test('the code flow with a pushed authorization request and private_key_jwt', async () => {
    expect(await userAt(web.origins[2])).toMatchObject({ sub: ada, email: 'ada@example.com' });
  });
});

/** Whom the application knows once a newcomer has logged in. */
async function userAt(origin = ''): Promise<unknown> {
  const visitor = await web.newPage();
  await visitor.goto(`${origin}/profile`);
  await logIn(visitor);
  await visitor.waitForURL(`${origin}/profile`);
  const { user } = JSON.parse((await visitor.textContent('body')) ?? '') as { user: unknown };
  await visitor.close();
  return user;
}
