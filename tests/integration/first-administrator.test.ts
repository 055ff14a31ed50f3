// The first start: a link that makes the first administrator and signs them in; and the same from the terminal.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { Agent } from '../setup/agent.ts';
import { ada, authorizationUrl, getTokens, newPkce, password, sampleTenant, users } from '../setup/flow.ts';
import { managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
beforeEach(async () => {
  freehold = await startFreehold({ tenant: sampleTenant(), users });
});
afterEach(() => freehold.stop());

const email = 'owner@example.com';

function linkOf({ composed: { setUpUrl = '' }, issuer }: Freehold): string {
  const url = new URL(setUpUrl);
  expect(url.href.startsWith(`${issuer}dashboard/set-up#`)).toBe(true);
  return url.hash.slice(1);
}

const setUp = (fields: Record<string, unknown>, agent = new Agent(freehold.issuer)) =>
  agent.send('/dashboard/set-up', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, ...fields }),
  });

async function owners(): Promise<string[]> {
  const role = await freehold.stores.roles.findSystem('owner');
  const found = await freehold.stores.roles.listActiveMembers(role?.id ?? '', 10);
  const named = await Promise.all(found.map((user_id) => freehold.stores.users.find(user_id)));
  return named.map((user) => user?.email ?? '').sort();
}

/** Whether the browser is signed in: it is asked silently for a code. */
async function isSignedIn(agent: Agent): Promise<boolean> {
  const url = authorizationUrl(freehold, newPkce(), {
    client_id: 'freehold-dashboard',
    redirect_uri: `${freehold.issuer}dashboard/callback`,
    audience: `${freehold.issuer}api/v2/`,
    scope: 'openid read:clients',
    prompt: 'none',
  });
  const answer = await agent.send(url);
  return answer.location?.searchParams.has('code') ?? false;
}

