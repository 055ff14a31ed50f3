// The hosted pages as people meet them, with scripts and without.
import { Agent } from '../setup/agent.ts';
import { startApplication } from '../setup/application.ts';
import {
  atCallback,
  expect,
  logIn,
  loginUrl,
  newAddress,
  signUp,
  tenantOf,
  test,
} from '../setup/browser-test.ts';
import { claimsOf, consentAudience, newPkce, password, tokenRequest, users } from '../setup/flow.ts';
import { startFreehold } from '../setup/server.ts';

const lost = 'invalid_request: We could not find the session of this login. It may be that:';

test('AZ-66, LT-1: the page was left open for longer than a login may take', async ({
  page,
  application,
}) => {
  const freehold = await startFreehold({ tenant: tenantOf(application), users });
  try {
    await page.goto(loginUrl({ freehold, application }));
    freehold.clock.advance(3601);
    await logIn(page);
    await expect(page.getByText(lost)).toBeVisible();
    await expect(page.getByText('the page was left open for too long')).toBeVisible();
  } finally {
    await freehold.stop();
  }
});

test('CB-13, DIS-20: a loopback callback is confirmed where the tenant says so', async ({
  page,
  application,
}) => {
  const tenant = tenantOf(application, {
    tenant: { friendly_name: 'Acme', skip_non_verifiable_callback_uri_confirmation_prompt: false },
  });
  const freehold = await startFreehold({ tenant, users });
  try {
    await page.goto(loginUrl({ freehold, application }));
    await logIn(page);
    await atCallback(page, application);
    await page.goto(loginUrl({ freehold, application }));
    await expect(page).toHaveTitle('Is this your application? · Acme');
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await atCallback(page, application)).toHaveProperty('code');
  } finally {
    await freehold.stop();
  }
});

