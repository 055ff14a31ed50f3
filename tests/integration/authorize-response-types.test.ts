// Codes and tokens by the browser: the implicit and the hybrid flow (contract AZ-3, AZ-28, RM-1 to RM-11, AT-1, AT-9).
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer, decodeHtml } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  claimsOf,
  consentAudience,
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
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Ada is signed in here. */
let signedIn: Agent;
const pkce = newPkce();
const nonce = 'n-0S6_WzA2Mj';
const grant_types = ['authorization_code', 'implicit', 'refresh_token'];
const everyType = [
  'code',
  'token',
  'id_token',
  'code token',
  'code id_token',
  'token id_token',
  'code token id_token',
];
const inFrontChannel = everyType.filter((response_type) => response_type !== 'code');

beforeAll(async () => {
  const sample = sampleTenant();
  freehold = await startFreehold({
    tenant: {
      ...sample,
      clients: [
        { ...spa, grant_types },
        {
          ...spa,
          name: 'Native',
          client_id: 'native',
          app_type: 'native',
          callbacks: ['com.app:/callback'],
          grant_types,
        },
        {
          ...spa,
          name: 'Web',
          client_id: 'web',
          client_secret: webSecret,
          app_type: 'regular_web',
          grant_types,
        },
        { ...spa, name: 'No code', client_id: 'no-code', grant_types: ['implicit'] },
        { ...spa, name: 'Code only', client_id: 'code-only' },
      ],
      resourceServers: [
        ...(sample.resourceServers as object[]),
        {
          name: 'Brief',
          identifier: 'https://brief.example/',
          scopes: [{ value: 'read:orders' }],
          token_lifetime: 7200,
          token_lifetime_for_web: 600,
          enforce_policies: true,
          token_dialect: 'access_token_authz',
          skip_consent_for_verifiable_first_party_clients: true,
        },
      ],
    },
    users,
  });
  ({ agent: signedIn } = await getTokens(freehold));
});
afterAll(() => freehold.stop());

type Overrides = Record<string, string | undefined>;

function authorize(overrides: Overrides, agent = signedIn): Promise<Answer> {
  return agent.send(authorizationUrl(freehold, pkce, { nonce, ...overrides }));
}

/** What came in the fragment; nothing may be in the query. */
function fragmentOf({ location }: Answer): Record<string, string> {
  expect(location?.search).toBe('');
  return Object.fromEntries(new URLSearchParams(location?.hash.slice(1)));
}

function leftHalf(value: string | undefined): string {
  return createHash('sha256').update(String(value)).digest().subarray(0, 16).toString('base64url');
}

function subjectOf(access_token: string | undefined): Promise<Answer> {
  return signedIn.send('/userinfo', { headers: { authorization: `Bearer ${access_token}` } });
}

describe('AZ-3, RM-4: what each response type brings', () => {
  const members: Record<string, string[]> = {
    code: ['code'],
    token: ['access_token', 'token_type', 'expires_in', 'scope'],
    id_token: ['id_token'],
  };

  test.each(everyType)('%s', async (response_type) => {
    const answer = responseOf(await authorize({ response_type }));
    const expected = response_type.split(' ').flatMap((value) => members[value] ?? []);
    expect(Object.keys(answer).sort()).toEqual([...expected, 'state'].sort());
    expect(answer.state).toBe('xyzABC123');
  });

  test('in any order', async () => {
    const { code, id_token } = fragmentOf(await authorize({ response_type: 'id_token  code' }));
    expect([code, id_token]).toEqual([expect.any(String), expect.any(String)]);
  });

  test.each(['code foo', ' ', 'none', 'CODE', 'code,token'])('nothing for %j', async (response_type) => {
    expect(responseOf(await authorize({ response_type })).error).toBe('unsupported_response_type');
  });
});

