// How much one address may ask, and what it is told (contract §16). Mirrors GHSA-5847-rm3g-23mw (rate-limit evasion).
import { afterEach, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { authorizationUrl, getTokens, newPkce, refusalOf, sampleTenant, users } from '../setup/flow.ts';
import { routesOf } from '../setup/routes.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;

async function start(
  rate_limits: Record<string, unknown>,
  settings: Record<string, unknown> = {},
  environment: Record<string, string> = {},
): Promise<Agent> {
  freehold = await startFreehold({
    tenant: sampleTenant({ tenant: { rate_limits, ...settings } }),
    users,
    environment,
  });
  return new Agent(freehold.issuer);
}

afterEach(() => freehold.stop());

const small = { burst: 3, per_second: 0.5 };

function limitsOf({ headers }: Answer): unknown[] {
  return ['limit', 'remaining', 'reset'].map((name) => headers[`x-ratelimit-${name}`]);
}

async function drain(agent: Agent, headers: Record<string, string> = {}): Promise<number> {
  for (let sent = 0; sent < 50; sent += 1) {
    if ((await agent.send('/userinfo', { headers })).status === 429) return sent;
  }
  throw new Error('Nothing was refused');
}

test('RL-2, UI-8: every answer of an endpoint says what is left and when nothing is counted any more', async () => {
  const agent = await start({ burst: 100, per_second: 1 });
  const now = freehold.clock.now();
  const { tokens } = await getTokens(freehold);
  const answer = await agent.send('/userinfo', {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  const left = Number(answer.headers['x-ratelimit-remaining']);
  expect([answer.status, ...limitsOf(answer)]).toEqual([200, '100', String(left), String(now + 100 - left)]);
  const next = await agent.postForm('/oauth/token', {});
  expect([next.status, ...limitsOf(next)]).toEqual([400, '100', String(left - 1), String(now + 101 - left)]);
});

test('RL-2: every route is counted but those that are public and cheap', async () => {
  const agent = await start({ burst: 1000, per_second: 1 });
  const uncounted = [];
  for (const { path, methods } of routesOf(freehold)) {
    const answer = await agent.send(path, { method: methods[0] ?? 'GET' });
    if (answer.headers['x-ratelimit-limit'] === undefined) uncounted.push(path);
  }
  expect(uncounted.sort()).toEqual([
    '/',
    '/.well-known/jwks.json',
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
    '/assets/theme.css',
    '/assets/unknown',
    '/cer',
    '/dashboard',
    '/dashboard*',
    '/dashboard/assets/unknown',
    '/dashboard/preview',
    '/dashboard/preview/theme.css',
    '/fingerprint',
    '/health',
    '/pb7',
    '/pem',
    '/rawpem',
    '/try',
    '/try/callback',
  ]);
});

describe.each(['auth0', 'oidc'])('in dialect %s', (dialect) => {
  test('RL-1, RL-3, RL-5, TK-15: who asks too much is refused until there is room again', async () => {
    const agent = await start(small, { dialect });
    expect(await drain(agent)).toBe(3);
    const refused = await agent.postForm('/oauth/token', {});
    expect(refusalOf(refused)).toEqual({
      status: 429,
      error: 'too_many_requests',
      error_description:
        'Too many requests. Check the X-RateLimit-Limit, X-RateLimit-Remaining and X-RateLimit-Reset headers.',
    });
    expect(refused.headers).toMatchObject({ 'retry-after': '2', 'cache-control': 'no-store' });
    expect(limitsOf(refused)).toEqual(['3', '0', String(freehold.clock.now() + 6)]);
    freehold.clock.advance(2);
    expect(await drain(agent)).toBe(1);
  });
});

test('RL-1: people are shown a page, which leads back to what they asked for', async () => {
  const agent = await start(small);
  await drain(agent);
  const url = authorizationUrl(freehold, newPkce());
  const page = await agent.send(url);
  expect([page.status, page.headers['retry-after']]).toEqual([429, '2']);
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.text).toContain('Too many requests');
  expect(page.text).toContain(`href="${(url.pathname + url.search).replaceAll('&', '&amp;')}"`);
  const posted = await agent.postForm('/u/login', { username: 'ada@example.com', password: 'x' });
  expect([posted.status, posted.text.includes('Try again')]).toEqual([429, false]);
});

test('RL-1: … or the tenant’s own error page', async () => {
  const agent = await start(small, { error_page: { url: 'https://acme.example/error' } });
  await drain(agent);
  const { location } = await agent.send(authorizationUrl(freehold, newPkce()));
  expect([location?.host, location?.searchParams.get('error')]).toEqual([
    'acme.example',
    'too_many_requests',
  ]);
});

test('RL-4: the tenant log has one entry a minute for each network, not one for each refusal', async () => {
  const agent = await start(small);
  const entries = async () => (await freehold.logEntries()).filter(({ type }) => type === 'api_limit');
  await drain(agent);
  await agent.send('/userinfo');
  await agent.send('/userinfo');
  expect(await entries()).toMatchObject([
    { ip: '127.0.0.1', description: expect.stringMatching(/^Too many/) },
  ]);
  freehold.clock.advance(60);
  await drain(agent);
  await agent.send('/userinfo');
  expect(await entries()).toHaveLength(2);
});

test('CO-2: a page of a client can read that it asked too much, and until when', async () => {
  const agent = await start(small);
  await drain(agent);
  const sent = (origin: string) => agent.postForm('/oauth/token', { client_id: 'spa' }, { origin });
  const { status, headers } = await sent('https://app.example');
  expect([status, headers['access-control-allow-origin']]).toEqual([429, 'https://app.example']);
  for (const name of ['Retry-After', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'])
    expect(headers['access-control-expose-headers']).toContain(name);
  expect((await sent('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
});

describe('RL-3, GHSA-5847-rm3g-23mw: whose requests are counted together', () => {
  const behindProxy = { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' };

  test.each([
    ['addresses of one IPv6 /64', '2001:db8:1:2::7', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['an IPv4 address in IPv6 clothes', '192.0.2.7', '::ffff:192.0.2.7'],
    ['what the client itself adds before the proxy’s entry', '192.0.2.7', '198.51.100.1, 192.0.2.7'],
  ])('behind a trusted proxy: %s', async (_what, first, second) => {
    const agent = await start(small, {}, behindProxy);
    expect(await drain(agent, { 'x-forwarded-for': first })).toBe(3);
    expect(await drain(agent, { 'x-forwarded-for': second })).toBe(0);
    expect(await drain(agent, { 'x-forwarded-for': '2001:db8:1:3::1' })).toBe(3);
  });

  test('a header that no trusted proxy wrote changes nothing', async () => {
    const agent = await start(small);
    expect(await drain(agent, { 'x-forwarded-for': '192.0.2.1' })).toBe(3);
    expect(await drain(agent, { 'x-forwarded-for': '192.0.2.2' })).toBe(0);
  });

  test('a burst at once gets no more than one after the other', async () => {
    const agent = await start(small);
    const answers = await Promise.all(Array.from({ length: 20 }, () => agent.send('/userinfo')));
    expect(answers.filter(({ status }) => status !== 429)).toHaveLength(3);
  });
});

test('RL-3: a tenant exempts addresses, or counts nothing', async () => {
  const exempt = await start({ ...small, allowlist: ['127.0.0.0/8'] });
  await expect(drain(exempt)).rejects.toThrow('Nothing was refused');
  expect(limitsOf(await exempt.send('/userinfo'))).toEqual([undefined, undefined, undefined]);
  await freehold.stop();
  const off = await start({ ...small, enabled: false });
  await expect(drain(off)).rejects.toThrow('Nothing was refused');
});

test('a load test on a laptop is no attack: on a loopback issuer the limit is out of reach unless it is set', async () => {
  const agent = await start({});
  const answer = await agent.send('/userinfo');
  expect([answer.status, answer.headers['x-ratelimit-limit']]).toEqual([401, '1000000']);
});
