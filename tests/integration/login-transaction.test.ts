// The login transaction: lost, expired, finished, in two tabs, in two browsers. Contract AZ-66 to AZ-68, LT-1, LT-2.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
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
const pkce = newPkce();
const credentials = { username: 'ada@example.com', password, action: 'default' };
const bobsCredentials = { ...credentials, username: 'bob@example.com' };

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [
        ...(sampleTenant().clients as object[]),
        { ...spa, name: 'Home', client_id: 'home', initiate_login_uri: 'https://app.example/login?a=b' },
      ],
    }),
    users,
  });
});

afterAll(() => freehold.stop());

function url(overrides: Record<string, string | undefined> = {}): URL {
  return authorizationUrl(freehold, pkce, overrides);
}

async function handleOf(agent: Agent, overrides: Record<string, string | undefined> = {}): Promise<string> {
  return (await agent.send(url(overrides))).location?.searchParams.get('state') ?? '';
}

function expectLost(answer: Answer): void {
  expect(answer.status).toBe(400);
  expect(answer.headers.location).toBeUndefined();
  expect(answer.text).toContain('invalid_request: We could not find the session of this login');
  for (const reason of ['back button', 'refreshed', 'too many login dialogs', 'cookies']) {
    expect(answer.text).toContain(reason);
  }
}

describe('AZ-66: what is lost is said to be lost', () => {
  test('finished: the back button, a page posted again, a resume repeated', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url());
    const posted = await agent.submit(page, credentials);
    const resume = posted.location ?? '';
    expect(codeOf(await agent.send(resume))).toMatch(/^[A-Za-z0-9_-]{52}$/);
    expectLost(await agent.send(resume));
    expectLost(await agent.submit(page, credentials));
    expectLost(await agent.send(`/u/login${new URL(resume).search}`));
    expectLost(await agent.send(`/u/consent${new URL(resume).search}`));
  });

  test('expired: a page left open for an hour', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url());
    const handle = await handleOf(agent);
    freehold.clock.advance(3600);
    expectLost(await agent.submit(page, credentials));
    expectLost(await agent.send(`/u/login?state=${handle}`));
    expectLost(await agent.send(`/authorize/resume?state=${handle}`));
  });

  test('unknown or absent', async () => {
    const agent = new Agent(freehold.issuer);
    await agent.open(url());
    for (const path of ['/u/login', '/u/signup', '/u/consent', '/u/confirm-callback', '/authorize/resume']) {
      expectLost(await agent.send(path));
      expectLost(await agent.send(`${path}?state=unknown`));
    }
    expectLost(await agent.postForm('/u/login', credentials));
  });

  test('its client was deleted or its callback taken away meanwhile', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url({ client_id: 'home' }));
    const client = await freehold.stores.clients.find('home');
    if (client === undefined) throw new Error('No client');
    const moved = { ...client, callbacks: ['https://elsewhere.example/'], initiate_login_uri: null };
    await freehold.composed.unitOfWork.transaction(({ clients }) => clients.upsert(moved));
    expectLost(await agent.submit(page, credentials));
    await freehold.composed.unitOfWork.transaction(({ clients }) => clients.upsert(client));
  });

  test('LG-1: leaves `f` with its client, but nothing for a handle that never was one', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url());
    const before = (await freehold.logEntries()).length;
    expectLost(await new Agent(freehold.issuer).submit(page, credentials));
    expectLost(await agent.submit(page, { ...credentials, csrf: 'x'.repeat(43) }));
    expectLost(await agent.send('/u/login?state=unknown'));
    const description = 'The session of this login was not found';
    const entry = { type: 'f', client_id: 'spa', client_name: 'Single page', description };
    expect((await freehold.logEntries()).slice(before)).toMatchObject([entry, entry]);
  });

  test('AZ-67: /login without a transaction', async () => {
    expectLost(await new Agent(freehold.issuer).send('/login'));
  });
});

describe('AZ-66, UL-7: default login routes', () => {
  test('the client’s initiate_login_uri, with iss', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url({ client_id: 'home' }));
    const handle = await handleOf(agent, { client_id: 'home' });
    freehold.clock.advance(3600);
    const expected = `https://app.example/login?a=b&iss=${encodeURIComponent(freehold.issuer)}`;
    const posted = await agent.submit(page, credentials);
    expect([posted.status, posted.headers.location]).toEqual([303, expected]);
    const shown = await agent.send(`/u/login?state=${handle}`);
    expect([shown.status, shown.headers.location]).toEqual([302, expected]);
  });

  test('the tenant’s default_redirection_uri, for /login too', async () => {
    const other = await startFreehold({
      tenant: sampleTenant({ tenant: { default_redirection_uri: 'https://acme.example/start' } }),
    });
    try {
      for (const path of ['/login', '/u/login', '/authorize/resume?state=unknown']) {
        const answer = await new Agent(other.issuer).send(path);
        expect([answer.status, answer.headers.location]).toEqual([
          302,
          `https://acme.example/start?iss=${encodeURIComponent(other.issuer)}`,
        ]);
      }
    } finally {
      await other.stop();
    }
  });
});

