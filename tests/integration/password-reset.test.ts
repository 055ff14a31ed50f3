// Another password by a link in a mail, contract CP-*, EM-2, EM-4, UL-6: asked for at the API and on the login page.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultDatabaseName } from '../../packages/server/src/model/connection.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  getTokens,
  newPkce,
  password,
  refreshRequest,
  sampleTenant,
  spa,
  users,
} from '../setup/flow.ts';
import { linkSentTo, messagesTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const ada = 'ada@example.com';
const bob = 'bob@example.com';
const another = 'Another-horse-2';
const sent = "We've just sent you an email to reset your password.";
let freehold: Freehold;

beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [
    { ...spa, initiate_login_uri: 'https://app.example/login' },
    { ...spa, name: 'Other', client_id: 'other' },
  ];
  tenant.databases = [{ name: defaultDatabaseName, enabled_clients: ['spa'] }];
  tenant.connections = [{ name: 'email', strategy: 'email', enabled_clients: ['spa'] }];
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());
// No limit of one test is another's.
beforeEach(async () => {
  await freehold.composed.deliverDue();
  freehold.clock.advance(3600);
});

function ask(fields: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
  // No two mails of one second.
  freehold.clock.advance(1);
  const body = { client_id: 'spa', email: ada, connection: defaultDatabaseName, ...fields };
  return new Agent(freehold.issuer).postJson('/dbconnections/change_password', body, headers);
}

/** Opens the link and sends the form. */
async function choose(link: URL, newPassword: string, agent = new Agent(freehold.issuer)): Promise<Answer> {
  return agent.submit(await agent.open(link), { password: newPassword });
}

async function logIn(username: string, withPassword: string): Promise<boolean> {
  const url = authorizationUrl(freehold, newPkce());
  const answer = await new Agent(freehold.issuer).logIn(url, username, withPassword);
  return answer.location?.searchParams.has('code') === true;
}

const lastEntries = async (count: number) => (await freehold.logEntries()).slice(-count);

describe('CP-1, CP-2: /dbconnections/change_password', () => {
  test('DIS-9: a user and nobody are answered the same; the user is sent a mail', async () => {
    for (const email of [ada, 'nobody@example.com']) {
      const answer = await ask({ email });
      expect([answer.status, answer.text]).toEqual([200, sent]);
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    const link = await linkSentTo(freehold, ada);
    expect(link.href).toMatch(`${freehold.issuer}u/reset-password?ticket=`);
    expect(await messagesTo(freehold, 'nobody@example.com')).toEqual([]);
  });

  test('LG-3: scpr for the user, fcpr for nobody, and no ticket in the log', async () => {
    await ask();
    await freehold.composed.deliverDue();
    await ask({ email: 'nobody@example.com' });
    await freehold.composed.deliverDue();
    const entries = await lastEntries(2);
    expect(entries).toMatchObject([
      { type: 'scpr', user_name: ada, connection: defaultDatabaseName, client_id: 'spa' },
      { type: 'fcpr', user_name: 'nobody@example.com', description: 'The user does not exist' },
    ]);
    const ticket = (await linkSentTo(freehold, ada)).searchParams.get('ticket') ?? '';
    expect(JSON.stringify(await freehold.logEntries())).not.toContain(ticket);
    expect(JSON.stringify(freehold.execute('select * from ticket'))).not.toContain(ticket);
  });

  test('a client need not be named, and GL-5: a form does as well', async () => {
    expect((await ask({ client_id: undefined })).text).toBe(sent);
    const form = { email: ada, connection: defaultDatabaseName };
    const answer = await new Agent(freehold.issuer).postForm('/dbconnections/change_password', form);
    expect(answer.text).toBe(sent);
    const [mail] = await messagesTo(freehold, ada);
    expect(mail).not.toHaveProperty('user_name');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no email', { email: undefined }, 'invalid_request'],
    ['no connection', { connection: undefined }, 'invalid_request'],
    ['no address', { email: 'nonsense' }, 'invalid_email'],
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
    ['an unknown connection', { connection: 'nowhere' }, 'invalid_connection'],
    ['a connection of others', { client_id: 'other' }, 'invalid_connection'],
    ['no database', { connection: 'email' }, 'invalid_connection'],
    ['text that is none', { email: 7 }, 'invalid_request'],
  ])('SU-6: %s is refused in the shape of these endpoints', async (_what, fields, code) => {
    const answer = await ask(fields);
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({
      name: 'BadRequestError',
      code,
      description: expect.any(String),
      statusCode: 400,
    });
  });

  test('CP-3: the client’s own origin may read the answer, and the rate limit', async () => {
    const answer = await ask({}, { origin: 'https://app.example' });
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example');
    expect(answer.headers['x-ratelimit-limit']).toBeDefined();
    const evil = await ask({}, { origin: 'https://evil.example' });
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('too many for one address are refused, whoever has it', async () => {
    for (const email of [bob, 'nobody@example.com']) {
      const statuses: number[] = [];
      for (let index = 0; index < 6; index += 1) statuses.push((await ask({ email })).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    }
  });
});

describe('the link', () => {
  test('EM-4, AT-14, UL-6: the password is changed, and everything that was given before ends', async () => {
    const { tokens, agent } = await getTokens(freehold, {
      authorize: { scope: 'openid offline_access' },
    });
    await ask();
    const done = await choose(await linkSentTo(freehold, ada), another);
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('Your password is changed')]);
    // UL-6
    expect(done.text).toContain('href="https://app.example/login"');
    expect(await lastEntries(1)).toMatchObject([{ type: 'scp', user_name: ada, client_id: 'spa' }]);

    expect([await logIn(ada, password), await logIn(ada, another)]).toEqual([false, true]);
    const silent = await agent.open(authorizationUrl(freehold, newPkce(), { prompt: 'none' }));
    expect(silent.location?.searchParams.get('error')).toBe('login_required');
    const refreshed = await agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token));
    expect(refreshed.status).toBe(403);
    const authorization = `Bearer ${tokens.access_token}`;
    expect((await agent.send('/userinfo', { headers: { authorization } })).status).toBe(401);
  });

  test('EM-4: whoever read the mail has the address', async () => {
    const verified = () =>
      freehold.execute('select email_verified from user where email = ?', bob)[0]?.email_verified;
    expect(verified()).toBe(0);
    await ask({ email: bob });
    await choose(await linkSentTo(freehold, bob), another);
    expect(verified()).toBe(1);
  });

  test('AP-3, EM-4: the change lifts the block of failed logins', async () => {
    for (let index = 0; index < 10; index += 1) await logIn(bob, `wrong-${index}`);
    expect(await logIn(bob, another)).toBe(false);
    await ask({ email: bob });
    await choose(await linkSentTo(freehold, bob), password);
    expect(await logIn(bob, password)).toBe(true);
  });

  test('EM-2: a link is good once, and the newest alone', async () => {
    await ask({ email: bob });
    const first = await linkSentTo(freehold, bob);
    freehold.clock.advance(1);
    await ask({ email: bob });
    const second = await linkSentTo(freehold, bob);
    const agent = new Agent(freehold.issuer);
    expect((await agent.open(first)).status).toBe(400);
    // Opening it uses nothing: mail scanners open links too.
    expect((await agent.open(second)).status).toBe(200);
    expect((await choose(second, another)).status).toBe(200);
    const again = await agent.open(second);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('cannot be used any more')]);
    freehold.clock.advance(1);
    await ask({ email: bob });
    await choose(await linkSentTo(freehold, bob), password);
  });

  test('EM-2: a link is good for five days', async () => {
    await ask({ email: bob });
    const link = await linkSentTo(freehold, bob);
    freehold.clock.advance(432_000 - 1);
    expect((await new Agent(freehold.issuer).open(link)).status).toBe(200);
    freehold.clock.advance(1);
    expect((await new Agent(freehold.issuer).open(link)).status).toBe(400);
  });

  test('SU-4, UP-12: a weak password is refused with the policy, and the link stays good', async () => {
    await ask({ email: bob });
    const link = await linkSentTo(freehold, bob);
    const refused = await choose(link, 'weak');
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining('This password is too short'),
    ]);
    expect(refused.text).toContain('At least 8 characters');
    expect(refused.text).not.toContain('value="weak"');
    expect(await lastEntries(1)).toMatchObject([{ type: 'fcp', user_name: bob }]);
    expect((await choose(link, password)).status).toBe(200);
  });
});

