// FAPI 2.0 Security Profile as the OpenID Foundation's plan `fapi2-security-profile-final-test-plan` tests it, with
// private_key_jwt, DPoP and openid_connect: its rows of PKCE, DPoP and private_key_jwt, by the names of its modules.
import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import { callback, callbackWithQuery, type Provider, startProvider } from '../setup/conformance.ts';
import { DpopKey, type ProofDifferences } from '../setup/dpop.ts';
import { newPkce, password, refusalOf } from '../setup/flow.ts';
import { clientAssertion, type KeyPair, newKeyPair } from '../setup/keys.ts';

const keys = { client: newKeyPair('PS256'), client2: newKeyPair('ES256') };
type ClientName = keyof typeof keys;
const registered = (client_id: ClientName) => ({
  name: client_id,
  client_id,
  app_type: 'regular_web',
  callbacks: [callback, callbackWithQuery],
  grant_types: ['authorization_code', 'refresh_token'],
  compliance_level: 'fapi2_sp_pkj_mtls',
  jwt_configuration: { alg: 'PS256' },
  client_authentication_methods: {
    private_key_jwt: { credentials: [{ alg: keys[client_id].alg, pem: keys[client_id].pem }] },
  },
});

let provider: Provider;
let browser: Agent;
let key: DpopKey;
beforeAll(async () => {
  provider = await startProvider({
    tenant: {
      dialect: 'oidc',
      pushed_authorization_requests_supported: true,
      authorization_code_lifetime: 300,
    },
    clients: [registered('client'), registered('client2')],
  });
  browser = provider.newBrowser();
  key = new DpopKey(provider.freehold);
});
afterAll(() => provider.freehold.stop());

type Fields = Record<string, string | undefined>;
interface Differences {
  client?: ClientName;
  parameters?: Fields;
  claims?: Record<string, unknown>;
  by?: KeyPair;
  dpop?: string;
}

async function assertion({ client = 'client', claims = {}, by = keys[client] }: Differences = {}) {
  const { issuer, clock } = provider.freehold;
  const whose = { client_id: client, issuer, now: clock.now() };
  return clientAssertion(by, whose, { jti: randomUUID(), ...claims });
}

async function post(path: string, fields: Fields, differs: Differences = {}): Promise<Answer> {
  const sent = { ...fields, ...(await assertion(differs)), ...differs.parameters };
  const form = Object.fromEntries(
    Object.entries(sent).filter((entry): entry is [string, string] => !!entry[1]),
  );
  return browser.postForm(path, form, differs.dpop === undefined ? {} : { dpop: differs.dpop });
}

const pkce = newPkce();
const request = (client: ClientName = 'client') => ({
  client_id: client,
  response_type: 'code',
  redirect_uri: client === 'client' ? callback : callbackWithQuery,
  scope: 'openid offline_access',
  state: 'a-state',
  nonce: 'a-nonce',
  code_challenge: pkce.code_challenge,
  code_challenge_method: 'S256',
});

const push = (differs: Differences = {}) => post('/oauth/par', request(differs.client), differs);

/** PAR, login, and the response at the callback. */
async function authorize(differs: Differences = {}): Promise<Record<string, string>> {
  const { request_uri } = (await push(differs)).json();
  const query = new URLSearchParams({
    client_id: differs.client ?? 'client',
    request_uri: String(request_uri),
  });
  const page = await browser.open(`/authorize?${query}`);
  const credentials = { username: 'ada@example.com', password, action: 'default' };
  const answer =
    page.location === undefined ? await browser.follow(await browser.submit(page, credentials)) : page;
  return Object.fromEntries(answer.location?.searchParams ?? []);
}

async function redeem(code: string | undefined, differs: Differences = {}): Promise<Answer> {
  const { client = 'client', dpop = await key.proof() } = differs;
  const { redirect_uri } = request(client);
  const { code_verifier } = pkce;
  return post(
    '/oauth/token',
    { grant_type: 'authorization_code', code, redirect_uri, code_verifier },
    { ...differs, dpop },
  );
}

const invalid = (error: string, status = 400) => ({ status, error, error_description: expect.any(String) });

