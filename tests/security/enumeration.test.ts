// Mirrors supabase/auth#2223: nobody learns from an answer, or from the time that it took, who has an account here or
// what exists at another client.
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  getCode,
  getTokens,
  newPkce,
  refreshRequest,
  sampleTenant,
  tokenRequest,
  users,
  webSecret,
} from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const known = 'ada@example.com';
const withoutPassword = 'carol@example.com';

let freehold: Freehold;
beforeAll(async () => {
  const databases = [
    {
      name: 'Users',
      strategy: 'auth0',
      enabled_clients: ['spa', 'web'],
      // Else the known user would be blocked before there is anything to compare.
      options: { brute_force_protection: false },
    },
  ];
  const carol = { email: withoutPassword, password: 'soon gone', user_id: 'carol' };
  freehold = await startFreehold({ tenant: sampleTenant({ databases }), users: [...users, carol] });
  const database = new DatabaseSync(`${freehold.folder}/freehold.db`, { timeout: 5_000 });
  const { changes } = database
    .prepare("update identity set password_hash = null where owner = 'auth0|carol'")
    .run();
  database.close();
  expect(changes).toBe(1);
});
afterAll(() => freehold.stop());

async function logIn(username: string, secret = 'Wrong-password-1') {
  const agent = new Agent(freehold.issuer);
  const page = await agent.open(authorizationUrl(freehold, newPkce()));
  // The processor's time, which other processes do not take part in; the server runs in this one.
  const began = process.cpuUsage();
  const answer = await agent.submit(page, { username, password: secret, action: 'default' });
  const { user, system } = process.cpuUsage(began);
  return { answer, microseconds: user + system };
}

/** Without what differs from one request of anybody to the next. */
function stable({ date: _date, ...headers }: Answer['headers']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-ratelimit-')));
}

/** What stays of an answer when what is random, and what was typed, is left out. */
function comparable({ status, headers, text }: Answer, username: string) {
  const { 'content-length': _length, ...others } = stable(headers);
  return {
    status,
    headers: others,
    text: text
      .replaceAll(username, '')
      .replaceAll(/name="(state|csrf)" value="[^"]*"/g, '')
      .replaceAll(/state=[\w-]{43}/g, ''),
  };
}

describe('CP-2, DIS-9: who asks for another password', () => {
  const ask = async (email: string) => {
    const body = { client_id: 'spa', connection: 'Users', email };
    const began = process.cpuUsage();
    const answer = await new Agent(freehold.issuer).postJson('/dbconnections/change_password', body);
    const { user, system } = process.cpuUsage(began);
    return { answer, microseconds: user + system };
  };
  /** The mean of the faster half: what else the process does only ever adds to a measurement. */
  function undisturbed(values: number[]): number {
    const faster = values.toSorted((a, b) => a - b).slice(0, values.length / 2);
    return faster.reduce((sum, value) => sum + value, 0) / faster.length;
  }

  test('is answered the same, and as fast, whether there is such a user or not', async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    const answers = new Map<string, ReturnType<typeof comparable>>();
    const unknown = 'nobody@example.com';
    const difference = () => {
      const [ofKnown, ofUnknown] = [undisturbed(times.known), undisturbed(times.unknown)];
      return Math.abs(ofKnown - ofUnknown) / ofUnknown;
    };
    // What a busy machine adds to one of them is lost among more measurements; what differs by itself stays.
    const [enough, most] = [250, 2000];
    for (let round = 0; round < most; round += 1) {
      if (round > 0 && round % enough === 0 && difference() < 0.05) break;
      // An hour later each time: so many messages go to one address in an hour, known or not.
      freehold.clock.advance(3600);
      // The first of a second reads what is kept for that second.
      await ask('first@example.com');
      // There and back: whoever comes first or last, each does as often.
      const [one, other] = round % 2 === 0 ? [known, unknown] : [unknown, known];
      for (const email of [one, other, other, one]) {
        const { answer, microseconds } = await ask(email);
        (email === known ? times.known : times.unknown).push(microseconds);
        answers.set(email, comparable(answer, ''));
      }
    }
    expect(answers.get(known)?.status).toBe(200);
    expect(answers.get(unknown)).toEqual(answers.get(known));
    expect(difference()).toBeLessThan(0.05);
  });
});

