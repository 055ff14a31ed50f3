// Mirrors ZITADEL CVE-2026-29191, Hydra GO-2026-4861, Casdoor GO-2024-3086, authentik CVE-2024-21637: nothing that
// anybody can send or store becomes markup or script on a page of ours, and every page has its policy.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  callback,
  consentAudience,
  getCode,
  newPkce,
  password,
  sampleTenant,
  spa,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const hostile = `"><svg onload=alert(1)>'</script><script>alert(2)</script>{{7*7}}\${7*7}<!--`;
const hostileUser = { email: 'eve@example.com', password, user_id: 'eve', name: hostile, nickname: hostile };

let freehold: Freehold;
beforeAll(async () => {
  const third = { ...spa, name: 'Third', client_id: 'third', is_first_party: false };
  const resourceServers = [
    {
      name: 'Payments',
      identifier: consentAudience,
      scopes: [{ value: 'read:payments', description: hostile }],
      skip_consent_for_verifiable_first_party_clients: false,
    },
  ];
  const tenant = sampleTenant({ tenant: { friendly_name: hostile }, clients: [spa, third], resourceServers });
  freehold = await startFreehold({ tenant, users: [hostileUser] });
  // Configuration refuses such names (below); the pages do not rely on that.
  const { clients, resourceServers: apis } = freehold.stores;
  const stored = await Promise.all(['spa', 'third'].map((client_id) => clients.find(client_id)));
  const api = await apis.find(consentAudience);
  await freehold.composed.unitOfWork.transaction(async (stores) => {
    for (const client of stored)
      if (client !== undefined) await stores.clients.upsert({ ...client, name: hostile });
    if (api !== undefined) await stores.resourceServers.upsert({ ...api, name: hostile });
  });
});
afterAll(() => freehold.stop());

/** LT-5, and that nothing of ours is script or markup which the page did not mean. */
function expectPage(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['cache-control']).toBe('no-store');
  const policy = String(answer.headers['content-security-policy']);
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self'; img-src https: data:; base-uri 'none'; /,
  );
  expect(policy).not.toMatch(/unsafe|\*|alert/);
  expect(answer.text).not.toMatch(/<svg onload|<script>|<!--|javascript:/i);
  // Every script is a file, and no element has a handler.
  for (const [tag] of answer.text.matchAll(/<script[^>]*>/g))
    expect(tag).toMatch(/ src="\/assets\/[\w.-]+\?v=[\w-]+"/);
  for (const [tag] of answer.text.matchAll(/<[a-z][^<>]*>/g)) {
    const withoutValues = tag.replaceAll(/="[^"]*"/g, '');
    expect(withoutValues).not.toMatch(/ on[a-z]+/);
  }
}

/** The page says what it was told to say, as text. */
function expectSaidAsText({ text }: Answer): void {
  expect(text).toContain('&lt;svg onload=alert(1)>');
}

