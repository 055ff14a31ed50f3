// Login without a password by SMS, contract PS-* and PL-*: the same as by mail, through another channel.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { MessageRefused } from '../../packages/server/src/messages/message-kind.ts';
import type { SmsSender, WrittenText } from '../../packages/server/src/messages/sms.ts';
import { Agent, type Answer } from '../setup/agent.ts';
import { callback, claimsOf, refusalOf } from '../setup/flow.ts';
import { codeSentTo, messagesTo } from '../setup/outbox.ts';
import { type Freehold, type FreeholdOptions, startFreehold } from '../setup/server.ts';

const otpGrant = 'http://auth0.com/oauth/grant-type/passwordless/otp';

function startWithSms(options: Record<string, unknown> = {}, rest: FreeholdOptions = {}): Promise<Freehold> {
  const grant_types = [otpGrant];
  const client = { name: 'Direct', client_id: 'direct', app_type: 'native', grant_types };
  const enabled_clients = ['direct'];
  return startFreehold({
    tenant: {
      clients: [{ ...client, callbacks: [callback] }],
      connections: [
        { name: 'sms', strategy: 'sms', enabled_clients, options },
        { name: 'email', strategy: 'email', enabled_clients },
      ],
    },
    ...rest,
  });
}

let people = 0;
/** Each test has somebody of its own, so that no limit is shared. */
function somebody(): string {
  people += 1;
  return `+1555${String(people).padStart(7, '0')}`;
}

type Fields = Record<string, unknown>;

function start({ issuer, clock }: Freehold, fields: Fields): Promise<Answer> {
  // No two messages of one second.
  clock.advance(1);
  const body = { client_id: 'direct', connection: 'sms', ...fields };
  return new Agent(issuer).postJson('/passwordless/start', body);
}

function exchange({ issuer }: Freehold, username: string, otp: string, differs: Fields = {}) {
  const body = { grant_type: otpGrant, client_id: 'direct', realm: 'sms', scope: 'openid phone' };
  return new Agent(issuer).postJson('/oauth/token', { ...body, username, otp, ...differs });
}

const wrong = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Wrong phone number or verification code.',
};
const otherThan = (code: string) => code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));

