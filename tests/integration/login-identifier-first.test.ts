// Logging in on two pages, as scripts and people meet them: who somebody is, then the password. Contract UL-3, AZ-68.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const pkce = newPkce();
const ada = 'ada@example.com';
const wrong = 'Wrong email or password';
let freehold: Freehold;
let api: ManagementApi;

beforeAll(async () => {
  const client = (client_id: string) => ({ ...spa, name: client_id, client_id });
  const people = 'Username-Password-Authentication';
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [client('spa'), client('named'), client('both'), client('mail'), client('closed')],
      databases: [
        { name: people, strategy: 'auth0', enabled_clients: ['spa', 'both', 'named'] },
        {
          name: 'named',
          strategy: 'auth0',
          enabled_clients: ['named'],
          options: { requires_username: true },
        },
        { name: 'closed', strategy: 'auth0', enabled_clients: ['closed'], options: { disable_signup: true } },
      ],
      connections: [{ name: 'email', strategy: 'email', enabled_clients: ['mail', 'both'] }],
      prompts: { identifier_first: true },
      tenant: { brute_force_protection: { max_attempts: 3 } },
    }),
    users,
  });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

type Overrides = Record<string, string | undefined>;
const url = (overrides: Overrides = {}) => authorizationUrl(freehold, pkce, overrides);
const pathOf = ({ location }: Answer) => location?.pathname;
const handleOf = ({ text }: Answer) => /name="state" value="([^"]+)"/.exec(text)?.[1] ?? '';
const inputOf = ({ text }: Answer, id: string) =>
  new RegExp(`<input[^>]*id="${id}"[^>]*>`).exec(text)?.[0] ?? '';

function linkOf({ text }: Answer, words: string): string {
  return new RegExp(`<a href="([^"]*)"[^>]*>${words}`).exec(text)?.[1] ?? `no link ${words}`;
}

/** The page that asks for the password of whoever this is. */
async function typeIdentifier(agent: Agent, page: Answer, username: string): Promise<Answer> {
  return agent.follow(await agent.submit(page, { username, action: 'default' }));
}

async function typePassword(agent: Agent, page: Answer, typed = password): Promise<Answer> {
  return agent.follow(await agent.submit(page, { password: typed, action: 'default' }));
}

async function logIn(agent: Agent, overrides: Overrides = {}, username = ada, typed = password) {
  return typePassword(agent, await typeIdentifier(agent, await agent.open(url(overrides)), username), typed);
}

async function emailOf(answer: Answer): Promise<unknown> {
  const request = tokenRequest(pkce, codeOf(answer));
  const { id_token } = (await new Agent(freehold.issuer).postForm('/oauth/token', request)).json();
  return claimsOf(String(id_token)).email;
}

