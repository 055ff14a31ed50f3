// Logging in with a password: words, log entries, brute-force protection, the queue. Contract UL-8, AP-1 to AP-4, PW-20.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  codeOf,
  getTokens,
  newPkce,
  password,
  responseOf,
  sampleTenant,
  users,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const day = 86_400;
const pkce = newPkce();
const wrong = 'Wrong email or password';
const blockedWords =
  'Your account has been blocked after multiple consecutive login attempts. It is unblocked 30 days after the last of them, or earlier by an administrator.';
/** A published test vector: bcrypt of "abc". */
const bcryptOfAbc = '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i';
let freehold: Freehold;

/** Addresses come from a proxy, so that a test can be in several places. */
function start(brute_force_protection: Record<string, unknown>): Promise<Freehold> {
  return startFreehold({
    tenant: sampleTenant({ tenant: { brute_force_protection } }),
    users: [
      ...users,
      { email: 'carol@example.com', password },
      { email: 'dan@example.com', password_hash: bcryptOfAbc },
    ],
    environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' },
  });
}

/** Opens a login page, to be sent as often as a test likes. */
async function openForm(server: Freehold) {
  const agent = new Agent(server.issuer);
  const page = await agent.open(authorizationUrl(server, pkce));
  const submit = (username: string, typed: string, ip = '192.0.2.1'): Promise<Answer> =>
    agent.submit(page, { username, password: typed, action: 'default' }, { 'x-forwarded-for': ip });
  return { agent, submit };
}

async function typedOn(server: Freehold, username: string, typed: string, ip?: string): Promise<Answer> {
  const { agent, submit } = await openForm(server);
  return agent.follow(await submit(username, typed, ip));
}

async function fail(server: Freehold, times: number, username: string, ip?: string): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    expect((await typedOn(server, username, 'wrong', ip)).text).toContain(wrong);
  }
}

beforeAll(async () => {
  freehold = await start({ max_attempts: 3, allowlist: ['203.0.113.0/24'] });
});

afterAll(() => freehold.stop());

function logIn(username: string, typed: string, ip?: string): Promise<Answer> {
  return typedOn(freehold, username, typed, ip);
}

describe('UL-8: wrong credentials', () => {
  test('a wrong password and an unknown user get the same page', async () => {
    const [known, unknown] = [
      await logIn('ada@example.com', 'wrong'),
      await logIn('eve@example.com', 'wrong'),
    ];
    for (const answer of [known, unknown]) {
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(wrong);
    }
    const withoutWhatDiffers = ({ text }: Answer) =>
      text.replace(/ (value|href)="[^"]*"/g, '').replaceAll(/ada|eve/g, '');
    expect(withoutWhatDiffers(known)).toBe(withoutWhatDiffers(unknown));
    expect(known.text).toContain('value="ada@example.com"');
    expect(known.text).not.toContain('value="wrong"');
  });

  test('LG-1: leave `fp` and `fu`', async () => {
    await logIn('ada@example.com', 'wrong');
    await logIn('eve@example.com', 'wrong');
    const [known, unknown] = (await freehold.logEntries()).slice(-2);
    expect(known).toMatchObject({
      type: 'fp',
      user_id: 'auth0|0123456789abcdef01234567',
      user_name: 'ada@example.com',
      connection: 'Username-Password-Authentication',
      client_id: 'spa',
      ip: '192.0.2.1',
    });
    expect(unknown).toMatchObject({ type: 'fu', user_name: 'eve@example.com' });
    expect(unknown?.user_id ?? null).toBeNull();
    await logIn('ada@example.com', password);
  });

  test('fields left empty are asked for', async () => {
    for (const [username, typed] of [
      ['', password],
      ['ada@example.com', ''],
      ['   ', password],
    ] as const) {
      const answer = await logIn(username, typed);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('Enter your email address and your password');
    }
  });

  test('UP-5: an address counts in any case and with spaces around it; a password does not', async () => {
    expect(codeOf(await logIn('  ADA@Example.COM ', password))).toBeTruthy();
    for (const typed of [` ${password}`, password.toUpperCase(), `${password} `]) {
      expect((await logIn('bob@example.com', typed, '198.51.100.9')).text).toContain(wrong);
    }
  });

  test('UP-11: a password of more than 1,024 bytes is wrong, for known and unknown', async () => {
    for (const username of ['carol@example.com', 'eve2@example.com']) {
      const answer = await logIn(username, 'x'.repeat(1025));
      expect([answer.status, answer.text.includes(wrong)]).toEqual([400, true]);
    }
  });

  test('UP-11: an imported bcrypt hash serves once, and is then Argon2id', async () => {
    const hash = () =>
      freehold.execute("select password_hash as hash from identity where email = 'dan@example.com'")[0]?.hash;
    expect((await logIn('dan@example.com', 'abd')).text).toContain(wrong);
    expect(hash()).toBe(bcryptOfAbc);
    expect(codeOf(await logIn('dan@example.com', 'abc'))).toBeTruthy();
    expect(hash()).toMatch(/^\$argon2id\$/);
    expect(codeOf(await logIn('dan@example.com', 'abc'))).toBeTruthy();
  });

  test('LG-1: a login leaves `s`, once', async () => {
    const before = (await freehold.logEntries()).length;
    await logIn('carol@example.com', password, '198.51.100.1');
    const entries = (await freehold.logEntries()).slice(before);
    expect(entries.map(({ type, user_name }) => [type, user_name])).toEqual([['s', 'carol@example.com']]);
  });

  test('PW-20: what is typed where the identifier belongs is not kept, unless it looks like an address', async () => {
    await logIn('My-secret-1', 'wrong');
    expect((await freehold.logEntries()).at(-1)).toMatchObject({ type: 'fu' });
    for (const { name } of freehold.execute("select name from sqlite_master where type = 'table'")) {
      const rows = freehold.execute(`select * from "${String(name)}"`);
      expect(JSON.stringify(rows).toLowerCase(), String(name)).not.toContain('my-secret-1');
    }
  });
});

