// prompt, max_age and id_token_hint with and without a session: contract PR-1 to PR-13, UL-2, AZ-30, AZ-31, AZ-42.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  audience,
  authorizationUrl,
  claimsOf,
  codeOf,
  consentAudience,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  responseOf,
  sampleTenant,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const hour = 3600;
const pkce = newPkce();
let freehold: Freehold;

beforeAll(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});

afterAll(() => freehold.stop());

function ask(agent: Agent, overrides: Record<string, string | undefined>): Promise<Answer> {
  return agent.send(authorizationUrl(freehold, pkce, overrides));
}

/** Ada, signed in just now. */
async function signIn(): Promise<Agent> {
  return (await getTokens(freehold)).agent;
}

async function redeem(answer: Answer): Promise<Record<string, unknown>> {
  const agent = new Agent(freehold.issuer);
  return (await agent.postForm('/oauth/token', tokenRequest(pkce, codeOf(answer)))).json();
}

const loginRequired = { error: 'login_required', error_description: 'Login required', state: 'xyzABC123' };

describe('prompt=none', () => {
  test('SD-97, PR-1: with a session, a code by redirect', async () => {
    const answer = await ask(await signIn(), { prompt: 'none' });
    expect(answer.status).toBe(302);
    expect(Object.keys(responseOf(answer))).toEqual(['code', 'state']);
  });

  test('SD-97, PR-2: without a session, login_required by redirect, and no cookie', async () => {
    const answer = await ask(new Agent(freehold.issuer), { prompt: 'none' });
    expect(answer.status).toBe(302);
    expect(responseOf(answer)).toEqual(loginRequired);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('PR-6: leaves `fsa` when it fails', async () => {
    await ask(new Agent(freehold.issuer), { prompt: 'none' });
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'fsa',
      description: 'Login required',
      client_id: 'spa',
    });
  });

  test('PR-3: with a session and without consent, consent_required', async () => {
    const answer = await ask(await signIn(), { prompt: 'none', audience: consentAudience });
    expect(responseOf(answer)).toEqual({
      error: 'consent_required',
      error_description: 'Consent required',
      state: 'xyzABC123',
    });
  });

  test('SD-98: an expired access token is renewed while the session lives', async () => {
    const { agent, tokens } = await getTokens(freehold, { authorize: { audience } });
    freehold.clock.advance(25 * hour);
    expect(Number(claimsOf(tokens.access_token).exp)).toBeLessThan(freehold.clock.now());
    const renewed = await redeem(await ask(agent, { prompt: 'none', audience }));
    expect(Number(claimsOf(String(renewed.access_token)).exp)).toBeGreaterThan(freehold.clock.now());
  });

  test('SD-99, SE-2, DIS-21: the idle end of the session, 72 hours', async () => {
    const agent = await signIn();
    freehold.clock.advance(72 * hour - 1);
    expect(Object.keys(responseOf(await ask(agent, { prompt: 'none' })))).toContain('code');
    freehold.clock.advance(72 * hour);
    expect(responseOf(await ask(agent, { prompt: 'none' }))).toEqual(loginRequired);
  });

  test('SD-99, PR-7, SE-3, DIS-21: activity moves the idle end, and never the absolute one, 168 hours', async () => {
    const agent = await signIn();
    for (const at of [48, 96, 144]) {
      freehold.clock.advance(48 * hour);
      expect(Object.keys(responseOf(await ask(agent, { prompt: 'none' }))), `${at} h`).toContain('code');
    }
    freehold.clock.advance(24 * hour);
    expect(responseOf(await ask(agent, { prompt: 'none' }))).toEqual(loginRequired);
  });

  test('SE-13: where the browser keeps cookies back from the frame, login_required; a refresh token still serves', async () => {
    const { agent, tokens } = await getTokens(freehold, { authorize: { scope: 'openid offline_access' } });
    const inFrame = new Agent(freehold.issuer);
    const answer = await ask(inFrame, { prompt: 'none', response_mode: 'web_message' });
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('login_required')]);
    expect(answer.text).not.toContain('<form');
    const renewed = await inFrame.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
    expect(renewed.status).toBe(200);
    expect(Object.keys(responseOf(await ask(agent, { prompt: 'none' })))).toContain('code');
  });

  test('PR-13: may be asked again and again', async () => {
    const agent = await signIn();
    const answers = await Promise.all([1, 2, 3].map(() => ask(agent, { prompt: 'none' })));
    expect(new Set(answers.map(codeOf)).size).toBe(3);
  });
});

describe('UL-2: which page comes first', () => {
  const rows: [
    prompt: string | undefined,
    screen_hint: string | undefined,
    without: string,
    withSession: string,
  ][] = [
    [undefined, undefined, '/u/login', '/callback'],
    [undefined, 'signup', '/u/signup', '/callback'],
    ['login', undefined, '/u/login', '/u/login'],
    ['login', 'signup', '/u/signup', '/u/signup'],
    // PR-12: there is no account chooser; the login page asks who it is.
    ['select_account', undefined, '/u/login', '/u/login'],
  ];

  test.each(rows)(
    'AZ-30, AZ-33: prompt %s, screen_hint %s: %s, with a session %s',
    async (prompt, screen_hint, without, withSession) => {
      const asked = { prompt, screen_hint };
      expect((await ask(new Agent(freehold.issuer), asked)).location?.pathname).toBe(without);
      expect((await ask(await signIn(), asked)).location?.pathname).toBe(withSession);
    },
  );
});

