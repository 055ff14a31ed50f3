// Pushed Authorization Requests (RFC 9126): contract PA-1 to PA-6, DIS-10.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { DpopKey } from '../setup/dpop.ts';
import {
  authorizationUrl,
  callback,
  codeOf,
  getTokens,
  newPkce,
  password,
  refusalOf,
  responseOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { clientAssertion, newKeyPair } from '../setup/keys.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Ada is signed in here. */
let signedIn: Agent;
const pkce = newPkce();
const key = newKeyPair('RS256');
const web = {
  ...spa,
  name: 'Web',
  client_id: 'web',
  client_secret: webSecret,
  app_type: 'regular_web',
  token_endpoint_auth_method: 'client_secret_post',
};

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      tenant: { pushed_authorization_requests_supported: true },
      clients: [
        spa,
        web,
        { ...web, name: 'Basic', client_id: 'basic', token_endpoint_auth_method: 'client_secret_basic' },
        { ...web, name: 'Patient', client_id: 'patient', par_request_expiry: 600 },
        { ...web, name: 'Strict', client_id: 'strict', require_pushed_authorization_requests: true },
        {
          ...spa,
          name: 'Signer',
          client_id: 'signer',
          app_type: 'regular_web',
          client_authentication_methods: { private_key_jwt: { credentials: [{ pem: key.pem }] } },
        },
      ],
    }),
    users,
  });
  ({ agent: signedIn } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

type Overrides = Record<string, string | undefined>;

/** The body of a valid request; one that is `undefined` is left out. */
function body(overrides: Overrides = {}): Record<string, string> {
  const parameters: Overrides = {
    ...Object.fromEntries(authorizationUrl(freehold, pkce).searchParams),
    client_id: 'web',
    client_secret: webSecret,
    ...overrides,
  };
  return Object.fromEntries(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function push(overrides: Overrides = {}, headers: Record<string, string> = {}): Promise<Answer> {
  return new Agent(freehold.issuer).postForm('/oauth/par', body(overrides), headers);
}

async function pushed(overrides: Overrides = {}): Promise<string> {
  const answer = await push(overrides);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return String(answer.json().request_uri);
}

function authorize(
  request_uri: string,
  more: Record<string, string> = {},
  agent = signedIn,
): Promise<Answer> {
  const query = new URLSearchParams({ client_id: 'web', request_uri, ...more });
  return agent.send(`/authorize?${query}`);
}

function setGrantTypes(grant_types: string): void {
  freehold.execute(`update client set grant_types = ? where client_id = 'web'`, grant_types);
  // A client that was read is kept for a second.
  freehold.clock.advance(1);
}

async function expectUnknown(answer: Answer): Promise<void> {
  expect([answer.status, answer.location]).toEqual([400, undefined]);
  expect(answer.text).toContain('invalid_request_uri: The request_uri is unknown, expired or was used');
}

describe('POST /oauth/par', () => {
  test('PA-3, DIS-10: 201 with a reference for 30 seconds, to be kept by no cache', async () => {
    const answer = await push();
    expect(answer.status).toBe(201);
    expect(answer.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 30,
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('PA-3: par_request_expiry', async () => {
    expect((await push({ client_id: 'patient' })).json().expires_in).toBe(600);
  });

  test('what is stored: the hash of the reference, and of the parameters no secret', async () => {
    const request_uri = await pushed();
    const rows = JSON.stringify(freehold.execute('select * from pushed_request'));
    expect(rows).not.toContain(request_uri.slice(-43));
    expect(rows).not.toContain(webSecret);
    expect(rows).toContain('xyzABC123');
  });

  test('PA-1: by Basic, and by an assertion, client_id in the body or not (CA-9, CA-10)', async () => {
    const authorization = `Basic ${Buffer.from(`basic:${webSecret}`).toString('base64')}`;
    for (const client_id of ['basic', undefined]) {
      expect((await push({ client_id, client_secret: undefined }, { authorization })).status).toBe(201);
      const now = freehold.clock.now();
      const assertion = await clientAssertion(key, { client_id: 'signer', issuer: freehold.issuer, now });
      const signer = client_id === undefined ? undefined : 'signer';
      const answer = await push({ client_id: signer, client_secret: undefined, ...assertion });
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    }
    const rows = JSON.stringify(freehold.execute('select * from pushed_request'));
    expect(rows).not.toContain('client_assertion');
  });

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
  ])('PA-1, PA-6, DIS-1: %s is 401 invalid_client', async (_what, overrides) => {
    expect(refusalOf(await push(overrides))).toEqual({
      status: 401,
      error: 'invalid_client',
      error_description: 'Client authentication failed',
    });
  });

  test('PA-1: a public client is refused', async () => {
    expect(refusalOf(await push({ client_id: 'spa', client_secret: undefined }))).toEqual({
      status: 400,
      error: 'unauthorized_client',
      error_description: 'A public client cannot push its requests',
    });
  });

  test.each<[string, Overrides, string, string]>([
    ['PA-2', { response_type: undefined }, 'invalid_request', 'Missing required parameter: response_type'],
    ['PA-2', { redirect_uri: undefined }, 'invalid_request', 'Missing required parameter: redirect_uri'],
    ['PA-2', { client_id: undefined }, 'invalid_request', 'Missing required parameter: client_id'],
    [
      'PA-6, RFC 9126 §2.1',
      { request_uri: 'urn:ietf:params:oauth:request_uri:abc' },
      'invalid_request',
      'request_uri must not be pushed',
    ],
    ['PA-6', { request: 'e.y.J' }, 'request_not_supported', 'parameter request is not supported'],
    [
      'CB-1',
      { redirect_uri: 'https://evil.example/' },
      'invalid_request',
      'https://evil.example/ is not in the list of allowed callback URLs',
    ],
    ['AZ-60', { response_type: 'foo' }, 'unsupported_response_type', 'Unsupported response type: foo'],
    [
      'AZ-61',
      { response_type: 'token' },
      'unauthorized_client',
      "Grant type 'implicit' not allowed for the client.",
    ],
    ['AZ-13', { code_challenge_method: 'plain' }, 'invalid_request', 'transform algorithm not supported'],
    ['AZ-20', { audience: 'https://x.example/' }, 'access_denied', 'Service not found: https://x.example/'],
    [
      'AZ-30',
      { prompt: 'none login' },
      'invalid_request',
      'prompt none must not be combined with other values',
    ],
  ])('%s: %j is 400 %s', async (_row, overrides, error, error_description) => {
    expect(refusalOf(await push(overrides))).toEqual({ status: 400, error, error_description });
  });

  test('PA-6, GL-10: a repeated parameter', async () => {
    const answer = await new Agent(freehold.issuer).send('/oauth/par', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${new URLSearchParams(body())}&scope=openid`,
    });
    expect(refusalOf(answer)).toMatchObject({ status: 400, error: 'invalid_request' });
  });

  test('GL-5: JSON is refused, PA-2, PA-6: more than 10 KB is 413, another method 405', async () => {
    const agent = new Agent(freehold.issuer);
    expect(refusalOf(await agent.postJson('/oauth/par', body()))).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
    expect((await push({ 'ext-long': 'x'.repeat(10 * 1024) })).status).toBe(413);
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = await agent.send('/oauth/par', { method });
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, 'POST']);
    }
  });

  describe('RFC 9449 §10.1: with a DPoP proof', () => {
    const htu = () => `${freehold.issuer}oauth/par`;

    test('AZ-36, AC-21: the code is bound to its key', async () => {
      const [key, other] = [new DpopKey(freehold), new DpopKey(freehold)];
      for (const dpop_jkt of [undefined, await key.jkt()]) {
        for (const redeemer of [key, other]) {
          const dpop = await key.proof({ claims: { htu: htu() } });
          const answer = await push({ dpop_jkt }, { dpop });
          expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
          const code = codeOf(await authorize(String(answer.json().request_uri)));
          const form = tokenRequest(pkce, code, { client_id: 'web', client_secret: webSecret });
          const redeemed = await signedIn.postForm('/oauth/token', form, { dpop: await redeemer.proof() });
          expect(redeemed.status === 200).toBe(redeemer === key);
        }
      }
    });

    test('of another key than dpop_jkt, of another place, broken or used before: refused', async () => {
      const key = new DpopKey(freehold);
      const proof = await key.proof({ claims: { htu: htu() } });
      expect(
        (await push({ dpop_jkt: await new DpopKey(freehold).jkt() }, { dpop: proof })).json().error,
      ).toBe('invalid_dpop_proof');
      expect((await push({}, { dpop: proof })).status).toBe(201);
      for (const dpop of [proof, await key.proof(), 'e.y.J']) {
        const answer = await push({}, { dpop });
        expect(refusalOf(answer)).toMatchObject({ status: 400, error: 'invalid_dpop_proof' });
        expect(answer.headers['dpop-nonce']).toBeTruthy();
      }
    });
  });

  test('LG-4: a refusal leaves `fpar`, with client and reason', async () => {
    await push({ response_type: 'foo' });
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'fpar',
      client_id: 'web',
      client_name: 'Web',
      description: 'Unsupported response type: foo',
    });
    await push({ client_secret: 'wrong' });
    expect((await freehold.logEntries()).at(-1)).toMatchObject({ type: 'fpar', client_id: 'web' });
  });
});

describe('PA-4: /authorize with a reference', () => {
  test('the code that comes of it is redeemed like every code', async () => {
    const code = codeOf(await authorize(await pushed()));
    const form = tokenRequest(pkce, code, { client_id: 'web', client_secret: webSecret });
    expect((await signedIn.postForm('/oauth/token', form)).status).toBe(200);
  });

  test('PA-8, RFC 9126 §4: what stands beside it counts for nothing', async () => {
    const answer = await authorize(await pushed({ state: 'inside', nonce: undefined }), {
      state: 'outside',
      redirect_uri: 'https://evil.example/',
      scope: 'offline_access',
      response_mode: 'fragment',
      prompt: 'none',
    });
    expect(answer.location?.href.startsWith(`${callback}?code=`)).toBe(true);
    expect(responseOf(answer).state).toBe('inside');
  });

  test('GL-10: a repeated client_id or request_uri is a page', async () => {
    const request_uri = encodeURIComponent(await pushed());
    for (const query of [
      `client_id=web&client_id=web&request_uri=${request_uri}`,
      `client_id=web&request_uri=${request_uri}&request_uri=${request_uri}`,
    ]) {
      const answer = await signedIn.send(`/authorize?${query}`);
      expect([answer.status, answer.location]).toEqual([400, undefined]);
      expect(answer.text).toContain('must not be repeated');
    }
  });

  test('RFC 9101 §5: not together with request', async () => {
    const answer = await authorize(await pushed(), { request: 'e.y.J' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('request and request_uri exclude each other');
  });

  test('by POST as well (AZ-2)', async () => {
    const form = { client_id: 'web', request_uri: await pushed() };
    expect(codeOf(await signedIn.follow(await signedIn.postForm('/authorize', form)))).toBeTruthy();
  });

  test('a code spends it', async () => {
    const request_uri = await pushed();
    expect(codeOf(await authorize(request_uri))).toBeTruthy();
    await expectUnknown(await authorize(request_uri));
  });

  test('so does a final error: silent without a session, consent refused, a client that may no longer ask', async () => {
    const silent = await pushed({ prompt: 'none' });
    const nobody = new Agent(freehold.issuer);
    expect(responseOf(await authorize(silent, {}, nobody)).error).toBe('login_required');
    await expectUnknown(await authorize(silent));

    const asking = await pushed({ prompt: 'consent' });
    const page = await signedIn.follow(await authorize(asking));
    const denied = await signedIn.submit(page, { action: 'deny' });
    expect(responseOf(denied).error).toBe('access_denied');
    await expectUnknown(await authorize(asking));

    const late = await pushed();
    setGrantTypes('["refresh_token"]');
    expect(responseOf(await authorize(late)).error).toBe('unauthorized_client');
    setGrantTypes('["authorization_code","refresh_token"]');
    await expectUnknown(await authorize(late));
  });

  test('after 30 seconds it is unknown; a login that it began may end later', async () => {
    const agent = new Agent(freehold.issuer);
    const begun = await pushed();
    const page = await agent.follow(await authorize(begun, {}, agent));
    const waiting = await pushed();
    freehold.clock.advance(29);
    const inTime = new Agent(freehold.issuer);
    expect((await authorize(waiting, {}, inTime)).location?.pathname).toBe('/u/login');
    freehold.clock.advance(1);
    await expectUnknown(await authorize(waiting));
    freehold.clock.advance(600);
    await freehold.composed.sweep();
    const fields = { username: 'ada@example.com', password, action: 'default' };
    expect(codeOf(await agent.follow(await agent.submit(page, fields)))).toBeTruthy();
  });

  test('a reload of the login page does not burn it, and one of two tabs gets the code', async () => {
    const agent = new Agent(freehold.issuer);
    const request_uri = await pushed();
    const pages = [];
    for (let times = 0; times < 2; times += 1)
      pages.push(await agent.follow(await authorize(request_uri, {}, agent)));
    const fields = { username: 'ada@example.com', password, action: 'default' };
    const answers = [];
    for (const page of pages) answers.push(await agent.follow(await agent.submit(page, fields)));
    expect(answers.map(({ location }) => location?.searchParams.has('code') ?? false)).toEqual([true, false]);
    expect(answers[1]?.status).toBe(400);
  });

  test('another browser does not get on with it', async () => {
    const [first, second] = [new Agent(freehold.issuer), new Agent(freehold.issuer)];
    const request_uri = await pushed();
    expect((await authorize(request_uri, {}, first)).location?.pathname).toBe('/u/login');
    await expectUnknown(await authorize(request_uri, {}, second));
    await expectUnknown(await authorize(request_uri));
    expect((await authorize(request_uri, {}, first)).location?.pathname).toBe('/u/login');
  });

  test('of twenty at once one gets a code', async () => {
    const request_uri = await pushed();
    const answers = await Promise.all(Array.from({ length: 20 }, () => authorize(request_uri)));
    expect(answers.filter(({ location }) => location?.searchParams.has('code'))).toHaveLength(1);
  });

  test('another client does not get on with it, nor spend it', async () => {
    const request_uri = await pushed();
    await expectUnknown(await authorize(request_uri, { client_id: 'patient' }));
    const noClient = await signedIn.send(`/authorize?request_uri=${encodeURIComponent(request_uri)}`);
    expect(noClient.text).toContain('Missing required parameter: client_id');
    expect(codeOf(await authorize(request_uri))).toBeTruthy();
  });

  test.each(['urn:ietf:params:oauth:request_uri:', 'urn:ietf:params:oauth:request_uri:x'])(
    'one that never was: %s',
    async (request_uri) => expectUnknown(await authorize(request_uri)),
  );

  test('PA-10, WK-7: an address is never asked', async () => {
    const url = authorizationUrl(freehold, pkce, { request_uri: 'https://evil.example/request' });
    expect(responseOf(await signedIn.send(url))).toMatchObject({
      error: 'request_uri_not_supported',
      error_description: 'parameter request_uri is not supported',
    });
  });
});

describe('PA-5: who must push', () => {
  test('a client with require_pushed_authorization_requests', async () => {
    const url = authorizationUrl(freehold, pkce, { client_id: 'strict' });
    expect(responseOf(await signedIn.send(url))).toMatchObject({
      error: 'invalid_request',
      error_description: 'Pushed Authorization Requests are required',
      state: 'xyzABC123',
    });
    const request_uri = await pushed({ client_id: 'strict' });
    expect(codeOf(await authorize(request_uri, { client_id: 'strict' }))).toBeTruthy();
  });

  test('WK-1, RFC 9126 §5: discovery names the endpoint', async () => {
    expect((await signedIn.send('/.well-known/openid-configuration')).json()).toMatchObject({
      pushed_authorization_request_endpoint: `${freehold.issuer}oauth/par`,
      require_pushed_authorization_requests: false,
    });
  });

  describe.each(['auth0', 'oidc'])('in dialect %s', (dialect) => {
    test('every client, where the tenant says so', async () => {
      const tenant = {
        dialect,
        pushed_authorization_requests_supported: true,
        flags: { require_pushed_authorization_requests: true },
      };
      const server = await startFreehold({ tenant: sampleTenant({ tenant }), users });
      try {
        const agent = new Agent(server.issuer);
        expect(responseOf(await agent.send(authorizationUrl(server, pkce)))).toMatchObject({
          error: 'invalid_request',
          error_description: 'Pushed Authorization Requests are required',
        });
        const discovery = (await agent.send('/.well-known/openid-configuration')).json();
        expect(discovery.require_pushed_authorization_requests).toBe(true);
        const form = { ...body(), client_id: 'web' };
        const { request_uri } = (await agent.postForm('/oauth/par', form)).json();
        const query = new URLSearchParams({ client_id: 'web', request_uri: String(request_uri) });
        const code = codeOf(await agent.logIn(`/authorize?${query}`, 'ada@example.com', password));
        expect(code).toBeTruthy();
        const refused = await agent.postForm('/oauth/par', { ...form, audience: 'https://x.example/' });
        expect(refusalOf(refused)).toMatchObject({ status: 400, error: 'access_denied' });
      } finally {
        await server.stop();
      }
    });

    test('the endpoint is disabled by default', async () => {
      const server = await startFreehold({ tenant: sampleTenant({ tenant: { dialect } }), users });
      try {
        const agent = new Agent(server.issuer);
        expect(refusalOf(await agent.postForm('/oauth/par', body()))).toEqual({
          status: 404,
          error: 'endpoint_disabled',
          error_description: 'Pushed Authorization Requests are not enabled for this tenant',
        });
        const discovery = (await agent.send('/.well-known/openid-configuration')).json();
        expect(discovery).not.toHaveProperty('pushed_authorization_request_endpoint');
        const url = authorizationUrl(server, pkce, {
          request_uri: 'urn:ietf:params:oauth:request_uri:x',
        });
        expect(responseOf(await agent.send(url)).error).toBe('request_uri_not_supported');
      } finally {
        await server.stop();
      }
    });
  });
});