describe('the two pages', () => {
  test('UL-3, AZ-68, UL-5: are where and what scripts for Auth0’s pages look for', async () => {
    const agent = new Agent(freehold.issuer);
    const begun = await agent.send(url());
    expect([begun.status, pathOf(begun)]).toEqual([302, '/u/login/identifier']);
    const first = await agent.follow(begun);
    const button = /<button type="submit" name="action" value="default">Continue<\/button>/;
    expect(first.text).toMatch(button);
    expect(inputOf(first, 'username')).toMatch(/name="username".*autocomplete="username"/);
    expect(first.text).not.toContain('type="password"');
    expect(linkOf(first, 'Sign up')).toMatch(/^\/u\/signup\?state=/);
    expect(first.text).not.toContain('Forgot password?');
    const taken = await agent.submit(first, { username: ada, action: 'default' });
    expect([taken.status, pathOf(taken)]).toEqual([303, '/authorize/resume']);
    const onwards = await agent.send(taken.location ?? '');
    expect([onwards.status, pathOf(onwards)]).toEqual([302, '/u/login/password']);
    const second = await agent.follow(onwards);
    expect(second.text).toMatch(button);
    expect(inputOf(second, 'username')).toMatch(/name="username" value="ada@example.com".*readonly/);
    expect(inputOf(second, 'password')).toMatch(/name="password".*autocomplete="current-password"/);
    expect(linkOf(second, 'Edit')).toMatch(/^\/u\/login\/identifier\?state=/);
    expect(linkOf(second, 'Forgot')).toMatch(/^\/u\/reset-password\/request\?state=/);
    expect(linkOf(second, 'Sign up')).toMatch(/^\/u\/signup\?state=/);
    const posted = await agent.submit(second, { username: ada, password, action: 'default' });
    expect([posted.status, pathOf(posted)]).toEqual([303, '/authorize/resume']);
    expect(await emailOf(await agent.follow(posted))).toBe(ada);
  });

  test('say what is missing; what is no identifier is not kept', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    for (const username of ['', '   ', 'x'.repeat(321)]) {
      const refused = await agent.submit(first, { username });
      expect([refused.status, refused.text]).toEqual([
        400,
        expect.stringContaining('Enter your email address'),
      ]);
    }
    expect(pathOf(await agent.send(`/u/login/password?state=${handleOf(first)}`))).toBe(
      '/u/login/identifier',
    );
    const second = await typeIdentifier(agent, first, ada);
    const refused = await agent.submit(second, { password: '' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Enter your password')]);
  });

  test('an identifier is text, in whatever it is shown', async () => {
    const agent = new Agent(freehold.issuer);
    const second = await typeIdentifier(agent, await agent.open(url()), '"><script>x</script>');
    expect(inputOf(second, 'username')).toContain('value="&quot;>');
    expect(second.text).not.toContain('<script>x');
  });

  test('UL-8, LG-1: a wrong password stays on the second, and leaves what it leaves on one page', async () => {
    const agent = new Agent(freehold.issuer);
    const second = await typeIdentifier(agent, await agent.open(url()), ada);
    const refused = await agent.submit(second, { username: ada, password: 'wrong' });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(wrong)]);
    expect(inputOf(refused, 'username')).toContain(`value="${ada}"`);
    expect(inputOf(refused, 'password')).not.toContain('value=');
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'fp',
      user_name: ada,
      client_id: 'spa',
    });
    expect(await emailOf(await typePassword(agent, refused))).toBe(ada);
  });

  test('what the second page shows is judged, whatever was typed in another tab since', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    const adas = await typeIdentifier(agent, first, ada);
    await typeIdentifier(agent, first, 'bob@example.com');
    const fields = { username: ada, password, action: 'default' };
    expect(await emailOf(await agent.follow(await agent.submit(adas, fields)))).toBe(ada);
  });

  test('“Edit” leads back to what was typed', async () => {
    const agent = new Agent(freehold.issuer);
    const second = await typeIdentifier(agent, await agent.open(url()), 'bob@example.co');
    const again = await agent.open(linkOf(second, 'Edit'));
    expect(inputOf(again, 'username')).toContain('value="bob@example.co"');
    const bobs = await typeIdentifier(agent, again, 'bob@example.com');
    expect(await emailOf(await typePassword(agent, bobs))).toBe('bob@example.com');
  });

  test('UP-5, AZ-23: where one of several databases has usernames, the pages say so', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url({ client_id: 'named' }));
    expect(first.text).toContain('Username or email address');
    const nothing = await agent.submit(first, { username: '' });
    expect(nothing.text).toContain('Enter your username or email address');
    const second = await typeIdentifier(agent, first, ada);
    expect(second.text).toContain('Username or email address');
    expect((await typePassword(agent, second)).location?.searchParams.has('code')).toBe(true);
    const one = await new Agent(freehold.issuer).open(
      url({ client_id: 'named', connection: 'Username-Password-Authentication' }),
    );
    expect(one.text).not.toContain('Username or');
  });
});

describe('PW-20: what was typed on the first page', () => {
  const mistaken = 'My-password-in-the-wrong-field-1';

  test('is in no address, no cookie, no log, and in no column that can be read; with the login it is gone', async () => {
    const agent = new Agent(freehold.issuer);
    const before = (await freehold.logEntries()).length;
    const first = await agent.open(url());
    const taken = await agent.submit(first, { username: mistaken });
    const onwards = await agent.send(taken.location ?? '');
    expect([taken, onwards].map(({ headers }) => JSON.stringify(headers)).join()).not.toContain(mistaken);
    const second = await agent.follow(onwards);
    expect(inputOf(second, 'username')).toContain(mistaken);
    await agent.submit(second, { username: mistaken, password: 'wrong' });
    expect(JSON.stringify((await freehold.logEntries()).slice(before))).not.toContain(mistaken);
    const rows = () =>
      freehold.execute(`select * from login_transaction where identifier is not null order by created_at`);
    expect(rows()).not.toEqual([]);
    expect(JSON.stringify(rows())).not.toContain(mistaken);
    const kept = rows().length;
    const adas = await typeIdentifier(agent, await agent.open(linkOf(second, 'Edit')), ada);
    expect(rows()).toHaveLength(kept);
    await typePassword(agent, adas);
    expect(rows()).toHaveLength(kept - 1);
  });

  test('fills in the other pages of this login, and of no other', async () => {
    const agent = new Agent(freehold.issuer);
    const second = await typeIdentifier(agent, await agent.open(url()), 'new@example.com');
    for (const words of ['Forgot', 'Sign up']) {
      const page = await agent.open(linkOf(second, words));
      expect(inputOf(page, 'email')).toContain('value="new@example.com"');
    }
    expect(inputOf(await agent.open(url()), 'username')).not.toContain('new@example.com');
  });
});

