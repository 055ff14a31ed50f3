// What somebody may do to others who registers an application of their own: nobody at the tenant has looked at it
// (RFC 7591 §5, RFC 9700 §4.11.2).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { authorizationUrl, callback, newPkce, password, sampleTenant, spa, users } from '../setup/flow.ts';
import { linkSentTo, messagesTo } from '../setup/outbox.ts';
import { createDatabase } from '../setup/postgres.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const evil = 'https://evil.example/login';
const tenant = sampleTenant({
  tenant: { flags: { enable_dynamic_client_registration: true }, friendly_name: 'Acme' },
  databases: [{ name: 'people', enabled_clients: [spa.name], is_domain_connection: true }],
});
tenant.connections = [
  { name: 'email', strategy: 'email', enabled_clients: [spa.name], is_domain_connection: true },
];
let freehold: Freehold;
let agent: Agent;
beforeAll(async () => {
  freehold = await startFreehold({ tenant, users });
  agent = new Agent(freehold.issuer);
});
afterAll(() => freehold.stop());

const metadata = {
  client_name: 'Your account is locked: evil.example',
  redirect_uris: [callback],
  token_endpoint_auth_method: 'none',
  initiate_login_uri: evil,
  post_logout_redirect_uris: [evil],
};

async function register(): Promise<Record<string, string>> {
  const answer = await agent.postJson('/oidc/register', metadata);
  expect(answer.status).toBe(201);
  return answer.json() as Record<string, string>;
}

describe('RFC 9700 §4.11.2: nobody is led to an address that an application gave itself', () => {
  test('AZ-65, AZ-66: not by the link to somebody else’s login', async () => {
    const { client_id = '' } = await register();
    const url = authorizationUrl(freehold, newPkce(), { client_id, scope: 'openid' });
    const page = await new Agent(freehold.issuer).send(url);
    expect(page.location?.pathname).toBe('/u/login');
    const somebodyElse = await new Agent(freehold.issuer).send(page.location ?? '');
    expect([somebodyElse.status, somebodyElse.location]).toEqual([400, undefined]);
  });

  test('UL-6: not by the page behind a link in a mail, and EM-3: no mail says what it calls itself', async () => {
    const { client_id } = await register();
    const email = 'signed-up@example.com';
    const asked = { client_id, connection: 'people', email, password };
    expect((await agent.postJson('/dbconnections/signup', asked)).status).toBe(200);
    const browser = new Agent(freehold.issuer);
    const verified = await browser.submit(await browser.send(await linkSentTo(freehold, email)), {});
    expect(verified.status).toBe(200);
    expect(verified.text).not.toContain('evil.example');
    const mails = await messagesTo(freehold, email);
    expect([mails.length, JSON.stringify(mails)]).toEqual([1, expect.not.stringContaining('evil.example')]);
  });

  test('LO-3, LO-8: not by a logout link, where nobody is logged in or has been asked', async () => {
    const { client_id = '' } = await register();
    const stranger = new Agent(freehold.issuer);
    const signedIn = new Agent(freehold.issuer);
    await signedIn.logIn(authorizationUrl(freehold, newPkce()), 'ada@example.com', password);
    const oidc = `/oidc/logout?${new URLSearchParams({ client_id, post_logout_redirect_uri: evil })}`;
    const auth0 = `/v2/logout?${new URLSearchParams({ client_id, returnTo: evil })}`;
    for (const target of [oidc, auth0, `/v2/logout?client_id=${client_id}`]) {
      const answer = await stranger.send(target);
      expect([target, answer.status, answer.location]).toEqual([target, 200, undefined]);
      expect(answer.text).not.toContain('evil.example');
    }
    // Who is logged in is asked, and then led on.
    const question = await signedIn.send(oidc);
    expect([question.status, question.location]).toEqual([200, undefined]);
    expect((await signedIn.submit(question, { action: 'accept' })).location?.href).toBe(evil);
  });

  test.each(['code', 'link'])('PS-1: no mail with a %s says what it calls itself', async (send) => {
    const { client_id } = await register();
    const email = `${send}@example.com`;
    const asked = { client_id, connection: 'email', email, send };
    expect((await agent.postJson('/passwordless/start', asked)).status).toBe(200);
    const mails = await messagesTo(freehold, email);
    expect([mails.length, JSON.stringify(mails)]).toEqual([1, expect.not.stringContaining('evil.example')]);
  });
});

function manage(method: string, of: Record<string, string>, body?: object): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${of.registration_access_token}`,
    'content-type': 'application/json',
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return agent.send(of.registration_client_uri ?? '', { method, headers, ...sent });
}

test('RFC 7592 §2.3: a client that is deleted while it is replaced stays deleted', async () => {
  for (let times = 0; times < 5; times += 1) {
    const client = await register();
    const { client_id = '' } = client;
    const replace = () => manage('PUT', client, { ...metadata, client_id });
    await Promise.all([replace(), manage('DELETE', client), replace(), replace()]);
    expect(freehold.execute(`select client_id from client where client_id = '${client_id}'`)).toEqual([]);
  }
});

test('RFC 7592 §2: a client_id that no column takes is nobody’s, on PostgreSQL too', async () => {
  const database = await createDatabase();
  const server = await startFreehold({ tenant, users, databaseUrl: database.url });
  try {
    const headers = { authorization: 'Bearer abc' };
    const answer = await new Agent(server.issuer).send('/oidc/register/%00', { headers });
    expect([answer.status, answer.json().error]).toEqual([401, 'invalid_token']);
  } finally {
    await server.stop();
    await database.drop();
  }
});

describe('behind a proxy, on an issuer that everybody reaches', () => {
  const issuer = 'https://login.acme.example/';
  let server: Freehold;
  let at: Agent;
  beforeAll(async () => {
    const environment = { FREEHOLD_ISSUER: issuer, FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' };
    server = await startFreehold({ tenant, users, environment });
    at = new Agent(issuer, server.port);
  });
  afterAll(() => server.stop());
  const from = (ip: string) => ({ 'x-forwarded-for': ip });

  test('RFC 7591 §3: registrations of one network are limited, and those of no other', async () => {
    let last: Answer | undefined;
    // What is refused counts as well, and leaves no row.
    for (let sent = 0; sent < 201; sent += 1)
      last = await at.postJson('/oidc/register', {}, from('192.0.2.1'));
    expect([last?.status, last?.headers['retry-after']]).toEqual([429, '18']);
    expect((await at.postJson('/oidc/register', metadata, from('192.0.2.2'))).status).toBe(201);
    server.clock.advance(18);
    expect((await at.postJson('/oidc/register', metadata, from('192.0.2.1'))).status).toBe(201);
  });

  test('PS-1: one network has so many mails sent an hour, to however many addresses', async () => {
    const start = (email: string, ip: string) =>
      at.postJson(
        '/passwordless/start',
        { client_id: spa.client_id, connection: 'email', send: 'code', email },
        from(ip),
      );
    for (let sent = 0; sent < 500; sent += 1) {
      expect((await start(`stranger-${sent}@example.com`, '192.0.2.1')).status).toBe(200);
    }
    expect((await start('stranger-500@example.com', '192.0.2.1')).status).toBe(429);
    expect((await start('stranger-500@example.com', '192.0.2.2')).status).toBe(200);
    server.clock.advance(3600);
    expect((await start('stranger-500@example.com', '192.0.2.1')).status).toBe(200);
  });
});
