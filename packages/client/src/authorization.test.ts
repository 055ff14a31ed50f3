import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Provider } from '../test/provider.ts';
import {
  AuthorizationError,
  CallbackInvalid,
  createCodeChallenge,
  FreeholdClient,
  RequestFailed,
  SessionStorageTransactions,
  StateMismatch,
  TokenError,
} from './index.ts';

let provider: Provider;

beforeAll(async () => {
  provider = await Provider.start();
});
afterAll(() => provider.stop());

test('RFC 7636 §4.3: the authorization URL carries the challenge of the verifier that the token request then sends', async () => {
  const client = provider.client();
  const url = await client.authorizationUrl();
  provider.nonce = url.searchParams.get('nonce') ?? undefined;
  expect(url.searchParams.get('code_challenge_method')).toBe('S256');
  await client.handleCallback(
    `${provider.redirect_uri}?code=c&state=${encodeURIComponent(url.searchParams.get('state') ?? '')}`,
  );
  const verifier = provider.tokenRequests.at(-1)?.get('code_verifier') ?? '';
  expect(await createCodeChallenge(verifier)).toBe(url.searchParams.get('code_challenge'));
});

test('SD-12: each authorization request has a new verifier, state and nonce', async () => {
  const client = provider.client();
  const [first, second] = [await client.authorizationUrl(), await client.authorizationUrl()];
  for (const name of ['code_challenge', 'state', 'nonce']) {
    expect(first.searchParams.get(name)).toBeTruthy();
    expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name));
  }
});

test('RFC 6749 §4.1.1: what the flow needs is in the authorization URL', async () => {
  const url = await provider.client({ audience: 'https://api.example/' }).authorizationUrl();
  expect(url.origin + url.pathname).toBe(`${provider.issuer}authorize`);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    client_id: provider.client_id,
    redirect_uri: provider.redirect_uri,
    scope: 'openid profile email',
    audience: 'https://api.example/',
  });
});

test('every other parameter of the authorization endpoint passes as it is', async () => {
  const parameters = {
    scope: 'openid read:messages',
    audience: 'urn:other',
    state: 'xyzABC123',
    nonce: 'n-0S6_WzA2Mj',
    prompt: 'login',
    max_age: 0,
    login_hint: 'ada@example.com',
    screen_hint: 'signup',
    ui_locales: 'de fr',
    connection: 'github',
    organization: 'org_1',
    invitation: 'inv_1',
    response_mode: 'form_post',
    'ext-own': 'a&b=c',
  };
  const { searchParams } = await provider.client().authorizationUrl(parameters);
  for (const [name, value] of Object.entries(parameters)) {
    expect(searchParams.getAll(name)).toEqual([String(value)]);
  }
});

test('a parameter of the caller never replaces response_type, client_id or the challenge', async () => {
  const { searchParams } = await provider
    .client()
    .authorizationUrl({ response_type: 'token', client_id: 'another', code_challenge_method: 'plain' });
  expect(searchParams.getAll('response_type')).toEqual(['code']);
  expect(searchParams.getAll('client_id')).toEqual([provider.client_id]);
  expect(searchParams.getAll('code_challenge_method')).toEqual(['S256']);
});

test('OIDC Core §3.1.2.1: the scope contains openid even where the caller left it out', async () => {
  const { searchParams } = await provider.client().authorizationUrl({ scope: 'read:messages openidx' });
  expect(searchParams.get('scope')).toBe('openid read:messages openidx');
});

test('RFC 6749 §10.12: a callback with another state is a StateMismatch and no code is sent', async () => {
  const client = provider.client();
  const callback = await provider.callback(client);
  const before = provider.tokenRequests.length;
  callback.searchParams.set('state', 'forged');
  await expect(client.handleCallback(callback)).rejects.toBeInstanceOf(StateMismatch);
  expect(provider.tokenRequests).toHaveLength(before);
});