describe('on the login page', () => {
  async function openRequest(agent = new Agent(freehold.issuer)) {
    const login = await agent.open(authorizationUrl(freehold, newPkce(), { login_hint: bob }));
    const path = /href="(\/u\/reset-password\/request\?state=[^"]+)"/.exec(login.text)?.[1] ?? '';
    return { agent, login, page: await agent.open(path.replaceAll('&amp;', '&')) };
  }

  test('"Forgot password?" leads to the request, which is answered the same for everybody', async () => {
    const { agent, page } = await openRequest();
    expect(page.text).toContain('Forgot your password?');
    expect(page.text).toContain(`value="${bob}"`);
    const known = await agent.submit(page, { email: bob });
    const unknown = await agent.submit(page, { email: 'nobody@example.com' });
    expect([known.status, unknown.status]).toEqual([200, 200]);
    expect(known.text.replaceAll(bob, 'X')).toBe(unknown.text.replaceAll('nobody@example.com', 'X'));
    const link = await linkSentTo(freehold, bob);
    expect((await choose(link, password)).text).toContain('Your password is changed');
  });

  test('the login goes on in the page where it began', async () => {
    const { agent, login, page } = await openRequest();
    await agent.submit(page, { email: bob });
    await choose(await linkSentTo(freehold, bob), another);
    const answer = await agent.follow(
      await agent.submit(login, { username: bob, password: another, action: 'default' }),
    );
    expect(answer.location?.searchParams.has('code')).toBe(true);
  });

  test.each([
    ['', 'Enter your email address'],
    ['nonsense', 'This is not a complete email address'],
  ])('"%s" is told', async (email, text) => {
    const { agent, page } = await openRequest();
    const refused = await agent.submit(page, { email });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(text)]);
  });

  test('too many are refused on the page', async () => {
    const { agent, page } = await openRequest();
    for (let index = 0; index < 5; index += 1) await agent.submit(page, { email: bob });
    expect((await agent.submit(page, { email: bob })).status).toBe(429);
  });

  test('LT-1: another browser finds no login there', async () => {
    const { page } = await openRequest();
    const state = /name="state" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const other = await new Agent(freehold.issuer).open(`/u/reset-password/request?state=${state}`);
    // Back to where the application begins its logins.
    expect(other.location?.href).toContain('https://app.example/login');
  });
});
