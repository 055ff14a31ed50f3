// Mirrors ZITADEL GHSA-2wmj-46rj-qm2w, couch-auth CVE-2025-70948, Oathkeeper CVE-2026-33495: no header of a request
// decides what we call ourselves, where we send anybody, or who is asking, unless a trusted proxy says it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, newPkce, password, sampleTenant, users } from '../setup/flow.ts';
import { type RawAnswer, sendRaw } from '../setup/raw.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
/** Believes what comes from loopback. */
let proxied: Freehold;
beforeAll(async () => {
  const tenant = sampleTenant();
  [freehold, proxied] = await Promise.all([
    startFreehold({ tenant, users }),
    startFreehold({ tenant, users, environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' } }),
  ]);
});
afterAll(() => Promise.all([freehold.stop(), proxied.stop()]));

function get(target: string, host: string | undefined, version = '1.1'): Promise<RawAnswer> {
  const lines = [`GET ${target} HTTP/${version}`, ...(host === undefined ? [] : [`Host: ${host}`])];
  return sendRaw(freehold.port, `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
}

const discovery = '/.well-known/openid-configuration';
const own = () => `localhost:${freehold.port}`;

function expectMisdirected({ status, headers, text }: RawAnswer): void {
  expect(status).toBe(421);
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(headers.get('location')).toBeUndefined();
  expect(text).not.toContain('evil');
}

describe('GL-2: a host that is not the issuer’s is 421', () => {
  test.each([
    'evil.example',
    'localhost',
    'localhost:1',
    '127.0.0.1',
    'localhost.evil.example',
    'evil.example@localhost',
    'localhost:3000@evil.example',
    '',
    '*',
  ])('Host: %s', async (host) => {
    for (const path of ['/', discovery, '/authorize', '/oauth/token', '/u/login', '/nowhere', '/try']) {
      expectMisdirected(await get(path, host));
    }
  });

  test('an address with the right port (DNS rebinding)', async () => {
    for (const host of ['127.0.0.1', '[::1]', 'rebound.evil.example', 'localhost.']) {
      expectMisdirected(await get(discovery, `${host}:${freehold.port}`));
    }
  });

  test('HTTP/1.0 without a host', async () => {
    expectMisdirected(await get('/', undefined, '1.0'));
  });

  test('an absolute-form request line that names another, whatever Host says', async () => {
    for (const target of ['http://evil.example/', `http://evil.example${discovery}`, 'https://localhost/']) {
      expectMisdirected(await get(target, own()));
    }
  });

  test('RFC 9112 §3.2.2: an absolute-form request line that names us is answered', async () => {
    const answer = await get(`http://${own()}${discovery}`, own());
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([200, { issuer: freehold.issuer }]);
    expectMisdirected(await get(`http://${own()}@evil.example/`, own()));
  });

  test('the host in any case', async () => {
    expect((await get(discovery, own().toUpperCase())).status).toBe(200);
  });
});

const forged: Record<string, string> = {
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '1',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-server': 'evil.example',
  'x-original-url': '/evil',
  'x-rewrite-url': '/evil',
  'x-host': 'evil.example',
  'x-real-ip': '203.0.113.9',
  'true-client-ip': '203.0.113.9',
  'client-ip': '203.0.113.9',
  'auth0-forwarded-for': '203.0.113.9',
  forwarded: 'for=203.0.113.9;host=evil.example;proto=https',
  'x-forwarded-for': '203.0.113.9',
};

describe.each([
  ['without a trusted proxy', () => freehold],
  ['from a trusted proxy', () => proxied],
])('forwarding headers %s', (_name, server) => {
  test('leave the issuer, every link and every cookie as they are', async () => {
    const { issuer } = server();
    const agent = new Agent(issuer);
    const document = await agent.send(discovery, { headers: forged });
    expect(document.json()).toMatchObject({ issuer, authorization_endpoint: `${issuer}authorize` });
    expect(document.text).not.toContain('evil');
    const redirected = await agent.send(authorizationUrl(server(), newPkce()), { headers: forged });
    expect(redirected.headers.location).toMatch(/^\/u\/login\?state=/);
    expect(String(redirected.headers['set-cookie'])).not.toMatch(/evil|Domain|Secure/i);
    const page = await agent.send(redirected.location ?? '', { headers: forged });
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('evil');
  });
});

