// Sign-up on the hosted page: contract SU-3 to SU-5, UP-1, UP-4, UP-5, UP-12, UL-5.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  newPkce,
  password,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
const pkce = newPkce();

beforeAll(async () => {
  const database = (name: string, client_id: string, options: Record<string, unknown>) => ({
    name,
    strategy: 'auth0',
    enabled_clients: [client_id],
    options,
  });
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [
        spa,
        { ...spa, name: 'Closed', client_id: 'closed' },
        { ...spa, name: 'Excellent', client_id: 'excellent' },
      ],
      databases: [
        database('Username-Password-Authentication', 'spa', {}),
        database('Members', 'closed', { disable_signup: true }),
        database('Strict', 'excellent', { passwordPolicy: 'excellent' }),
      ],
    }),
    users,
  });
});

afterAll(() => freehold.stop());

function signUp(
  email: string,
  typed: string,
  overrides: Record<string, string | undefined> = {},
): Promise<Answer> {
  const url = authorizationUrl(freehold, pkce, { screen_hint: 'signup', ...overrides });
  return new Agent(freehold.issuer).signUp(url, email, typed);
}

async function claimsFor(answer: Answer): Promise<Record<string, unknown>> {
  const agent = new Agent(freehold.issuer);
  const tokens = await agent.postForm('/oauth/token', tokenRequest(pkce, codeOf(answer)));
  return claimsOf(String(tokens.json().id_token));
}

describe('a new user', () => {
  test('UP-1, UP-4, UP-5, SD-85: is logged in at once, with a generated profile', async () => {
    const claims = await claimsFor(await signUp(' Grace.Hopper@Example.COM ', password));
    const md5 = createHash('md5').update('grace.hopper@example.com').digest('hex');
    expect(claims).toMatchObject({
      sub: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/),
      email: 'grace.hopper@example.com',
      email_verified: false,
      name: 'grace.hopper@example.com',
      nickname: 'grace.hopper',
      picture: `https://s.gravatar.com/avatar/${md5}?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fgr.png`,
    });
  });

  test('can log in elsewhere afterwards, with this password only', async () => {
    await signUp('heidi@example.com', password);
    const url = authorizationUrl(freehold, pkce);
    const wrong = await new Agent(freehold.issuer).logIn(url, 'heidi@example.com', `${password}x`);
    expect(wrong.status).toBe(400);
    expect(codeOf(await new Agent(freehold.issuer).logIn(url, 'HEIDI@example.com', password))).toBeTruthy();
  });

  test('LG-3, SU-5: leaves `ss`, `svr` and `s`', async () => {
    const before = (await freehold.logEntries()).length;
    const { sub } = await claimsFor(await signUp('ivan@example.com', password));
    const entries = (await freehold.logEntries()).slice(before);
    expect(entries.slice(0, 3).map(({ type, user_id }) => [type, user_id])).toEqual([
      ['ss', sub],
      ['svr', sub],
      ['s', sub],
    ]);
    expect(JSON.stringify(entries)).not.toContain(password);
  });

  test('SE-1: has a session', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { screen_hint: 'signup' });
    await agent.signUp(url, 'judy@example.com', password);
    expect(codeOf(await agent.send(authorizationUrl(freehold, pkce, { prompt: 'none' })))).toBeTruthy();
  });

  test('LT-2: satisfies prompt=login', async () => {
    const claims = await claimsFor(await signUp('karl@example.com', password, { prompt: 'login' }));
    expect(claims.auth_time).toBe(freehold.clock.now());
  });

  test('in two databases is two users (UP-7)', async () => {
    const first = await claimsFor(await signUp('leo@example.com', 'Aa1!Aa1!Aa1!'));
    const second = await signUp('leo@example.com', 'Aa1!Aa1!Aa1!', { client_id: 'excellent' });
    const agent = new Agent(freehold.issuer);
    const tokens = await agent.postForm(
      '/oauth/token',
      tokenRequest(pkce, codeOf(second), { client_id: 'excellent' }),
    );
    expect(claimsOf(String(tokens.json().id_token)).sub).not.toBe(first.sub);
  });
});

