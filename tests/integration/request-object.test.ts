// Signed authorization requests (RFC 9101): contract PA-7 to PA-10, in /authorize and in /oauth/par.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  codeOf,
  getTokens,
  newPkce,
  refusalOf,
  responseOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { newKeyPair, signJwt } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Ada is signed in here. */
let signedIn: Agent;
const pkce = newPkce();
const keys = {
  RS256: newKeyPair('RS256'),
  RS384: newKeyPair('RS384'),
  PS256: newKeyPair('PS256'),
  ES256: newKeyPair('ES256'),
};
const second = newKeyPair('RS256');
const header = { typ: 'oauth-authz-req+jwt' };

beforeAll(async () => {
  const signers = Object.entries(keys).map(([alg, { pem }]) => ({
    ...spa,
    name: alg,
    client_id: alg,
    signed_request_object: { credentials: [{ alg, pem, kid: `key-of-${alg}` }] },
  }));
  const web = { ...spa, client_id: 'web', client_secret: webSecret, app_type: 'regular_web' };
  const credentials = [
    { pem: second.pem, kid: 'second-key' },
    { pem: keys.RS256.pem, kid: 'first-key-1' },
  ];
  freehold = await startFreehold({
    tenant: sampleTenant({
      tenant: { pushed_authorization_requests_supported: true },
      clients: [
        spa,
        ...signers,
        {
          ...web,
          name: 'Web',
          token_endpoint_auth_method: 'client_secret_post',
          signed_request_object: { credentials },
        },
        {
          ...web,
          name: 'Strict',
          client_id: 'strict',
          token_endpoint_auth_method: 'client_secret_post',
          signed_request_object: { required: true, credentials },
        },
      ],
    }),
    users,
  });
  ({ agent: signedIn } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

type Claims = Record<string, unknown>;

/** The claims of a valid request object; one that is `undefined` is left out. */
function claims(overrides: Claims = {}): Claims {
  const now = freehold.clock.now();
  return {
    ...Object.fromEntries(authorizationUrl(freehold, pkce).searchParams),
    client_id: 'RS256',
    iss: 'RS256',
    aud: freehold.issuer,
    iat: now,
    nbf: now,
    exp: now + 60,
    jti: randomUUID(),
    ...overrides,
  };
}

function of(client_id: string, more: Claims = {}): Claims {
  return claims({ client_id, iss: client_id, ...more });
}

function authorize(request: string, more: Record<string, string> = {}): Promise<Answer> {
  return signedIn.send(`/authorize?${new URLSearchParams({ client_id: 'RS256', request, ...more })}`);
}

async function signed(overrides: Claims = {}, more: Record<string, unknown> = {}): Promise<string> {
  return signJwt(keys.RS256, claims(overrides), { ...header, ...more });
}

describe('PA-7: what is accepted', () => {
  test.each(['RS256', 'RS384', 'PS256', 'ES256'] as const)('signed by %s', async (alg) => {
    const request = await signJwt(keys[alg], of(alg), header);
    const code = codeOf(await authorize(request, { client_id: alg }));
    const redeemed = await signedIn.postForm('/oauth/token', tokenRequest(pkce, code, { client_id: alg }));
    expect(redeemed.status).toBe(200);
  });

  test('WK-5, WK-7: which discovery lists, and not none', async () => {
    const discovery = (await signedIn.send('/.well-known/openid-configuration')).json();
    expect(discovery.request_parameter_supported).toBe(true);
    expect(discovery.request_object_signing_alg_values_supported).toEqual(Object.keys(keys));
  });

  test.each(['jwt', 'JWT', 'oauth-authz-req+jwt', 'application/oauth-authz-req+jwt'])(
    'of type %s',
    async (typ) => {
      expect(codeOf(await authorize(await signed({}, { typ })))).toBeTruthy();
    },
  );

  test('without iat, nbf, exp and jti', async () => {
    const request = await signed({ iat: undefined, nbf: undefined, exp: undefined, jti: undefined });
    expect(codeOf(await authorize(request))).toBeTruthy();
  });

  test('for several audiences, ours among them; valid in 8 seconds', async () => {
    const aud = ['https://other.example/', freehold.issuer];
    expect(codeOf(await authorize(await signed({ aud, nbf: freehold.clock.now() + 8 })))).toBeTruthy();
  });

  test('by each of a client’s keys, with its kid, another one or none', async () => {
    for (const key of [keys.RS256, second]) {
      for (const kid of ['second-key', 'first-key-1', undefined]) {
        const request = await signJwt(key, of('web'), { ...header, kid });
        const isNamed = kid === undefined || (kid === 'second-key') === (key === second);
        const { location, text } = await authorize(request, { client_id: 'web' });
        expect([kid, location?.searchParams.has('code') ?? text.includes('invalid_request_object')]).toEqual([
          kid,
          true,
        ]);
        expect(location !== undefined).toBe(isNamed);
      }
    }
  });

  test('twice: a reload of the page is no replay', async () => {
    const request = await signed();
    expect(codeOf(await authorize(request))).not.toBe(codeOf(await authorize(request)));
  });

  test('RFC 9101 §4: numbers and objects stand as JSON', async () => {
    const request = await signed({ max_age: 0, prompt: 'none', claims: { userinfo: { name: null } } });
    expect(responseOf(await authorize(request)).error).toBe('login_required');
    const fresh = await signed({ max_age: 100_000, claims: { userinfo: { name: null } } });
    expect(codeOf(await authorize(fresh))).toBeTruthy();
  });
});

describe('PA-8, RFC 9101 §6.3: only what is inside counts', () => {
  test('state, nonce, redirect_uri and scope', async () => {
    const request = await signed({ state: 'inside' });
    const answer = await authorize(request, {
      state: 'outside',
      redirect_uri: 'https://evil.example/',
      response_type: 'token',
      response_mode: 'fragment',
      prompt: 'none',
    });
    expect(answer.location?.href.startsWith(`${callback}?code=`)).toBe(true);
    expect(responseOf(answer).state).toBe('inside');
  });

  test('a state outside alone is not returned', async () => {
    const answer = await authorize(await signed({ state: undefined }), { state: 'outside' });
    expect(Object.keys(responseOf(answer))).toEqual(['code']);
  });

  test('response_type outside does not stand in for one inside', async () => {
    const answer = await authorize(await signed({ response_type: undefined }), { response_type: 'code' });
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.text).toContain('Missing required parameter: response_type');
  });

  test('an unregistered redirect_uri inside is a page, whatever stands outside', async () => {
    const answer = await authorize(await signed({ redirect_uri: 'https://evil.example/' }), {
      redirect_uri: callback,
    });
    expect([answer.status, answer.location]).toEqual([403, undefined]);
    expect(answer.text).toContain('Callback URL mismatch.');
  });
});

describe('PA-7: what is refused, on a page', () => {
  async function expectRefusal(request: string, description: string, client_id = 'RS256'): Promise<void> {
    const answer = await authorize(request, { client_id, redirect_uri: callback, response_type: 'code' });
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    expect(answer.text).toContain(`invalid_request_object: The request object ${description}`);
  }

  test.each<[string, Claims]>([
    ['has expired', { exp: 1 }],
    ['has expired', { exp: 'tomorrow' }],
    ['is not valid yet', { nbf: 4_000_000_000 }],
    ['is not valid yet', { nbf: 'now' }],
    ['has an iat that is no number', { iat: 'now' }],
    ['must have the issuer as aud', { aud: 'https://other.example/' }],
    ['must have the issuer as aud', { aud: undefined }],
    ['must have the issuer as aud', { aud: ['https://other.example/'] }],
    ['must have the client as iss and client_id', { iss: 'web' }],
    ['must have the client as iss and client_id', { iss: undefined }],
    ['must have the client as iss and client_id', { client_id: 'web' }],
    ['must have the client as iss and client_id', { client_id: undefined }],
    ['must not have the client as sub', { sub: 'RS256' }],
    ['has a jti that is too long', { jti: 'x'.repeat(65) }],
    ['has a jti that is too long', { jti: 7 }],
    ['must not hold request', { request: 'e.y.J' }],
    ['must not hold request_uri', { request_uri: 'https://evil.example/' }],
    ['holds a NUL or an ill-formed character', { state: 'a\0b' }],
    ['holds a NUL or an ill-formed character', { state: '\ud800' }],
  ])('%s: %j', async (description, overrides) => {
    await expectRefusal(await signed(overrides), description);
  });

  test('an exp of this very second', async () => {
    await expectRefusal(await signed({ exp: freehold.clock.now() }), 'has expired');
  });

  test.each([undefined, 'at+jwt', 'logout+jwt', 'jwt '])('of type %j', async (typ) => {
    await expectRefusal(await signed({}, { typ }), 'must have the type oauth-authz-req+jwt');
  });

  test.each(['', '.', 'a.b', 'a.b.c', 'e30.e30.', `${'x'.repeat(3000)}`])('no JWT: %j', async (request) => {
    // GL-11: an empty one was not sent.
    if (request === '')
      expect((await authorize('')).text).toContain('Missing required parameter: response_type');
    else await expectRefusal(request, 'is not a signed JWT');
  });

  test('a key that is not the client’s, and another client’s', async () => {
    await expectRefusal(
      await signJwt(newKeyPair('RS256'), claims(), header),
      'is signed by no key of the client',
    );
    await expectRefusal(
      await signJwt(keys.RS256, of('PS256'), header),
      'is signed by no key of the client',
      'PS256',
    );
  });

  test('LG-1: leaves `f`', async () => {
    await authorize('a.b.c');
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'f',
      description: 'The request object is not a signed JWT',
    });
  });

  test('request_not_supported at the callback for a client without keys', async () => {
    const url = authorizationUrl(freehold, pkce, { request: await signed({ client_id: 'spa', iss: 'spa' }) });
    expect(responseOf(await signedIn.send(url)).error).toBe('request_not_supported');
  });

  test('a repeated request', async () => {
    const request = await signed();
    const answer = await signedIn.send(`/authorize?client_id=RS256&request=${request}&request=${request}`);
    expect([answer.status, answer.location]).toEqual([400, undefined]);
  });
});

