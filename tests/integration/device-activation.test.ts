// The person's half of the device flow (RFC 8628 §3.3): entering, comparing, logging in, consenting, refusing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TurnableClock } from '../../packages/server/src/runtime/clock.ts';
import { Agent } from '../setup/agent.ts';
import { activate, deviceTenant, getCodes, headingOf, poll } from '../setup/device.ts';
import { authorizationUrl, consentAudience, newPkce, password, refusalOf, users } from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const clock = new TurnableClock(1_800_000_000);
let freehold: Freehold;
beforeAll(async () => {
  freehold = await startFreehold({ tenant: deviceTenant(), users, clock });
});
afterAll(() => freehold.stop());

const cancelled = {
  status: 403,
  error: 'access_denied',
  error_description: 'User cancelled the confirmation prompt.',
};
const credentials = { username: 'ada@example.com', password, action: 'default' };

async function latestEntry(type: string) {
  return (await freehold.logEntries()).findLast((entry) => entry.type === type);
}

async function loggedIn(username = 'ada@example.com'): Promise<Agent> {
  const agent = new Agent(freehold.issuer);
  await agent.logIn(authorizationUrl(freehold, newPkce()), username, password);
  return agent;
}

describe('the way through', () => {
  test('DV-9: entering the code, comparing it, logging in, done', async () => {
    const codes = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    const entry = await agent.send('/activate');
    expect(headingOf(entry)).toBe('Connect a device');
    const typed = codes.user_code.toLowerCase().replace('-', ' ');
    const confirmation = await agent.send(`/activate?user_code=${encodeURIComponent(typed)}`);
    expect(headingOf(confirmation)).toBe('Is this the code on your device?');
    expect(confirmation.text).toContain(codes.user_code);
    expect(confirmation.text).toContain('Television');
    const login = await agent.follow(await agent.submit(confirmation, { action: 'accept' }));
    expect(headingOf(login)).toBe('Log in');
    const done = await agent.follow(await agent.submit(login, credentials));
    expect(headingOf(done)).toBe('Your device is connected');
    expect((await poll(freehold, codes)).status).toBe(200);
  });

  test('DV-9: who is logged in is named, and is not asked for a password again', async () => {
    const codes = await getCodes(freehold);
    const agent = await loggedIn();
    const confirmation = await agent.send(codes.verification_uri_complete);
    expect(confirmation.text).toContain('Logged in as <bdi class="name">ada@example.com</bdi>');
    const done = await agent.follow(await agent.submit(confirmation, { action: 'accept' }));
    expect(headingOf(done)).toBe('Your device is connected');
    expect((await poll(freehold, codes)).status).toBe(200);
  });

  test('DV-9: an API that asks for consent asks here too; consent refused is told to the device', async () => {
    const fields = { audience: consentAudience, scope: 'openid read:payments' };
    const refused = await getCodes(freehold, fields);
    const agent = await loggedIn('bob@example.com');
    const consent = await activate(agent, refused);
    expect(headingOf(consent)).toBe('Allow access');
    const denied = await agent.follow(await agent.submit(consent, { action: 'deny' }));
    expect(headingOf(denied)).toBe('Your device was not connected');
    expect(refusalOf(await poll(freehold, refused))).toEqual(cancelled);

    const accepted = await getCodes(freehold, fields);
    const again = await activate(agent, accepted);
    const done = await agent.follow(await agent.submit(again, { action: 'accept' }));
    expect(headingOf(done)).toBe('Your device is connected');
    expect((await poll(freehold, accepted)).json()).toMatchObject({ scope: 'openid read:payments' });
  });

  test('DV-8: cancelled at the confirmation: the device hears of it each time, the log says fdecc', async () => {
    const codes = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    const confirmation = await agent.send(codes.verification_uri_complete);
    const denied = await agent.follow(await agent.submit(confirmation, { action: 'deny' }));
    expect(headingOf(denied)).toBe('Your device was not connected');
    expect(refusalOf(await poll(freehold, codes))).toEqual(cancelled);
    expect(refusalOf(await poll(freehold, codes))).toEqual(cancelled);
    expect(await latestEntry('fdecc')).toMatchObject({ client_id: 'tv' });
  });

  test('DV-8: a blocked user’s login ends it', async () => {
    const codes = await getCodes(freehold);
    freehold.execute(`update "user" set blocked = 1 where email = 'bob@example.com'`);
    const page = await activate(new Agent(freehold.issuer), codes, 'bob@example.com');
    expect(headingOf(page)).toBe('Your device was not connected');
    expect(refusalOf(await poll(freehold, codes))).toEqual(cancelled);
    freehold.execute(`update "user" set blocked = 0 where email = 'bob@example.com'`);
  });

  test('sign-up is a way in as well', async () => {
    const codes = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    const confirmation = await agent.send(codes.verification_uri_complete);
    const login = await agent.follow(await agent.submit(confirmation, { action: 'accept' }));
    const link = /href="(\/u\/signup[^"]*)"/.exec(login.text)?.[1] ?? '';
    const signup = await agent.send(link);
    const done = await agent.follow(await agent.submit(signup, { email: 'new@example.com', password }));
    expect(headingOf(done)).toBe('Your device is connected');
    expect((await poll(freehold, codes)).status).toBe(200);
  });
});

