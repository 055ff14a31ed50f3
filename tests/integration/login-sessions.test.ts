// The session and its cookies: contract SE-1, SE-4, SE-6 to SE-8, SE-12.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const hour = 3600;
const pkce = newPkce();
let freehold: Freehold;
let sessionCookie: string;
let browserCookie: string;

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: sampleTenant(),
    users: [...users, { email: 'carol@example.com', password }],
  });
  sessionCookie = `freehold_session_${freehold.port}`;
  browserCookie = `freehold_browser_${freehold.port}`;
});

afterAll(() => freehold.stop());

/** Logs in to the point where the session cookie is set. */
async function postPassword(
  server: Freehold,
  agent: Agent,
  username = 'ada@example.com',
  headers: Record<string, string> = {},
): Promise<Answer> {
  const first = await agent.send(authorizationUrl(server, pkce, { prompt: 'login' }), { headers });
  const { pathname = '', search = '' } = first.location ?? {};
  const page = await agent.send(`${pathname}${search}`, { headers });
  return agent.submit(page, { username, password, action: 'default' }, headers);
}

function attributesOf(answer: Answer, name: string): string[] {
  const line = answer.headers['set-cookie']?.find((cookie) => cookie.startsWith(`${name}=`)) ?? '';
  return line.split('; ').slice(1).sort();
}

function silently(agent: Agent, overrides: Record<string, string | undefined> = {}): Promise<Answer> {
  return agent.send(authorizationUrl(freehold, pkce, { prompt: 'none', ...overrides }));
}

function sessionsOf(server: Freehold): Record<string, unknown>[] {
  return server.execute('select * from session');
}

describe('SE-1, SD-22: one session for all clients of the tenant', () => {
  test('a login at one client serves the next without a page, with the same sid', async () => {
    const { agent, tokens } = await getTokens(freehold);
    const second = await getTokens(freehold, {
      agent,
      authorize: { client_id: 'native', prompt: 'none' },
      token: { client_id: 'native' },
    });
    expect(claimsOf(second.tokens.id_token).sid).toBe(claimsOf(tokens.id_token).sid);
    const clients = freehold.execute(
      'select client_id from session_client where sid = ?',
      String(claimsOf(tokens.id_token).sid),
    );
    expect(clients.map(({ client_id }) => client_id).sort()).toEqual(['native', 'spa']);
  });

  test('another browser has none', async () => {
    await getTokens(freehold);
    expect(responseOf(await silently(new Agent(freehold.issuer))).error).toBe('login_required');
  });
});

describe('SE-6: the cookie', () => {
  test('holds a secret of 256 bits that stands nowhere in the database, and is not the sid', async () => {
    const { agent, tokens } = await getTokens(freehold);
    const secret = agent.cookies.get(sessionCookie) ?? '';
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(secret).not.toBe(claimsOf(tokens.id_token).sid);
    expect(JSON.stringify(sessionsOf(freehold))).not.toContain(secret);
    agent.cookies.set(sessionCookie, String(claimsOf(tokens.id_token).sid));
    expect(responseOf(await silently(agent)).error).toBe('login_required');
  });

  test('SE-12: an unknown value is never adopted', async () => {
    const planted = 'A'.repeat(43);
    const agent = new Agent(freehold.issuer);
    agent.cookies.set(sessionCookie, planted);
    agent.cookies.set(browserCookie, planted);
    expect(responseOf(await silently(agent)).error).toBe('login_required');
    await agent.follow(await postPassword(freehold, agent));
    expect(agent.cookies.get(sessionCookie)).not.toBe(planted);
    const attacker = new Agent(freehold.issuer);
    attacker.cookies.set(sessionCookie, planted);
    expect(responseOf(await silently(attacker)).error).toBe('login_required');
  });

  test('SE-4, SE-12: every login renews it; the old one is worth nothing, the sid stays', async () => {
    const { agent, tokens } = await getTokens(freehold);
    const old = agent.cookies.get(sessionCookie) ?? '';
    freehold.clock.advance(hour);
    await agent.follow(await postPassword(freehold, agent));
    expect(agent.cookies.get(sessionCookie)).not.toBe(old);
    const again = await getTokens(freehold, { agent });
    expect(claimsOf(again.tokens.id_token).sid).toBe(claimsOf(tokens.id_token).sid);
    const thief = new Agent(freehold.issuer);
    thief.cookies.set(sessionCookie, old);
    expect(responseOf(await silently(thief)).error).toBe('login_required');
  });

  test('SE-12: another user’s login ends the session that was there', async () => {
    const { agent, tokens } = await getTokens(freehold);
    const { sid } = claimsOf(tokens.id_token);
    await agent.follow(await postPassword(freehold, agent, 'bob@example.com'));
    expect(sessionsOf(freehold).some((session) => session.sid === sid)).toBe(false);
    const bobs = await getTokens(freehold, { agent });
    expect(claimsOf(bobs.tokens.id_token).email).toBe('bob@example.com');
    expect(claimsOf(bobs.tokens.id_token).sid).not.toBe(sid);
  });
});

