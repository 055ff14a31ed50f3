// Which callback an authorization request is answered to: contract AZ-5, AZ-6, AZ-56, CB-*, DIS-17.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  codeOf,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Ada is signed in here. */
let signedIn: Agent;
const pkce = newPkce();
const customScheme = 'com.myclientapp://myclientapp.com/callback';

const tenant = sampleTenant({
  clients: [
    ...(sampleTenant().clients as object[]),
    {
      ...spa,
      name: 'Many',
      client_id: 'many',
      callbacks: [
        'https://many.example/cb?tenant=a',
        'https://*.many.example/cb',
        'https://pre-*-post.many.example/cb',
        'http://localhost:3000/cb',
        'https://{organization_name}.orgs.example/cb',
      ],
    },
    { ...spa, name: 'Pattern', client_id: 'pattern', callbacks: ['https://*.many.example/cb'] },
    {
      ...spa,
      name: 'Confirmed',
      client_id: 'confirmed',
      app_type: 'native',
      callbacks: [customScheme, callback],
    },
    {
      ...spa,
      name: 'Trusted',
      client_id: 'trusted',
      app_type: 'native',
      callbacks: [customScheme],
      skip_non_verifiable_callback_uri_confirmation_prompt: true,
    },
  ],
});

beforeAll(async () => {
  freehold = await startFreehold({ tenant, users });
  ({ agent: signedIn } = await getTokens(freehold));
});

afterAll(() => freehold.stop());

function authorize(client_id: string, redirect_uri: string | undefined) {
  return signedIn.send(authorizationUrl(freehold, pkce, { client_id, redirect_uri }));
}

describe('an answer goes to the callback that was sent', () => {
  test.each([
    ['CB-1', 'spa', callback],
    ['CB-7', 'native', callback],
    ['SD-4, CB-9', 'native', customScheme],
    ['DIS-17, RFC 8252 §7.3', 'native', 'http://127.0.0.1:51004/callback'],
    ['CB-10', 'many', 'http://localhost:3000/cb'],
    ['CB-2', 'many', 'https://many.example/cb?tenant=a'],
    ['CB-4', 'many', 'https://one.many.example/cb'],
    ['CB-4', 'many', 'https://pre-1-post.many.example/cb'],
  ])('%s: %s at %s', async (_row, client_id, redirect_uri) => {
    const answer = await authorize(client_id, redirect_uri);
    const query = redirect_uri.includes('?') ? '&' : '?';
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toMatch(/code=[A-Za-z0-9_-]{52}&state=xyzABC123$/);
    expect(answer.headers.location?.startsWith(`${redirect_uri}${query}code=`)).toBe(true);
  });

  test('RM-3, RFC 6749 §3.1.2: a query that the callback has is retained', async () => {
    const answer = await authorize('many', 'https://many.example/cb?tenant=a');
    expect(responseOf(answer)).toMatchObject({ tenant: 'a', code: expect.any(String), state: 'xyzABC123' });
  });

  test('SD-29, AZ-6: what follows # is stripped', async () => {
    const answer = await authorize('spa', `${callback}#x=1`);
    expect(answer.headers.location?.startsWith(`${callback}?code=`)).toBe(true);
    expect(answer.headers.location).not.toContain('#');
  });
});

describe('nobody else is answered', () => {
  test.each([
    ['CB-2', 'many', 'https://many.example/cb'],
    ['CB-2', 'many', 'https://many.example/cb?tenant=a&b=c'],
    ['CB-3', 'spa', 'https://APP.example/callback'],
    ['CB-3', 'spa', `${callback}/`],
    ['CB-4', 'many', 'https://a.b.many.example/cb'],
    ['CB-4', 'many', 'https://*.many.example/cb'],
    ['CB-5', 'many', 'https://acme.orgs.example/cb'],
    ['CB-5', 'many', 'https://{organization_name}.orgs.example/cb'],
    ['CB-10', 'many', 'http://localhost:3001/cb'],
    ['DIS-17', 'native', 'http://localhost:51004/callback'],
    ['CB-12', 'spa', 'javascript:alert(1)'],
    ['CB-12', 'spa', 'data:text/html,x'],
    ['CB-12', 'spa', 'app.example/callback'],
    ['CB-12', 'spa', '//app.example/callback'],
    ['RFC 9700 §4.1', 'spa', 'https://app.example.evil.example/callback'],
  ])('%s: %s at %s is a page, 403', async (_row, client_id, redirect_uri) => {
    const answer = await authorize(client_id, redirect_uri);
    expect(answer.status).toBe(403);
    expect(answer.headers.location).toBeUndefined();
    expect(answer.text).toContain('Callback URL mismatch.');
  });
});

