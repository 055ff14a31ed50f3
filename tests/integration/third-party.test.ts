// Strict third-party clients: those whose client_id begins with `tpc_`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  callback,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const partner = { ...spa, name: 'Partner', client_id: 'tpc_partner', is_first_party: false };
const secret = 'a-secret-of-the-partner-that-is-64-characters-long-0123456789-abc';
let freehold: Freehold;
beforeAll(async () => {
  const clients = [
    spa,
    partner,
    { ...partner, name: 'Redirected', client_id: 'tpc_redirected', redirection_policy: 'allow_always' },
    {
      ...partner,
      name: 'Backend',
      client_id: 'tpc_backend',
      app_type: 'regular_web',
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_post',
    },
    { ...spa, name: 'Guarded', client_id: 'guarded', redirection_policy: 'open_redirect_protection' },
  ];
  const clientGrants = clients
    .filter(({ client_id }) => client_id !== 'tpc_redirected')
    .map(({ client_id }) => ({ client_id, audience, scope: ['read:orders'], subject_type: 'user' }));
  freehold = await startFreehold({ tenant: sampleTenant({ clients, clientGrants }), users });
});
afterAll(() => freehold.stop());

const asked = { client_id: partner.client_id, audience, scope: 'openid profile read:orders write:orders' };

async function consent(parameters: Record<string, string | undefined> = {}, action = 'accept') {
  const agent = new Agent(freehold.issuer);
  const pkce = newPkce();
  const url = authorizationUrl(freehold, pkce, { ...asked, prompt: 'consent', ...parameters });
  const question = await agent.logIn(url, 'ada@example.com', password);
  expect(question.text).toContain('value="accept"');
  return { agent, pkce, answer: await agent.follow(await agent.submit(question, { action })) };
}

async function tokensOf(client: { client_id: string; client_secret?: string }) {
  const { agent } = await consent({ client_id: client.client_id });
  const { tokens } = await getTokens(freehold, {
    agent,
    authorize: { ...asked, client_id: client.client_id },
    token: client,
  });
  return { agent, tokens };
}

describe('AZ-41: the parameters that it may send', () => {
  test.each([
    'acr_values',
    'correlation_id',
    'display',
    'ext-theme',
    'login_hint',
    'max_age',
    'nonce',
    'ui_locales',
    // Beyond the row: every SDK of Auth0's sends them.
    'auth0Client',
  ])('%s may come', async (name) => {
    const url = authorizationUrl(freehold, newPkce(), { ...asked, [name]: name === 'max_age' ? '10' : 'x' });
    const page = await new Agent(freehold.issuer).open(url);
    expect([page.status, page.text.includes('name="password"')]).toEqual([200, true]);
  });

  test('response_mode may come', async () => {
    const url = authorizationUrl(freehold, newPkce(), { ...asked, response_mode: 'form_post' });
    expect((await new Agent(freehold.issuer).open(url)).status).toBe(200);
  });

  test.each([
    'organization',
    'invitation',
    'screen_hint',
    'id_token_hint',
    'request',
    'request_uri',
    'claims',
    'anything',
    'access_type',
  ])('%s may not', async (name) => {
    const url = authorizationUrl(freehold, newPkce(), { ...asked, client_id: 'tpc_redirected', [name]: 'x' });
    expect(responseOf(await new Agent(freehold.issuer).open(url))).toMatchObject({
      error: 'invalid_request',
      error_description: `Parameter '${name}' is not allowed for third-party clients`,
    });
  });

  test('a parameter without a value is as good as none', async () => {
    const url = authorizationUrl(freehold, newPkce(), { ...asked, organization: '' });
    expect((await new Agent(freehold.issuer).open(url)).status).toBe(200);
  });

  test('a first-party client may send what it likes', async () => {
    const url = authorizationUrl(freehold, newPkce(), { anything: 'x' });
    expect((await new Agent(freehold.issuer).open(url)).status).toBe(200);
  });
});