describe('the provider', () => {
  test('discovery-end-point-verification', () => {
    const { discovery } = provider;
    expect(discovery).toMatchObject({
      pushed_authorization_request_endpoint: 'https://op.example/oauth/par',
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: expect.arrayContaining(['PS256', 'ES256']),
      token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(['PS256', 'ES256']),
      dpop_signing_alg_values_supported: ['ES256'],
    });
  });

  test.each<ClientName>(['client', 'client2'])('happy-flow of %s', async (client) => {
    const response = await authorize({ client });
    expect(response).toMatchObject({ state: 'a-state', iss: 'https://op.example/' });
    const answer = await redeem(response.code, { client });
    const { access_token, id_token, token_type } = answer.json();
    expect([answer.status, token_type]).toEqual([200, 'DPoP']);
    const published = JSON.parse((await browser.send('/.well-known/jwks.json')).text);
    const { payload } = await jwtVerify(String(id_token), createLocalJWKSet(published), {
      issuer: 'https://op.example/',
      audience: client,
      algorithms: ['PS256'],
      currentDate: new Date(provider.freehold.clock.now() * 1000),
    });
    expect(payload.nonce).toBe('a-nonce');
    expect((await key.userinfo(browser, String(access_token))).json().sub).toBe(payload.sub);
  });

  test('access-token-type-header-case-sensitivity, ensure-holder-of-key-required', async () => {
    const { access_token } = (await redeem((await authorize()).code)).json();
    const token = String(access_token);
    for (const scheme of ['DPoP', 'dpop']) {
      const headers = { authorization: `${scheme} ${token}`, dpop: await key.proofFor(token) };
      expect((await browser.send('/userinfo', { headers })).status).toBe(200);
    }
    const { code } = await authorize();
    const fields = { grant_type: 'authorization_code', code, redirect_uri: callback };
    const unproved = await post('/oauth/token', { ...fields, code_verifier: pkce.code_verifier });
    expect(refusalOf(unproved)).toEqual(invalid('invalid_dpop_proof'));
  });

  test('ensure-unsigned-authorization-request-without-using-par-fails', async () => {
    const answer = await browser.open(`/authorize?${new URLSearchParams(request())}`);
    expect(answer.location?.searchParams.get('code') ?? null).toBeNull();
    expect(`${answer.location?.search} ${answer.text}`).toMatch(/invalid_request/);
  });

  test.each(['code id_token', 'token'])('ensure-response-type-%s-fails', async (response_type) => {
    expect((await push({ parameters: { response_type } })).status).toBe(400);
  });

  test('ensure-authorization-code-is-bound-to-client, ensure-client-id-in-token-endpoint', async () => {
    const { code } = await authorize();
    const foreign = { client: 'client2', parameters: { redirect_uri: callback } } as const;
    expect(refusalOf(await redeem(code, foreign))).toEqual(invalid('invalid_grant'));
    expect((await redeem(code)).status).toBe(200);
  });

  test('attempt-reuse-authorization-code-after-one-second', async () => {
    const { code } = await authorize();
    const { access_token } = (await redeem(code)).json();
    provider.freehold.clock.advance(1);
    expect(refusalOf(await redeem(code))).toEqual(invalid('invalid_grant'));
    expect((await key.userinfo(browser, String(access_token))).status).toBe(401);
  });

  test('ensure-token-endpoint-fails-with-expired-auth-code, after 60 seconds at most', async () => {
    const { code } = await authorize();
    provider.freehold.clock.advance(60);
    expect(refusalOf(await redeem(code))).toEqual(invalid('invalid_grant'));
  });

  test('refresh-token', async () => {
    const { refresh_token } = (await redeem((await authorize()).code)).json();
    const fields = { grant_type: 'refresh_token', refresh_token: String(refresh_token) };
    const dpop = await key.proof();
    expect(
      (await browser.postForm('/oauth/token', { ...fields, client_id: 'client' }, { dpop })).status,
    ).toBe(401);
    const foreign = await post('/oauth/token', fields, { client: 'client2', dpop: await key.proof() });
    expect(refusalOf(foreign)).toEqual(invalid('invalid_grant'));
    const answer = await post('/oauth/token', fields, { dpop: await key.proof() });
    // No rotation.
    expect([answer.status, answer.json().refresh_token]).toEqual([200, undefined]);
  });
});