describe('a sign-up that is refused', () => {
  test('SU-3, DIS-22: an address that is known, in words that do not say so; `fs`', async () => {
    const answer = await signUp('ADA@example.com', 'Other-password-1');
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Something went wrong. If you have an account already, log in instead.');
    expect(answer.text).not.toMatch(/exists|already registered|taken/i);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await freehold.logEntries()).at(-1)).toMatchObject({ type: 'fs' });
    const url = authorizationUrl(freehold, pkce);
    expect(codeOf(await new Agent(freehold.issuer).logIn(url, 'ada@example.com', password))).toBeTruthy();
  });

  test('SU-3: an address that is known, in words that say so where the tenant wants it', async () => {
    const flags = { enable_public_signup_user_exists_error: true };
    const outspoken = await startFreehold({ tenant: sampleTenant({ tenant: { flags } }), users });
    try {
      const url = authorizationUrl(outspoken, pkce, { screen_hint: 'signup' });
      const answer = await new Agent(outspoken.issuer).signUp(url, 'ada@example.com', 'Other-password-1');
      expect([answer.status, answer.text]).toEqual([
        400,
        expect.stringContaining('The user already exists.'),
      ]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    } finally {
      await outspoken.stop();
    }
  });

  test.each([
    ['short', 'Ab1!', 'This password is too short'],
    ['of two kinds', 'abcdefghi1', 'This password has too few kinds of characters'],
    ['too long', `Aa1!${'x'.repeat(1024)}`, 'This password is longer than 1,024 bytes'],
    ['empty', '', 'This password is too short'],
  ])('SU-4, UP-12: a password that is %s', async (_what, typed, words) => {
    const answer = await signUp('mallory@example.com', typed);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('At least 3 of the following:');
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'fs',
      description: 'Password is too weak',
    });
    expect(freehold.execute("select 1 from user where email = 'mallory@example.com'")).toEqual([]);
  });

  test('UP-12: each database has its own policy', async () => {
    expect((await signUp('nina@example.com', 'Abcdefg1', { client_id: 'excellent' })).text).toContain(
      'too short',
    );
    const repeated = await signUp('nina@example.com', 'Abbbcdefg1', { client_id: 'excellent' });
    expect(repeated.text).toContain('This password repeats one character too often in a row');
    expect(codeOf(await signUp('nina@example.com', 'Abcdefgh1!', { client_id: 'excellent' }))).toBeTruthy();
  });

  test.each([
    ['', 'Enter your email address'],
    ['nobody', 'This is not a complete email address'],
    ['a b@example.com', 'This is not a complete email address'],
    ['<x>@example.com', 'This is not a complete email address'],
    ['x@localhost', 'This is not a complete email address'],
    [`${'a'.repeat(65)}@example.com`, 'This is not a complete email address'],
    [
      `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(10)}.com`,
      'This is not a complete email address',
    ],
  ])('UP-5: the address %j', async (email, words) => {
    const answer = await signUp(email, password);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(words);
  });

  test('what was typed stays, but for the password', async () => {
    const answer = await signUp('olga@example', 'My-password-123');
    expect(answer.text).toContain('value="olga@example"');
    expect(answer.text).not.toContain('My-password-123');
  });

  test('at once twice: one user, and the other is refused', async () => {
    const answers = await Promise.all([1, 2].map(() => signUp('peggy@example.com', password)));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400]);
    expect(freehold.execute("select 1 from user where email = 'peggy@example.com'")).toHaveLength(1);
  });
});

describe('the page', () => {
  test('UL-5: tells password managers what it wants', async () => {
    const page = await new Agent(freehold.issuer).open(
      authorizationUrl(freehold, pkce, { screen_hint: 'signup' }),
    );
    expect(page.text).toMatch(/<input[^>]*name="password"[^>]*autocomplete="new-password"/);
    expect(page.text).toMatch(/<input[^>]*name="email"[^>]*autocomplete="email"/);
    expect(page.text).toMatch(/href="\/u\/login\?state=/);
  });

  test('SU-5: is not there where sign-up is disabled, and takes no post', async () => {
    const agent = new Agent(freehold.issuer);
    const url = authorizationUrl(freehold, pkce, { client_id: 'closed', screen_hint: 'signup' });
    const page = await agent.open(url);
    expect(page.text).toContain('autocomplete="current-password"');
    expect(page.text).not.toContain('/u/signup');
    const state = /name="state" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const posted = await agent.postForm('/u/signup', { state, email: 'quinn@example.com', password });
    expect(posted.status).toBe(400);
    expect(freehold.execute("select 1 from user where email = 'quinn@example.com'")).toEqual([]);
  });
});