describe('ID-18: no ID token', () => {
  test.each([{ client_id: 'tpc_partner' }, { client_id: 'tpc_backend', client_secret: secret }])(
    '$client_id gets an access token alone',
    async (client) => {
      const { tokens } = await tokensOf(client);
      expect(tokens).not.toHaveProperty('id_token');
      expect(tokens.scope).toBe('openid profile read:orders');
    },
  );

  test.each(['id_token', 'code id_token', 'token'])('nor by response type %s', async (response_type) => {
    const url = authorizationUrl(freehold, newPkce(), {
      ...asked,
      client_id: 'tpc_redirected',
      response_type,
      nonce: 'n',
    });
    const { error } = responseOf(await new Agent(freehold.issuer).open(url));
    expect(error).toBe('invalid_request');
  });
});

test('UI-11: /userinfo tells it nothing', async () => {
  const { agent, tokens } = await tokensOf({ client_id: 'tpc_partner' });
  const answer = await agent.send('/userinfo', {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect([answer.status, answer.json()]).toEqual([
    403,
    { error: 'access_denied', error_description: 'Third-party clients may not ask who the user is' },
  ]);
});

test('AZ-15: PKCE always, of a confidential client too', async () => {
  const url = authorizationUrl(freehold, newPkce(), {
    ...asked,
    client_id: 'tpc_redirected',
    code_challenge: undefined,
    code_challenge_method: undefined,
  });
  for (const client_id of ['tpc_redirected', 'tpc_backend']) {
    url.searchParams.set('client_id', client_id);
    const answer = await new Agent(freehold.issuer).open(url);
    expect(answer.location?.href ?? answer.text).toMatch(/code(%20|\+| )challenge(%20|\+| )required/);
  }
});

test('AZ-21: an API only where a client grant names it', async () => {
  const url = authorizationUrl(freehold, newPkce(), { ...asked, client_id: 'tpc_redirected' });
  expect(responseOf(await new Agent(freehold.issuer).open(url))).toMatchObject({
    error: 'invalid_request',
    error_description: `Client "tpc_redirected" is not authorized to access resource server "${audience}".`,
  });
});

describe('AZ-65: redirection_policy', () => {
  function expectPage({ status, headers, text }: Awaited<ReturnType<Agent['send']>>, words: string) {
    expect([status >= 400, headers.location]).toEqual([true, undefined]);
    expect(text).toContain(words);
  }

  test('by default an error of a strict third-party client stays on a page', async () => {
    const agent = new Agent(freehold.issuer);
    expectPage(
      await agent.open(authorizationUrl(freehold, newPkce(), { ...asked, prompt: 'none' })),
      'Login required',
    );
    const wrong = { ...asked, audience: 'https://nobody.example/' };
    expectPage(await agent.open(authorizationUrl(freehold, newPkce(), wrong)), 'Service not found');
  });

  test('a refused consent too', async () => {
    const { answer } = await consent({}, 'deny');
    expectPage(answer, 'The user denied the authorization request');
  });

  test('success goes to the callback', async () => {
    const { answer } = await consent();
    expect(answer.headers.location).toMatch(`${callback}?code=`);
  });

  test('allow_always redirects errors', async () => {
    const url = authorizationUrl(freehold, newPkce(), {
      client_id: 'tpc_redirected',
      scope: 'openid',
      prompt: 'none',
    });
    expect(responseOf(await new Agent(freehold.issuer).open(url))).toMatchObject({ error: 'login_required' });
  });

  test('open_redirect_protection protects a first-party client that asks for it', async () => {
    const url = authorizationUrl(freehold, newPkce(), { client_id: 'guarded', prompt: 'none' });
    expectPage(await new Agent(freehold.issuer).open(url), 'Login required');
  });
});

test('CL-2: a client_id that begins with tpc_ is a third party’s', async () => {
  const clients = [{ ...spa, client_id: 'tpc_mine' }];
  await expect(startFreehold({ tenant: sampleTenant({ clients }) })).rejects.toThrow(
    'begins with tpc_, as those of strict third-party clients do: set is_first_party: false',
  );
});