describe('what a request asks for', () => {
  test('AZ-32: login_hint fills in the first page, as text, and skips nothing', async () => {
    const page = await new Agent(freehold.issuer).open(url({ login_hint: '"><b>eve' }));
    expect(inputOf(page, 'username')).toContain('value="&quot;>');
    expect(page.text).not.toContain('<b>eve');
  });

  test('UL-2, PR-8: prompt=login asks whoever has a session, whose address is filled in', async () => {
    const agent = new Agent(freehold.issuer);
    await logIn(agent);
    expect((await agent.open(url())).location?.searchParams.has('code')).toBe(true);
    const first = await agent.open(url({ prompt: 'login' }));
    expect(inputOf(first, 'username')).toContain(`value="${ada}"`);
    const second = await typeIdentifier(agent, first, ada);
    expect((await typePassword(agent, second)).location?.searchParams.has('code')).toBe(true);
  });

  test('UL-2: screen_hint=signup shows sign-up, whose link leads to both pages', async () => {
    const agent = new Agent(freehold.issuer);
    const signup = await agent.open(url({ screen_hint: 'signup' }));
    expect(signup.text).toContain('autocomplete="new-password"');
    const first = await agent.open(linkOf(signup, 'Log in'));
    expect(first.text).not.toContain('type="password"');
    const second = await typeIdentifier(agent, first, ada);
    expect(await emailOf(await typePassword(agent, second))).toBe(ada);
  });

  test('SU-5: people sign up from either page, and are logged in', async () => {
    const agent = new Agent(freehold.issuer);
    const second = await typeIdentifier(agent, await agent.open(url()), 'carol@example.com');
    const signup = await agent.open(linkOf(second, 'Sign up'));
    const fields = { email: 'carol@example.com', password };
    expect(await emailOf(await agent.follow(await agent.submit(signup, fields)))).toBe('carol@example.com');
    const closed = await new Agent(freehold.issuer).open(url({ client_id: 'closed' }));
    expect(closed.text).not.toContain('/u/signup');
  });

  test('PL-*: whose people have no passwords asks where to send a code, as ever', async () => {
    const page = await new Agent(freehold.issuer).open(url({ client_id: 'mail' }));
    expect(page.text).toContain('Send me a code');
  });

  test('PL-*: where both will do, the first page offers the code, and the way back', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url({ client_id: 'both' }));
    const code = await agent.follow(await agent.submit(first, { connection: 'email' }));
    expect(code.text).toContain('Send me a code');
    const back = await agent.open(linkOf(code, 'Log in with a password'));
    expect(inputOf(back, 'username')).toContain('name="username"');
    const second = await typeIdentifier(agent, back, 'ada@example.com');
    const again = await agent.open(linkOf(second, 'Edit'));
    const filled = await agent.follow(await agent.submit(again, { connection: 'email' }));
    expect(inputOf(filled, 'identifier')).toContain('value="ada@example.com"');
    const only = await agent.open(url({ client_id: 'both', connection: 'email' }));
    expect(only.text).toContain('Send me a code');
  });
});

describe('AP-1, AP-2: wrong passwords', () => {
  test('are counted where the password is judged, and nowhere else', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url({ client_id: 'closed' }));
    for (let typed = 0; typed < 5; typed += 1) await agent.submit(first, { username: 'dora@example.com' });
    const second = await typeIdentifier(agent, first, 'dora@example.com');
    const statuses = [];
    for (let tries = 0; tries < 4; tries += 1) {
      statuses.push((await agent.submit(second, { password: 'wrong' })).status);
    }
    expect(statuses).toEqual([400, 400, 400, 429]);
    const other = new Agent(freehold.issuer);
    const page = await typeIdentifier(
      other,
      await other.open(url({ client_id: 'closed' })),
      'dora@example.com',
    );
    expect(page.status).toBe(200);
    expect((await other.submit(page, { password: 'wrong' })).status).toBe(429);
  });
});