describe('AP-2: too many failures', () => {
  test('429 even with the right password, and `limit_wc`', async () => {
    const ip = '192.0.2.10';
    await fail(freehold, 3, 'ada@example.com', ip);
    const answer = await logIn('ada@example.com', password, ip);
    expect(answer.status).toBe(429);
    expect(answer.text).toContain(blockedWords);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect((await freehold.logEntries()).at(-1)).toMatchObject({
      type: 'limit_wc',
      user_name: 'ada@example.com',
      ip,
    });
  });

  test('block neither another address nor another user', async () => {
    const ip = '192.0.2.11';
    await fail(freehold, 3, 'ada@example.com', ip);
    expect(codeOf(await logIn('ada@example.com', password, '192.0.2.12'))).toBeTruthy();
    expect(codeOf(await logIn('bob@example.com', password, ip))).toBeTruthy();
  });

  test('UL-8: of an unknown user look the same', async () => {
    const ip = '192.0.2.13';
    await fail(freehold, 3, 'nobody@example.com', ip);
    const answer = await logIn('nobody@example.com', password, ip);
    expect([answer.status, answer.text.includes(blockedWords)]).toEqual([429, true]);
  });

  test('are forgotten after a success', async () => {
    const ip = '192.0.2.14';
    await fail(freehold, 2, 'ada@example.com', ip);
    expect(codeOf(await logIn('ada@example.com', password, ip))).toBeTruthy();
    await fail(freehold, 2, 'ada@example.com', ip);
    expect(codeOf(await logIn('ada@example.com', password, ip))).toBeTruthy();
  });

  test('AP-3: are forgotten 30 days after the last', async () => {
    const ip = '192.0.2.15';
    await fail(freehold, 3, 'ada@example.com', ip);
    freehold.clock.advance(30 * day);
    expect((await logIn('ada@example.com', password, ip)).status).toBe(429);
    freehold.clock.advance(1);
    expect(codeOf(await logIn('ada@example.com', password, ip))).toBeTruthy();
  });

  test('PW-20: too long to be hashed are refused as wrong and not counted: nobody is locked out for nothing', async () => {
    for (let count = 0; count < 4; count += 1) {
      const answer = await logIn('carol@example.com', 'x'.repeat(1025), '192.0.2.31');
      expect([answer.status, answer.text.includes(wrong)]).toEqual([400, true]);
    }
    expect(codeOf(await logIn('carol@example.com', password, '192.0.2.31'))).toBeTruthy();
  });

  test('AP-4: are not counted for the allow-list', async () => {
    await fail(freehold, 4, 'ada@example.com', '203.0.113.7');
    expect(codeOf(await logIn('ada@example.com', password, '203.0.113.7'))).toBeTruthy();
  });

  test('AP-1: ten by default; by the user alone where the tenant says so', async () => {
    const server = await start({ mode: 'count_per_identifier' });
    try {
      await fail(server, 9, 'ada@example.com', '192.0.2.1');
      await fail(server, 1, 'ada@example.com', '2001:db8::1');
      expect((await typedOn(server, 'ada@example.com', password, '198.51.100.1')).status).toBe(429);
      expect(codeOf(await typedOn(server, 'bob@example.com', password))).toBeTruthy();
    } finally {
      await server.stop();
    }
  });

  test('PW-20: a burst of guesses does not overtake its own counter', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => logIn('bob@example.com', 'wrong', '192.0.2.16')),
    );
    // Two are hashed at a time: the second may begin before the first is written.
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(12 - 3 - 1);
    expect((await logIn('bob@example.com', password, '192.0.2.16')).status).toBe(429);
  });
});

test('PW-20: so many wait, from one address; beyond that 503 with Retry-After, and others are served', async () => {
  const { submit } = await openForm(freehold);
  const flood = Array.from({ length: 90 }, (_, index) =>
    submit(`user${index}@example.com`, 'wrong', '192.0.2.20'),
  );
  const other = submit('ada@example.com', password, '192.0.2.21');
  const answers = await Promise.all(flood);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400, 503]));
  expect((await other).status).toBe(303);
  const busy = answers.find(({ status }) => status === 503);
  expect(Number(busy?.headers['retry-after'])).toBeGreaterThan(0);
  expect(busy?.text).toContain('Busy right now');
});

describe('AZ-64: a user who is blocked', () => {
  test('while signed in: no code, silently or not', async () => {
    const { agent } = await getTokens(freehold, { username: 'carol@example.com' });
    freehold.execute("update user set blocked = 1 where email = 'carol@example.com'");
    for (const prompt of [undefined, 'none']) {
      const answer = await agent.send(authorizationUrl(freehold, pkce, { prompt }));
      expect(responseOf(answer)).toEqual({
        error: 'unauthorized',
        error_description: 'user is blocked',
        state: 'xyzABC123',
      });
    }
    const types = (await freehold.logEntries()).slice(-2).map(({ type, description }) => [type, description]);
    expect(types).toEqual([
      ['f', 'user is blocked'],
      ['fsa', 'user is blocked'],
    ]);
    freehold.execute("update user set blocked = 0 where email = 'carol@example.com'");
  });

  test('with a wrong password learns nothing of it', async () => {
    freehold.execute("update user set blocked = 1 where email = 'carol@example.com'");
    expect((await logIn('carol@example.com', 'wrong', '192.0.2.30')).text).toContain(wrong);
    freehold.execute("update user set blocked = 0 where email = 'carol@example.com'");
  });
});