describe('codes that are not good', () => {
  test('a wrong code, an expired, a refused and a used one get the same words, and fdeac', async () => {
    const expired = await getCodes(freehold);
    clock.advance(900);
    const used = await getCodes(freehold);
    await activate(await loggedIn(), used);
    const refusedCode = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    await agent.submit(await agent.send(refusedCode.verification_uri_complete), { action: 'deny' });
    for (const code of ['BCDF-GHJK', expired.user_code, used.user_code, refusedCode.user_code, '"><svg>']) {
      const page = await agent.send(`/activate?user_code=${encodeURIComponent(code)}`);
      expect(page.status).toBe(400);
      expect(page.text).toContain('This code is wrong or has expired. Check it on your device.');
    }
    expect(await latestEntry('fdeac')).toMatchObject({ description: 'Wrong or expired user code' });
  });

  test('RFC 8628 §5.1: ten wrong codes from one network, and none is tried for 15 minutes, not even the right one', async () => {
    clock.advance(901);
    const agent = new Agent(freehold.issuer);
    for (let times = 0; times < 10; times += 1) {
      expect((await agent.send(`/activate?user_code=BCDFGHJ${times}`)).status).toBe(400);
    }
    const codes = await getCodes(freehold);
    const page = await agent.send(codes.verification_uri_complete);
    expect(page.status).toBe(429);
    expect(page.text).toContain('Too many wrong codes');
    expect(await latestEntry('fdeac')).toMatchObject({ description: 'Too many wrong user codes' });
    clock.advance(899);
    expect((await agent.send(codes.verification_uri_complete)).status).toBe(429);
    clock.advance(2);
    const fresh = await getCodes(freehold);
    expect((await agent.send(fresh.verification_uri_complete)).status).toBe(200);
  });

  test('RFC 8628 §5.1: a burst of wrong codes does not overtake its own count', async () => {
    clock.advance(901);
    const agent = new Agent(freehold.issuer);
    const guesses = Array.from({ length: 40 }, (_, index) =>
      agent.send(`/activate?user_code=BCDFGH${index + 10}`),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
    clock.advance(901);
  });

  test('a code that expires during the login ends in a page that says so', async () => {
    const codes = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    const confirmation = await agent.send(codes.verification_uri_complete);
    const login = await agent.follow(await agent.submit(confirmation, { action: 'accept' }));
    clock.advance(900);
    const ended = await agent.follow(await agent.submit(login, credentials));
    expect([ended.status, headingOf(ended)]).toEqual([400, 'This code cannot be used any more']);
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'expired_token' });
  });

  test('two people confirm one code: the first to finish has it', async () => {
    const codes = await getCodes(freehold);
    const [ada, bob] = [await loggedIn(), new Agent(freehold.issuer)];
    const first = await bob.send(codes.verification_uri_complete);
    const login = await bob.follow(await bob.submit(first, { action: 'accept' }));
    expect(headingOf(await activate(ada, codes))).toBe('Your device is connected');
    const late = await bob.follow(await bob.submit(login, { ...credentials, username: 'bob@example.com' }));
    expect(headingOf(late)).toBe('This code cannot be used any more');
    const tokens = await poll(freehold, codes);
    const headers = { authorization: `Bearer ${String(tokens.json().access_token)}` };
    expect((await ada.send('/userinfo', { headers })).json()).toMatchObject({ name: 'Ada Lovelace' });
  });
});

describe('whose decision it is', () => {
  test('LT-1, LT-4: the confirmation is its browser’s: without its cookie, its token, or from elsewhere nothing happens', async () => {
    const codes = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    const confirmation = await agent.send(codes.verification_uri_complete);
    const stranger = new Agent(freehold.issuer);
    const other = await getCodes(freehold);
    await stranger.send(other.verification_uri_complete);
    for (const attempt of [
      () => stranger.submit(confirmation, { action: 'accept' }),
      () => new Agent(freehold.issuer).submit(confirmation, { action: 'accept' }),
      () => agent.submit(confirmation, { action: 'accept', csrf: 'forged' }),
      () => agent.submit(confirmation, { action: 'accept' }, { origin: 'https://evil.example' }),
      () => agent.submit(confirmation, { action: 'deny' }, { 'sec-fetch-site': 'cross-site' }),
      () => agent.submit(confirmation, { action: 'accept', state: other.user_code.replace('-', '') }),
    ]) {
      const answer = await attempt();
      expect([answer.status, headingOf(answer)]).toEqual([400, 'This code cannot be used any more']);
    }
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'authorization_pending' });
    expect(await latestEntry('fdeac')).toMatchObject({
      description: 'The user code was decided on or has expired',
    });
  });

  test('LT-2: a page that named one user decides nothing for another', async () => {
    const codes = await getCodes(freehold);
    const agent = await loggedIn();
    const shownToAda = await agent.send(codes.verification_uri_complete);
    const url = authorizationUrl(freehold, newPkce(), { prompt: 'login' });
    await agent.logIn(url, 'bob@example.com', password);
    const answer = await agent.submit(shownToAda, { action: 'accept' });
    expect(headingOf(answer)).toBe('This code cannot be used any more');
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'authorization_pending' });
  });

  test('LT-1: another browser cannot go on where this one confirmed', async () => {
    const codes = await getCodes(freehold);
    const agent = new Agent(freehold.issuer);
    const confirmation = await agent.send(codes.verification_uri_complete);
    const resume = (await agent.submit(confirmation, { action: 'accept' })).location ?? '';
    const stranger = await loggedIn();
    const answer = await stranger.send(resume);
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'authorization_pending' });
  });

  test('a GET decides nothing', async () => {
    const codes = await getCodes(freehold);
    const agent = await loggedIn();
    const url = new URL(codes.verification_uri_complete);
    url.searchParams.set('action', 'accept');
    await agent.send(url);
    for (const path of ['/activate/success', '/activate/denied'])
      expect((await agent.send(path)).status).toBe(200);
    expect(refusalOf(await poll(freehold, codes))).toMatchObject({ error: 'authorization_pending' });
  });
});