describe('ID-10, OpenID Connect Core §3.2.2.9, §3.3.2.10, §3.3.2.11: the ID token in the front channel', () => {
  test.each(inFrontChannel.filter((response_type) => response_type.includes('id_token')))(
    'of %s: genuine, with the nonce and the hashes of what came along',
    async (response_type) => {
      const { id_token, access_token, code } = fragmentOf(await authorize({ response_type }));
      const jwks = createRemoteJWKSet(new URL('.well-known/jwks.json', freehold.issuer));
      const { payload } = await jwtVerify(id_token ?? '', jwks, {
        issuer: freehold.issuer,
        audience: 'spa',
        currentDate: new Date(freehold.clock.now() * 1000),
      });
      expect(payload.nonce).toBe(nonce);
      expect(payload.at_hash).toBe(access_token === undefined ? undefined : leftHalf(access_token));
      expect(payload.c_hash).toBe(code === undefined ? undefined : leftHalf(code));
      expect(payload).toMatchObject({ email: 'ada@example.com', name: 'Ada Lovelace' });
    },
  );

  test('OpenID Connect Core §3.3.3.6: the token endpoint gives one of the same iss, sub, nonce and sid', async () => {
    const front = fragmentOf(await authorize({ response_type: 'code id_token' }));
    const answer = await signedIn.postForm('/oauth/token', tokenRequest(pkce, front.code ?? ''));
    const [before, after] = [claimsOf(front.id_token), claimsOf(String(answer.json().id_token))];
    for (const name of ['iss', 'sub', 'aud', 'nonce', 'sid'])
      expect([name, after[name]]).toEqual([name, before[name]]);
    expect(after).not.toHaveProperty('c_hash');
  });

  test('ID-12: auth_time where max_age asks for it', async () => {
    const { id_token } = fragmentOf(await authorize({ response_type: 'id_token', max_age: '3600' }));
    expect(claimsOf(id_token).auth_time).toEqual(expect.any(Number));
  });

  test.each(inFrontChannel.filter((response_type) => response_type.includes('id_token')))(
    'AZ-28: %s needs a nonce',
    async (response_type) => {
      expect(fragmentOf(await authorize({ response_type, nonce: undefined }))).toEqual({
        error: 'invalid_request',
        error_description: 'Missing required parameter: nonce',
        state: 'xyzABC123',
      });
    },
  );

  test('AZ-28: the others do not', async () => {
    for (const response_type of ['code', 'token', 'code token']) {
      const answer = responseOf(await authorize({ response_type, nonce: undefined }));
      expect([response_type, answer.error]).toEqual([response_type, undefined]);
    }
  });

  test('AC-14: without the scope openid there is none, and the request says so', async () => {
    for (const scope of ['profile', undefined]) {
      expect(fragmentOf(await authorize({ response_type: 'token id_token', scope }))).toMatchObject({
        error: 'invalid_request',
        error_description: 'The scope openid is required for an ID token',
      });
    }
    const { access_token } = fragmentOf(await authorize({ response_type: 'token', scope: 'profile' }));
    expect((await subjectOf(access_token)).status).toBe(403);
  });
});

describe('the access token in the front channel', () => {
  test('AT-1: opaque, for 7200 seconds alone and for 86400 beside a code', async () => {
    const given = await Promise.all(
      ['token', 'token id_token', 'code token', 'code token id_token'].map(async (response_type) =>
        fragmentOf(await authorize({ response_type })),
      ),
    );
    expect(given.map(({ expires_in }) => expires_in)).toEqual(['7200', '7200', '86400', '86400']);
    expect(given.map(({ token_type }) => token_type)).toEqual(Array(4).fill('Bearer'));
    const statuses = () =>
      Promise.all(given.map(async ({ access_token }) => (await subjectOf(access_token)).status));
    freehold.clock.advance(7199);
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    freehold.clock.advance(1);
    expect(await statuses()).toEqual([401, 401, 200, 200]);
    freehold.clock.advance(86_400 - 7200);
    expect(await statuses()).toEqual([401, 401, 401, 401]);
  });

  test('AT-9: of an API, for its token_lifetime_for_web; the code is redeemed for its token_lifetime', async () => {
    const answer = fragmentOf(
      await authorize({ response_type: 'code token', audience: 'https://brief.example/' }),
    );
    const { iat, exp } = claimsOf(answer.access_token);
    expect([answer.expires_in, Number(exp) - Number(iat)]).toEqual(['600', 600]);
    const redeemed = await signedIn.postForm('/oauth/token', tokenRequest(pkce, answer.code ?? ''));
    expect(redeemed.json().expires_in).toBe(7200);
  });

  test('AT-10: permissions narrow it as they do at the token endpoint', async () => {
    const scope = 'openid read:orders';
    const answer = fragmentOf(
      await authorize({ response_type: 'token', audience: 'https://brief.example/', scope }),
    );
    expect(answer.scope).toBe('openid');
    expect(claimsOf(answer.access_token)).toMatchObject({ scope: 'openid', permissions: [] });
    const open = fragmentOf(await authorize({ response_type: 'token', audience, scope }));
    expect(claimsOf(open.access_token)).toMatchObject({
      aud: [audience, `${freehold.issuer}userinfo`],
      scope,
      azp: 'spa',
    });
    expect(claimsOf(open.access_token)).not.toHaveProperty('gty');
  });

  test('TK-14: offline_access is not granted without a code', async () => {
    const scope = 'openid offline_access';
    expect(fragmentOf(await authorize({ response_type: 'token', scope })).scope).toBe('openid');
    const hybrid = fragmentOf(await authorize({ response_type: 'code token', scope }));
    expect(hybrid).not.toHaveProperty('refresh_token');
    const redeemed = await signedIn.postForm('/oauth/token', tokenRequest(pkce, hybrid.code ?? ''));
    expect(redeemed.json().refresh_token).toEqual(expect.any(String));
  });

  test('AC-11, AT-14: the replay of a hybrid code takes its front-channel token back too', async () => {
    const { code = '', access_token } = fragmentOf(await authorize({ response_type: 'code token' }));
    const statuses: number[] = [];
    for (let times = 0; times < 2; times += 1) {
      statuses.push((await signedIn.postForm('/oauth/token', tokenRequest(pkce, code))).status);
      statuses.push((await subjectOf(access_token)).status);
    }
    expect(statuses).toEqual([200, 200, 403, 401]);
  });

  test('AT-14: /oauth/token knows no code where none was asked for', async () => {
    const { id_token, access_token } = fragmentOf(await authorize({ response_type: 'token id_token' }));
    for (const code of [id_token ?? '', access_token ?? '']) {
      expect(refusalOf(await signedIn.postForm('/oauth/token', tokenRequest(pkce, code)))).toMatchObject({
        error: 'invalid_grant',
      });
    }
  });
});

