// Authorization requests that are answered: which parameters work, and how.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Ada is signed in here. */
let signedIn: Agent;
const pkce = newPkce();

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  ({ agent: signedIn } = await getTokens(freehold));
});

afterAll(() => freehold.stop());

function authorize(overrides: Record<string, string | undefined> = {}) {
  return signedIn.send(authorizationUrl(freehold, pkce, overrides));
}

describe('the way to a code', () => {
  test('SD-20, AZ-1, AZ-68: without a session the login page comes first, by a 302', async () => {
    const answer = await new Agent(freehold.issuer).send(authorizationUrl(freehold, pkce));
    expect(answer.status).toBe(302);
    expect(answer.location?.pathname).toBe('/u/login');
    expect([...(answer.location?.searchParams.keys() ?? [])]).toEqual(['state']);
    // AZ-68: "`state` here is the server's transaction handle, not the client's."
    expect(answer.location?.searchParams.get('state')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('SD-22, SD-28, SD-45, SE-1, RM-3: with a session, 302 Found with code and state in the query', async () => {
    const answer = await authorize();
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toMatch(
      /^https:\/\/app\.example\/callback\?code=[A-Za-z0-9_-]{52}&state=xyzABC123$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text).toBe('');
  });

  test('AZ-69, RFC 9700 §4.12: after the password was posted the browser is sent on by 303', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, pkce));
    const posted = await agent.submit(page, { username: 'ada@example.com', password, action: 'default' });
    expect(posted.status).toBe(303);
    expect(posted.location?.pathname).toBe('/authorize/resume');
    const resumed = await agent.send(posted.location ?? '');
    expect(resumed.status).toBe(302);
    expect(codeOf(resumed)).toMatch(/^[A-Za-z0-9_-]{52}$/);
  });

  test.each(['spa', 'native', 'web', 'third'])(
    'SD-1, SD-2, AZ-16, DIS-12: the flow with PKCE for the client %s, up to its tokens',
    async (client_id) => {
      const agent = new Agent(freehold.issuer);
      const first = await agent.logIn(
        authorizationUrl(freehold, pkce, { client_id }),
        'ada@example.com',
        password,
      );
      const last =
        first.location === undefined
          ? await agent.follow(await agent.submit(first, { action: 'accept' }))
          : first;
      const secret = client_id === 'web' ? { client_secret: webSecret } : {};
      const answer = await agent.postForm(
        '/oauth/token',
        tokenRequest(pkce, codeOf(last), { client_id, ...secret }),
      );
      expect(answer.status).toBe(200);
      expect(answer.json().token_type).toBe('Bearer');
    },
  );

  test('SD-25, SD-60: the code is bound to its challenge', async () => {
    const code = codeOf(await authorize());
    const wrong = await signedIn.postForm('/oauth/token', tokenRequest(newPkce(), code));
    expect([wrong.status, wrong.json()]).toEqual([
      403,
      { error: 'invalid_grant', error_description: 'Failed to verify code verifier' },
    ]);
  });

  test('LG-1, PR-6: a code without a page leaves `s`, a silent one `ssa`', async () => {
    const before = (await freehold.logEntries()).length;
    await authorize();
    await authorize({ prompt: 'none' });
    const entries = (await freehold.logEntries()).slice(before);
    expect(entries.map(({ type, client_id, user_id }) => ({ type, client_id, user_id }))).toEqual([
      { type: 's', client_id: 'spa', user_id: 'auth0|0123456789abcdef01234567' },
      { type: 'ssa', client_id: 'spa', user_id: 'auth0|0123456789abcdef01234567' },
    ]);
  });
});

describe('state', () => {
  test.each(['xyzABC123', "~!*'()%20+/=", 'ünï©ødé 😀', '"><script>', 'a&b=c#d', ' ', 'x'.repeat(4000)])(
    'SD-36, AZ-9, DIS-27: %j comes back as it was, with a code and with an error',
    async (state) => {
      expect(responseOf(await authorize({ state })).state).toBe(state);
      expect(responseOf(await authorize({ state, response_type: 'foo' })).state).toBe(state);
    },
  );

  test('SD-37, AZ-9: without state there is none in the answer', async () => {
    expect(Object.keys(responseOf(await authorize({ state: undefined })))).toEqual(['code']);
    const refused = await authorize({ state: undefined, response_type: 'foo' });
    expect(Object.keys(responseOf(refused))).toEqual(['error', 'error_description']);
  });

  test('GL-11: an empty state is no state', async () => {
    expect(Object.keys(responseOf(await authorize({ state: '' })))).toEqual(['code']);
  });
});

