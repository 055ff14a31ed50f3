// The OpenID Foundation's plan fapi2-security-profile-final-test-plan: its rows of the authorization request, pushed and
// signed, by the names of its modules. Those of PKCE, DPoP and private_key_jwt stand in fapi2.test.ts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callback, type Provider } from '../setup/conformance.ts';
import { FapiParty, type Fields, fapiKeys, startFapiProvider } from '../setup/fapi.ts';
import { claimsOf, refusalOf } from '../setup/flow.ts';
import { newKeyPair } from '../setup/keys.ts';

let provider: Provider;
beforeAll(async () => {
  provider = await startFapiProvider();
});
afterAll(() => provider.freehold.stop());

const refusal = (error: string) => ({ status: 400, error, error_description: expect.any(String) });
const party = () => new FapiParty(provider);

test('user-rejects-authentication', async () => {
  const rp = party();
  const consent = await rp.logIn(await rp.open(await rp.pushed({ prompt: 'consent' })));
  const response = rp.readResponse(await rp.browser.submit(consent, { action: 'deny' }));
  expect(response).toMatchObject({ error: 'access_denied', state: 'state-of-the-suite' });
});

test.each<[string, Fields]>([
  ['ensure-authorization-request-without-state-success', { state: undefined }],
  ['ensure-authorization-request-without-nonce-success', { nonce: undefined }],
  ['ensure-authorization-request-with-64-char-nonce-success', { nonce: 'n'.repeat(64) }],
  ['ensure-authorization-request-with-long-nonce', { nonce: 'n'.repeat(384) }],
  ['ensure-authorization-request-with-long-state', { state: 's'.repeat(1000) }],
  ['ensure-other-scope-order-succeeds', { scope: 'offline_access email openid' }],
])('%s', async (_module, overrides) => {
  const rp = party();
  const response = await rp.authorize(await rp.pushed(overrides));
  expect(response.state).toBe(rp.request(overrides).state);
  const tokens = (await rp.redeem(response.code)).json();
  expect(claimsOf(String(tokens.id_token)).nonce).toBe(rp.request(overrides).nonce);
});

describe('what must be pushed', () => {
  test('ensure-unsigned-authorization-request-without-using-par-fails', async () => {
    const rp = party();
    const query = new URLSearchParams(rp.request() as Record<string, string>);
    const response = rp.readResponse(await rp.browser.send(`/authorize?${query}`));
    expect(response).toMatchObject({
      error: 'invalid_request',
      error_description: 'Pushed Authorization Requests are required by the configured compliance level',
    });
  });

  test.each<[string, Fields, string]>([
    [
      'plain-fapi-tolerate-unregistered-redirect-uri',
      { redirect_uri: `${callback}/other` },
      'invalid_request',
    ],
    ['ensure-redirect-uri-in-authorization-request', { redirect_uri: undefined }, 'invalid_request'],
    [
      'ensure-response-type-code-idtoken-fails',
      { response_type: 'code id_token' },
      'unsupported_response_type',
    ],
    ['ensure-response-type-token-fails', { response_type: 'token' }, 'unsupported_response_type'],
    [
      'par-authorization-request-containing-request_uri-form-param',
      { request_uri: 'urn:ietf:params:oauth:request_uri:x' },
      'invalid_request',
    ],
  ])('%s', async (_module, overrides, error) => {
    expect(refusalOf(await party().push(overrides))).toEqual(refusal(error));
  });

  test('par-attempt-invalid-http-method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await party().browser.send('/oauth/par', { method })).status).toBe(405);
  });

  test('par-without-duplicate-parameters: what stands in the URL beside the reference does not count', async () => {
    const rp = party();
    const request_uri = await rp.pushed();
    const query = new URLSearchParams({ client_id: 'fapi1', request_uri, state: 'other', scope: 'email' });
    const answer = await rp.logIn(await rp.browser.open(`/authorize?${query}`));
    expect(rp.readResponse(answer).state).toBe('state-of-the-suite');
  });
});

describe('the life of a request_uri', () => {
  test('par-ensure-reused-request-uri-prior-to-auth-completion-succeeds', async () => {
    const rp = party();
    const request_uri = await rp.pushed();
    await rp.open(request_uri);
    expect((await rp.authorize(request_uri)).code).toEqual(expect.any(String));
  });

  test('par-attempt-reuse-request_uri', async () => {
    const rp = party();
    const request_uri = await rp.pushed();
    await rp.authorize(request_uri);
    const again = await rp.open(request_uri);
    expect([again.status, again.location]).toEqual([400, undefined]);
    expect(again.text).toContain('invalid_request_uri');
  });

  test('par-attempt-to-use-expired-request_uri', async () => {
    const rp = party();
    const answer = await rp.push();
    provider.freehold.clock.advance(Number(answer.json().expires_in));
    expect((await rp.open(String(answer.json().request_uri))).text).toContain('invalid_request_uri');
  });

  test('par-attempt-to-use-request_uri-for-different-client', async () => {
    const rp = party();
    expect((await rp.open(await rp.pushed(), 'fapi2')).text).toContain('invalid_request_uri');
  });
});