describe('LT-1, RFC 9700 §4.7: a transaction is its browser’s', () => {
  test('without the cookie, or with another browser’s, nothing is shown and nothing changes', async () => {
    const victim = new Agent(freehold.issuer);
    const page = await victim.open(url());
    const handle = await handleOf(victim);
    const stranger = new Agent(freehold.issuer);
    await stranger.open(url());
    const before = (await freehold.logEntries()).length;
    for (const agent of [new Agent(freehold.issuer), stranger]) {
      for (const path of ['/u/login', '/u/signup', '/u/consent', '/authorize/resume']) {
        expectLost(await agent.send(`${path}?state=${handle}`));
      }
      expectLost(await agent.submit(page, credentials));
    }
    const entries = (await freehold.logEntries()).slice(before);
    expect(new Set(entries.map(({ description }) => description))).toEqual(
      new Set(['The session of this login was not found']),
    );
    expect(codeOf(await victim.follow(await victim.submit(page, credentials)))).toBeTruthy();
  });

  test('an attacker does not get the code of a login that their victim finished', async () => {
    const attacker = new Agent(freehold.issuer);
    const handle = await handleOf(attacker);
    const { agent: victim } = await getTokens(freehold);
    expectLost(await victim.send(`/authorize/resume?state=${handle}`));
    const answer = await attacker.send(`/authorize/resume?state=${handle}`);
    expect(answer.location?.pathname).toBe('/u/login');
  });

  test('SE-7: a lost browser cookie is made anew by the next request', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url());
    agent.cookies.clear();
    expectLost(await agent.submit(page, credentials));
    expect(codeOf(await agent.logIn(url(), 'ada@example.com', password))).toBeTruthy();
  });
});

describe('two tabs', () => {
  test('each with its own request: the second goes on with the session that the first began', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(url({ state: 'first' }));
    const second = await agent.open(url({ state: 'second' }));
    const firstAnswer = await agent.follow(await agent.submit(first, credentials));
    expect(responseOf(firstAnswer).state).toBe('first');
    const secondAnswer = await agent.follow(await agent.submit(second, credentials));
    expect(responseOf(secondAnswer)).toEqual({ code: expect.any(String), state: 'second' });
  });

  test('with the same request: one code, and the other tab is told', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url());
    const posted = await agent.submit(page, credentials);
    const answers = await Promise.all([1, 2, 3].map(() => agent.send(posted.location ?? '')));
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400, 400]);
  });

  test('the form sent twice at once logs in once and gives one code', async () => {
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(url());
    await Promise.all([agent.submit(page, credentials), agent.submit(page, credentials)]);
    const handle = /name="state" value="([^"]+)"/.exec(page.text)?.[1];
    const answers = await Promise.all([1, 2].map(() => agent.send(`/authorize/resume?state=${handle}`)));
    expect(answers.filter(({ location }) => location?.searchParams.has('code'))).toHaveLength(1);
  });
});

describe('LT-2: the session’s user changed in another tab', () => {
  /** Ada has logged in for a client that asks for consent; then Bob logs in, in another tab. */
  async function adaThenBob(): Promise<{ agent: Agent; consent: Answer; handle: string }> {
    const agent = new Agent(freehold.issuer);
    const login = await agent.open(url({ client_id: 'third' }));
    const consent = await agent.follow(await agent.submit(login, credentials));
    expect(consent.text).toContain('ada@example.com');
    await agent.follow(await agent.submit(await agent.open(url({ prompt: 'login' })), bobsCredentials));
    const handle = /name="state" value="([^"]+)"/.exec(consent.text)?.[1] ?? '';
    return { agent, consent, handle };
  }

  test('back to the login step, wherever the browser comes from', async () => {
    const { agent, consent, handle } = await adaThenBob();
    for (const answer of [
      await agent.send(`/authorize/resume?state=${handle}`),
      await agent.follow(await agent.submit(consent, { action: 'accept' })),
      await agent.follow(await agent.send(`/u/consent?state=${handle}`)),
    ]) {
      const page = await agent.follow(answer);
      expect(page.text).toContain('id="password"');
    }
    const bob = await freehold.stores.users.findByIdentifier(
      (await freehold.stores.connections.findByName('Username-Password-Authentication'))?.id ?? '',
      'bob@example.com',
    );
    expect(await freehold.stores.userGrants.find(bob?.user.user_id ?? '', 'third', '')).toBeUndefined();
  });

  test('whoever then logs in is asked, and the code is theirs', async () => {
    const { agent, handle } = await adaThenBob();
    const login = await agent.follow(await agent.send(`/authorize/resume?state=${handle}`));
    const consent = await agent.follow(await agent.submit(login, bobsCredentials));
    expect(consent.text).toContain('bob@example.com');
    const answer = await agent.follow(await agent.submit(consent, { action: 'accept' }));
    const tokens = await agent.postForm(
      '/oauth/token',
      tokenRequest(pkce, codeOf(answer), { client_id: 'third' }),
    );
    const claims = JSON.parse(
      Buffer.from(String(tokens.json().id_token).split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<string, unknown>;
    expect(claims.email).toBe('bob@example.com');
  });

  test('a consent page that was shown to Ada is not Bob’s to answer', async () => {
    const { agent } = await getTokens(freehold);
    const consent = await agent.open(url({ client_id: 'third', prompt: 'consent' }));
    await agent.follow(await agent.submit(await agent.open(url({ prompt: 'login' })), bobsCredentials));
    const answer = await agent.submit(consent, { action: 'accept' });
    expect(answer.location?.searchParams.has('code') ?? false).toBe(false);
    expect(answer.status).toBe(400);
  });
});