test('RFC 6749 §10.12: a callback without state is a StateMismatch', async () => {
  const client = provider.client();
  const callback = await provider.callback(client);
  callback.searchParams.delete('state');
  await expect(client.handleCallback(callback)).rejects.toBeInstanceOf(StateMismatch);
});

test('RFC 6749 §10.12: a state that another client instance began is a StateMismatch', async () => {
  const callback = await provider.callback(provider.client());
  await expect(provider.client().handleCallback(callback)).rejects.toBeInstanceOf(StateMismatch);
});

test('a callback counts once: the second time it is a StateMismatch', async () => {
  const client = provider.client();
  const callback = await provider.callback(client);
  await client.handleCallback(callback);
  await expect(client.handleCallback(callback)).rejects.toBeInstanceOf(StateMismatch);
});

test('RFC 6749 §4.1.2: a state given twice is refused', async () => {
  const client = provider.client();
  const callback = await provider.callback(client);
  callback.searchParams.append('state', 'second');
  await expect(client.handleCallback(callback)).rejects.toBeInstanceOf(CallbackInvalid);
});

test.each([[[]], [['']], [['first', 'second']]])(
  'RFC 6749 §4.1.2: a callback with the codes %j is refused, for one is due',
  async (codes) => {
    const client = provider.client();
    const callback = await provider.callback(client);
    callback.searchParams.delete('code');
    for (const code of codes) callback.searchParams.append('code', code);
    await expect(client.handleCallback(callback)).rejects.toBeInstanceOf(CallbackInvalid);
  },
);

test('two logins begun in one browser both come back', async () => {
  const client = provider.client();
  const first = await provider.callback(client);
  const firstNonce = provider.nonce;
  const second = await provider.callback(client);
  expect((await client.handleCallback(second)).claims.nonce).toBe(provider.nonce);
  provider.nonce = firstNonce;
  expect((await client.handleCallback(first)).claims.nonce).toBe(firstNonce);
});

test('RFC 6749 §4.1.2.1: an error response is an AuthorizationError with error, error_description and state', async () => {
  const client = provider.client();
  const { searchParams } = await provider.callback(client);
  const state = searchParams.get('state') ?? '';
  const refusal = { error: 'login_required', error_description: 'Login required' };
  const answer = new URLSearchParams({ ...refusal, state });
  const error = await client.handleCallback(answer).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuthorizationError);
  expect(error).toMatchObject({ ...refusal, state, name: 'AuthorizationError' });
});

test('RFC 9207 §2.4: an iss parameter of another issuer is refused', async () => {
  const client = provider.client();
  const callback = await provider.callback(client);
  callback.searchParams.set('iss', 'https://attacker.example/');
  await expect(client.handleCallback(callback)).rejects.toBeInstanceOf(CallbackInvalid);
});

test('RFC 9207 §2.4: an iss parameter of this issuer is accepted', async () => {
  const client = provider.client();
  const callback = await provider.callback(client);
  callback.searchParams.set('iss', provider.issuer);
  expect(await client.handleCallback(callback)).toHaveProperty('access_token');
});

test('response_mode=fragment: the callback is read from the fragment', async () => {
  const client = provider.client();
  const { searchParams } = await provider.callback(client);
  const tokens = await client.handleCallback(`${provider.redirect_uri}#${searchParams}`);
  expect(client.tokens).toBe(tokens);
});

test('RFC 6749 §4.1.3: the redirect_uri of the authorization request is repeated in the token request', async () => {
  const client = provider.client();
  const redirect_uri = 'http://127.0.0.1:49152/callback';
  await client.handleCallback(await provider.callback(client, { redirect_uri }));
  expect(provider.tokenRequests.at(-1)?.get('redirect_uri')).toBe(redirect_uri);
});

test('SD-58: a public client sends its client_id and no secret; a confidential one sends both', async () => {
  for (const settings of [{}, { client_secret: 'secret-1' }]) {
    const client = provider.client(settings);
    await client.handleCallback(await provider.callback(client));
    const request = provider.tokenRequests.at(-1);
    expect(request?.get('client_id')).toBe(provider.client_id);
    expect(request?.get('client_secret')).toBe(settings.client_secret ?? null);
  }
});