describe('AZ-56, CB-11: an absent redirect_uri', () => {
  test('is the client’s only callback', async () => {
    const answer = await authorize('spa', undefined);
    expect(answer.headers.location?.startsWith(`${callback}?code=`)).toBe(true);
  });

  test('SD-62: then the token request needs none', async () => {
    const code = codeOf(await authorize('spa', undefined));
    const answer = await signedIn.postForm(
      '/oauth/token',
      tokenRequest(pkce, code, { redirect_uri: undefined }),
    );
    expect(answer.status).toBe(200);
  });

  test.each(['native', 'pattern'])(
    'is an error page for %s, which has no one callback',
    async (client_id) => {
      const answer = await authorize(client_id, undefined);
      expect(answer.status).toBe(400);
      expect(answer.headers.location).toBeUndefined();
    },
  );
});

describe('CB-13: a callback that cannot be verified', () => {
  let strict: Freehold;

  beforeAll(async () => {
    strict = await startFreehold({
      tenant: { ...tenant, tenant: { skip_non_verifiable_callback_uri_confirmation_prompt: false } },
      users,
    });
  });

  afterAll(() => strict.stop());

  function url(overrides: Record<string, string | undefined> = {}): URL {
    return authorizationUrl(strict, pkce, {
      client_id: 'confirmed',
      redirect_uri: customScheme,
      ...overrides,
    });
  }

  test('is confirmed by the person where no other page was shown', async () => {
    const { agent } = await getTokens(strict);
    const page = await agent.open(url());
    expect(page.status).toBe(200);
    expect(page.text).toContain(customScheme);
    const answer = await agent.follow(await agent.submit(page, { action: 'accept' }));
    expect(answer.headers.location?.startsWith(`${customScheme}?code=`)).toBe(true);
  });

  test('is asked for each time, for nothing else proves who listens', async () => {
    const { agent } = await getTokens(strict);
    await agent.follow(await agent.submit(await agent.open(url()), { action: 'accept' }));
    expect((await agent.open(url())).text).toContain('Is this your application?');
  });

  test('AZ-62: refused, it is told access_denied', async () => {
    const { agent } = await getTokens(strict);
    const answer = await agent.submit(await agent.open(url()), { action: 'deny' });
    expect(answer.status).toBe(303);
    expect(responseOf(answer)).toEqual({
      error: 'access_denied',
      error_description: 'The user denied the authorization request',
      state: 'xyzABC123',
    });
  });

  test('is not asked for after the login page', async () => {
    const answer = await new Agent(strict.issuer).logIn(url(), 'ada@example.com', password);
    expect(answer.headers.location?.startsWith(`${customScheme}?code=`)).toBe(true);
  });

  test('PR-4: cannot be asked for silently: interaction_required', async () => {
    const { agent } = await getTokens(strict);
    expect(responseOf(await agent.send(url({ prompt: 'none' })))).toEqual({
      error: 'interaction_required',
      error_description: 'Interaction required',
      state: 'xyzABC123',
    });
  });

  test('is not asked for where the client’s setting says so, nor for an https callback', async () => {
    const { agent } = await getTokens(strict);
    for (const overrides of [{ client_id: 'trusted' }, { redirect_uri: callback }]) {
      expect((await agent.send(url(overrides))).headers.location).toMatch(/\?code=/);
    }
  });

  test('DIS-20: is not asked for by default while the issuer itself is loopback', async () => {
    const answer = await authorize('confirmed', customScheme);
    expect(answer.headers.location?.startsWith(`${customScheme}?code=`)).toBe(true);
  });
});