describe('fapi2-message-signing-final-test-plan: signed requests', () => {
  const now = () => provider.freehold.clock.now();

  test.each<[string, Record<string, unknown>, Fields]>([
    ['ensure-different-nonce-inside-and-outside-request-object', {}, { nonce: 'another-nonce' }],
    ['ensure-different-state-inside-and-outside-request-object', {}, { state: 'another-state' }],
    ['state-only-outside-request-object-not-used', { state: undefined }, { state: 'another-state' }],
  ])('%s', async (_module, claims, beside) => {
    const rp = party();
    const answer = await rp.pushSigned(await rp.signedRequest(claims), beside);
    const response = await rp.authorize(String(answer.json().request_uri));
    expect(response.state).toBe('state' in claims ? undefined : 'state-of-the-suite');
    const { id_token } = (await rp.redeem(response.code)).json();
    expect(claimsOf(String(id_token)).nonce).toBe('nonce-of-the-suite');
  });

  test.each<[string, () => Record<string, unknown>]>([
    [
      'ensure-request-object-with-multiple-aud-succeeds',
      () => ({ aud: ['https://op.example/', 'https://x.example/'] }),
    ],
    ['ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted', () => ({ nbf: now() + 8 })],
    ['an exp of an hour after the nbf', () => ({ exp: now() + 3600 })],
    ['an nbf of nearly an hour ago', () => ({ nbf: now() - 3540, exp: now() + 60 })],
  ])('%s', async (_module, claims) => {
    const rp = party();
    expect((await rp.pushSigned(await rp.signedRequest(claims()))).status).toBe(201);
  });

  test.each<[string, () => Record<string, unknown>]>([
    ['ensure-request-object-without-exp-fails', () => ({ exp: undefined })],
    ['ensure-request-object-without-nbf-fails', () => ({ nbf: undefined })],
    ['ensure-expired-request-object-fails', () => ({ nbf: now() - 300, exp: now() - 1 })],
    ['ensure-request-object-with-bad-aud-fails', () => ({ aud: 'https://x.example/' })],
    ['ensure-request-object-with-exp-over-60-fails', () => ({ exp: now() + 3601 })],
    ['ensure-request-object-with-nbf-over-60-fails', () => ({ nbf: now() - 3601, exp: now() + 60 })],
    ['par-authorization-request-containing-request_uri', () => ({ request_uri: 'urn:x' })],
  ])('%s', async (_module, claims) => {
    const rp = party();
    const answer = await rp.pushSigned(await rp.signedRequest(claims()));
    expect(refusalOf(answer)).toEqual(refusal('invalid_request_object'));
  });

  test('ensure-request-object-without-redirect-uri-fails, though one stands outside', async () => {
    const rp = party();
    const request = await rp.signedRequest({ redirect_uri: undefined });
    expect(refusalOf(await rp.pushSigned(request, { redirect_uri: callback }))).toEqual(
      refusal('invalid_request'),
    );
  });

  test.each([
    ['ensure-signed-request-object-with-RS256-fails', { ...fapiKeys.fapi1, alg: 'RS256' }],
    ['ensure-matching-key-in-authorization-request', fapiKeys.fapi2],
    ['ensure-request-object-with-invalid-signature-fails', newKeyPair('PS256')],
  ])('%s', async (_module, key) => {
    const rp = party();
    const answer = await rp.pushSigned(await rp.signedRequest({}, key));
    expect(refusalOf(answer)).toEqual(refusal('invalid_request_object'));
  });

  test('ensure-request-object-signature-algorithm-is-not-none', async () => {
    const rp = party();
    const [, claims] = (await rp.signedRequest()).split('.');
    const header = { alg: 'none', typ: 'oauth-authz-req+jwt' };
    const unsigned = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${claims}.`;
    expect(refusalOf(await rp.pushSigned(unsigned))).toEqual(refusal('invalid_request_object'));
  });
});

describe('the rules hang on compliance_level, not on the dialect', () => {
  let other: Provider;
  beforeAll(async () => {
    other = await startFapiProvider('auth0');
  });
  afterAll(() => other.freehold.stop());

  test('PA-5: PAR, PKCE, the response type, iss and the proof, in dialect auth0', async () => {
    const rp = new FapiParty(other);
    const query = new URLSearchParams(rp.request() as Record<string, string>);
    expect(rp.readResponse(await rp.browser.send(`/authorize?${query}`)).error).toBe('invalid_request');
    const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
    expect((await rp.push(withoutPkce)).json().error_description).toBe('code challenge required');
    expect((await rp.push({ response_type: 'token' })).json().error).toBe('unsupported_response_type');
    const { code } = await rp.authorize(await rp.pushed());
    expect((await rp.redeem(code, {}, { dpop: undefined })).json().error).toBe('invalid_dpop_proof');
  });
});
