// Suspicious IP throttling: failed logins and sign-ups of one address, whoever is meant by them.
import { afterEach, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  newPkce,
  password,
  refusalOf,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;

async function start(suspicious_ip_throttling: Record<string, unknown>): Promise<void> {
  const direct = {
    ...spa,
    name: 'Direct',
    client_id: 'direct',
    grant_types: ['http://auth0.com/oauth/grant-type/password-realm'],
  };
  const tenant = sampleTenant({
    tenant: { suspicious_ip_throttling, brute_force_protection: { enabled: false } },
  });
  tenant.clients = [...(tenant.clients as unknown[]), direct];
  freehold = await startFreehold({ tenant, users, environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' } });
}

afterEach(() => freehold.stop());

const small = {
  'pre-login': { max_attempts: 3, rate: 60_000 },
  'pre-user-registration': { max_attempts: 2, rate: 2000 },
};
let people = 0;

async function open(ip: string): Promise<{ agent: Agent; page: Answer; headers: Record<string, string> }> {
  const agent = new Agent(freehold.issuer);
  const headers = { 'x-forwarded-for': ip };
  return { agent, headers, page: await agent.open(authorizationUrl(freehold, newPkce())) };
}

async function logIn(ip: string, username = 'ada@example.com', secret = password): Promise<Answer> {
  const { agent, page, headers } = await open(ip);
  return agent.follow(await agent.submit(page, { username, password: secret, action: 'default' }, headers));
}

async function signUp(
  ip: string,
  email = `person-${people++}@example.com`,
  secret = password,
): Promise<Answer> {
  const { agent, page } = await open(ip);
  const state = /name="state" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const form = await agent.send(`/u/signup?state=${state}`);
  return agent.follow(await agent.submit(form, { email, password: secret }, { 'x-forwarded-for': ip }));
}

async function lastEntry() {
  return (await freehold.logEntries()).at(-1);
}

describe('AP-5: failed logins', () => {
  test('of one address block it, even with the right password of somebody else, and `limit_mu` is written', async () => {
    await start({ stage: small });
    for (const username of ['ada@example.com', 'bob@example.com', 'nobody@example.com'])
      expect((await logIn('192.0.2.7', username, 'wrong')).status).toBe(400);
    const refused = await logIn('192.0.2.7');
    expect([refused.status, refused.headers['set-cookie']]).toEqual([429, undefined]);
    expect(refused.text).toContain('Too many logins have failed from your network');
    expect(await lastEntry()).toMatchObject({
      type: 'limit_mu',
      ip: '192.0.2.7',
      user_name: 'ada@example.com',
    });
    expect(codeOf(await logIn('192.0.2.8'))).toBeTruthy();
  });

  test('come back one by one, and logins that succeed do not count', async () => {
    await start({ stage: small });
    for (let tries = 0; tries < 5; tries += 1) expect(codeOf(await logIn('192.0.2.7'))).toBeTruthy();
    for (let tries = 0; tries < 3; tries += 1) await logIn('192.0.2.7', 'ada@example.com', 'wrong');
    freehold.clock.advance(59);
    expect((await logIn('192.0.2.7')).status).toBe(429);
    freehold.clock.advance(1);
    expect((await logIn('192.0.2.7', 'ada@example.com', 'wrong')).status).toBe(400);
    expect((await logIn('192.0.2.7')).status).toBe(429);
  });

  test('in a burst get no more tries than one after the other', async () => {
    await start({ stage: small });
    const forms = await Promise.all(Array.from({ length: 12 }, () => open('192.0.2.7')));
    const answers = await Promise.all(
      forms.map(({ agent, page, headers }, index) =>
        agent.submit(
          page,
          { username: `nobody-${index}@example.com`, password: 'wrong', action: 'default' },
          headers,
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(9);
  });

  test('count together whichever way they come: IPv6 /64, IPv4 in IPv6, the password grant', async () => {
    await start({ stage: small });
    for (const ip of ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:0db8:0001:0002:ffff::3'])
      await logIn(ip, 'ada@example.com', 'wrong');
    expect((await logIn('2001:db8:1:2::4')).status).toBe(429);
    for (const ip of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207'])
      await logIn(ip, 'ada@example.com', 'wrong');
    const grant = {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      realm: 'Username-Password-Authentication',
      client_id: 'direct',
      username: 'ada@example.com',
      password,
    };
    const agent = new Agent(freehold.issuer);
    const refused = await agent.postForm('/oauth/token', grant, { 'x-forwarded-for': '192.0.2.7' });
    expect(refusalOf(refused)).toEqual({
      status: 429,
      error: 'too_many_attempts',
      error_description:
        'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.',
    });
    expect(await lastEntry()).toMatchObject({ type: 'limit_mu', client_id: 'direct' });
  });
});

describe('AP-5: sign-ups', () => {
  test('of one address are limited, whatever comes of them; what is malformed does not count', async () => {
    await start({ stage: small });
    expect((await signUp('192.0.2.7', 'no address')).status).toBe(400);
    expect(codeOf(await signUp('192.0.2.7'))).toBeTruthy();
    expect((await signUp('192.0.2.7', 'ada@example.com')).status).toBe(400);
    const refused = await signUp('192.0.2.7');
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('Too many people have signed up from your network');
    expect(await lastEntry()).toMatchObject({ type: 'limit_mu', ip: '192.0.2.7' });
    // The other bucket is untouched.
    expect(codeOf(await logIn('192.0.2.7'))).toBeTruthy();
    freehold.clock.advance(2);
    expect(codeOf(await signUp('192.0.2.7'))).toBeTruthy();
  });
});

test('AP-5: sign-ups on the hosted page and at /dbconnections/signup are counted together', async () => {
  await start({ stage: small });
  const agent = new Agent(freehold.issuer);
  const atEndpoint = async () => {
    const connection = 'Username-Password-Authentication';
    const fields = { client_id: 'spa', connection, email: `person-${people++}@example.com`, password };
    return (await agent.postJson('/dbconnections/signup', fields, { 'x-forwarded-for': '192.0.2.7' })).status;
  };
  expect(await atEndpoint()).toBe(200);
  expect(codeOf(await signUp('192.0.2.7'))).toBeTruthy();
  expect(await atEndpoint()).toBe(429);
  expect(await lastEntry()).toMatchObject({ type: 'limit_mu', ip: '192.0.2.7' });
  expect((await signUp('192.0.2.7')).status).toBe(429);
});

describe('AP-5: the settings', () => {
  test('it is on by default, with 100 failed logins and 50 sign-ups', async () => {
    await start({});
    const { suspicious_ip_throttling: settings } = freehold.composed.tenant.settings;
    expect(settings).toEqual({
      enabled: true,
      shields: ['block', 'admin_notification'],
      allowlist: [],
      stage: {
        'pre-login': { max_attempts: 100, rate: 864_000 },
        'pre-user-registration': { max_attempts: 50, rate: 1200 },
        'pre-custom-token-exchange': { max_attempts: 10, rate: 600_000 },
      },
    });
  });

  test.each([
    ['an exempt address', { allowlist: ['192.0.2.0/24'] }],
    ['without the shield', { shields: [] }],
    ['switched off', { enabled: false }],
  ])('%s: nothing is refused', async (_what, settings) => {
    await start({ stage: small, ...settings });
    for (let tries = 0; tries < 4; tries += 1) await logIn('192.0.2.7', 'ada@example.com', 'wrong');
    for (let tries = 0; tries < 3; tries += 1) expect(codeOf(await signUp('192.0.2.7'))).toBeTruthy();
    expect(codeOf(await logIn('192.0.2.7'))).toBeTruthy();
  });
});
