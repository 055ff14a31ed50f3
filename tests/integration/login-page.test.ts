// The login page as a form: what scripts and people find on it, and whose posts it takes. Contract UL-5, AZ-32, LT-4, LT-5.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  getTokens,
  newPkce,
  password,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
const pkce = newPkce();
const credentials = { username: 'ada@example.com', password, action: 'default' };

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [
        spa,
        { ...spa, name: 'Native', client_id: 'native', app_type: 'native', callbacks: ['com.app:/callback'] },
        { ...spa, name: 'Closed', client_id: 'closed' },
      ],
      databases: [
        { name: 'Username-Password-Authentication', strategy: 'auth0', enabled_clients: ['spa', 'native'] },
        {
          name: 'Members',
          strategy: 'auth0',
          enabled_clients: ['closed'],
          options: { disable_signup: true },
        },
      ],
    }),
    users,
  });
});

afterAll(() => freehold.stop());

function openLogin(agent: Agent, overrides: Record<string, string | undefined> = {}): Promise<Answer> {
  return agent.open(authorizationUrl(freehold, pkce, overrides));
}

function inputOf({ text }: Answer, id: string): string {
  return new RegExp(`<input[^>]*id="${id}"[^>]*>`).exec(text)?.[0] ?? '';
}

describe('the form', () => {
  test('SD-39, SD-101, AZ-23: is that of the client’s database; scripts for Auth0’s page drive it', async () => {
    const page = await openLogin(new Agent(freehold.issuer));
    expect(page.status).toBe(200);
    expect(inputOf(page, 'username')).toContain('name="username"');
    expect(inputOf(page, 'password')).toContain('name="password"');
    expect(inputOf(page, 'password')).toContain('type="password"');
    expect(page.text).toMatch(/<button type="submit" name="action" value="default">Continue<\/button>/);
    expect(page.text.match(/<form/g)).toHaveLength(1);
    expect(page.text).not.toContain('Members');
    expect(page.text).toContain('Single page');
  });

  test('UL-1: the screens login, signup, consent and logout, each with a heading of its own', async () => {
    const headingOf = ({ text }: Answer) => /<h1[^>]*>(.*?)<\/h1>/.exec(text)?.[1];
    const agent = new Agent(freehold.issuer);
    expect(headingOf(await openLogin(agent))).toBe('Log in');
    expect(headingOf(await openLogin(agent, { screen_hint: 'signup' }))).toBe('Sign up');
    const { agent: signedIn } = await getTokens(freehold);
    expect(headingOf(await openLogin(signedIn, { prompt: 'consent' }))).toBe('Allow access');
    expect(headingOf(await signedIn.send('/oidc/logout'))).toBe('Log out');
    expect(headingOf(await signedIn.send('/v2/logout'))).toBe('You are logged out');
  });

  test('UL-5: tells password managers what it wants', async () => {
    const page = await openLogin(new Agent(freehold.issuer));
    expect(inputOf(page, 'username')).toContain('autocomplete="username"');
    expect(inputOf(page, 'password')).toContain('autocomplete="current-password"');
  });

  test('AZ-32: login_hint is filled in, as text', async () => {
    const page = await openLogin(new Agent(freehold.issuer), { login_hint: '"><script>x</script>' });
    expect(inputOf(page, 'username')).toContain('value="&quot;>');
    expect(page.text).not.toContain('<script>x');
    const signup = await openLogin(new Agent(freehold.issuer), {
      login_hint: 'eve@example.com',
      screen_hint: 'signup',
    });
    expect(inputOf(signup, 'email')).toContain('value="eve@example.com"');
  });

  test('UL-2, PR-8: whoever has a session finds their address filled in', async () => {
    const { agent } = await getTokens(freehold);
    const page = await openLogin(agent, { prompt: 'login' });
    expect(inputOf(page, 'username')).toContain('value="ada@example.com"');
  });

  test('SU-5: leads to sign-up only where the database has it', async () => {
    expect((await openLogin(new Agent(freehold.issuer))).text).toMatch(/href="\/u\/signup\?state=/);
    const closed = await openLogin(new Agent(freehold.issuer), { client_id: 'closed' });
    expect(closed.text).not.toContain('/u/signup');
  });

  test('AZ-22, SD-40: the users of another database cannot log in here', async () => {
    const agent = new Agent(freehold.issuer);
    const answer = await agent.submit(await openLogin(agent, { client_id: 'closed' }), credentials);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Wrong email or password');
  });

  test('AZ-22: a session of one database does not serve a client of another', async () => {
    const { agent } = await getTokens(freehold);
    const answer = await agent.send(authorizationUrl(freehold, pkce, { client_id: 'closed' }));
    expect(answer.location?.pathname).toBe('/u/login');
  });
});

describe('LT-5: headers of the pages', () => {
  test.each([
    ['spa', undefined, "'self' https://app.example"],
    ['native', 'com.app:/callback', "'self' com.app:"],
  ])(
    '%s: the form’s answer may lead to its callback and nowhere else',
    async (client_id, redirect_uri, action) => {
      const overrides = redirect_uri === undefined ? { client_id } : { client_id, redirect_uri };
      for (const screen_hint of [undefined, 'signup']) {
        const { headers } = await openLogin(new Agent(freehold.issuer), { ...overrides, screen_hint });
        expect(headers['content-security-policy']).toBe(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src https: data:; base-uri 'none'; " +
            `frame-ancestors 'none'; form-action ${action}`,
        );
        expect(headers['referrer-policy']).toBe('same-origin');
        expect(headers['x-content-type-options']).toBe('nosniff');
        expect(headers['cache-control']).toContain('no-store');
      }
    },
  );

  test('the page that walks through a login is framed by nobody, its callback by itself', async () => {
    for (const [path, ancestors] of [
      ['/try', "'none'"],
      ['/try/callback', "'self'"],
    ] as const) {
      const answer = await new Agent(freehold.issuer).send(path);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-security-policy']).toContain(`frame-ancestors ${ancestors};`);
    }
  });

  test('no page has a script or a style of its own in it', async () => {
    const { text } = await openLogin(new Agent(freehold.issuer));
    expect(text).not.toMatch(/<script(?![^>]* src=)/);
    expect(text).not.toMatch(/<style| style=| on[a-z]+=/);
  });
});

describe('LT-4: a post that is not our own page’s', () => {
  /** The transaction is still to be finished: nobody has logged in. */
  async function expectNothingChanged(agent: Agent, page: Answer): Promise<void> {
    expect([...agent.cookies.keys()]).toEqual([`freehold_browser_${freehold.port}`]);
    expect((await agent.submit(page, credentials)).location?.pathname).toBe('/authorize/resume');
  }

  test.each([
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another origin of this site', { 'sec-fetch-site': 'same-site' }],
    ['typed by hand', { 'sec-fetch-site': 'none' }],
    ['of another origin', { origin: 'https://evil.example' }],
    ['of an origin that hides', { origin: 'null' }],
  ])('is refused: %s', async (_what, headers) => {
    const agent = new Agent(freehold.issuer);
    const page = await openLogin(agent);
    const before = (await freehold.logEntries()).length;
    const answer = await agent.postForm('/u/login', { ...hiddenFields(page), ...credentials }, headers);
    expect(answer.status).toBe(400);
    const descriptions = (await freehold.logEntries()).slice(before).map(({ description }) => description);
    expect(new Set(descriptions)).toEqual(new Set(['The session of this login was not found']));
    await expectNothingChanged(agent, page);
  });

  test('is refused without its token, with another form’s, and with another transaction’s', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await openLogin(agent);
    const own = hiddenFields(page);
    const signup = hiddenFields(await agent.send(`/u/signup?state=${own.state}`));
    const other = hiddenFields(await openLogin(agent));
    for (const csrf of ['', 'wrong', signup.csrf, other.csrf]) {
      const answer = await agent.postForm('/u/login', { ...own, ...credentials, csrf: csrf ?? '' });
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('We could not find the session of this login');
    }
    await expectNothingChanged(agent, page);
  });

  test('is taken with what browsers send from our own page', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await openLogin(agent);
    const headers = { 'sec-fetch-site': 'same-origin', origin: new URL(freehold.issuer).origin };
    const answer = await agent.postForm('/u/login', { ...hiddenFields(page), ...credentials }, headers);
    expect(codeOf(await agent.follow(answer))).toMatch(/^[A-Za-z0-9_-]{52}$/);
  });
});

function hiddenFields({ text }: Answer): Record<string, string> {
  const inputs = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/?>/g)];
  return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]));
}
