// Login without a password on the hosted pages (contract PL-*, UL-1): an address or a number, then the code sent there.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Agent, type Answer, decodeHtml } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  newPkce,
  sampleTenant,
  spa,
  tokenRequest,
  users,
} from '../setup/flow.ts';
import { codeSentTo, messagesTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant();
  const client = (client_id: string) => ({ ...spa, name: client_id, client_id });
  tenant.clients = [client('mail'), client('phone'), client('both'), client('codes')];
  tenant.databases = [{ name: 'people', strategy: 'auth0', enabled_clients: ['both'] }];
  tenant.connections = [
    { name: 'email', strategy: 'email', enabled_clients: ['mail', 'both', 'codes'] },
    { name: 'sms', strategy: 'sms', enabled_clients: ['phone', 'codes'] },
  ];
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());
// A code an hour to each address: limits of messages are by the hour.
beforeEach(() => freehold.clock.advance(3600));

async function openLogin(client_id: string) {
  const agent = new Agent(freehold.issuer);
  const pkce = newPkce();
  const page = await agent.open(authorizationUrl(freehold, pkce, { client_id }));
  return { agent, pkce, page, client_id };
}

type Login = Awaited<ReturnType<typeof openLogin>>;

async function typeCode({ agent }: Login, page: Answer, code: string): Promise<Answer> {
  return agent.follow(await agent.submit(page, { code, action: 'code' }));
}

async function tokensOf({ agent, pkce, client_id }: Login, answer: Answer) {
  const fields = tokenRequest(pkce, codeOf(answer), { client_id });
  const tokens = (await agent.postForm('/oauth/token', fields)).json();
  return claimsOf(String(tokens.id_token));
}

test('a client whose people have no passwords asks for none', async () => {
  const { page } = await openLogin('mail');
  expect(page.text).not.toContain('type="password"');
  expect(page.text).toContain('Email address');
});

test('PL-3: whoever types the code that was sent is logged in, and becomes a user at the first time', async () => {
  const login = await openLogin('mail');
  const asked = await login.agent.submit(login.page, { identifier: 'New@Example.com', action: 'send' });
  expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('Check your email')]);
  const code = await codeSentTo(freehold, 'new@example.com');
  expect(asked.text).not.toContain(code);
  const answer = await typeCode(login, asked, ` ${code.slice(0, 3)} ${code.slice(3)}`);
  expect(await tokensOf(login, answer)).toMatchObject({ sub: expect.stringMatching(/^email\|/) });
  const types = (await freehold.logEntries()).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['cls', 'ss', 's', 'seacft']));
});

test('PS-3: by SMS, however people group the digits', async () => {
  const login = await openLogin('phone');
  const asked = await login.agent.submit(login.page, { identifier: '+44 (20) 7946-0000', action: 'send' });
  const answer = await typeCode(login, asked, await codeSentTo(freehold, '+442079460000'));
  expect(await tokensOf(login, answer)).toMatchObject({ sub: expect.stringMatching(/^sms\|/) });
});

test('PL-3: a wrong code is refused three times, and then the right one too', async () => {
  const login = await openLogin('mail');
  const asked = await login.agent.submit(login.page, { identifier: 'eve@example.com', action: 'send' });
  const code = await codeSentTo(freehold, 'eve@example.com');
  for (let tries = 0; tries < 3; tries += 1) {
    const refused = await login.agent.submit(asked, {
      code: code === '000000' ? '1' : '000000',
      action: 'code',
    });
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining('wrong, or it has expired'),
    ]);
  }
  expect((await login.agent.submit(asked, { code, action: 'code' })).status).toBe(400);
  expect((await freehold.logEntries()).at(-1)).toMatchObject({ type: 'f', description: 'Wrong code.' });
});

test('PL-3: another code can be sent, and only the newest is good', async () => {
  const login = await openLogin('mail');
  const identifier = 'two@example.com';
  const asked = await login.agent.submit(login.page, { identifier, action: 'send' });
  const first = await codeSentTo(freehold, identifier);
  const again = await login.agent.submit(asked, { action: 'send' });
  const codes = (await messagesTo(freehold, identifier)).map(({ code }) => code);
  expect(codes).toHaveLength(2);
  const second = codes.find((code) => code !== first) ?? '';
  expect((await login.agent.submit(again, { code: first, action: 'code' })).status).toBe(400);
  expect(
    (await login.agent.follow(await login.agent.submit(again, { code: second, action: 'code' }))).status,
  ).toBe(302);
});

test('a code is good for the browser’s own login alone: for another client it is none', async () => {
  const login = await openLogin('mail');
  const identifier = 'three@example.com';
  await login.agent.submit(login.page, { identifier, action: 'send' });
  const other = await openLogin('both');
  const start = await other.agent.submit(other.page, { connection: 'email' });
  const page = await other.agent.follow(start);
  const answer = await other.agent.submit(page, {
    identifier,
    code: await codeSentTo(freehold, identifier),
    action: 'code',
  });
  expect(answer.status).toBe(400);
});

test('a client with both lets people choose', async () => {
  const login = await openLogin('both');
  expect(login.page.text).toContain('type="password"');
  const chosen = await login.agent.submit(login.page, { connection: 'email' });
  const page = await login.agent.follow(chosen);
  expect(page.text).toContain('Log in with a password instead');
});

test('a client with both kinds of codes lets people choose', async () => {
  const login = await openLogin('codes');
  expect(login.page.text).not.toContain('type="password"');
  const linkOf = ({ text }: Answer) => /<a href="([^"]*)">Use an? .* instead/.exec(text)?.[1] ?? '';
  const phone = await login.agent.open(decodeHtml(linkOf(login.page)));
  expect(phone.text).toContain('Phone number');
  expect((await login.agent.open(decodeHtml(linkOf(phone)))).text).toContain('Email address');
  const asked = await login.agent.submit(phone, { identifier: '+442079460001', action: 'send' });
  const answer = await typeCode(login, asked, await codeSentTo(freehold, '+442079460001'));
  expect(await tokensOf(login, answer)).toMatchObject({ sub: expect.stringMatching(/^sms\|/) });
});

test.each([
  ['mail', 'not an address', 'not a complete email address'],
  ['phone', '020 7946 0000', 'country code'],
])('%s: %s is refused with what to do', async (client_id, identifier, words) => {
  const { agent, page } = await openLogin(client_id);
  const refused = await agent.submit(page, { identifier, action: 'send' });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
});

test('AP-*: too many messages to one address are refused', async () => {
  const { agent, page } = await openLogin('mail');
  const send = () => agent.submit(page, { identifier: 'many@example.com', action: 'send' });
  for (let sent = 0; sent < 5; sent += 1) expect((await send()).status).toBe(200);
  expect((await send()).status).toBe(429);
});
