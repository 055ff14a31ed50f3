// Guessing codes: six digits are a million, so what counts is how many may be tried (abuse tests §2: second factor
// bypass, rate-limit evasion).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import { callback } from '../setup/flow.ts';
import { codeSentTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const otpGrant = 'http://auth0.com/oauth/grant-type/passwordless/otp';
const email = 'ada@example.com';
const phone_number = '+15550100';
let freehold: Freehold;

beforeAll(async () => {
  freehold = await startFreehold({
    tenant: {
      tenant: {
        brute_force_protection: { max_attempts: 8 },
        suspicious_ip_throttling: {
          enabled: true,
          stage: { 'pre-login': { max_attempts: 13, rate: 864_000 } },
        },
      },
      clients: [
        {
          name: 'Direct',
          client_id: 'direct',
          app_type: 'native',
          callbacks: [callback],
          grant_types: [otpGrant],
        },
      ],
      connections: ['email', 'sms'].map((name) => ({ name, strategy: name, enabled_clients: ['direct'] })),
    },
    environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(() => freehold.stop());

const from = (ip: string) => ({ 'x-forwarded-for': ip });
const byMail = { connection: 'email', email };
const bySms = { connection: 'sms', phone_number };
function start(ip: string, to: Record<string, string> = byMail): Promise<Answer> {
  // No two messages of one second.
  freehold.clock.advance(1);
  const body = { client_id: 'direct', send: 'code', ...to };
  return new Agent(freehold.issuer).postJson('/passwordless/start', body, from(ip));
}
const guess = (otp: string, ip: string, realm = 'email', username = email): Promise<Answer> =>
  new Agent(freehold.issuer).postJson(
    '/oauth/token',
    { grant_type: otpGrant, client_id: 'direct', realm, username, otp },
    from(ip),
  );
const others = (code: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    String((Number(code) + index + 1) % 1_000_000).padStart(6, '0'),
  );

test.each([
  ['email', email, byMail],
  ['sms', phone_number, bySms],
])(
  'PL-3: of fifty guesses at once from fifty networks three are compared, and then not even the code is right: %s',
  async (realm, username, to) => {
    freehold.execute('delete from one_time_password');
    await start('192.0.2.1', to);
    const code = await codeSentTo(freehold, username);
    const guesses = others(code, 50).map((otp, index) => guess(otp, `198.51.100.${index}`, realm, username));
    expect(new Set((await Promise.all(guesses)).map(({ status }) => status))).toEqual(new Set([403]));
    expect(freehold.execute('select tries_left from one_time_password')).toEqual([{ tries_left: 0 }]);
    expect((await guess(code, '203.0.113.1', realm, username)).status).toBe(403);
  },
);

test('of fifty who have the code one gets in', async () => {
  freehold.execute('delete from failed_login');
  await start('192.0.2.1');
  const code = await codeSentTo(freehold, email);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => guess(code, `198.51.100.${index}`)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('AP-1, AP-2: new codes bring no new guesses: failures add up over all of them', async () => {
  freehold.execute('delete from failed_login');
  freehold.execute('delete from message_count');
  const statuses: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    expect((await start('192.0.2.7')).status).toBe(200);
    const code = await codeSentTo(freehold, email);
    for (const otp of others(code, 3)) statuses.push((await guess(otp, '192.0.2.7')).status);
  }
  expect(statuses).toEqual([...Array(8).fill(403), ...Array(4).fill(429)]);
  const code = await codeSentTo(freehold, email);
  expect((await guess(code, '192.0.2.7')).json().error).toBe('too_many_attempts');
});

test.each([byMail, bySms])(
  'twenty messages an hour are all that anybody can have sent to one address or number, from however many networks: $connection',
  async (to) => {
    freehold.execute('delete from message_count');
    const statuses: number[] = [];
    for (let index = 0; index < 24; index += 1) {
      statuses.push((await start(`198.51.100.${index}`, to)).status);
    }
    expect(statuses).toEqual([...Array(20).fill(200), ...Array(4).fill(429)]);
  },
);

test('AP-5: one network guesses only so often, whoever it asks for', async () => {
  freehold.execute('delete from failed_login');
  const statuses: number[] = [];
  for (let index = 0; index < 15; index += 1) {
    const body = { grant_type: otpGrant, client_id: 'direct', realm: 'email', otp: '123456' };
    const username = `person-${index}@example.com`;
    const answer = await new Agent(freehold.issuer).postJson(
      '/oauth/token',
      { ...body, username },
      from('192.0.2.99'),
    );
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([...Array(13).fill(403), 429, 429]);
});
