// The response modes that need a browser: web_message to a parent or an opener, and form_post.
import { type Application, startApplication } from '../setup/application.ts';
import {
  atCallback,
  expect,
  expectFrameRefused,
  logIn,
  loginUrl,
  type Message,
  messageOfFrame,
  type Page,
  test,
} from '../setup/browser-test.ts';

/** Of the form that goes to the callback: the login page has such a button, too. */
const pressContinue = (page: Page, { callback }: Application) =>
  page.locator(`form[action="${callback}"]`).getByRole('button', { name: 'Continue' }).click();

const silently = { prompt: 'none', response_mode: 'web_message', nonce: 'n-0S6_WzA2Mj' };

test('RM-6, RM-7, RM-10, SD-97: a frame under another port of the same name gets a code for its page', async ({
  page,
  freehold,
  application,
}) => {
  await page.goto(loginUrl({ freehold, application }));
  await logIn(page);
  await atCallback(page, application);
  const message = await messageOfFrame(page, loginUrl({ freehold, application }, silently));
  expect(message).toEqual({
    origin: new URL(freehold.issuer).origin,
    data: {
      type: 'authorization_response',
      response: { code: expect.stringMatching(/^[\w-]{43,}$/), state: 'xyzABC123' },
    },
  });
});

test('RM-6, RM-11, SD-97: nobody is logged in, so the frame gets login_required and shows no page', async ({
  page,
  freehold,
  application,
}) => {
  await page.goto(application.origin);
  const message = await messageOfFrame(page, loginUrl({ freehold, application }, silently));
  expect(message).toEqual({
    origin: new URL(freehold.issuer).origin,
    data: {
      type: 'authorization_response',
      response: { error: 'login_required', error_description: 'Login required', state: 'xyzABC123' },
    },
  });
});

test.describe('pages that may not be framed here', () => {
  test.use({ expectedComplaint: /frame-ancestors/ });

  test('RM-7: a page of another origin is told nothing', async ({ page, freehold, application }) => {
    const other = await startApplication();
    try {
      await page.goto(loginUrl({ freehold, application }));
      await logIn(page);
      await atCallback(page, application);
      await page.goto(other.origin);
      await expectFrameRefused(page, loginUrl({ freehold, application }, silently));
    } finally {
      await other.stop();
    }
  });

  test('RM-10: the login page is shown in no frame', async ({ page, freehold, application }) => {
    await page.goto(application.origin);
    await expectFrameRefused(page, loginUrl({ freehold, application }));
  });
});

test('RM-7: a client whose Allowed Web Origins lack the page gets a page, which sends nothing', async ({
  page,
  freehold,
  application,
}) => {
  const url = loginUrl({ freehold, application }, { ...silently, client_id: 'no-web-origins' });
  const answer = await page.goto(url);
  expect(answer?.status()).toBe(400);
  await expect(
    page.getByText('The origin of redirect_uri is not in the list of Allowed Web Origins'),
  ).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);
});

test('RM-6, RM-9: a popup answers the window that opened it', async ({ page, freehold, application }) => {
  await page.goto(loginUrl({ freehold, application }));
  await logIn(page);
  await atCallback(page, application);
  const message = await page.evaluate(
    (url) =>
      new Promise<Message>((resolve) => {
        addEventListener('message', ({ origin, data }) => resolve({ origin, data }));
        window.open(url, '', 'width=400,height=600');
      }),
    loginUrl({ freehold, application }, { ...silently, state: 'popup' }),
  );
  expect(message).toEqual({
    origin: new URL(freehold.issuer).origin,
    data: {
      type: 'authorization_response',
      response: { code: expect.stringMatching(/^[\w-]{43,}$/), state: 'popup' },
    },
  });
});

