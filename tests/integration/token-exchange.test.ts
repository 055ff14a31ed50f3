// Token exchange on behalf of a user: RFC 8693, TX-4.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { Agent } from '../setup/agent.ts';
import {
  type Api,
  accessTokenType,
  apiClient,
  exchange,
  exchangeGrant,
  exchangeTenant,
  identifierOf,
  secretOf,
  userToken,
} from '../setup/exchange.ts';
import { claimsOf, consentAudience, getTokens, refreshRequest, refusalOf, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'auth0|0123456789abcdef01234567';
const clock = new TurnableClock(1_800_000_000);
let freehold: Freehold;
beforeAll(async () => {
  const closed = { name: 'Closed', identifier: 'https://closed.example/' };
  const denied = { subject_type_authorization: { user: { policy: 'deny_all' } } };
  const tenant = exchangeTenant({
    clients: [
      { ...apiClient('a'), client_id: 'not-allowed', token_exchange: null },
      { ...apiClient('a'), client_id: 'no-grant', grant_types: [] },
      {
        ...apiClient('a'),
        client_id: 'custom',
        token_exchange: { allow_any_profile_of_type: ['custom_authentication'] },
      },
      { ...apiClient('a'), client_id: 'web-like', app_type: 'regular_web', resource_server_identifier: null },
      {
        name: 'Machine',
        client_id: 'machine',
        client_secret: secretOf('e'),
        grant_types: ['client_credentials'],
      },
    ],
    resourceServers: [{ ...closed, ...denied }],
    clientGrants: [{ client_id: 'machine', audience: identifierOf('a'), scope: ['read:it'] }],
  });
  freehold = await startFreehold({ tenant, users, clock });
});
afterAll(() => freehold.stop());

const invalidSubject = {
  status: 400,
  error: 'invalid_request',
  error_description: 'The subject token is not valid for this client',
};

async function latestEntry(type: string) {
  return (await freehold.logEntries()).findLast((entry) => entry.type === type);
}

async function exchanged(from: Api, subject_token: string, overrides: Record<string, string> = {}) {
  const answer = await exchange(freehold, from, subject_token, overrides);
  if (answer.status !== 200) throw new Error(answer.text);
  return String(answer.json().access_token);
}

describe('what comes of it', () => {
  test('TX-4, RFC 8693 §2.2.1: a token for the other API, of the same user, with who acts', async () => {
    const { access_token } = await userToken(freehold, 'a');
    const answer = await exchange(freehold, 'a', access_token, { scope: 'read:it openid offline_access' });
    const { access_token: issued, ...others } = answer.json();
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(others).toEqual({
      issued_token_type: accessTokenType,
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'read:it',
    });
    const { jti, ...claims } = claimsOf(String(issued));
    expect(String(jti).split('.')[0]).toBe(String(claimsOf(access_token).jti).split('.')[0]);
    expect(claims).toEqual({
      iss: freehold.issuer,
      sub: ada,
      aud: identifierOf('b'),
      azp: 'client-a',
      scope: 'read:it',
      iat: 1_800_000_000,
      exp: 1_800_003_600,
      act: { sub: 'client-a', act: { sub: 'spa' } },
    });
    expect(await latestEntry('secte')).toMatchObject({
      client_id: 'client-a',
      user_id: ada,
      audience: identifierOf('b'),
      details: { actor: { sub: 'client-a' } },
    });
  });

  test('without a scope: those that the client may have; with one, only what there is', async () => {
    const { access_token } = await userToken(freehold, 'a');
    expect(claimsOf(await exchanged('a', access_token)).scope).toBe('read:it write:it');
    const scope = 'write:it delete:it profile';
    expect(claimsOf(await exchanged('a', access_token, { scope })).scope).toBe('write:it');
  });

  test('requested_token_type may say what comes anyway', async () => {
    const { access_token } = await userToken(freehold, 'a');
    await exchanged('a', access_token, { requested_token_type: accessTokenType });
  });

  test('it does not outlive the token that it was exchanged for', async () => {
    const { access_token } = await userToken(freehold, 'a');
    clock.advance(3000);
    const answer = await exchange(freehold, 'a', access_token);
    expect(answer.json().expires_in).toBe(600);
    const { exp } = claimsOf(String(answer.json().access_token));
    expect(exp).toBe(claimsOf(access_token).exp);
    clock.advance(600);
    expect(refusalOf(await exchange(freehold, 'a', access_token))).toEqual(invalidSubject);
  });

  test('TX-4: the chain of actors goes on, to four', async () => {
    let token = (await userToken(freehold, 'a')).access_token;
    const act = () => claimsOf(token).act;
    token = await exchanged('a', token, { audience: identifierOf('b') });
    token = await exchanged('b', token, { audience: identifierOf('c') });
    token = await exchanged('c', token, { audience: identifierOf('d') });
    expect(act()).toEqual({
      sub: 'client-c',
      act: { sub: 'client-b', act: { sub: 'client-a', act: { sub: 'spa' } } },
    });
    expect(refusalOf(await exchange(freehold, 'd', token, { audience: identifierOf('e') }))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description: 'Delegation chain (`act` claim) depth exceeds the maximum allowed limit of 4',
    });
    expect(await latestEntry('fecte')).toMatchObject({ client_id: 'client-d', user_id: ada });
  });
});

