// `freehold login` and examples/native: the built command in a process of its own, and a browser that goes where it says.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { audience, claimsOf, password, sampleTenant, spa, users } from '../setup/flow.ts';
import { findFreePort } from '../setup/ports.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const command = fileURLToPath(new URL('../../packages/server/bin/freehold.js', import.meta.url));
const ada = 'auth0|0123456789abcdef01234567';

let freehold: Freehold;

beforeAll(async () => {
  const tenant = sampleTenant();
  // One that asks the user first: people can refuse.
  const asking = { ...spa, name: 'Asking', client_id: 'asking', app_type: 'native', is_first_party: false };
  tenant.clients = [
    ...(tenant.clients as unknown[]),
    { ...asking, callbacks: ['http://127.0.0.1/callback'] },
  ];
  freehold = await startFreehold({ tenant, users });
});
afterAll(() => freehold.stop());

interface RunningLogin {
  /** The address that it says to open. */
  url: Promise<URL>;
  ended: Promise<{ code: number | null; output: string; words: string }>;
}

function startLogin(...flags: string[]): RunningLogin {
  const child = spawn(process.execPath, [command, 'login', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const told = { output: '', words: '' };
  const url = Promise.withResolvers<URL>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told.words += text;
    const [found] = /https?:\S+authorize\?\S+(?=\s)/.exec(told.words) ?? [];
    if (found !== undefined) url.resolve(new URL(found));
  });
  const ended = new Promise<{ code: number | null; output: string; words: string }>((resolve) => {
    child.once('close', (code) => {
      url.reject(new Error(`It ended without an address: ${told.words}`));
      resolve({ code, ...told });
    });
  });
  url.promise.catch(() => undefined);
  return { url: url.promise, ended };
}

function login(...flags: string[]): RunningLogin {
  return startLogin('--issuer', freehold.issuer, '--client-id', 'native', '--no-browser', ...flags);
}

/** What the browser shows at the loopback address. */
async function open({ location }: Pick<Answer, 'location'>): Promise<{ status: number; text: string }> {
  const answer = await fetch(location ?? '');
  return { status: answer.status, text: await answer.text() };
}

test('RFC 8252 §7.3, DIS-17: the tokens of a login in the browser are printed, the ID token verified', async () => {
  const { url, ended } = login('--audience', audience, '--scope', 'openid email offline_access read:orders');
  const address = await url;
  const parameters = Object.fromEntries(address.searchParams);
  expect(parameters).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
    audience,
  });
  const page = await open(await new Agent(freehold.issuer).logIn(address, 'ada@example.com', password));
  expect(page).toEqual({ status: 200, text: expect.stringContaining('You are logged in') });

  const { code, output } = await ended;
  expect(code).toBe(0);
  const tokens = JSON.parse(output);
  expect(tokens).toMatchObject({
    token_type: 'bearer',
    scope: 'openid email offline_access read:orders',
    refresh_token: expect.any(String),
    claims: {
      iss: freehold.issuer,
      sub: ada,
      aud: 'native',
      nonce: parameters.nonce,
      email: 'ada@example.com',
    },
  });
  expect(tokens.claims).toEqual(claimsOf(tokens.id_token));
  expect(claimsOf(tokens.access_token).aud).toContain(audience);
});

test('RFC 8252 §8.9: an answer to somebody else’s request is shown the door, and the login goes on', async () => {
  const { url, ended } = login();
  const address = await url;
  const redirect_uri = address.searchParams.get('redirect_uri') ?? '';
  const foreign = await fetch(`${redirect_uri}?code=stolen&state=of-another-login`);
  expect(foreign.status).toBe(400);
  expect((await fetch(new URL('/favicon.ico', redirect_uri))).status).toBe(404);
  expect((await fetch(redirect_uri, { method: 'POST' })).status).toBe(404);
  await open(await new Agent(freehold.issuer).logIn(address, 'ada@example.com', password));
  const { code, output } = await ended;
  expect([code, JSON.parse(output).claims.sub]).toEqual([0, ada]);
});

test('a login that is refused ends with the server’s words, in the browser and in the terminal', async () => {
  const { url, ended } = startLogin('--issuer', freehold.issuer, '--client-id', 'asking', '--no-browser');
  const agent = new Agent(freehold.issuer);
  const consent = await agent.logIn(await url, 'ada@example.com', password);
  const page = await open(await agent.follow(await agent.submit(consent, { action: 'deny' })));
  expect(page.status).toBe(400);
  expect(page.text).toContain('You are not logged in');
  expect(page.text).toContain('access_denied');
  const { code, output, words } = await ended;
  expect([code, output]).toEqual([1, '']);
  expect(words).toContain('access_denied');
});

test('a server that cannot be reached, a flag that is missing, and one that does not exist are told of', async () => {
  const issuer = `http://127.0.0.1:${await findFreePort()}/`;
  const unreachable = await startLogin('--issuer', issuer, '--client-id', 'native', '--no-browser').ended;
  expect([unreachable.code, unreachable.words]).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
  const missing = await startLogin('--issuer', issuer).ended;
  expect([missing.code, missing.words]).toEqual([1, expect.stringMatching(/^freehold login --issuer URL/)]);
  const unknown = await startLogin('--isuer', issuer).ended;
  expect([unknown.code, unknown.words]).toEqual([1, expect.stringContaining("'--isuer'")]);
});

test('CB-10: a client that is not native has no free port, so that the browser stays at the server', async () => {
  const { url, ended } = startLogin('--issuer', freehold.issuer, '--client-id', 'spa', '--no-browser');
  const address = await url;
  const answer = await new Agent(freehold.issuer).open(address);
  expect([answer.status, answer.location]).toEqual([403, undefined]);
  // The browser never comes back: what ends the program here stands for the person who interrupts it.
  const redirect_uri = address.searchParams.get('redirect_uri');
  await fetch(`${redirect_uri}?error=access_denied&state=${address.searchParams.get('state')}`);
  expect((await ended).code).toBe(1);
});