test('RM-9: in a popup that shows the login page the answer comes after the login', async ({
  page,
  freehold,
  application,
}) => {
  await page.goto(application.origin);
  const opened = page.waitForEvent('popup');
  const message = page.evaluate(
    (url) =>
      new Promise<Message>((resolve) => {
        addEventListener('message', ({ origin, data }) => resolve({ origin, data }));
        window.open(url, '', 'width=400,height=600');
      }),
    loginUrl({ freehold, application }, { response_mode: 'web_message' }),
  );
  await logIn(await opened);
  expect((await message).data).toEqual({
    type: 'authorization_response',
    response: { code: expect.stringMatching(/^[\w-]{43,}$/), state: 'xyzABC123' },
  });
});

test('RM-1, RM-4: tokens in the fragment of the callback, which no server is sent', async ({
  page,
  freehold,
  application,
}) => {
  const asked = { client_id: 'implicit', response_type: 'id_token token', nonce: 'n-0S6_WzA2Mj' };
  await page.goto(loginUrl({ freehold, application }, asked));
  await logIn(page);
  await page.waitForURL(`${application.callback}#**`);
  const { hash, search } = new URL(page.url());
  expect(search).toBe('');
  const response = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  expect(response).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: '7200',
    scope: expect.stringContaining('openid'),
    id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    state: 'xyzABC123',
  });
  const headers = { authorization: `Bearer ${response.access_token}` };
  expect((await page.request.get(`${freehold.issuer}userinfo`, { headers })).status()).toBe(200);
});

test('RM-6, RM-9: tokens to a frame’s parent and to the opener of a popup', async ({
  page,
  freehold,
  application,
}) => {
  const asked = { client_id: 'implicit', response_type: 'code id_token token' };
  await page.goto(loginUrl({ freehold, application }, { client_id: 'implicit' }));
  await logIn(page);
  await atCallback(page, application);
  const url = loginUrl({ freehold, application }, { ...silently, ...asked });
  const inFrame = await messageOfFrame(page, url);
  const inPopup = await page.evaluate(
    (popup) =>
      new Promise<Message>((resolve) => {
        addEventListener('message', ({ origin, data }) => resolve({ origin, data }));
        window.open(popup, '', 'width=400,height=600');
      }),
    url,
  );
  for (const message of [inFrame, inPopup]) {
    expect(message.origin).toBe(new URL(freehold.issuer).origin);
    expect(message.data).toMatchObject({
      type: 'authorization_response',
      response: {
        code: expect.stringMatching(/^[\w-]{43,}$/),
        access_token: expect.any(String),
        id_token: expect.any(String),
        state: 'xyzABC123',
      },
    });
  }
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('RM-5: form_post arrives at the callback', async ({ page, freehold, application }) => {
      const state = `form-post-${test.info().testId}-${javaScriptEnabled}`;
      await page.goto(loginUrl({ freehold, application }, { response_mode: 'form_post', state }));
      await logIn(page);
      // Without scripts the person presses the button of the form that posts itself otherwise.
      if (!javaScriptEnabled) await pressContinue(page, application);
      await page.waitForURL(application.callback);
      const posted = application.posted.filter((parameters) => parameters.get('state') === state);
      expect(posted.map((parameters) => Object.fromEntries(parameters))).toEqual([
        { code: expect.stringMatching(/^[\w-]{43,}$/), state },
      ]);
    });

    test('RM-5: an ID token by form_post, as express-openid-connect asks for it', async ({
      page,
      freehold,
      application,
    }) => {
      const state = `id-token-${test.info().testId}-${javaScriptEnabled}`;
      const asked = { client_id: 'implicit', response_type: 'id_token', nonce: 'n-0S6_WzA2Mj' };
      await page.goto(loginUrl({ freehold, application }, { ...asked, response_mode: 'form_post', state }));
      await logIn(page);
      if (!javaScriptEnabled) await pressContinue(page, application);
      await page.waitForURL(application.callback);
      const posted = application.posted.filter((parameters) => parameters.get('state') === state);
      expect(posted.map((parameters) => Object.fromEntries(parameters))).toEqual([
        { id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), state },
      ]);
    });
  });
}