describe('what is refused', () => {
  test('RFC 8693 §2.2.2: whatever is no living access token of a user for this API', async () => {
    const { access_token, id_token = '' } = await userToken(freehold, 'a');
    const opaque = (await getTokens(freehold)).tokens.access_token;
    const foreign = (await userToken(freehold, 'b')).access_token;
    const agent = new Agent(freehold.issuer);
    const credentials = {
      grant_type: 'client_credentials',
      client_id: 'machine',
      client_secret: secretOf('e'),
    };
    const own = await agent.postForm('/oauth/token', { ...credentials, audience: identifierOf('a') });
    const changed = `${access_token.slice(0, -4)}AAAA`;
    const none = access_token.replace(/^[^.]*/, Buffer.from('{"alg":"none"}').toString('base64url'));
    const machines = String(own.json().access_token);
    for (const token of [opaque, foreign, id_token, machines, changed, none, 'nonsense', '"><svg>']) {
      expect(refusalOf(await exchange(freehold, 'a', token))).toEqual(invalidSubject);
    }
    expect(await latestEntry('fecte')).toMatchObject({ client_id: 'client-a' });
  });

  test('AT-14: what was taken back gives nothing, and an exchanged token goes with it', async () => {
    const { access_token, refresh_token = '' } = await userToken(freehold, 'a', { scope: 'offline_access' });
    const issued = await exchanged('a', access_token);
    const agent = new Agent(freehold.issuer);
    const asker = { client_id: 'client-b', client_secret: secretOf('b') };
    const introspect = async () =>
      (await agent.postForm('/oauth/introspect', { ...asker, token: issued })).json();
    expect(await introspect()).toMatchObject({ active: true, act: { sub: 'client-a' } });
    await agent.postForm('/oauth/revoke', { client_id: 'spa', token: refresh_token });
    expect(await introspect()).toEqual({ active: false });
    expect(refusalOf(await exchange(freehold, 'a', access_token))).toEqual(invalidSubject);
  });

  test('AT-14: nor does the token of a user who was blocked', async () => {
    const { access_token } = await userToken(freehold, 'a', { username: 'bob@example.com' });
    freehold.execute(`update "user" set blocked = 1 where email = 'bob@example.com'`);
    expect(refusalOf(await exchange(freehold, 'a', access_token))).toEqual(invalidSubject);
    freehold.execute(`update "user" set blocked = 0 where email = 'bob@example.com'`);
  });

  test.each([
    ['an API that does not exist', 'https://nowhere.example/', 403, 'access_denied'],
    ['an API closed to users', 'https://closed.example/', 400, 'invalid_request'],
    ['an API that asks for consent', consentAudience, 403, 'consent_required'],
    ['/userinfo', undefined, 400, 'invalid_request'],
  ])('%s', async (_which, audience, status, error) => {
    const { access_token } = await userToken(freehold, 'a');
    expect(refusalOf(await exchange(freehold, 'a', access_token, { audience }))).toMatchObject({
      status,
      error,
    });
  });

  test.each([
    ['not-allowed', 'its token_exchange does not say so'],
    ['no-grant', 'it lacks the grant type'],
    ['custom', 'another kind of exchange is allowed'],
    ['web-like', 'it is no API'],
  ])('TX-4, TK-10: the client %s: %s', async (client_id) => {
    const { access_token } = await userToken(freehold, 'a');
    expect(refusalOf(await exchange(freehold, 'a', access_token, { client_id }))).toEqual({
      status: 403,
      error: 'unauthorized_client',
      error_description: `Grant type '${exchangeGrant}' not allowed for the client.`,
    });
  });

  test('a client that does not prove itself', async () => {
    const { access_token } = await userToken(freehold, 'a');
    const wrong = { client_secret: 'wrong' };
    expect((await exchange(freehold, 'a', access_token, wrong)).status).toBe(401);
    expect((await exchange(freehold, 'a', access_token, { client_secret: undefined })).status).toBe(401);
  });

  const types = 'urn:ietf:params:oauth:token-type:';
  test.each([
    [{ subject_token: undefined }, 'Missing required parameter: subject_token'],
    [{ subject_token_type: undefined }, 'Missing required parameter: subject_token_type'],
    [{ subject_token_type: `${types}id_token` }, `subject_token_type ${types}id_token is not supported`],
    [{ subject_token_type: 'urn:acme:legacy' }, 'subject_token_type urn:acme:legacy is not supported'],
    [
      { requested_token_type: `${types}refresh_token` },
      `requested_token_type ${types}refresh_token is not supported`,
    ],
    [{ actor_token: 'x' }, 'actor_token and actor_token_type belong together'],
    [{ actor_token_type: accessTokenType }, 'actor_token and actor_token_type belong together'],
    [
      { actor_token: 'x', actor_token_type: accessTokenType },
      'actor_token is not supported: the client that asks is the actor',
    ],
  ])('RFC 8693 §2.1, TX-2: %o', async (overrides, error_description) => {
    const { access_token } = await userToken(freehold, 'a');
    expect(refusalOf(await exchange(freehold, 'a', access_token, overrides))).toEqual({
      status: 400,
      error: 'invalid_request',
      error_description,
    });
  });

  test('an exchanged token is no refresh token, and is not good for /userinfo', async () => {
    const issued = await exchanged('a', (await userToken(freehold, 'a')).access_token);
    const agent = new Agent(freehold.issuer);
    expect((await agent.postForm('/oauth/token', refreshRequest(issued))).json().error).toBe('invalid_grant');
    const headers = { authorization: `Bearer ${issued}` };
    expect((await agent.send('/userinfo', { headers })).status).toBe(401);
  });

  test('AT-10: permissions narrow it, where the API enforces them', async () => {
    freehold.execute(
      'update resource_server set enforce_policies = 1 where identifier = ?',
      identifierOf('c'),
    );
    clock.advance(2);
    const { access_token } = await userToken(freehold, 'a');
    const issued = await exchanged('a', access_token, { audience: identifierOf('c') });
    expect(claimsOf(issued).scope).toBe('');
    freehold.execute(
      'update resource_server set enforce_policies = 0 where identifier = ?',
      identifierOf('c'),
    );
    clock.advance(2);
  });
});