describe('without a sender', () => {
  const logged: string[] = [];
  let freehold: Freehold;

  beforeAll(async () => {
    freehold = await startWithSms({}, { onLogLine: (line) => logged.push(line) });
  });
  afterAll(() => freehold.stop());

  async function lastEntry() {
    return (await freehold.logEntries()).at(-1);
  }

  test('the operator is told at the start that text messages wait', () => {
    expect(logged.filter((line) => line.includes('text messages wait'))).toHaveLength(1);
  });

  test('PS-1, PS-2: a code is sent, nobody being told more than that', async () => {
    const phone_number = somebody();
    const answer = await start(freehold, { phone_number, send: 'code' });
    expect([answer.status, answer.json()]).toEqual([
      200,
      { _id: expect.stringMatching(/^[0-9a-f]{24}$/), phone_number, phone_verified: false },
    ]);
    const code = await codeSentTo(freehold, phone_number);
    expect(code).toMatch(/^\d{6}$/);
    expect(answer.text).not.toContain(code);
    expect(await lastEntry()).toMatchObject({ type: 'cs', connection: 'sms', user_name: phone_number });
    const stored = freehold.execute('select * from one_time_password, delivery');
    expect(JSON.stringify(stored)).not.toContain(code);
    expect(JSON.stringify(stored)).not.toContain(phone_number);
  });

  test('PS-1: a code as well where the application says nothing, as SDKs do', async () => {
    const phone_number = somebody();
    expect((await start(freehold, { phone_number, authParams: { scope: 'openid' } })).status).toBe(200);
    const [message] = await messagesTo(freehold, phone_number);
    expect(message).toMatchObject({ template: 'passwordless_sms', code: expect.any(String) });
    expect(message).not.toHaveProperty('url');
  });

  const pattern = 'phone_number must be + and 1 to 15 digits';
  test.each<[string, Fields, string, string]>([
    ['no number', {}, 'bad.phone_number', 'Missing required property: phone_number'],
    ['an address', { email: 'a@example.com' }, 'bad.phone_number', 'Missing required property: phone_number'],
    ['no +', { phone_number: '15550100' }, 'bad.phone_number', pattern],
    ['a + alone', { phone_number: '+' }, 'bad.phone_number', pattern],
    ['sixteen digits', { phone_number: `+${'1'.repeat(16)}` }, 'bad.phone_number', pattern],
    ['other digits', { phone_number: '+１５５５' }, 'bad.phone_number', pattern],
    ['two lines', { phone_number: '+1555\n+1666' }, 'bad.phone_number', pattern],
    ['a link', { phone_number: '+1', send: 'link' }, 'bad.request', "send must be 'code' for SMS"],
  ])('PS-3: %s is refused', async (_what, fields, error, error_description) => {
    expect(refusalOf(await start(freehold, fields))).toEqual({ status: 400, error, error_description });
    expect(await lastEntry()).toMatchObject({ type: 'f', description: error_description });
  });

  test('PL-1, UP-1: the code gives tokens, and makes the user of the number at the first login', async () => {
    const phone_number = somebody();
    await start(freehold, { phone_number });
    const answer = await exchange(freehold, ` ${phone_number} `, await codeSentTo(freehold, phone_number));
    expect(answer.status).toBe(200);
    const claims = claimsOf(String(answer.json().id_token));
    expect(claims).toMatchObject({
      sub: expect.stringMatching(/^sms\|[0-9a-f]{24}$/),
      phone_number,
      phone_number_verified: true,
    });
    expect((await freehold.logEntries()).slice(-2)).toMatchObject([
      { type: 'ss', user_name: phone_number, connection: 'sms' },
      { type: 's', user_name: phone_number, user_id: claims.sub, connection: 'sms' },
    ]);
    const user = await freehold.stores.users.find(String(claims.sub));
    expect(user).toMatchObject({ name: phone_number, email: null, phone_number, phone_verified: true });

    await start(freehold, { phone_number });
    const again = await exchange(freehold, phone_number, await codeSentTo(freehold, phone_number));
    expect(claimsOf(String(again.json().id_token)).sub).toBe(claims.sub);
  });

  test('PL-2, TK-91: a wrong code, one of nobody and one of another channel are the same', async () => {
    const phone_number = somebody();
    await start(freehold, { phone_number });
    const code = await codeSentTo(freehold, phone_number);
    expect(refusalOf(await exchange(freehold, phone_number, otherThan(code)))).toEqual(wrong);
    expect(await lastEntry()).toMatchObject({ type: 'fepotpft', user_name: phone_number });
    expect(refusalOf(await exchange(freehold, somebody(), code))).toEqual(wrong);
    expect(refusalOf(await exchange(freehold, 'ada@example.com', code))).toEqual(wrong);
    expect((await exchange(freehold, phone_number, code, { realm: 'email' })).status).toBe(403);
    expect((await exchange(freehold, phone_number, code)).status).toBe(200);
    expect(refusalOf(await exchange(freehold, phone_number, code))).toEqual(wrong);
  });

  test('PL-3: a code is good for three minutes', async () => {
    const phone_number = somebody();
    await start(freehold, { phone_number });
    const code = await codeSentTo(freehold, phone_number);
    freehold.clock.advance(180);
    expect(refusalOf(await exchange(freehold, phone_number, code))).toEqual(wrong);
  });

  test('too many messages to one number are refused; an hour later it goes on', async () => {
    const phone_number = somebody();
    for (let sent = 0; sent < 5; sent += 1) {
      expect((await start(freehold, { phone_number })).status).toBe(200);
    }
    expect((await start(freehold, { phone_number })).status).toBe(429);
    expect(await messagesTo(freehold, phone_number)).toHaveLength(5);
    expect((await start(freehold, { phone_number: somebody() })).status).toBe(200);
    freehold.clock.advance(3600);
    expect((await start(freehold, { phone_number })).status).toBe(200);
  });

  test('what waits is shown by `freehold outbox`, beside the mail: to whom, what and when', async () => {
    const phone_number = somebody();
    await start(freehold, { connection: 'email', email: 'ada@example.com', send: 'code' });
    await start(freehold, { phone_number });
    const date = new Date(freehold.clock.now() * 1000).toISOString();
    await freehold.composed.deliverDue();
    const code = await codeSentTo(freehold, phone_number);
    const printed: string[] = [];
    await run({
      arguments: ['outbox'],
      environment: { FREEHOLD_DATA_DIR: freehold.folder },
      workingDirectory: freehold.folder,
      print: (text) => printed.push(text),
      serve: () => Promise.reject(new Error('nothing is served')),
    });
    const [mail, text] = printed.slice(-2);
    expect(mail).toContain('To: ada@example.com\nSubject: ');
    const said = `${code} is your code for Direct. It works once, for 3 minutes. Never pass it on.`;
    expect(text).toBe(`Date: ${date}\nTo: ${phone_number}\n\n${said}\n${'-'.repeat(72)}`);
  });
});