describe('UL-8, PW-20: who logs in with a wrong password', () => {
  test('gets the same answer as a user whom nobody knows, or who has no password', async () => {
    const [ofKnown, ofUnknown, ofNone] = await Promise.all(
      [known, 'nobody@example.com', withoutPassword].map(async (username) =>
        comparable((await logIn(username)).answer, username),
      ),
    );
    expect(ofKnown?.status).toBe(400);
    expect(ofUnknown).toEqual(ofKnown);
    expect(ofNone).toEqual(ofKnown);
  });

  test('gets it with a password too long to be hashed as well', async () => {
    const endless = 'x'.repeat(2000);
    const [ofKnown, ofUnknown] = await Promise.all(
      [known, 'nobody@example.com'].map(async (username) =>
        comparable((await logIn(username, endless)).answer, username),
      ),
    );
    expect(ofKnown?.status).toBe(400);
    expect(ofUnknown).toEqual(ofKnown);
  });

  test('costs as much time', async () => {
    const times = new Map<string, number[]>();
    // In turn, so that whatever else the machine does falls on all of them.
    for (let turn = 0; turn < 15; turn += 1) {
      const names = { known, unknown: `nobody-${turn}@example.com`, none: withoutPassword };
      for (const [kind, username] of Object.entries(names)) {
        times.set(kind, [...(times.get(kind) ?? []), (await logIn(username)).microseconds]);
      }
    }
    const [ofKnown, ofUnknown, ofNone] = [...times.values()].map(median);
    // A hash takes most of the time: without it an answer would come five times as fast or more.
    for (const other of [ofUnknown, ofNone]) {
      expect((other ?? 0) / (ofKnown ?? 0)).toBeGreaterThan(0.7);
      expect((other ?? 0) / (ofKnown ?? 0)).toBeLessThan(1.4);
    }
  });
});

describe('UL-3: who says first who they are', () => {
  let api: ManagementApi;
  beforeAll(async () => {
    api = await managementApi(freehold);
    await api.patch('/prompts', { identifier_first: true });
  });
  afterAll(() => api.patch('/prompts', { identifier_first: false }));

  async function typed(username: string) {
    const agent = new Agent(freehold.issuer);
    const first = await agent.open(authorizationUrl(freehold, newPkce()));
    const answer = await agent.submit(first, { username, action: 'default' });
    return { agent, answer, page: await agent.follow(answer) };
  }

  test('hears nothing of it, neither there nor on the page of the password', async () => {
    const people = [known, 'nobody@example.com', withoutPassword, 'blocked@example.com', 'No such name'];
    const heard = [];
    for (const username of people) {
      const { agent, answer, page } = await typed(username);
      const refused = await agent.submit(page, { password: 'Wrong-password-1' });
      const { location = '', ...headers } = answer.headers;
      const redirected = { ...answer, headers: { ...headers, location: location.replace(/state=.*/, '') } };
      heard.push([redirected, page, refused].map((each) => comparable(each, username)));
    }
    expect(heard[0]?.map(({ status }) => status)).toEqual([303, 200, 400]);
    for (const other of heard.slice(1)) expect(other).toEqual(heard[0]);
  });

  test('costs as much time: nobody is looked for', async () => {
    freehold.execute('alter table identity rename to identity_elsewhere');
    try {
      const { agent, page } = await typed(known);
      expect(page.status).toBe(200);
      expect((await agent.submit(page, { password: 'Wrong-password-1' })).status).toBe(500);
    } finally {
      freehold.execute('alter table identity_elsewhere rename to identity');
    }
    const { agent, page } = await typed(known);
    expect((await agent.submit(page, { password: 'Wrong-password-1' })).status).toBe(400);
  });
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

describe('what a client can learn of others', () => {
  const ask = async (fields: Record<string, string>) => {
    const { status, headers, text } = await new Agent(freehold.issuer).postForm('/oauth/token', fields);
    return { status, headers: stable(headers), text };
  };
  const web = { client_id: 'web', client_secret: webSecret };

  test('CA-5: an unknown client and a wrong secret are one answer', async () => {
    const wrong = await ask({ ...refreshRequest('x'), client_id: 'web', client_secret: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(await ask({ ...refreshRequest('x'), client_id: 'nobody', client_secret: 'wrong' })).toEqual(wrong);
    expect(await ask({ ...refreshRequest('x'), client_id: 'web' })).toEqual(wrong);
    expect(await ask({ ...refreshRequest('x'), client_id: 'nobody' })).toEqual(wrong);
  });

  test('AC-5, AC-22: an unknown code and another client’s are one answer, and the owner can still redeem it', async () => {
    const { code, pkce } = await getCode(freehold);
    const unknown = await ask(tokenRequest(pkce, 'x'.repeat(43), web));
    expect(unknown.status).toBe(403);
    expect(await ask(tokenRequest(pkce, code, web))).toEqual(unknown);
    expect((await ask(tokenRequest(pkce, code))).status).toBe(200);
  });

  test('RT-4, RR-2: an unknown refresh token and another client’s are one answer, and the owner’s still works', async () => {
    const { tokens } = await getTokens(freehold, { authorize: { scope: 'openid offline_access' } });
    const unknown = await ask(refreshRequest('x'.repeat(43), web));
    expect(unknown.status).toBe(403);
    expect(await ask(refreshRequest(tokens.refresh_token, web))).toEqual(unknown);
    expect((await ask(refreshRequest(tokens.refresh_token))).status).toBe(200);
  });

  test('PR-2: silent authentication says no more of a user than that nobody is signed in', async () => {
    const responses = await Promise.all(
      [known, 'nobody@example.com'].map((login_hint) =>
        new Agent(freehold.issuer).send(
          authorizationUrl(freehold, newPkce(), { prompt: 'none', login_hint }),
        ),
      ),
    );
    const [ofKnown, ofUnknown] = responses.map(({ headers }) => headers.location);
    expect(ofKnown).toContain('error=login_required');
    expect(ofUnknown).toBe(ofKnown);
  });
});
