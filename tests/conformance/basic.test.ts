// The OpenID Foundation's plans oidcc-basic-certification-test-plan and oidcc-formpost-basic-certification-test-plan, in
// dialect `oidc`: the modules that are asked of a provider with registered clients, each by its name.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  callbackWithQuery,
  clients,
  expectClaimTypes,
  expectErrorPage,
  type Provider,
  RelyingParty,
  startProvider,
} from '../setup/conformance.ts';
import { newPkce } from '../setup/flow.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.freehold.stop());

/** Long enough for the suite to see a later time. */
const aWhile = 5;

describe.each([
  ['oidcc-basic-certification-test-plan', undefined],
  ['oidcc-formpost-basic-certification-test-plan', 'form_post'],
])('%s', (_plan, responseMode) => {
  const newParty = () => new RelyingParty(provider, responseMode);

  test('oidcc-server: scope=openid carries no claim that was not asked for', async () => {
    const { claims, userinfo } = await newParty().logIn();
    const unrequested = ['name', 'email', 'phone_number', 'picture', 'nickname'];
    for (const name of unrequested) {
      expect(claims).not.toHaveProperty(name);
      expect(userinfo).not.toHaveProperty(name);
    }
    expect(claims.at_hash).toMatch(/^[\w-]{22}$/);
  });

  test('the query of a registered redirect_uri is kept', async () => {
    const { url } = newParty().authorizationUrl({ redirect_uri: callbackWithQuery, prompt: 'none' });
    const answer = await newParty().browser.send(url);
    const place = responseMode === undefined ? answer.headers.location : answer.text.replaceAll('&amp;', '&');
    expect(place).toContain(callbackWithQuery);
  });

  test('oidcc-response-type-missing: an error page', async () => {
    const party = newParty();
    const { url } = party.authorizationUrl({ response_type: undefined });
    expectErrorPage(await party.browser.send(url));
  });

  test('oidcc-userinfo-get, oidcc-userinfo-post-header, oidcc-userinfo-post-body', async () => {
    const party = newParty();
    const { access_token, claims } = await party.logIn();
    const headers = { authorization: `Bearer ${access_token}` };
    for (const answer of [
      await party.userinfo(access_token),
      await party.browser.send('/userinfo', { method: 'POST', headers }),
      await party.browser.postForm('/userinfo', { access_token }),
    ]) {
      expect([answer.status, answer.headers['content-type']]).toEqual([
        200,
        'application/json; charset=utf-8',
      ]);
      expect(answer.json().sub).toBe(claims.sub);
      expectClaimTypes(answer.json());
    }
  });

  test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    expect((await newParty().logIn({ nonce: undefined })).claims).not.toHaveProperty('nonce');
  });

  const claimsOfScope: Record<string, string[]> = {
    profile: ['name', 'given_name', 'family_name', 'nickname', 'picture', 'updated_at'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
  };
  test.each(Object.entries(claimsOfScope))('oidcc-scope-%s', async (scope, names) => {
    const { userinfo } = await newParty().logIn({ scope: `openid ${scope}` });
    expect(Object.keys(userinfo)).toEqual(expect.arrayContaining(names));
    expectClaimTypes(userinfo);
  });

  test('oidcc-scope-address: skipped by the suite, because discovery does not list it', () => {
    expect(provider.discovery.scopes_supported).not.toContain('address');
  });

  test('oidcc-scope-all', async () => {
    const { userinfo } = await newParty().logIn({ scope: 'openid profile email phone' });
    expect(Object.keys(userinfo)).toEqual(expect.arrayContaining(Object.values(claimsOfScope).flat()));
  });

  test('oidcc-alternate-happy-flow: other orders of scopes and parameters', async () => {
    const party = newParty();
    const { url, sent } = party.authorizationUrl({ scope: 'email profile openid' });
    const reversed = new URLSearchParams([...url.searchParams].reverse());
    url.search = reversed.toString();
    const answer = await party.browser.send(url);
    const { response } = await party.continueFrom(answer, sent);
    const redeemed = await party.redeem({ response, sent, pages: [] });
    expect((await party.readTokens(redeemed, sent.nonce)).claims.sub).toEqual(expect.any(String));
  });

  test.each(['page', 'popup'])('oidcc-display-%s', async (display) => {
    expect((await newParty().logIn({ display })).response.error).toBeUndefined();
  });

  test('oidcc-prompt-login: the page comes again, and auth_time is later', async () => {
    const party = newParty();
    const first = await party.logIn({ max_age: '1000' });
    provider.freehold.clock.advance(aWhile);
    const second = await party.logIn({ prompt: 'login' });
    expect(second.pages).toEqual(['login']);
    expect(second.claims.sub).toBe(first.claims.sub);
    expect(Number(second.claims.auth_time)).toBe(Number(first.claims.auth_time) + aWhile);
  });

  test('oidcc-prompt-none-not-logged-in: an error with a state of 128 characters', async () => {
    const state = randomBytes(64).toString('hex');
    const { response, pages } = await newParty().authorize({ prompt: 'none', state });
    expect([response.error, response.state, pages]).toEqual(['login_required', state, []]);
  });

  test('oidcc-prompt-none-logged-in: silent, of the same sub', async () => {
    const party = newParty();
    const first = await party.logIn({ max_age: '1000' });
    provider.freehold.clock.advance(aWhile);
    const second = await party.logIn({ prompt: 'none', max_age: '1000' });
    expect([second.pages, second.claims.sub, second.claims.auth_time]).toEqual([
      [],
      first.claims.sub,
      first.claims.auth_time,
    ]);
  });

  test('oidcc-max-age-1: a second login, of a later auth_time', async () => {
    const party = newParty();
    const first = await party.logIn({ max_age: '1000' });
    provider.freehold.clock.advance(aWhile);
    const second = await party.logIn({ max_age: '1' });
    expect(second.pages).toEqual(['login']);
    expect(second.claims.auth_time).toBe(provider.freehold.clock.now());
    expect(Number(second.claims.auth_time)).toBeGreaterThan(Number(first.claims.auth_time));
  });

  test('oidcc-max-age-10000: no second login, the same auth_time', async () => {
    const party = newParty();
    const first = await party.logIn({ max_age: '10000' });
    provider.freehold.clock.advance(aWhile);
    const second = await party.logIn({ max_age: '10000' });
    expect([second.pages, second.claims.auth_time]).toEqual([[], first.claims.auth_time]);
    expect(first.claims.auth_time).toEqual(expect.any(Number));
  });

  test('oidcc-ensure-request-with-unknown-parameter-succeeds', async () => {
    expect((await newParty().logIn({ extra: 'foobar' })).response.error).toBeUndefined();
  });

  test('oidcc-id-token-hint: silent, of the same sub', async () => {
    const party = newParty();
    const authorization = await party.authorize();
    const answer = await party.redeem(authorization);
    const { claims } = await party.readTokens(answer, authorization.sent.nonce);
    const id_token_hint = String(answer.json().id_token);
    const second = await party.logIn({ prompt: 'none', id_token_hint });
    expect([second.pages, second.claims.sub]).toEqual([[], claims.sub]);
  });

  test.each([
    ['oidcc-login-hint', { login_hint: 'buffy@op.example' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
    ['oidcc-claims-essential', { claims: JSON.stringify({ userinfo: { name: { essential: true } } }) }],
  ])('%s: no error', async (_module, parameters) => {
    expect((await newParty().logIn(parameters)).pages).toEqual(['login']);
  });

  test.each([
    ['oidcc-codereuse', 0],
    ['oidcc-codereuse-30seconds', 30],
  ])('%s: invalid_grant after %i seconds, and the first access token is dead', async (_module, seconds) => {
    const party = newParty();
    const authorization = await party.authorize();
    const tokens = await party.readTokens(await party.redeem(authorization), authorization.sent.nonce);
    provider.freehold.clock.advance(seconds);
    const again = await party.redeem(authorization);
    expect([again.status, again.json().error]).toEqual([400, 'invalid_grant']);
    expect((await party.userinfo(tokens.access_token)).status).toBe(401);
  });

  test('oidcc-ensure-registered-redirect-uri: an error page, never a redirect', async () => {
    const party = newParty();
    const { url } = party.authorizationUrl({ redirect_uri: 'https://www.certification.example/callback/x' });
    expectErrorPage(await party.browser.send(url));
  });

  test('oidcc-ensure-post-request-succeeds', async () => {
    const party = newParty();
    const authorization = await party.authorize({}, 'POST');
    expect((await party.redeem(authorization)).status).toBe(200);
  });

  test('oidcc-server-client-secret-post', async () => {
    expect((await newParty().logIn({}, 'clientSecretPost')).claims.aud).toBe(
      clients.clientSecretPost.client_id,
    );
  });

  const unsigned = (claims: object) =>
    `${[{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

  test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    const { response } = await newParty().authorize({ request: unsigned({ response_type: 'code' }) });
    expect(response.error).toBe('request_not_supported');
  });

  test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    const { response } = await newParty().authorize({ request_uri: 'https://www.certification.example/r' });
    expect(response.error).toBe('request_uri_not_supported');
  });

  test('oidcc-ensure-request-object-with-redirect-uri: an error page for the bad one outside', async () => {
    const party = newParty();
    const inside = { redirect_uri: party.authorizationUrl().sent.redirect_uri };
    const outside = { redirect_uri: 'https://www.certification.example/bad', request: unsigned(inside) };
    expectErrorPage(await party.browser.send(party.authorizationUrl(outside).url));
  });

  test('oidcc-refresh-token', async () => {
    const asked = {
      scope: 'openid offline_access',
      prompt: 'consent',
      nonce: randomBytes(32).toString('base64url'),
    };
    const party = newParty();
    const first = await party.logIn(asked);
    expect(first.pages).toEqual(['login', 'consent']);
    expect(first.refresh_token).toMatch(/^[\w-]{52}$/);
    provider.freehold.clock.advance(aWhile);
    const { refresh_token } = first;
    const answer = await party.token({ grant_type: 'refresh_token', refresh_token, scope: 'openid' });
    const { claims } = await party.readTokens(answer, undefined);
    expect(claims).toMatchObject({ iss: first.claims.iss, sub: first.claims.sub, aud: first.claims.aud });
    expect(claims.auth_time).toBe(first.claims.auth_time);
    expect(claims.iat).toBe(Number(first.claims.iat) + aWhile);

    const other = await new RelyingParty(provider, responseMode).logIn(asked, 'client2');
    const stolen = await party.token({ grant_type: 'refresh_token', refresh_token: other.refresh_token });
    expect([stolen.status, stolen.json().error]).toEqual([400, 'invalid_grant']);
  });

  test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
    const { code_verifier, code_challenge } = newPkce();
    const party = newParty();
    const authorization = await party.authorize({ code_challenge, code_challenge_method: 'S256' });
    const answer = await party.redeem(authorization, { code_verifier });
    expect((await party.readTokens(answer, authorization.sent.nonce)).claims.sub).toEqual(expect.any(String));
  });
});