describe('PA-9: a client that must sign', () => {
  const must = 'A signed request object is required';

  test('is refused at /authorize and at /oauth/par without one', async () => {
    const url = authorizationUrl(freehold, pkce, { client_id: 'strict' });
    expect(responseOf(await signedIn.send(url))).toMatchObject({
      error: 'invalid_request',
      error_description: must,
    });
    const form = { ...Object.fromEntries(url.searchParams), client_secret: webSecret };
    expect(refusalOf(await signedIn.postForm('/oauth/par', form))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: must,
    });
  });

  test('gets on with one, sent or pushed', async () => {
    const request = await signJwt(second, of('strict'), header);
    expect(codeOf(await authorize(request, { client_id: 'strict' }))).toBeTruthy();
    const form = { client_id: 'strict', client_secret: webSecret, request };
    const answer = await signedIn.postForm('/oauth/par', form);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    // What was pushed in time stays good for as long as a pushed request does.
    freehold.clock.advance(29);
    const query = new URLSearchParams({
      client_id: 'strict',
      request_uri: String(answer.json().request_uri),
    });
    expect(codeOf(await signedIn.send(`/authorize?${query}`))).toBeTruthy();
  });
});

describe('in /oauth/par', () => {
  async function push(request: string, more: Record<string, string> = {}): Promise<Answer> {
    return signedIn.postForm('/oauth/par', { client_id: 'web', client_secret: webSecret, request, ...more });
  }

  test('PA-8: what is inside counts', async () => {
    const request = await signJwt(second, of('web', { state: 'inside' }), header);
    const { request_uri } = (
      await push(request, { state: 'outside', redirect_uri: 'https://evil.example/' })
    ).json();
    const query = new URLSearchParams({ client_id: 'web', request_uri: String(request_uri) });
    expect(responseOf(await signedIn.send(`/authorize?${query}`)).state).toBe('inside');
  });

  test.each<[string, Claims, string]>([
    ['expired', { exp: 1 }, 'invalid_request_object'],
    ['for somebody else', { aud: 'https://other.example/' }, 'invalid_request_object'],
    ['of another client', { client_id: 'RS256', iss: 'RS256' }, 'invalid_request_object'],
    ['that holds a request_uri', { request_uri: 'urn:x' }, 'invalid_request_object'],
    ['without redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['of an unknown response type', { response_type: 'foo' }, 'unsupported_response_type'],
  ])('PA-6: one %s is 400 JSON', async (_what, overrides, error) => {
    const answer = await push(await signJwt(second, of('web', overrides), header), {
      redirect_uri: callback,
    });
    expect(refusalOf(answer)).toMatchObject({ status: 400, error });
  });
});