describe('the address of who is asking, as the log has it', () => {
  async function addressOf(server: Freehold, headers: Record<string, string>): Promise<unknown> {
    await new Agent(server.issuer).send('/authorize', { headers });
    return (await server.logEntries()).map(({ ip }) => ip).at(-1);
  }

  test('is the connection’s without a trusted proxy', async () => {
    expect(await addressOf(freehold, forged)).toBe('127.0.0.1');
    expect(await addressOf(freehold, { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' })).toBe('127.0.0.1');
  });

  test('is what the trusted proxy says, never what stands before that', async () => {
    expect(await addressOf(proxied, { 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9');
    expect(await addressOf(proxied, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' })).toBe('203.0.113.9');
    expect(await addressOf(proxied, { 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' })).toBe(
      '127.0.0.1',
    );
  });

  test('is never something else than an address', async () => {
    for (const text of ['evil', "' or 1=1--", '<svg onload=alert(1)>', '999.1.1.1', 'x'.repeat(5000)]) {
      expect(await addressOf(proxied, { 'x-forwarded-for': text })).toBe('127.0.0.1');
    }
  });
});

describe('GHSA-5847-rm3g-23mw: whose guesses are counted together', () => {
  const username = 'bob@example.com';

  async function guess(
    server: Freehold,
    headers: Record<string, string>,
    identifier = username,
    secret = 'wrong',
  ) {
    const agent = new Agent(server.issuer);
    const page = await agent.open(authorizationUrl(server, newPkce()));
    const [state = '', csrf = ''] = ['state', 'csrf'].map(
      (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)?.[1],
    );
    const fields = { state, csrf, username: identifier, password: secret, action: 'default' };
    return (await agent.postForm('/u/login', fields, headers)).status;
  }

  async function expectBlockedAfterTen(
    server: Freehold,
    headersOf: (turn: number) => Record<string, string>,
    nameOf = (_turn: number) => username,
  ) {
    const statuses: number[] = [];
    for (let turn = 0; turn < 11; turn += 1)
      statuses.push(await guess(server, headersOf(turn), nameOf(turn)));
    expect(statuses).toEqual([...Array<number>(10).fill(400), 429]);
  }

  test('AP-1, AP-2: X-Forwarded-For without a trusted proxy makes nobody another', async () => {
    await expectBlockedAfterTen(freehold, (turn) => ({ 'x-forwarded-for': `203.0.113.${turn}` }));
    expect(await guess(freehold, { 'x-forwarded-for': '203.0.113.99' }, username, password)).toBe(429);
  });

  test('AP-1: an IPv4 address in IPv6 clothes is the same, and the case and spaces of an e-mail address are', async () => {
    const addresses = ['203.0.113.20', '::ffff:203.0.113.20', '::FFFF:203.0.113.20', '::ffff:cb00:7114'];
    const spellings = [username, 'BOB@example.com', ' bob@EXAMPLE.com '];
    await expectBlockedAfterTen(
      proxied,
      (turn) => ({ 'x-forwarded-for': addresses[turn % addresses.length] ?? '' }),
      (turn) => spellings[turn % spellings.length] ?? '',
    );
  });

  test('AP-1: every address of one IPv6 /64 is the same', async () => {
    await expectBlockedAfterTen(proxied, (turn) => ({
      'x-forwarded-for': `2001:db8:1:2:${turn}::${turn + 1}`,
    }));
    expect(await guess(proxied, { 'x-forwarded-for': '2001:0db8:0001:0002::9' }, username, password)).toBe(
      429,
    );
    expect(await guess(proxied, { 'x-forwarded-for': '2001:db8:1:3::1' })).toBe(400);
  });
});
