import type { Page } from '@playwright/test';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy } from 'passport-auth0';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, webSecret } from '../setup/flow.ts';
import { logIn } from '../setup/login-form.ts';
import { startWebApplications, type WebApplication, type WebApplications } from './web-application.ts';

const application: WebApplication = {
  callback: '/callback',
  listener({ domain }, origin) {
    const settings = {
      domain,
      clientID: 'web',
      clientSecret: webSecret,
      callbackURL: `${origin}/callback`,
      passReqToCallback: false,
    } as const;
    passport.use(
      new Strategy(settings, (accessToken, _refreshToken, extra, profile, done) => {
        done(null, { profile, accessToken, ...extra });
      }),
    );
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    const app = express();
    app.use(session({ secret: 'of the application', resave: false, saveUninitialized: false }));
    app.use(passport.session());
    app.get('/login', passport.authenticate('auth0', { scope: 'openid profile email' }));
    app.get('/callback', passport.authenticate('auth0', { failWithError: true }), ({ user }, response) => {
      response.json(user);
    });
    return app;
  },
};

let web: WebApplications;
let page: Page;

beforeAll(async () => {
  web = await startWebApplications([application]);
  page = await web.newPage();
});
afterAll(() => web.stop());

describe('passport-auth0', () => {
  test('logs in: the profile from userinfo, the ID token checked', async () => {
    await page.goto(`${web.origins[0]}/login`);
    await logIn(page);
    await page.waitForURL(`${web.origins[0]}/callback?**`);
    expect(JSON.parse((await page.textContent('body')) ?? '')).toMatchObject({
      profile: {
        provider: 'auth0',
        user_id: ada,
        displayName: 'Ada Lovelace',
        emails: [{ value: 'ada@example.com' }],
        nickname: 'ada',
      },
      id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
  });

  test('a login that is refused comes back as a failure', async () => {
    const stranger = await web.newPage();
    const answer = await stranger.goto(`${web.origins[0]}/callback?error=access_denied`);
    expect(answer?.status()).toBe(401);
  });
});