test('RFC 6749 §5.2: a refusal of the token endpoint is a TokenError with error and error_description', async () => {
  const client = provider.client();
  const refusal = { error: 'invalid_grant', error_description: 'Invalid authorization code' };
  const { tokenAnswer } = provider;
  provider.tokenAnswer = async () => ({ status: 403, body: refusal });
  const error = await client
    .handleCallback(await provider.callback(client))
    .catch((thrown: unknown) => thrown)
    .finally(() => {
      provider.tokenAnswer = tokenAnswer;
    });
  expect(error).toBeInstanceOf(TokenError);
  expect(error).toMatchObject(refusal);
  expect(client.tokens).toBeUndefined();
});

test('an answer of the token endpoint that is not OAuth is a RequestFailed', async () => {
  const client = provider.client();
  const { tokenAnswer } = provider;
  provider.tokenAnswer = async () => ({ status: 503, body: { error: 'temporarily_unavailable' } });
  await expect(client.handleCallback(await provider.callback(client))).rejects.toBeInstanceOf(RequestFailed);
  provider.tokenAnswer = tokenAnswer;
});

test('OIDC Discovery §4.3: a discovery document of another issuer is refused', async () => {
  provider.metadata = { issuer: 'https://attacker.example/' };
  await expect(provider.client().metadata()).rejects.toBeInstanceOf(RequestFailed);
  provider.metadata = {};
});

test('a failed discovery is tried again by the next call', async () => {
  const client = provider.client();
  provider.metadata = { issuer: 'https://attacker.example/' };
  await expect(client.metadata()).rejects.toBeInstanceOf(RequestFailed);
  provider.metadata = {};
  expect(await client.metadata()).toHaveProperty('issuer', provider.issuer);
});

test('plain http is refused for an issuer that is not this machine, before any request is sent', async () => {
  const sent: string[] = [];
  const client = new FreeholdClient({
    issuer: 'http://login.example.com/',
    client_id: 'client-1',
    redirect_uri: 'https://app.example.com/',
    fetch: async (url) => {
      sent.push(url);
      return new Response('{}');
    },
  });
  await expect(client.authorizationUrl()).rejects.toBeInstanceOf(RequestFailed);
  expect(sent).toEqual([]);
});

test('LO-2: the logout URL names the client and where to return', () => {
  const url = provider.client().logoutUrl({ returnTo: 'http://127.0.0.1/?a=b&c' });
  expect(url.origin + url.pathname).toBe(`${provider.issuer}v2/logout`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: provider.client_id,
    returnTo: 'http://127.0.0.1/?a=b&c',
  });
});

test('LO-7: the RP-initiated logout URL carries the ID token as hint', async () => {
  const client = await provider.loggedIn();
  const url = await client.endSessionUrl({ post_logout_redirect_uri: 'http://127.0.0.1/', state: 's' });
  expect(url.origin + url.pathname).toBe(`${provider.issuer}oidc/logout`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: provider.client_id,
    id_token_hint: client.tokens?.id_token,
    post_logout_redirect_uri: 'http://127.0.0.1/',
    state: 's',
  });
});

test('the transaction kept in sessionStorage survives a redirect and is taken once', () => {
  const items = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => items.set(name, value),
    removeItem: (name: string) => items.delete(name),
  });
  const transaction = { state: 's', nonce: 'n', code_verifier: 'v', redirect_uri: 'http://127.0.0.1/' };
  new SessionStorageTransactions().put(transaction);
  const afterRedirect = new SessionStorageTransactions();
  expect(afterRedirect.take('s')).toEqual(transaction);
  expect(afterRedirect.take('s')).toBeUndefined();
  expect(items.size).toBe(0);
  vi.unstubAllGlobals();
});