describe('who may ask', () => {
  test.each([
    ['code', 'no-code', 'authorization_code'],
    ['code id_token', 'no-code', 'authorization_code'],
    ['code token', 'code-only', 'implicit'],
    ['id_token', 'code-only', 'implicit'],
  ])('AZ-61: %s by %s lacks %s', async (response_type, client_id, missing) => {
    expect(responseOf(await authorize({ response_type, client_id }))).toMatchObject({
      error: 'unauthorized_client',
      error_description: `Grant type '${missing}' not allowed for the client.`,
    });
  });

  test('AZ-15: PKCE is for codes: a public client needs it with every type that has one, and with no other', async () => {
    for (const response_type of everyType) {
      const without = { response_type, code_challenge: undefined, code_challenge_method: undefined };
      const { error_description } = responseOf(await authorize(without));
      expect([response_type, error_description]).toEqual([
        response_type,
        response_type.includes('code') ? 'code challenge required' : undefined,
      ]);
    }
  });

  test('a grant type that is taken away while the login page waits ends the request', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { client_id: 'no-code', response_type: 'id_token', nonce });
    const page = await agent.open(url);
    freehold.execute(`update client set grant_types = '["authorization_code"]' where client_id = 'no-code'`);
    // A client that was read is kept for a second.
    freehold.clock.advance(1);
    const answer = await agent.follow(
      await agent.submit(page, { username: 'ada@example.com', password, action: 'default' }),
    );
    expect([answer.status, answer.location]).toEqual([400, undefined]);
    freehold.execute(`update client set grant_types = '["implicit"]' where client_id = 'no-code'`);
    freehold.clock.advance(1);
  });
});

