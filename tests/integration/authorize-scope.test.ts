// What is asked of a user's profile and of an API, and the links that the seeds show.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  callback,
  claimsOf,
  codeOf,
  consentAudience,
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

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
  ({ agent: signedIn } = await getTokens(freehold));
});

afterAll(() => freehold.stop());

describe('scope', () => {
  async function idTokenFor(authorizeWith: Record<string, string | undefined>) {
    const { tokens } = await getTokens(freehold, { agent: signedIn, authorize: authorizeWith });
    return tokens;
  }

  test('SD-30, AZ-7: a space travels as + or as %20', async () => {
    const url = authorizationUrl(freehold, pkce, { scope: undefined }).href;
    const scopes = await Promise.all(
      ['openid%20profile', 'openid+profile'].map(async (scope) => {
        const code = codeOf(await signedIn.send(`${url}&scope=${scope}`));
        return (await signedIn.postForm('/oauth/token', tokenRequest(pkce, code))).json().scope;
      }),
    );
    expect(scopes).toEqual(['openid profile', 'openid profile']);
  });

  test('SD-31: without openid there is no ID token', async () => {
    const tokens = await idTokenFor({ scope: 'profile' });
    expect(tokens.id_token).toBeUndefined();
    expect(tokens.scope).toBe('profile');
  });

  test('SD-32: openid profile is the full profile', async () => {
    expect(claimsOf((await idTokenFor({ scope: 'openid profile' })).id_token)).toMatchObject({
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      nickname: 'ada',
      picture: 'https://example.com/ada.png',
      updated_at: expect.any(String),
    });
  });

  test('SD-33: email brings email and email_verified', async () => {
    const claims = claimsOf((await idTokenFor({ scope: 'openid email' })).id_token);
    expect(claims).toMatchObject({ email: 'ada@example.com', email_verified: true });
    expect(claims).not.toHaveProperty('name');
  });

  test('SD-88: openid alone has no claim of the profile', async () => {
    const claims = claimsOf((await idTokenFor({ scope: 'openid' })).id_token);
    expect(
      Object.keys(claims)
        .filter((name) => !['at_hash', 'sid'].includes(name))
        .sort(),
    ).toEqual(['aud', 'exp', 'iat', 'iss', 'sub']);
  });

  test('SD-89, ID-7, DIS-6: a claim’s name is a scope of its own, and e-mail needs its own', async () => {
    const claims = claimsOf((await idTokenFor({ scope: 'openid name picture' })).id_token);
    expect(claims).toMatchObject({ name: 'Ada Lovelace', picture: 'https://example.com/ada.png' });
    for (const absent of ['nickname', 'email', 'given_name', 'updated_at'])
      expect(claims).not.toHaveProperty(absent);
  });

  test('SD-90, UP-4: a user without a name is called by their e-mail address', async () => {
    const { tokens } = await getTokens(freehold, {
      username: 'bob@example.com',
      authorize: { scope: 'openid name nickname' },
    });
    expect(claimsOf(tokens.id_token)).toMatchObject({ name: 'bob@example.com', nickname: 'bob' });
  });

  test('AZ-8: scopes that nobody defines are dropped', async () => {
    expect((await idTokenFor({ scope: 'openid favorite_color write:orders' })).scope).toBe('openid');
    const withApi = await idTokenFor({ scope: 'openid favorite_color write:orders', audience });
    expect(withApi.scope).toBe('openid write:orders');
  });

  test('a request without scope gets a code', async () => {
    const tokens = await idTokenFor({ scope: undefined });
    expect(tokens.scope ?? '').toBe('');
    expect(tokens.id_token).toBeUndefined();
  });

  test.each([
    ['openid', audience, false],
    ['openid offline_access', audience, true],
    ['openid', consentAudience, false],
    ['openid offline_access', consentAudience, false],
  ])('SD-35, AC-15, RS-2, DIS-5: %s for %s: a refresh token? %s', async (scope, api, expected) => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { scope, audience: api });
    const answer = await agent.logIn(url, 'ada@example.com', password);
    const last =
      answer.location === undefined
        ? await agent.follow(await agent.submit(answer, { action: 'accept' }))
        : answer;
    const tokens = (await agent.postForm('/oauth/token', tokenRequest(pkce, codeOf(last)))).json();
    expect('refresh_token' in tokens).toBe(expected);
  });
});

describe('audience', () => {
  test('AZ-17: an API of the tenant is the audience of the access token', async () => {
    const { tokens } = await getTokens(freehold, { agent: signedIn, authorize: { audience } });
    expect(claimsOf(tokens.access_token).aud).toEqual([audience, `${freehold.issuer}userinfo`]);
  });

  test('AZ-17, AZ-18, DIS-15: none, or /userinfo, gives an opaque access token', async () => {
    for (const opaque of [undefined, `${freehold.issuer}userinfo`]) {
      const { tokens } = await getTokens(freehold, { agent: signedIn, authorize: { audience: opaque } });
      expect(tokens.access_token.split('.')).not.toHaveLength(3);
      const userinfo = await signedIn.send('/userinfo', {
        headers: { authorization: `Bearer ${tokens.access_token}` },
      });
      expect(userinfo.status).toBe(200);
    }
  });
});

describe('the links of the seeds', () => {
  function snippet(text: string): string {
    return text
      .replace(/\s+/g, '')
      .replace('https://{yourDomain}/', freehold.issuer)
      .replace('{yourClientId}', spa.client_id)
      .replace('{yourCallbackUrl}', callback)
      .replace('{codeChallenge}', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
      .replace('{state}', 'xyzABC123');
  }
  const verifier = { code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };

  async function replay(text: string) {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.logIn(snippet(text), 'ada@example.com', password);
    const tokens = (await agent.postForm('/oauth/token', tokenRequest(verifier, codeOf(answer)))).json();
    return { answer, claims: claimsOf(String(tokens.id_token)) };
  }

  test('SD-11: the link of the tutorial, end to end', async () => {
    const { answer, claims } = await replay(`https://{yourDomain}/authorize?
      response_type=code&
      code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&
      code_challenge_method=S256&
      client_id={yourClientId}&
      redirect_uri={yourCallbackUrl}&
      scope=openid%20profile&
      state=xyzABC123`);
    expect(answer.headers.location).toMatch(/\?code=[^&]+&state=xyzABC123$/);
    expect(claims.name).toBe('Ada Lovelace');
  });

  test('SD-37, SD-88, SD-101: the most basic request', async () => {
    const { answer, claims } = await replay(`https://{yourDomain}/authorize?
      response_type=code&
      code_challenge={codeChallenge}&
      code_challenge_method=S256&
      client_id={yourClientId}&
      redirect_uri={yourCallbackUrl}&
      scope=openid`);
    expect(Object.keys(responseOf(answer))).toEqual(['code']);
    expect(claims.sub).toBe('auth0|0123456789abcdef01234567');
    expect(claims).not.toHaveProperty('name');
  });

  test('SD-89: name and profile picture', async () => {
    const { claims } = await replay(`https://{yourDomain}/authorize?
      response_type=code&
      code_challenge={codeChallenge}&
      code_challenge_method=S256&
      client_id={yourClientId}&
      redirect_uri={yourCallbackUrl}&
      scope=openid%20name%20picture&
      state={state}`);
    expect(claims).toMatchObject({ name: 'Ada Lovelace', picture: 'https://example.com/ada.png' });
  });
});
