import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Provider } from '../test/provider.ts';
import {
  IdTokenInvalid,
  NotLoggedIn,
  RequestFailed,
  SubjectMismatch,
  TokenError,
  UserinfoError,
} from './index.ts';

let provider: Provider;

beforeEach(async () => {
  provider = await Provider.start();
});
afterEach(() => provider.stop());

describe('refresh', () => {
  test('RFC 6749 §6: the refresh token is exchanged and the new tokens are kept', async () => {
    const client = await provider.loggedIn();
    const tokens = await client.refresh();
    expect(Object.fromEntries(provider.tokenRequests[0] ?? [])).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-0',
      client_id: provider.client_id,
    });
    expect(tokens).toMatchObject({ access_token: 'access-1', refresh_token: 'refresh-1' });
    expect(client.tokens).toBe(tokens);
  });

  test('RT-7: however many callers ask at once, one request is sent and all get its tokens', async () => {
    const client = await provider.loggedIn();
    const all = await Promise.all(Array.from({ length: 50 }, () => client.refresh()));
    expect(provider.tokenRequests).toHaveLength(1);
    expect(new Set(all).size).toBe(1);
  });

  test('RT-7: the next refresh presents the rotated token', async () => {
    const client = await provider.loggedIn();
    await client.refresh();
    await client.refresh();
    expect(provider.tokenRequests.map((request) => request.get('refresh_token'))).toEqual([
      'refresh-0',
      'refresh-1',
    ]);
  });

  test('a failed refresh fails every caller, keeps the tokens, and the next call asks again', async () => {
    const client = await provider.loggedIn();
    const { tokens } = client;
    const { tokenAnswer } = provider;
    provider.tokenAnswer = async () => ({ status: 403, body: { error: 'invalid_grant' } });
    const outcomes = await Promise.allSettled([client.refresh(), client.refresh()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(outcomes[0]).toHaveProperty('reason', expect.any(TokenError));
    expect(client.tokens).toBe(tokens);
    provider.tokenAnswer = tokenAnswer;
    expect(await client.refresh()).toHaveProperty('access_token', 'access-2');
  });

  test('RFC 6749 §6: what the answer leaves out (refresh token, scope, ID token) stays as it was', async () => {
    const client = await provider.loggedIn();
    const before = client.tokens;
    provider.tokenAnswer = async () => ({ body: { access_token: 'access-new', token_type: 'Bearer' } });
    expect(await client.refresh()).toEqual({ ...before, access_token: 'access-new' });
  });

  test('OIDC Core §12.2: a refreshed ID token about another user is refused', async () => {
    const client = await provider.loggedIn();
    const before = client.tokens;
    provider.claims = { sub: 'auth0|2' };
    await expect(client.refresh()).rejects.toMatchObject({ name: 'IdTokenInvalid', claim: 'sub' });
    expect(client.tokens).toBe(before);
  });

  test('OIDC Core §12.2: a refreshed ID token with another nonce is refused, one without nonce is accepted', async () => {
    const client = await provider.loggedIn();
    provider.claims = { nonce: 'another' };
    await expect(client.refresh()).rejects.toBeInstanceOf(IdTokenInvalid);
    provider.claims = { nonce: undefined };
    expect(await client.refresh()).toHaveProperty('claims.sub', 'auth0|1');
  });

  test('OIDC Core §12.2: auth_time is that of the original login', async () => {
    provider.claims = { auth_time: 1_000 };
    const client = await provider.loggedIn();
    provider.claims = { auth_time: 2_000 };
    await expect(client.refresh()).rejects.toMatchObject({ claim: 'auth_time' });
  });

  test('without tokens, or without a refresh token, it is NotLoggedIn', async () => {
    const client = provider.client();
    await expect(client.refresh()).rejects.toBeInstanceOf(NotLoggedIn);
    await client.handleCallback(await provider.callback(client));
    await expect(client.refresh()).rejects.toBeInstanceOf(NotLoggedIn);
  });
});

describe('/userinfo', () => {
  test('OIDC Core §5.3: the claims of the user of the ID token', async () => {
    const client = await provider.loggedIn();
    expect(await client.userinfo()).toEqual({ sub: 'auth0|1', name: 'Ada' });
  });

  test('OIDC Core §5.3.2: claims of another sub are refused', async () => {
    const client = await provider.loggedIn();
    provider.userinfo = { body: { sub: 'auth0|2' } };
    await expect(client.userinfo()).rejects.toBeInstanceOf(SubjectMismatch);
  });

  test('RFC 6750 §3: a refused access token is a UserinfoError with the challenge’s error', async () => {
    const client = await provider.loggedIn();
    const challenge = 'Bearer error="invalid_token", error_description="The access token expired"';
    provider.userinfo = { status: 401, headers: { 'www-authenticate': challenge }, body: {} };
    const error = await client.userinfo().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserinfoError);
    expect(error).toMatchObject({ error: 'invalid_token', error_description: 'The access token expired' });
  });

  test('an answer that is no userinfo is a RequestFailed', async () => {
    const client = await provider.loggedIn();
    provider.userinfo = { status: 500, body: {} };
    await expect(client.userinfo()).rejects.toBeInstanceOf(RequestFailed);
  });

  test('without tokens it is NotLoggedIn', async () => {
    await expect(provider.client().userinfo()).rejects.toBeInstanceOf(NotLoggedIn);
  });
});
