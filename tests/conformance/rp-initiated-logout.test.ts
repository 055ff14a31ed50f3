// The OpenID Foundation's plan oidcc-rp-initiated-logout-certification-test-plan, in dialect `oidc`.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../setup/agent.ts';
import { type Provider, postLogoutRedirectUri, RelyingParty, startProvider } from '../setup/conformance.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.freehold.stop());

/** Every module first logs in. */
async function loggedIn() {
  const party = new RelyingParty(provider);
  const authorization = await party.authorize();
  const answer = await party.redeem(authorization);
  await party.readTokens(answer, authorization.sent.nonce);
  return { party, id_token: String(answer.json().id_token) };
}

function endSession(party: RelyingParty, parameters: Record<string, string>): Promise<Answer> {
  const url = new URL(String(provider.discovery.end_session_endpoint));
  url.search = new URLSearchParams(parameters).toString();
  return party.browser.send(url);
}

async function isLoggedOut(party: RelyingParty): Promise<boolean> {
  return (await party.authorize({ prompt: 'none' })).response.error === 'login_required';
}

/** An error page or a confirmation; nothing leads to the relying party. */
function expectNoRedirect(answer: Answer): void {
  expect(answer.location).toBeUndefined();
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.text).not.toContain(`href="${postLogoutRedirectUri}`);
}

/** Whatever is asked on the way, in the end a person reads that they are logged out. */
async function expectLoggedOutPage(party: RelyingParty, answer: Answer): Promise<void> {
  expectNoRedirect(answer);
  const isAsked = answer.text.includes('<form');
  const last = isAsked
    ? await party.browser.follow(await party.browser.submit(answer, { action: 'default' }))
    : answer;
  expectNoRedirect(last);
  expect(last.text).toContain('You are logged out');
  expect(await isLoggedOut(party)).toBe(true);
}

const newState = () => randomBytes(64).toString('hex');

test('oidcc-rp-initiated-logout-discovery-endpoint-verification', () => {
  expect(String(provider.discovery.end_session_endpoint)).toMatch(/^https:\/\//);
});

test('oidcc-rp-initiated-logout: back with the state alone, and logged out', async () => {
  const { party, id_token } = await loggedIn();
  const state = newState();
  const answer = await endSession(party, {
    id_token_hint: id_token,
    post_logout_redirect_uri: postLogoutRedirectUri,
    state,
  });
  expect(answer.location?.href).toBe(`${postLogoutRedirectUri}?state=${state}`);
  expect(await isLoggedOut(party)).toBe(true);
});

test('oidcc-rp-initiated-logout-no-state: back without one', async () => {
  const { party, id_token } = await loggedIn();
  const parameters = { id_token_hint: id_token, post_logout_redirect_uri: postLogoutRedirectUri };
  expect((await endSession(party, parameters)).location?.href).toBe(postLogoutRedirectUri);
  expect(await isLoggedOut(party)).toBe(true);
});

test.each([
  ['bad-post-logout-redirect-uri', 'https://www.certification.example/elsewhere'],
  ['query-added-to-post-logout-redirect-uri', `${postLogoutRedirectUri}?foo=bar`],
])('oidcc-rp-initiated-logout-%s: not redirected', async (_module, post_logout_redirect_uri) => {
  const { party, id_token } = await loggedIn();
  const parameters = { id_token_hint: id_token, post_logout_redirect_uri, state: newState() };
  expectNoRedirect(await endSession(party, parameters));
});

function unsignedCopy(id_token: string): string {
  const [, claims] = id_token.split('.');
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
}

function foreignCopy(id_token: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = id_token.split('.').slice(0, 2).join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

test.each<[string, ((id_token: string) => string) | undefined]>([
  ['modified-id-token-hint', unsignedCopy],
  ['bad-id-token-hint', foreignCopy],
  ['no-id-token-hint', undefined],
])('oidcc-rp-initiated-logout-%s: not redirected', async (_module, hintOf) => {
  const { party, id_token } = await loggedIn();
  const answer = await endSession(party, {
    ...(hintOf === undefined ? {} : { id_token_hint: hintOf(id_token) }),
    post_logout_redirect_uri: postLogoutRedirectUri,
    state: newState(),
  });
  expectNoRedirect(answer);
});

test.each([
  ['no-params', {}],
  ['only-state', { state: newState() }],
])('oidcc-rp-initiated-logout-%s: logged out, and told so', async (_module, parameters) => {
  const { party } = await loggedIn();
  await expectLoggedOutPage(party, await endSession(party, parameters));
});

test('oidcc-rp-initiated-logout-no-post-logout-redirect-uri: logged out, and told so', async () => {
  const { party, id_token } = await loggedIn();
  await expectLoggedOutPage(party, await endSession(party, { id_token_hint: id_token, state: newState() }));
});