test('DIS-17: a native client listens on whatever loopback port it gets', async ({
  page,
  freehold,
  application,
}) => {
  const listening = await startApplication('127.0.0.1');
  try {
    const redirect_uri = listening.callback;
    await page.goto(loginUrl({ freehold, application }, { client_id: 'native', redirect_uri }));
    await logIn(page);
    expect(await atCallback(page, listening)).toEqual({ code: expect.any(String), state: 'xyzABC123' });
  } finally {
    await listening.stop();
  }
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('SD-20, SD-101: nobody is logged in, so the login page is shown; logging in gives tokens for that user', async ({
      page,
      freehold,
      application,
    }) => {
      const pkce = newPkce();
      await page.goto(loginUrl({ freehold, application }, {}, pkce));
      await expect(page).toHaveTitle('Log in · Acme');
      await expect(page.getByText('Continue to Harbour Shop')).toBeVisible();
      await logIn(page);
      const answer = await atCallback(page, application);
      expect(answer).toEqual({ code: expect.stringMatching(/^[\w-]{43,}$/), state: 'xyzABC123' });
      const request = tokenRequest(pkce, answer.code ?? '', { redirect_uri: application.callback });
      expect(await emailOf(freehold, request)).toBe('ada@example.com');
    });

    test('SD-22, SE-1: with a session the callback is reached without a page', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }));
      await logIn(page);
      await atCallback(page, application);
      const answer = await page.goto(loginUrl({ freehold, application }, { state: 'second' }));
      expect(new URL(page.url()).searchParams.get('state')).toBe('second');
      expect(
        await answer
          ?.request()
          .redirectedFrom()
          ?.response()
          .then((response) => response?.status()),
      ).toBe(302);
    });

    test('SD-37: without a state there is none at the callback, and no error', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }, { state: undefined }));
      await logIn(page);
      expect(Object.keys(await atCallback(page, application))).toEqual(['code']);
    });

    test('UL-8: a wrong password and an unknown user stay on the page with the same words; then the right one', async ({
      page,
      freehold,
      application,
    }) => {
      const email = await signUpAndLeave();
      await page.goto(loginUrl({ freehold, application }));
      for (const username of [newAddress(), email]) {
        await logIn(page, username, 'not-the-password');
        // What was typed is there until the answer is.
        await expect(page.locator('#password')).toHaveValue('');
        await expect(page).toHaveTitle('Error: Log in · Acme');
        await expect(page.getByRole('alert')).toHaveText('Wrong email or password');
        await expect(page.locator('#username')).toHaveValue(username);
      }
      await logIn(page, email);
      expect(await atCallback(page, application)).toHaveProperty('code');

      async function signUpAndLeave() {
        await page.goto(loginUrl({ freehold, application }, { screen_hint: 'signup' }));
        const address = await signUp(page);
        await atCallback(page, application);
        await page.context().clearCookies();
        return address;
      }
    });

    test('UL-5: people sign up from the login page; a weak password is refused with the reason', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }));
      await expect(page.locator('#password')).toHaveAttribute('autocomplete', 'current-password');
      await expect(page.getByRole('link', { name: 'Forgot password?' })).toBeVisible();
      await page.getByRole('link', { name: 'Sign up' }).click();
      await expect(page).toHaveTitle('Sign up · Acme');
      await expect(page.locator('#password')).toHaveAttribute('autocomplete', 'new-password');
      const email = newAddress();
      await signUp(page, email, 'short');
      await expect(page).toHaveTitle('Error: Sign up · Acme');
      await expect(page.getByText('This password is too short')).toBeVisible();
      await expect(page.locator('#email')).toHaveValue(email);
      await signUp(page, email);
      expect(await atCallback(page, application)).toEqual({ code: expect.any(String), state: 'xyzABC123' });
    });

    test('SD-23, CN-1, CN-2: consent is asked once, and again when more is asked for', async ({
      page,
      freehold,
      application,
    }) => {
      const authorize = (scope: string) =>
        page.goto(
          loginUrl({ freehold, application }, { audience: consentAudience, scope, screen_hint: 'signup' }),
        );
      await authorize('openid');
      const email = await signUp(page);
      await expect(page).toHaveTitle('Allow access · Acme');
      await expect(page.getByText('Harbour Shop is asking for access to your account at Acme')).toBeVisible();
      await expect(page.getByText(`Logged in as ${email}`)).toBeVisible();
      await page.getByRole('button', { name: 'Accept' }).click();
      expect(await atCallback(page, application)).toHaveProperty('code');

      await authorize('openid');
      expect(await atCallback(page, application)).toHaveProperty('code');

      await authorize('openid read:payments');
      await expect(page).toHaveTitle('Allow access · Acme');
      await expect(page.getByRole('heading', { name: 'Payments' })).toBeVisible();
    });

    test('AZ-62, CN-7: who declines goes back with access_denied, and is asked again next time', async ({
      page,
      freehold,
      application,
    }) => {
      const url = loginUrl({ freehold, application }, { client_id: 'third', screen_hint: 'signup' });
      await page.goto(url);
      await signUp(page);
      await page.locator('button[name=action][value=deny]').click();
      expect(await atCallback(page, application)).toEqual({
        error: 'access_denied',
        error_description: 'The user denied the authorization request',
        state: 'xyzABC123',
      });
      await page.goto(url);
      await expect(page).toHaveTitle('Allow access · Acme');
    });

    for (const [button, answer] of [
      ['Continue', 'code='],
      ['Cancel', 'error=access_denied'],
    ] as const)
      test(`CB-13: who is logged in already confirms a callback that nobody can prove is theirs: ${button}`, async ({
        page,
        freehold,
        application,
      }) => {
        const redirect_uri = 'com.example.pocket://callback';
        await page.goto(loginUrl({ freehold, application }));
        await logIn(page);
        await atCallback(page, application);
        await page.goto(loginUrl({ freehold, application }, { client_id: 'native', redirect_uri }));
        await expect(page).toHaveTitle('Is this your application? · Acme');
        await expect(page.getByText(redirect_uri)).toBeVisible();
        const leaves = page.waitForResponse((response) =>
          (response.headers().location ?? '').startsWith(`${redirect_uri}?${answer}`),
        );
        await page.getByRole('button', { name: button }).click();
        expect((await leaves).status()).toBe(button === 'Cancel' ? 303 : 302);
      });

    test('LO-11: without a hint the logout is confirmed, and ends the session', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }));
      await logIn(page);
      await atCallback(page, application);

      const logout = new URL('oidc/logout', freehold.issuer);
      logout.search = new URLSearchParams({
        client_id: 'spa',
        post_logout_redirect_uri: `${application.origin}/`,
        state: 'bye',
      }).toString();
      await page.goto(logout.href);
      await expect(page).toHaveTitle('Log out · Acme');
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.waitForURL(`${application.origin}/?state=bye`);
      await page.goto(loginUrl({ freehold, application }));
      await expect(page).toHaveTitle('Log in · Acme');
    });

    test('LO-3: a logout that names nowhere to return to ends on a page that says so', async ({
      page,
      freehold,
    }) => {
      await page.goto(`${freehold.issuer}v2/logout`);
      await expect(page.getByRole('heading', { name: 'You are logged out' })).toBeVisible();
    });

    test('AZ-52 to AZ-55: what cannot be answered to a callback is a page', async ({
      page,
      freehold,
      application,
    }) => {
      const pages: [Record<string, string | undefined>, number, string, string][] = [
        [
          { response_type: undefined },
          400,
          'Oops!, something went wrong',
          'invalid_request: Missing required parameter: response_type',
        ],
        [
          { client_id: undefined },
          400,
          'Oops!, something went wrong',
          'invalid_request: Missing required parameter: client_id',
        ],
        [
          { client_id: 'nobody' },
          400,
          'Oops!, something went wrong',
          'invalid_request: Unknown client: nobody',
        ],
        [
          { redirect_uri: 'https://evil.example/' },
          403,
          'Callback URL mismatch.',
          'The provided redirect_uri is not in the list of allowed callback URLs.',
        ],
      ];
      for (const [overrides, status, heading, text] of pages) {
        const answer = await page.goto(loginUrl({ freehold, application }, overrides));
        expect(answer?.status()).toBe(status);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
        await expect(page.getByText(text)).toBeVisible();
      }
    });

    test('AZ-66: the back button after logging in', async ({ page, freehold, application }) => {
      await page.goto(loginUrl({ freehold, application }));
      await logIn(page);
      await atCallback(page, application);
      const answer = await page.goBack();
      expect(answer?.status()).toBe(400);
      await expect(page.getByText(lost)).toBeVisible();
      await expect(page.getByText('you pressed the back button after logging in')).toBeVisible();
    });

    test('AZ-66, LT-1: the cookie of the browser is lost between the page and its form', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }));
      await page.context().clearCookies();
      await logIn(page);
      await expect(page.getByText(lost)).toBeVisible();
      expect(await page.context().cookies()).toEqual([]);
    });

    test('two tabs: both log in, and each gets its own answer', async ({
      page,
      context,
      freehold,
      application,
    }) => {
      const other = await context.newPage();
      await page.goto(loginUrl({ freehold, application }, { state: 'first' }));
      await other.goto(loginUrl({ freehold, application }, { state: 'second' }));
      await logIn(other);
      const second = await atCallback(other, application);
      await logIn(page);
      const first = await atCallback(page, application);
      expect([first.state, second.state]).toEqual(['first', 'second']);
      expect(first.code).not.toBe(second.code);
    });

    test('LT-2: two tabs, and the second logs in as another user: both answers are about whom they say', async ({
      page,
      context,
      freehold,
      application,
    }) => {
      const other = await context.newPage();
      const [ada, bob] = [newPkce(), newPkce()];
      await page.goto(loginUrl({ freehold, application }, {}, ada));
      await other.goto(loginUrl({ freehold, application }, {}, bob));
      for (const [tab, email, pkce] of [
        [page, 'ada@example.com', ada],
        [other, 'bob@example.com', bob],
      ] as const) {
        await logIn(tab, email);
        const { code = '' } = await atCallback(tab, application);
        expect(
          await emailOf(freehold, tokenRequest(pkce, code, { redirect_uri: application.callback })),
        ).toBe(email);
      }
    });

    test('LT-2: consent that was shown to one user is not given by the next', async ({
      page,
      context,
      freehold,
      application,
    }) => {
      const options = { client_id: 'third', screen_hint: 'signup' };
      await page.goto(loginUrl({ freehold, application }, options));
      await signUp(page);
      await expect(page).toHaveTitle('Allow access · Acme');
      const other = await context.newPage();
      await other.goto(loginUrl({ freehold, application }, { prompt: 'login', screen_hint: 'signup' }));
      await signUp(other);
      await atCallback(other, application);
      await page.getByRole('button', { name: 'Accept' }).click();
      await expect(page).toHaveTitle('Sign up · Acme');
    });

    test('the keyboard alone: Tab goes through the form in its order, Enter sends it, and the focus is seen', async ({
      page,
      freehold,
      application,
    }) => {
      await page.goto(loginUrl({ freehold, application }));
      await expect(page.locator('#username')).toBeFocused();
      await expectFocusIsSeen();
      await page.keyboard.type('ada@example.com');
      await page.keyboard.press('Tab');
      await expect(page.locator('#password')).toBeFocused();
      await expectFocusIsSeen();
      await page.keyboard.type(password);
      if (javaScriptEnabled) {
        await page.keyboard.press('Tab');
        await expect(page.getByRole('button', { name: 'Show password' })).toBeFocused();
        await expectFocusIsSeen();
        await page.keyboard.press('Space');
        await expect(page.locator('#password')).toHaveAttribute('type', 'text');
      }
      await page.keyboard.press('Tab');
      await expect(page.getByRole('link', { name: 'Forgot password?' })).toBeFocused();
      await expectFocusIsSeen();
      await page.keyboard.press('Tab');
      await expect(page.getByRole('button', { name: 'Continue' })).toBeFocused();
      await expectFocusIsSeen();
      await page.keyboard.press('Tab');
      await expect(page.getByRole('link', { name: 'Sign up' })).toBeFocused();
      await expectFocusIsSeen();
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      expect(await atCallback(page, application)).toHaveProperty('code');

      async function expectFocusIsSeen() {
        const isSeen = await page.evaluate(() => {
          const focused = document.activeElement;
          if (focused === null) return false;
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(focused);
          return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
        });
        expect(isSeen).toBe(true);
      }
    });
  });
}

/** Whom the ID token is about that the token request gets. */
async function emailOf({ issuer }: { issuer: string }, request: Record<string, string>): Promise<unknown> {
  const answer = await new Agent(issuer).postForm('/oauth/token', request);
  const { id_token } = answer.json();
  return typeof id_token === 'string' ? claimsOf(id_token).email : answer.text;
}