describe('parameters that change nothing', () => {
  test.each([
    ['GL-6', 'auth0Client', 'eyJuYW1lIjoiYXV0aDAtc3BhLWpzIiwidmVyc2lvbiI6IjIuMCJ9'],
    ['GL-9', 'my_param', 'test'],
    ['AZ-43', 'claims', '{"id_token":{"email":null}}'],
    ['AZ-40', 'device', 'my-device'],
    ['AZ-38', 'ext-campaign', 'summer'],
    ['AZ-39', 'correlation_id', 'abc'],
    ['AZ-19', 'resource', 'https://unknown.example/'],
    ['AZ-29', 'display', 'popup'],
    ['AZ-34', 'ui_locales', 'fr-CA fr en'],
    ['AZ-35', 'acr_values', 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'],
    ['AZ-28', 'nonce', 'n-0S6_WzA2Mj'],
    ['AZ-32', 'login_hint', 'ada@example.com'],
    ['AZ-22', 'connection', 'Username-Password-Authentication'],
  ])('%s: %s is accepted', async (_row, name, value) => {
    expect(Object.keys(responseOf(await authorize({ [name]: value })))).toEqual(['code', 'state']);
  });

  test('GL-6: the log keeps what auth0Client tells', async () => {
    const auth0Client = Buffer.from('{"name":"auth0-spa-js","version":"2.1"}').toString('base64');
    expect(codeOf(await authorize({ auth0Client }))).toBeTruthy();
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 's',
      auth0_client: '{"name":"auth0-spa-js","version":"2.1"}',
    });
  });

  test('AZ-39: correlation_id names every entry that a login leaves, from its first refusal to its end', async () => {
    const agent = new Agent(freehold.issuer);
    const correlation_id = 'txn_12345~A/b:c@d.e+f*-';
    const before = (await freehold.logEntries()).length;
    await agent.send(authorizationUrl(freehold, pkce, { correlation_id, connection: 'github' }));
    await agent.send(authorizationUrl(freehold, pkce, { correlation_id, prompt: 'none' }));
    const page = await agent.open(authorizationUrl(freehold, pkce, { correlation_id }));
    const fields = { username: 'ada@example.com', action: 'default' };
    await agent.submit(page, { ...fields, password: 'wrong' });
    await agent.follow(await agent.submit(page, { ...fields, password }));
    await agent.send(authorizationUrl(freehold, pkce, { correlation_id }));
    const entries = (await freehold.logEntries()).slice(before);
    expect(entries.map(({ type }) => type)).toEqual(['f', 'fsa', 'fp', 's', 's']);
    expect(new Set(entries.map((entry) => entry.correlation_id))).toEqual(new Set([correlation_id]));
  });

  test.each(['a'.repeat(65), 'a b', 'a\n', '<b>', 'é'])(
    'AZ-39: %j is no correlation_id and is not logged',
    async (correlation_id) => {
      expect(codeOf(await authorize({ correlation_id }))).toBeTruthy();
      expect((await freehold.logEntries()).at(-1)).not.toHaveProperty('correlation_id');
    },
  );

  test('AZ-38: ten ext- parameters are kept with the login transaction', async () => {
    const sent = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`ext-${n}`, `v${n}`]));
    const agent = new Agent(freehold.issuer);
    await agent.send(authorizationUrl(freehold, pkce, { ...sent, 'ext-empty': '' }));
    const [row] = freehold.execute(
      'select request from login_transaction order by created_at desc, rowid desc limit 1',
    );
    const { extensions } = JSON.parse(String(row?.request)) as { extensions: Record<string, string> };
    expect(extensions).toEqual(Object.fromEntries(Object.entries(sent).slice(0, 10)));
  });

  test('AZ-36: a code bound to a DPoP key is not redeemed without that key', async () => {
    const dpop_jkt = 'a'.repeat(43);
    const code = codeOf(await authorize({ dpop_jkt }));
    expect(freehold.execute('select dpop_jkt from authorization_code where dpop_jkt is not null')).toEqual([
      { dpop_jkt },
    ]);
    const answer = await signedIn.postForm('/oauth/token', tokenRequest(pkce, code));
    expect(answer.json().error).toBe('invalid_dpop_proof');
  });

  test('GL-6: so is the header Auth0-Client, which the log keeps', async () => {
    const header = Buffer.from('{"name":"auth0-spa-js","version":"2.0"}').toString('base64');
    const answer = await signedIn.send(authorizationUrl(freehold, pkce), {
      headers: { 'auth0-client': header },
    });
    expect(codeOf(answer)).toBeTruthy();
    expect((await freehold.logEntries()).at(-1)?.auth0_client).toBe(
      '{"name":"auth0-spa-js","version":"2.0"}',
    );
    const broken = await signedIn.send(authorizationUrl(freehold, pkce), {
      headers: { 'auth0-client': '%%%' },
    });
    expect(codeOf(broken)).toBeTruthy();
  });
});