describe('every parameter', () => {
  const parameters = [
    'client_id',
    'response_type',
    'redirect_uri',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'audience',
    'prompt',
    'max_age',
    'login_hint',
    'screen_hint',
    'id_token_hint',
    'ui_locales',
    'acr_values',
    'display',
    'connection',
    'organization',
    'invitation',
    'request',
    'request_uri',
    'registration',
    'code_challenge',
    'code_challenge_method',
    'ext-prompt',
    'auth0Client',
  ];

  test.each(parameters)('%s of /authorize', async (name) => {
    const answer = await new Agent(freehold.issuer).open(
      authorizationUrl(freehold, newPkce(), { [name]: hostile }),
    );
    if (answer.location !== undefined) {
      // RFC 6749 §4.1.2: it is the callback's, percent-encoded.
      expect(answer.headers.location?.slice(0, callback.length + 7)).toMatch(/[?#]error=$/);
      expect(answer.headers.location?.startsWith(callback)).toBe(true);
      expect(answer.headers.location).not.toMatch(/[<>"]/);
      return;
    }
    expectPage(answer, { client_id: 400, redirect_uri: 403 }[name] ?? 200);
  });

  test.each(parameters)('%s of a form that posts itself', async (name) => {
    const parametersOf = { response_mode: 'form_post', prompt: 'none', [name]: hostile };
    const answer = await new Agent(freehold.issuer).open(authorizationUrl(freehold, newPkce(), parametersOf));
    if (answer.location !== undefined) return expect(name).toBe('response_mode');
    const statuses: Record<string, number> = { client_id: 400, redirect_uri: 403, prompt: 200 };
    expectPage(answer, statuses[name] ?? 200);
  });

  test.each(['returnTo', 'client_id', 'federated'])('%s of /v2/logout', async (name) => {
    const answer = await new Agent(freehold.issuer).send(
      `/v2/logout?${new URLSearchParams({ [name]: hostile })}`,
    );
    expectPage(answer, name === 'federated' ? 200 : 400);
  });

  test.each(['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'logout_hint', 'state'])(
    '%s of /oidc/logout',
    async (name) => {
      const answer = await new Agent(freehold.issuer).send(
        `/oidc/logout?${new URLSearchParams({ [name]: hostile })}`,
      );
      expectPage(answer, ['id_token_hint', 'logout_hint', 'state'].includes(name) ? 200 : 400);
    },
  );

  test.each([
    '/u/login',
    '/u/login/identifier',
    '/u/login/password',
    '/u/signup',
    '/u/consent',
    '/u/confirm-callback',
    '/authorize/resume',
    '/authorize/posted',
  ])('state of %s', async (path) => {
    const answer = await new Agent(freehold.issuer).send(
      `${path}?${new URLSearchParams({ state: hostile })}`,
    );
    expectPage(answer, 400);
  });

  test('a path', async () => {
    const path = `/${encodeURIComponent(hostile)}`;
    expectPage(await new Agent(freehold.issuer).send(path, { headers: { accept: 'text/html' } }), 404);
    const answer = await new Agent(freehold.issuer).send(path);
    expect(answer.json()).toEqual({ statusCode: 404, error: 'Not Found', message: 'Not Found' });
  });
});

describe('every page with every name that is stored', () => {
  const login = { authorize: { prompt: 'login' } };

  test('login, with what was typed', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, newPkce(), login.authorize));
    expectPage(page, 200);
    expectSaidAsText(page);
    const again = await agent.submit(page, { username: hostile, password: hostile, action: 'default' });
    expectPage(again, 400);
    expect(again.text).toMatch(/name="username"[^>]*value="&quot;>&lt;svg/);
    expect(again.text).not.toMatch(/type="password"[^>]*value=/);
  });

  test('sign-up, with what was typed', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(authorizationUrl(freehold, newPkce(), { screen_hint: 'signup' }));
    expectPage(page, 200);
    expectSaidAsText(page);
    expectPage(await agent.submit(page, { email: hostile, password: hostile }), 400);
  });

  test.each(['spa', 'third'])('consent for %s', async (client_id) => {
    const agent = new Agent(freehold.issuer);
    const authorize = {
      client_id,
      audience: client_id === 'spa' ? consentAudience : undefined,
      scope: 'openid read:payments',
    };
    const page = await agent.logIn(
      authorizationUrl(freehold, newPkce(), authorize),
      hostileUser.email,
      password,
    );
    expectPage(page, 200);
    expectSaidAsText(page);
    expect(page.text).toContain('value="accept"');
  });

  test('logout', async () => {
    const { agent } = await getCode(freehold, { username: hostileUser.email });
    expectPage(await agent.send('/oidc/logout'), 200);
    expectPage(await agent.send('/v2/logout'), 200);
  });

  test('a form that posts itself and a message carry state as it was', async () => {
    for (const response_mode of ['form_post', 'web_message']) {
      const answer = await new Agent(freehold.issuer).send(
        authorizationUrl(freehold, newPkce(), { response_mode, prompt: 'none', state: hostile }),
      );
      expectPage(answer, 200);
      expect(answer.text).toMatch(/&lt;svg onload=alert\(1\)>/);
    }
  });

  test('/try and the greeting', async () => {
    for (const path of ['/', '/try', '/try/callback?error=x&error_description=%3Csvg%20onload%3E']) {
      const answer = await new Agent(freehold.issuer).send(path);
      expectPage(answer, 200);
    }
  });
});

test('no client and no API can be named with markup in the tenant file', async () => {
  const tenant = sampleTenant({
    clients: [{ ...spa, name: hostile }],
    resourceServers: [{ name: hostile, identifier: consentAudience }],
  });
  const refusal: unknown = await startFreehold({ tenant }).then(
    (started) => started.stop(),
    (error: unknown) => error,
  );
  expect(String(refusal)).toContain('clients[0].name must not contain < or >');
  expect(String(refusal)).toContain('resourceServers[0].name must not contain < or >');
});

test('RFC 6749 §5.2: an error in JSON is never taken for a page', async () => {
  const answers = [
    await new Agent(freehold.issuer).postForm('/oauth/token', { grant_type: hostile, [hostile]: hostile }),
    await new Agent(freehold.issuer).send(`/userinfo?access_token=${encodeURIComponent(hostile)}`),
    await new Agent(freehold.issuer).postForm('/oauth/revoke', { client_id: hostile, token: hostile }),
  ];
  for (const { headers, text } of answers) {
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(text).not.toContain('"><svg');
  }
});