describe('LT-1, AZ-66: a transaction that is lost', () => {
  function expectLost({ status, text, location }: Answer): void {
    expect([status, location]).toEqual([400, undefined]);
    expect(text).toContain('invalid_request: We could not find the session of this login');
  }

  test.each(['/u/login/identifier', '/u/login/password'])('%s without one', async (path) => {
    expectLost(await new Agent(freehold.issuer).send(`${path}?state=unknown`));
    expectLost(await new Agent(freehold.issuer).postForm(path, { state: 'unknown', username: ada }));
  });

  test('expired, between the pages', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    const second = await typeIdentifier(agent, first, ada);
    freehold.clock.advance(3601);
    expectLost(await agent.submit(first, { username: ada }));
    expectLost(await agent.submit(second, { password }));
  });

  test('with the cookie', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    const second = await typeIdentifier(agent, first, ada);
    agent.cookies.clear();
    expectLost(await agent.submit(first, { username: ada }));
    expectLost(await agent.submit(second, { password }));
  });

  test('finished: back is no way into it', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    const second = await typeIdentifier(agent, first, ada);
    expect(codeOf(await typePassword(agent, second))).toBeTruthy();
    for (const path of ['/u/login/identifier', '/u/login/password']) {
      expectLost(await agent.send(`${path}?state=${handleOf(first)}`));
    }
    expectLost(await agent.submit(first, { username: ada }));
    expectLost(await agent.submit(second, { password }));
  });

  test('of another browser: nothing is shown, and nothing changes', async () => {
    const victim = new Agent(freehold.issuer);
    const first = await victim.open(url());
    const second = await typeIdentifier(victim, first, ada);
    const stranger = new Agent(freehold.issuer);
    await stranger.open(url());
    for (const path of ['/u/login/identifier', '/u/login/password']) {
      expectLost(await stranger.send(`${path}?state=${handleOf(first)}`));
    }
    expectLost(await stranger.submit(first, { username: 'bob@example.com' }));
    expect(inputOf(await victim.open(`/u/login/password?state=${handleOf(second)}`), 'username')).toContain(
      ada,
    );
  });
});

describe('two tabs', () => {
  test('each with its own request: each gets its own answer', async () => {
    const agent = new Agent(freehold.issuer);
    const one = await typeIdentifier(agent, await agent.open(url({ state: 'one' })), ada);
    const two = await typeIdentifier(agent, await agent.open(url({ state: 'two' })), 'bob@example.com');
    expect(responseOf(await typePassword(agent, one)).state).toBe('one');
    expect(responseOf(await typePassword(agent, two)).state).toBe('two');
  });

  test('LT-2: whoever has said who they are logs in, though another has meanwhile', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    await logIn(agent, { state: 'other' }, 'bob@example.com');
    const second = await typeIdentifier(agent, first, ada);
    expect(second.text).toContain('type="password"');
    expect(await emailOf(await typePassword(agent, second))).toBe(ada);
  });

  test('SE-1: whoever has not is served by the session that began meanwhile', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url());
    await logIn(agent, { state: 'other' }, 'bob@example.com');
    expect(await emailOf(await agent.open(`/u/login/identifier?state=${handleOf(first)}`))).toBe(
      'bob@example.com',
    );
  });
});

test('§3.7: PATCH /prompts takes effect at once, in the middle of a login too', async () => {
  const agent = new Agent(freehold.issuer);
  const first = await agent.open(url());
  const second = await typeIdentifier(agent, first, ada);
  try {
    expect((await api.patch('/prompts', { identifier_first: false })).status).toBe(200);
    const one = await agent.open(`/u/login/password?state=${handleOf(first)}`);
    expect([inputOf(one, 'password'), inputOf(one, 'username')]).toEqual([
      expect.stringContaining('type="password"'),
      expect.stringMatching(`value="${ada}"`),
    ]);
    expect(one.text).not.toContain('>Edit<');
    expect(pathOf(await new Agent(freehold.issuer).send(url()))).toBe('/u/login');
    const other = new Agent(freehold.issuer);
    const begun = await other.open(url());
    await api.patch('/prompts', { identifier_first: true });
    // Forms that are open already do what they say.
    expect(codeOf(await other.follow(await other.submit(begun, { username: ada, password })))).toBeTruthy();
    expect(await emailOf(await typePassword(agent, second))).toBe(ada);
  } finally {
    await api.patch('/prompts', { identifier_first: true });
  }
});