describe('PKCE', () => {
  test.each([
    ['par-ensure-pkce-required', { code_challenge: undefined, code_challenge_method: undefined }],
    ['par-plain-pkce-rejected', { code_challenge_method: 'plain' }],
  ])('%s', async (_module, parameters) => {
    expect(refusalOf(await push({ parameters }))).toEqual(invalid('invalid_request'));
  });

  test('ensure-pkce-code-verifier-required', async () => {
    const answer = await redeem((await authorize()).code, { parameters: { code_verifier: undefined } });
    expect(refusalOf(answer)).toEqual(invalid('invalid_grant'));
  });

  test('incorrect-pkce-code-verifier-rejected', async () => {
    const { code_verifier } = newPkce();
    const answer = await redeem((await authorize()).code, { parameters: { code_verifier } });
    expect(refusalOf(answer)).toEqual(invalid('invalid_grant'));
  });
});

describe('DPoP', () => {
  test.each<[string, (now: number) => ProofDifferences]>([
    ['check-dpop-proof-nbf-exp', (now) => ({ claims: { nbf: now - 10, exp: now + 60 } })],
    ['ensure-dpopproof-with-iat-10seconds-before-succeeds', (now) => ({ claims: { iat: now - 10 } })],
    ['ensure-dpopproof-with-iat-10seconds-after-succeeds', (now) => ({ claims: { iat: now + 10 } })],
  ])('%s', async (_module, differs) => {
    const dpop = await key.proof(differs(provider.freehold.clock.now()));
    expect((await redeem((await authorize()).code, { dpop })).status).toBe(200);
  });

  const parProof = (by: DpopKey) =>
    by.proof({ claims: { htu: 'https://op.example/oauth/par', nonce: undefined } });

  test('ensure-dpop-auth-code-binding-success, ensure-token-endpoint-fails-with-mismatched-dpop-jkt', async () => {
    const parameters = { dpop_jkt: await key.jkt() };
    expect((await redeem((await authorize({ parameters })).code)).status).toBe(200);
    const { code } = await authorize({ parameters });
    const dpop = await new DpopKey(provider.freehold).proof();
    expect(refusalOf(await redeem(code, { dpop }))).toEqual(invalid('invalid_dpop_proof'));
  });

  test('ensure-dpopproof-at-par-endpoint-binding-success, …-with-mismatched-dpop-proof-jkt', async () => {
    expect((await redeem((await authorize({ dpop: await parProof(key) })).code)).status).toBe(200);
    const { code } = await authorize({ dpop: await parProof(key) });
    const dpop = await new DpopKey(provider.freehold).proof();
    expect(refusalOf(await redeem(code, { dpop }))).toEqual(invalid('invalid_dpop_proof'));
  });

  test('ensure-mismatched-dpop-jkt-fails', async () => {
    const parameters = { dpop_jkt: await new DpopKey(provider.freehold).jkt() };
    expect((await push({ parameters, dpop: await parProof(key) })).status).toBe(400);
  });
});

describe('private_key_jwt', () => {
  const refused = invalid('invalid_client', 401);
  const seconds = (more: number) => provider.freehold.clock.now() + more;

  test('ensure-signed-client-assertion-with-RS256-fails', async () => {
    const by = { ...keys.client, alg: 'RS256' };
    expect(refusalOf(await redeem((await authorize()).code, { by }))).toEqual(refused);
  });

  test.each<[string, () => Record<string, unknown>, number]>([
    ['with-exp-is-5-minutes-in-past-fails', () => ({ iat: seconds(-360), exp: seconds(-300) }), 401],
    ['with-wrong-aud-fails', () => ({ aud: 'https://other.example/' }), 401],
    ['with-no-sub-fails', () => ({ sub: undefined }), 400],
    ['nbf-8-seconds-in-the-future-is-accepted', () => ({ nbf: seconds(8), exp: seconds(100) }), 201],
    ['nbf-over-60-seconds-in-the-future-fails', () => ({ nbf: seconds(70), exp: seconds(200) }), 401],
    ['par-test-array-as-audience-fails', () => ({ aud: ['https://op.example/'] }), 401],
    ['par-test-par-endpoint-url-as-audience-fails', () => ({ aud: 'https://op.example/oauth/par' }), 401],
    ['par-test-token-endpoint-url-as-audience-fails', () => ({ aud: 'https://op.example/oauth/token' }), 401],
  ])('%s', async (_module, claims, status) => {
    expect((await push({ claims: claims() })).status).toBe(status);
  });

  test('ensure-client-assertion-in-token-endpoint', async () => {
    const nothing = { client_assertion: undefined, client_assertion_type: undefined, client_id: 'client' };
    expect(refusalOf(await redeem((await authorize()).code, { parameters: nothing }))).toEqual(refused);
  });
});
