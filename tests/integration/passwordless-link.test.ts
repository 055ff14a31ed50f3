// A login by a link in a mail, contract PS-1, PS-4: it leads through a page of ours to the application's callback.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import {
  callback,
  claimsOf,
  codeOf,
  newPkce,
  type Pkce,
  sampleTenant,
  spa,
  tokenRequest,
} from '../setup/flow.ts';
import { linkSentTo, messagesTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant();
  tenant.clients = [spa, { ...spa, name: 'Other', client_id: 'other' }];
  tenant.connections = [{ name: 'email', strategy: 'email', enabled_clients: ['spa'] }];
  freehold = await startFreehold({ tenant });
});
afterAll(() => freehold.stop());
beforeEach(() => freehold.clock.advance(3600));

const email = 'ada@example.com';

async function start(
  pkce: Pkce,
  fields: Record<string, unknown> = {},
  authParams: object = {},
): Promise<URL> {
  freehold.clock.advance(1);
  const { code_challenge } = pkce;
  const asked = {
    scope: 'openid email',
    state: 'xyz',
    redirect_uri: callback,
    code_challenge,
    code_challenge_method: 'S256',
  };
  const body = {
    client_id: 'spa',
    connection: 'email',
    email,
    authParams: { ...asked, ...authParams },
    ...fields,
  };
  const answer = await new Agent(freehold.issuer).postJson('/passwordless/start', body);
  expect([answer.status, answer.json().email]).toEqual([200, email]);
  const link = await linkSentTo(freehold, email);
  expect(answer.text).not.toContain(link.searchParams.get('link'));
  return link;
}

test.each([{ send: 'link' }, { send: null }, {}])(
  'PS-1, PS-4: %j sends a link, which logs in where it is opened',
  async (fields) => {
    const pkce = newPkce();
    const link = await start(pkce, fields);
    expect(link.href).toContain(`${freehold.issuer}passwordless/verify_redirect?link=`);
    expect((await messagesTo(freehold, email))[0]?.code).toBeUndefined();
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(link);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining(email)]);
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://app.example");
    const pressed = await agent.submit(page, { action: 'default' });
    expect(pressed.status).toBe(303);
    const answer = await agent.follow(pressed);
    expect(answer.location?.searchParams.get('state')).toBe('xyz');
    const redeemed = await agent.postForm('/oauth/token', tokenRequest(pkce, codeOf(answer)));
    expect(claimsOf(String(redeemed.json().id_token))).toMatchObject({ email, email_verified: true });
    expect((await freehold.logEntries()).map(({ type }) => type)).toContain('s');
  },
);

test('SE-1: the session is one like any other: the next request is silent', async () => {
  const agent = new Agent(freehold.issuer);
  const link = await start(newPkce());
  await agent.submit(await agent.open(link), { action: 'default' });
  const silent = await agent.open(
    `/authorize?${new URLSearchParams({
      client_id: 'spa',
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid',
      prompt: 'none',
      code_challenge: newPkce().code_challenge,
      code_challenge_method: 'S256',
    })}`,
  );
  expect(silent.location?.searchParams.has('code')).toBe(true);
});

test('PL-3: opening it uses nothing; it is good once, for three minutes, and until the next', async () => {
  const first = await start(newPkce());
  const second = await start(newPkce());
  const agent = new Agent(freehold.issuer);
  const press = async (link: URL) =>
    (await agent.submit(await agent.open(link), { action: 'default' })).status;
  await agent.open(second);
  await agent.open(second);
  expect([await press(first), await press(second), await press(second)]).toEqual([400, 303, 400]);
  const late = await start(newPkce());
  freehold.clock.advance(180);
  expect(await press(late)).toBe(400);
});

test('what the application asked for is asked at /authorize, for this client and connection alone', async () => {
  const link = await start(
    newPkce(),
    {},
    { client_id: 'other', connection: 'nowhere', prompt: 'login', nonce: 'n-1' },
  );
  const agent = new Agent(freehold.issuer);
  const { location } = await agent.submit(await agent.open(link), { action: 'default' });
  expect(Object.fromEntries(location?.searchParams ?? [])).toMatchObject({
    client_id: 'spa',
    connection: 'email',
    nonce: 'n-1',
    response_type: 'code',
  });
  expect(location?.searchParams.has('prompt')).toBe(false);
});

test('a redirect_uri that is not registered is refused at /authorize, and nothing is sent there', async () => {
  const link = await start(newPkce(), {}, { redirect_uri: 'https://evil.example/' });
  const agent = new Agent(freehold.issuer);
  const page = await agent.open(link);
  expect(page.headers['content-security-policy']).not.toContain('evil.example');
  const answer = await agent.follow(await agent.submit(page, { action: 'default' }));
  expect([answer.status, answer.location]).toEqual([403, undefined]);
});

test('a link that is changed, of another kind or sent by another site does nothing', async () => {
  const link = await start(newPkce());
  const value = link.searchParams.get('link') ?? '';
  const agent = new Agent(freehold.issuer);
  for (const other of [
    '',
    'x',
    `${value}x`,
    value.slice(0, -1),
    freehold.composed.tenant.opaqueTokens.seal({ email }),
  ]) {
    const url = `/passwordless/verify_redirect?link=${encodeURIComponent(other)}`;
    expect((await agent.open(url)).status).toBe(400);
  }
  const { text } = await agent.open(link);
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const send = (fields: Record<string, string>, headers = {}) =>
    agent.postForm('/passwordless/verify_redirect', fields, headers);
  expect((await send({ link: value })).status).toBe(400);
  expect((await send({ link: value, csrf }, { origin: 'https://evil.example' })).status).toBe(400);
  expect((await send({ link: value, csrf }, { 'sec-fetch-site': 'cross-site' })).status).toBe(400);
  expect(agent.cookies.size).toBe(0);
  expect((await send({ link: value, csrf })).status).toBe(303);
});

test('a blocked user is not let in', async () => {
  const agent = new Agent(freehold.issuer);
  await agent.submit(await agent.open(await start(newPkce())), { action: 'default' });
  freehold.execute('update user set blocked = 1');
  const stranger = new Agent(freehold.issuer);
  const answer = await stranger.submit(await stranger.open(await start(newPkce())), { action: 'default' });
  expect([answer.status, stranger.cookies.size]).toEqual([400, 0]);
  freehold.execute('update user set blocked = 0');
});

test('PS-3: authParams that would not fit into a link are refused', async () => {
  const body = { client_id: 'spa', connection: 'email', email, authParams: { state: 'x'.repeat(2000) } };
  const answer = await new Agent(freehold.issuer).postJson('/passwordless/start', body);
  expect(answer.json()).toEqual({ error: 'bad.authParams', error_description: 'authParams are too long' });
});