describe('how the answer travels', () => {
  test('RM-2: tokens never by query; the refusal goes where they would have gone', async () => {
    for (const response_type of inFrontChannel) {
      expect(fragmentOf(await authorize({ response_type, response_mode: 'query' }))).toEqual({
        error: 'invalid_request',
        error_description: 'response_mode query must not carry tokens',
        state: 'xyzABC123',
      });
    }
  });

  test.each(inFrontChannel)('RM-5: %s by form_post', async (response_type) => {
    const answer = await authorize({ response_type, response_mode: 'form_post' });
    expect([answer.status, answer.location, answer.headers['cache-control']]).toEqual([
      200,
      undefined,
      'no-store',
    ]);
    const inputs = [...answer.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
    const sent = Object.fromEntries(inputs.map(([, name, value]) => [name, value]));
    expect(Object.keys(sent).sort()).toEqual(
      Object.keys(fragmentOf(await authorize({ response_type }))).sort(),
    );
  });

  test.each(inFrontChannel)('RM-6, RM-9: %s by web_message, silently', async (response_type) => {
    const answer = await authorize({ response_type, response_mode: 'web_message', prompt: 'none' });
    const [, target_origin, response = ''] =
      /<body data-target-origin="([^"]*)" data-response="([^"]*)">/.exec(answer.text) ?? [];
    expect(target_origin).toBe('https://app.example');
    const sent = JSON.parse(decodeHtml(response)) as Record<string, string>;
    expect(Object.keys(sent).sort()).toEqual(
      Object.keys(fragmentOf(await authorize({ response_type }))).sort(),
    );
  });

  test('after a login page, a fragment as well', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { response_type: 'id_token token', nonce });
    const answer = fragmentOf(await agent.logIn(url, 'ada@example.com', password));
    expect(claimsOf(answer.id_token).nonce).toBe(nonce);
  });

  test('the default of express-openid-connect: an ID token by form_post, after a login', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, {
      client_id: 'web',
      response_type: 'id_token',
      response_mode: 'form_post',
      scope: 'openid profile email',
      nonce,
      code_challenge: undefined,
      code_challenge_method: undefined,
    });
    const answer = await agent.logIn(url, 'ada@example.com', password);
    expect(answer.status).toBe(200);
    const id_token = /name="id_token" value="([^"]*)"/.exec(answer.text)?.[1];
    expect(claimsOf(id_token)).toMatchObject({ aud: 'web', nonce, email: 'ada@example.com' });
    expect(answer.text).not.toContain('access_token');
  });
});

describe('the same policy as for a code', () => {
  test.each(inFrontChannel)('PR-2, RM-11: %s, silent and nobody logged in', async (response_type) => {
    const answer = fragmentOf(await authorize({ response_type, prompt: 'none' }, new Agent(freehold.issuer)));
    expect(answer).toEqual({
      error: 'login_required',
      error_description: 'Login required',
      state: 'xyzABC123',
    });
  });

  test('PR-3, CN-3: consent is asked for once', async () => {
    const asked = { response_type: 'token', audience: consentAudience, scope: 'openid read:payments' };
    expect(fragmentOf(await authorize({ ...asked, prompt: 'none' })).error).toBe('consent_required');
    const page = await signedIn.open(authorizationUrl(freehold, pkce, asked));
    const answer = fragmentOf(await signedIn.follow(await signedIn.submit(page, { action: 'accept' })));
    expect(claimsOf(answer.access_token).scope).toBe('openid read:payments');
    expect(fragmentOf(await authorize({ ...asked, prompt: 'none' }))).toHaveProperty('access_token');
  });

  test('AZ-62: refused consent goes to the fragment', async () => {
    const asked = { response_type: 'id_token', prompt: 'consent', nonce };
    const page = await signedIn.open(authorizationUrl(freehold, pkce, asked));
    const answer = await signedIn.follow(await signedIn.submit(page, { action: 'deny' }));
    expect(fragmentOf(answer)).toMatchObject({ error: 'access_denied', state: 'xyzABC123' });
  });

  test('LG-1, PR-6: `s` after a session, `ssa` silently; the entry holds no token', async () => {
    const before = (await freehold.logEntries()).length;
    const first = fragmentOf(await authorize({ response_type: 'token id_token' }));
    await authorize({ response_type: 'code id_token', prompt: 'none' });
    const entries = (await freehold.logEntries()).slice(before);
    expect(entries.map(({ type, client_id }) => [type, client_id])).toEqual([
      ['s', 'spa'],
      ['ssa', 'spa'],
    ]);
    for (const token of [first.access_token, first.id_token])
      expect(JSON.stringify(entries)).not.toContain(token);
  });

  test('two tabs that finish one transaction get one answer', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, pkce, { response_type: 'token', nonce }));
    const fields = { username: 'ada@example.com', password, action: 'default' };
    const { location } = await agent.submit(page, fields);
    const answers = await Promise.all([1, 2, 3].map(() => agent.send(location ?? '')));
    const given = answers.filter((answer) => answer.location?.hash.includes('access_token='));
    expect(given).toHaveLength(1);
  });
});

test('TK-13, CL-3: a client that says nothing of its grant types may use them', async () => {
  const server = await startFreehold({
    tenant: { clients: [{ ...spa, grant_types: undefined }] },
    users,
  });
  try {
    const { agent } = await getTokens(server);
    const url = authorizationUrl(server, pkce, { response_type: 'id_token', nonce });
    expect(fragmentOf(await agent.send(url))).toHaveProperty('id_token');
  } finally {
    await server.stop();
  }
});
