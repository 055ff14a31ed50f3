// AppAuth for JavaScript, in Chromium. It reads its answer from the fragment.
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIn } from '../setup/login-form.ts';
import { bundle, type SinglePage, startSinglePage } from './single-page.ts';

declare const appauth: typeof import('@openid/appauth');
let spa: SinglePage;
let page: Page;

beforeAll(async () => {
  spa = await startSinglePage(await bundle('@openid/appauth', 'appauth'));
  page = await spa.browser.newPage();
});
afterAll(() => spa.stop());

const settings = () => ({ issuer: spa.freehold.issuer.slice(0, -1), redirect_uri: spa.application.callback });

/** Through the login page, to the callback with the answer in its fragment. */
async function authorize(): Promise<void> {
  await page.goto(spa.application.origin);
  await page.evaluate(async ({ issuer, redirect_uri }) => {
    const requestor = new appauth.FetchRequestor();
    const server = await appauth.AuthorizationServiceConfiguration.fetchFromIssuer(issuer, requestor);
    const request = new appauth.AuthorizationRequest({
      client_id: 'spa',
      redirect_uri,
      scope: 'openid profile offline_access',
      response_type: appauth.AuthorizationRequest.RESPONSE_TYPE_CODE,
      extras: { response_mode: 'fragment' },
    });
    new appauth.RedirectRequestHandler().performAuthorizationRequest(server, request);
  }, settings());
  await logIn(page);
  await page.waitForURL(`${spa.application.callback}#**`);
}

describe('@openid/appauth', () => {
  test('logs in with PKCE, redeems the code, refreshes and revokes', async () => {
    await authorize();
    const outcome = await page.evaluate(async ({ issuer, redirect_uri }) => {
      const requestor = new appauth.FetchRequestor();
      const server = await appauth.AuthorizationServiceConfiguration.fetchFromIssuer(issuer, requestor);
      const handler = new appauth.RedirectRequestHandler();
      const notifier = new appauth.AuthorizationNotifier();
      handler.setAuthorizationNotifier(notifier);
      const [code, verifier] = await new Promise<(string | undefined)[]>((resolve) => {
        notifier.setAuthorizationListener((request, response, error) =>
          resolve([response?.code ?? error?.error, request.internal?.code_verifier]),
        );
        handler.completeAuthorizationRequestIfPossible();
      });
      const tokens = new appauth.BaseTokenRequestHandler(requestor);
      const client = { client_id: 'spa', redirect_uri };
      const first = await tokens.performTokenRequest(
        server,
        new appauth.TokenRequest({
          ...client,
          grant_type: appauth.GRANT_TYPE_AUTHORIZATION_CODE,
          code: code ?? '',
          extras: { code_verifier: verifier ?? '' },
        }),
      );
      const second = await tokens.performTokenRequest(
        server,
        new appauth.TokenRequest({
          ...client,
          grant_type: appauth.GRANT_TYPE_REFRESH_TOKEN,
          refresh_token: first.refreshToken ?? '',
        }),
      );
      const revoked = await tokens.performRevokeTokenRequest(
        server,
        new appauth.RevokeTokenRequest({ client_id: 'spa', token: second.refreshToken ?? '' }),
      );
      return { first: first.toJson(), second: second.toJson(), revoked };
    }, settings());
    expect(outcome.first).toMatchObject({ id_token: expect.any(String), refresh_token: expect.any(String) });
    expect(outcome.second).toMatchObject({ access_token: expect.any(String) });
    expect(outcome.revoked).toBe(true);
  });
});
