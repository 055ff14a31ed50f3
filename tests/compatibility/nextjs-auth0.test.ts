// Its server's half, as the middleware and the routes of a Next.js application call it: with NextRequest and
// NextResponse. What Next.js would do around it, a plain https server does.
import { Auth0Client } from '@auth0/nextjs-auth0/server';
import type { LogoutToken, SessionData, SessionDataStore } from '@auth0/nextjs-auth0/types';
import type { Page } from '@playwright/test';
import { NextRequest, NextResponse } from 'next/server.js';
import { generateKeyPair } from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, audience, webSecret } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';
import {
  listenerOf,
  startWebApplications,
  type WebApplication,
  type WebApplications,
} from './web-application.ts';

/** Sessions on the application's side, which a logout token can end. */
class SessionStore implements SessionDataStore {
  readonly #sessions = new Map<string, SessionData>();

  async get(id: string): Promise<SessionData | null> {
    return this.#sessions.get(id) ?? null;
  }

  async set(id: string, session: SessionData): Promise<void> {
    this.#sessions.set(id, session);
  }

  async delete(id: string): Promise<void> {
    this.#sessions.delete(id);
  }

  async deleteByLogoutToken({ sid }: LogoutToken): Promise<void> {
    for (const [id, { internal }] of this.#sessions) if (internal.sid === sid) this.#sessions.delete(id);
  }
}

const application: WebApplication = {
  callback: '/auth/callback',
  backchannelLogout: '/auth/backchannel-logout',
  listener({ issuer }, origin) {
    const auth0 = new Auth0Client({
      sessionStore: new SessionStore(),
      domain: issuer,
      // It takes a port, or localhost, only so.
      allowInsecureRequests: true,
      clientId: 'web',
      clientSecret: webSecret,
      appBaseUrl: origin,
      secret: 'a'.repeat(64),
      signInReturnToPath: '/profile',
      authorizationParameters: { audience, scope: 'openid profile email offline_access read:orders' },
    });
    return listenerOf(origin, async (plain) => {
      const request = new NextRequest(plain);
      const answer = await auth0.middleware(request);
      const { pathname } = request.nextUrl;
      if (pathname.startsWith('/auth/')) return answer;
      if (pathname === '/profile')
        return NextResponse.json({ user: (await auth0.getSession(request))?.user ?? null });
      if (pathname === '/refresh') {
        const before = await auth0.getAccessToken(request, answer);
        const after = await auth0.getAccessToken(request, answer, { refresh: true });
        return NextResponse.json({ before: before.token, after: after.token }, answer);
      }
      return new NextResponse('The application');
    });
  },
};

const dpopKeyPair = await generateKeyPair('ES256');

/** The request is pushed, and the tokens are bound to the application's key. */
const strict: WebApplication = {
  callback: '/auth/callback',
  client: { name: 'Strict', client_id: 'strict', require_pushed_authorization_requests: true },
  listener({ issuer }, origin) {
    const auth0 = new Auth0Client({
      domain: issuer,
      allowInsecureRequests: true,
      clientId: 'strict',
      clientSecret: webSecret,
      appBaseUrl: origin,
      secret: 'b'.repeat(64),
      signInReturnToPath: '/userinfo',
      pushedAuthorizationRequests: true,
      useDPoP: true,
      dpopKeyPair,
    });
    return listenerOf(origin, async (plain) => {
      const request = new NextRequest(plain);
      const answer = await auth0.middleware(request);
      if (request.nextUrl.pathname !== '/userinfo') return answer;
      const fetcher = await auth0.createFetcher(request, { baseUrl: issuer });
      // It learns that a token is bound when it refreshes, not at login.
      return fetcher.fetchWithAuth('/userinfo', { refresh: true });
    });
  },
};

let web: WebApplications;
let page: Page;

beforeAll(async () => {
  web = await startWebApplications([application, strict]);
  page = await web.newPage();
});
afterAll(() => web.stop());

async function open(path: string): Promise<Record<string, unknown>> {
  await page.goto(web.origins[0] + path);
  return JSON.parse((await page.textContent('body')) ?? '') as Record<string, unknown>;
}

describe('@auth0/nextjs-auth0', () => {
  test('logs in: the session and its user', async () => {
    await page.goto(`${web.origins[0]}/auth/login`);
    await logIn(page);
    await page.waitForURL(`${web.origins[0]}/profile`);
    expect(await open('/profile')).toMatchObject({ user: { sub: ada, email: 'ada@example.com' } });
    expect(await open('/auth/profile')).toMatchObject({ sub: ada });
  });

  test('gives the browser its access token', async () => {
    expect(await open('/auth/access-token')).toMatchObject({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      scope: expect.stringContaining('read:orders'),
      expires_at: expect.any(Number),
    });
  });

  test('refreshes its access token', async () => {
    const { before, after } = await open('/refresh');
    expect(before).toEqual(expect.any(String));
    expect(after).not.toBe(before);
  });

  test('logs out at the server too', async () => {
    await page.goto(`${web.origins[0]}/auth/logout`);
    await page.waitForURL(`${web.origins[0]}/`);
    expect(await open('/profile')).toEqual({ user: null });
    await page.goto(`${web.origins[0]}/auth/login`);
    expect(page.url()).toContain(`${web.freehold.issuer}u/login`);
  });

  test('hears by the back channel that the session has ended elsewhere', async () => {
    await page.goto(`${web.origins[0]}/auth/login`);
    await logIn(page);
    await page.waitForURL(`${web.origins[0]}/profile`);
    await page.goto(`${web.freehold.issuer}v2/logout`);
    await web.freehold.composed.deliverDue();
    expect(await open('/profile')).toEqual({ user: null });
  });

  test('pushes its request, refreshes with a proof, and calls /userinfo by DPoP', async () => {
    const visitor = await web.newPage();
    await visitor.goto(`${web.origins[1]}/auth/login`);
    await logIn(visitor);
    await visitor.waitForURL(`${web.origins[1]}/userinfo`);
    expect(JSON.parse((await visitor.textContent('body')) ?? '')).toMatchObject({ sub: ada });
  });
});