describe('SE-7: its attributes', () => {
  test('over http on loopback: the port in the name, Lax, not Secure', async () => {
    const agent = new Agent(freehold.issuer);
    const first = await agent.send(authorizationUrl(freehold, pkce));
    expect(attributesOf(first, browserCookie)).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax']);
    const posted = await postPassword(freehold, agent);
    expect(attributesOf(posted, sessionCookie)).toEqual([
      expect.stringMatching(/^Expires=/),
      'HttpOnly',
      'Path=/',
      'SameSite=Lax',
    ]);
    expect([...agent.cookies.keys()].sort()).toEqual([browserCookie, sessionCookie]);
  });

  test('over https: __Host-, Secure, no Domain; the session’s None for silent iframes, the browser’s Lax', async () => {
    const issuer = 'https://login.acme.example/';
    const server = await startFreehold({
      tenant: sampleTenant(),
      users,
      environment: { FREEHOLD_ISSUER: issuer, FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' },
    });
    try {
      const agent = new Agent(issuer, server.port);
      const first = await agent.send(authorizationUrl(server, pkce));
      expect(first.headers['strict-transport-security']).toContain('max-age=');
      expect(attributesOf(first, '__Host-freehold_browser')).toEqual([
        'HttpOnly',
        'Path=/',
        'SameSite=Lax',
        'Secure',
      ]);
      const posted = await postPassword(server, agent);
      expect(attributesOf(posted, '__Host-freehold_session')).toEqual([
        expect.stringMatching(/^Expires=/),
        'HttpOnly',
        'Path=/',
        'SameSite=None',
        'Secure',
      ]);
      expect(codeOf(await agent.follow(posted))).toBeTruthy();
    } finally {
      await server.stop();
    }
  });

  test('SE-8: persistent until the session’s absolute end, or gone with the window', async () => {
    const agent = new Agent(freehold.issuer);
    const [expires = ''] = attributesOf(await postPassword(freehold, agent), sessionCookie);
    expect(Date.parse(expires.slice('Expires='.length)) / 1000).toBe(freehold.clock.now() + 168 * hour);
    const server = await startFreehold({
      tenant: sampleTenant({ tenant: { session_cookie: { mode: 'non-persistent' } } }),
      users,
    });
    try {
      const posted = await postPassword(server, new Agent(server.issuer));
      expect(attributesOf(posted, `freehold_session_${server.port}`)).toEqual([
        'HttpOnly',
        'Path=/',
        'SameSite=Lax',
      ]);
    } finally {
      await server.stop();
    }
  });
});

test('SE-1: a session whose user was deleted is none', async () => {
  const { agent } = await getTokens(freehold, { username: 'carol@example.com' });
  freehold.execute("delete from user where email = 'carol@example.com'");
  expect(responseOf(await silently(agent, { client_id: spa.client_id })).error).toBe('login_required');
});