describe('the link of the first start', () => {
  test('makes an owner, signs them in, and is good no more', async () => {
    const agent = new Agent(freehold.issuer);
    const link = linkOf(freehold);
    const made = await setUp({ link }, agent);
    expect({ status: made.status, body: made.json() }).toEqual({ status: 201, body: {} });
    expect(made.headers['cache-control']).toBe('no-store');
    expect(await owners()).toEqual([email]);
    expect(await isSignedIn(agent)).toBe(true);
    const again = await setUp({ link, email: 'other@example.com' });
    expect({ status: again.status, error: again.json().error }).toEqual({
      status: 410,
      error: 'invalid_link',
    });
    expect(await owners()).toEqual([email]);
    expect((await freehold.logEntries()).filter(({ type }) => type === 'ss')).toMatchObject([
      { user_name: email, description: 'The first administrator was made by the link of the first start' },
    ]);
  });

  test('is good once, for as many as may try at the same time', async () => {
    const link = linkOf(freehold);
    const answers = await Promise.all(
      [1, 2, 3, 4].map((number) => setUp({ link, email: `owner${number}@example.com` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410, 410, 410]);
    expect(await owners()).toHaveLength(1);
  });

  test('is good for an hour', async () => {
    const link = linkOf(freehold);
    freehold.clock.advance(3599);
    expect((await setUp({ link, password: 'weak' })).status).toBe(400);
    freehold.clock.advance(1);
    expect((await setUp({ link })).status).toBe(410);
    expect(await owners()).toEqual([]);
  });

  test('cannot be made by anybody else, nor made to last', async () => {
    const [expires_at = '', proof = ''] = linkOf(freehold).split('.');
    const later = String(Number(expires_at) + 1);
    for (const link of [
      '',
      '.',
      expires_at,
      `${later}.${proof}`,
      `${expires_at}.`,
      `${expires_at}.${proof}x`,
    ]) {
      expect((await setUp({ link })).status, link).toBe(410);
    }
    expect((await setUp({ link: ['a'] })).status).toBe(400);
    expect(await owners()).toEqual([]);
  });

  test('is not spent by a mistake: each is said in words', async () => {
    const link = linkOf(freehold);
    const weak = await setUp({ link, password: 'short' });
    expect({ status: weak.status, body: weak.json() }).toEqual({
      status: 400,
      body: {
        error: 'invalid_password',
        message:
          'This password is too short. At least 8 characters. At least 3 of the following: Lower case letters (a-z), Upper case letters (A-Z), Numbers (0-9), Special characters (e.g. !@#$%^&*)',
      },
    });
    expect((await setUp({ link, email: 'nobody' })).json()).toMatchObject({ error: 'invalid_email' });
    expect((await setUp({ link, email: 'Ada@example.com' })).json()).toEqual({
      error: 'invalid_email',
      message: 'The user already exists.',
    });
    expect((await setUp({ link })).status).toBe(201);
  });

  test('is not there where an administrator is', async () => {
    await setUp({ link: linkOf(freehold) });
    const { port } = freehold;
    await freehold.stop();
    freehold = await startFreehold({
      port,
      environment: { FREEHOLD_ADMIN_EMAIL: email, FREEHOLD_ADMIN_PASSWORD: password },
    });
    expect(freehold.composed.setUpUrl).toBeUndefined();
  });
});

describe('freehold admin create', () => {
  async function adminCreate(flags: string[], answers: (string | undefined)[] = []): Promise<string[]> {
    const printed: string[] = [];
    await run({
      arguments: ['admin', ...flags],
      environment: { FREEHOLD_DATA_DIR: freehold.folder, FREEHOLD_ISSUER: freehold.issuer },
      workingDirectory: freehold.folder,
      print: (text) => printed.push(text),
      askSecret: async () => answers.shift(),
      serve: () => Promise.reject(new Error('nothing is served')),
    });
    return printed;
  }
  const create = ['create', '--email', email];

  test('asks twice for the password', async () => {
    const said = await adminCreate(create, [password, password]);
    expect(said).toEqual([`${email} is an owner now: ${freehold.issuer}dashboard`]);
    expect(await owners()).toEqual([email]);
  });

  test('or shows one that it has drawn', async () => {
    const [said, shown = ''] = await adminCreate([...create, '--generate-password']);
    expect(said).toContain('is an owner now');
    expect(shown).toMatch(/^Password: \S{20,}$/);
  });

  test('gives the role to whoever has verified the address already, and nothing from before opens their account', async () => {
    const api = await managementApi(freehold);
    const user_id = ada;
    const ticket = String((await api.post('/tickets/password-change', { user_id })).body.ticket);
    const agent = new Agent(freehold.issuer);
    await getTokens(freehold, { agent });
    const another = 'Another-horse-2';
    const said = await adminCreate(['create', '--email', 'Ada@example.com'], [another, another]);
    expect(said).toEqual([
      `Ada@example.com is an owner now, with another password: ${freehold.issuer}dashboard`,
    ]);
    expect(await owners()).toEqual(['ada@example.com']);
    expect(await isSignedIn(agent)).toBe(false);
    expect((await new Agent(freehold.issuer).send(ticket)).text).not.toContain('type="password"');
    const logIn = (typed: string) =>
      new Agent(freehold.issuer).logIn(authorizationUrl(freehold, newPkce()), 'ada@example.com', typed);
    expect((await logIn(password)).location?.searchParams.has('code')).not.toBe(true);
    expect((await logIn(another)).location?.searchParams.has('code')).toBe(true);
  });

  test.each([
    ['an address that is none', ['create', '--email', 'nobody'], []],
    ['no address', ['create'], []],
    ['another action', ['delete', '--email', email], []],
    ['an unknown flag', [...create, '--force'], []],
    ['two passwords', create, [password, `${password}!`]],
    ['a weak password', create, ['weak', 'weak']],
    ['nobody to ask', create, []],
  ])('makes nobody an owner with %s', async (_name, flags, answers) => {
    await expect(adminCreate(flags, answers)).rejects.toThrow();
    expect(await owners()).toEqual([]);
  });
});