describe('PR-8: prompt=login', () => {
  test('asks for the password in spite of a session; the ID token says when it came', async () => {
    const agent = await signIn();
    freehold.clock.advance(100);
    const answer = await agent.logIn(
      authorizationUrl(freehold, pkce, { prompt: 'login' }),
      'ada@example.com',
      password,
    );
    const claims = claimsOf(String((await redeem(answer)).id_token));
    expect(claims.auth_time).toBe(freehold.clock.now());
  });

  test('LT-2: is not satisfied by going around the page', async () => {
    const agent = await signIn();
    const page = await ask(agent, { prompt: 'login' });
    const state = page.location?.searchParams.get('state');
    const resumed = await agent.send(`/authorize/resume?state=${state}`);
    expect(resumed.location?.pathname).toBe('/u/login');
  });

  test('LT-2: is not satisfied by a login in another transaction', async () => {
    const agent = await signIn();
    const first = await ask(agent, { prompt: 'login' });
    await agent.logIn(authorizationUrl(freehold, pkce, { prompt: 'login' }), 'ada@example.com', password);
    const state = first.location?.searchParams.get('state');
    expect((await agent.send(`/authorize/resume?state=${state}`)).location?.pathname).toBe('/u/login');
  });
});

describe('PR-9, AZ-31: max_age', () => {
  test('within it the session serves, and the ID token has its auth_time', async () => {
    const agent = await signIn();
    const signedInAt = freehold.clock.now();
    freehold.clock.advance(60);
    const answer = await ask(agent, { max_age: '60' });
    expect(claimsOf(String((await redeem(answer)).id_token)).auth_time).toBe(signedInAt);
  });

  test('without max_age and prompt=login there is no auth_time', async () => {
    const { tokens } = await getTokens(freehold);
    expect(claimsOf(tokens.id_token)).not.toHaveProperty('auth_time');
  });

  test('exceeded, the person logs in again; silently, login_required', async () => {
    const agent = await signIn();
    freehold.clock.advance(61);
    expect((await ask(agent, { max_age: '60' })).location?.pathname).toBe('/u/login');
    expect(responseOf(await ask(agent, { max_age: '60', prompt: 'none' }))).toEqual(loginRequired);
  });

  test('max_age=0 always asks, once', async () => {
    const agent = await signIn();
    expect((await ask(agent, { max_age: '0' })).location?.pathname).toBe('/u/login');
    const url = authorizationUrl(freehold, pkce, { max_age: '0' });
    const answer = await agent.logIn(url, 'ada@example.com', password);
    expect(claimsOf(String((await redeem(answer)).id_token)).auth_time).toBe(freehold.clock.now());
  });
});

describe('AZ-42, OpenID Connect Core §3.1.2.1: id_token_hint', () => {
  let adasToken: string;
  let bobsToken: string;

  beforeAll(async () => {
    adasToken = (await getTokens(freehold)).tokens.id_token ?? '';
    bobsToken = (await getTokens(freehold, { username: 'bob@example.com' })).tokens.id_token ?? '';
  });

  test('of the session’s user: a code, however old the hint', async () => {
    freehold.clock.advance(48 * hour);
    const agent = await signIn();
    const answer = await ask(agent, { prompt: 'none', id_token_hint: adasToken });
    expect(Object.keys(responseOf(answer))).toContain('code');
  });

  test('of another user: login_required silently, else the login page', async () => {
    const agent = await signIn();
    const silently = await ask(agent, { prompt: 'none', id_token_hint: bobsToken });
    expect(responseOf(silently)).toEqual(loginRequired);
    expect((await ask(agent, { id_token_hint: bobsToken })).location?.pathname).toBe('/u/login');
  });

  test('of another user than the one who then logs in: no code', async () => {
    const url = authorizationUrl(freehold, pkce, { id_token_hint: bobsToken });
    const answer = await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password);
    expect(responseOf(answer)).toEqual(loginRequired);
  });

  test('of the one who then logs in: a code', async () => {
    const url = authorizationUrl(freehold, pkce, { id_token_hint: bobsToken });
    const answer = await new Agent(freehold.issuer).logIn(url, 'bob@example.com', password);
    expect(codeOf(answer)).toMatch(/^[A-Za-z0-9_-]{52}$/);
  });

  test('AT-16: that is no ID token of ours is refused', async () => {
    const { tokens } = await getTokens(freehold, { authorize: { audience } });
    const [header, , signature] = adasToken.split('.');
    const forged = `${header}.${Buffer.from('{"sub":"auth0|0"}').toString('base64url')}.${signature}`;
    for (const id_token_hint of ['abc', 'a.b.c', forged, tokens.access_token]) {
      const refused = await ask(new Agent(freehold.issuer), { id_token_hint, prompt: 'none' });
      expect(responseOf(refused)).toEqual({
        error: 'invalid_request',
        error_description: 'id_token_hint is not an ID token of this issuer',
        state: 'xyzABC123',
      });
    }
  });
});