test('SU-5: with sign-up disabled a stranger is answered the same, sent nothing, and not let in', async () => {
  const closed = await startWithSms({ disable_signup: true });
  try {
    const phone_number = somebody();
    const answer = await start(closed, { phone_number });
    expect([answer.status, Object.keys(answer.json())]).toEqual([
      200,
      ['_id', 'phone_number', 'phone_verified'],
    ]);
    expect(await messagesTo(closed, phone_number)).toEqual([]);
    expect(refusalOf(await exchange(closed, phone_number, '123456'))).toEqual(wrong);
    expect(closed.execute('select user_id from user')).toEqual([]);
  } finally {
    await closed.stop();
  }
});

describe('with a sender', () => {
  /** Takes what it is given, unless it is told otherwise. */
  class Recorder implements SmsSender {
    readonly sent: WrittenText[] = [];
    fails: Error | undefined;

    async send(message: WrittenText): Promise<void> {
      if (this.fails !== undefined) throw this.fails;
      this.sent.push(message);
    }
  }
  const recorder = new Recorder();
  const logged: string[] = [];
  let freehold: Freehold;

  beforeAll(async () => {
    freehold = await startWithSms({}, { smsSender: recorder, onLogLine: (line) => logged.push(line) });
  });
  afterAll(() => freehold.stop());

  test('a text goes out after the answer, once, and tries again where the sender is away', async () => {
    const phone_number = somebody();
    recorder.fails = new Error('away');
    expect((await start(freehold, { phone_number })).status).toBe(200);
    const code = await codeSentTo(freehold, phone_number);
    await freehold.composed.deliverDue();
    expect(recorder.sent).toEqual([]);
    recorder.fails = undefined;
    freehold.clock.advance(10);
    await freehold.composed.deliverDue();
    await freehold.composed.deliverDue();
    expect(recorder.sent).toEqual([{ to: phone_number, text: expect.stringContaining(code) }]);
    expect(await messagesTo(freehold, phone_number)).toEqual([]);
    expect((await exchange(freehold, phone_number, code)).status).toBe(200);
    expect(logged.join('\n')).not.toContain(code);
    expect(logged.join('\n')).not.toContain('text messages wait');
  });

  test('LG-3: a number that is refused for good is given up, and the tenant log says so', async () => {
    const phone_number = somebody();
    recorder.fails = new MessageRefused('No such number');
    await start(freehold, { phone_number });
    const code = await codeSentTo(freehold, phone_number);
    await freehold.composed.deliverDue();
    recorder.fails = undefined;
    expect(await messagesTo(freehold, phone_number)).toEqual([]);
    const entry = (await freehold.logEntries()).at(-1);
    expect(entry).toMatchObject({
      type: 'fn',
      description: 'No such number',
      user_name: phone_number,
      connection: 'sms',
      details: { template: 'passwordless_sms' },
    });
    expect(JSON.stringify(entry)).not.toContain(code);
  });

  test('a code that has expired meanwhile is not sent', async () => {
    const sentBefore = recorder.sent.length;
    const phone_number = somebody();
    await start(freehold, { phone_number });
    freehold.clock.advance(180);
    await freehold.composed.deliverDue();
    expect(recorder.sent).toHaveLength(sentBefore);
    expect(await messagesTo(freehold, phone_number)).toEqual([]);
  });
});
