// Clients whose users are in more than one database: the login page knows no choice of database, and needs none.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Agent, type Answer } from '../setup/agent.ts';
import {
  authorizationUrl,
  claimsOf,
  codeOf,
  newPkce,
  sampleTenant,
  spa,
  tokenRequest,
} from '../setup/flow.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

const pkce = newPkce();
const passwords = { customers: 'Customers-password-1', staff: 'Staff-password-1' };
const both = 'both@example.com';
const strangersOnly = { ...spa, name: 'Strangers only', client_id: 'strangers-only' };
/** Of the users that signed up. */
const subjects = { customers: '', staff: '', employee: '' };
let freehold: Freehold;

beforeAll(async () => {
  const enabled_clients = [spa.name];
  freehold = await startFreehold({
    tenant: sampleTenant({
      clients: [spa, strangersOnly],
      databases: [
        { name: 'admins', strategy: 'auth0', enabled_clients, options: { disable_signup: true } },
        { name: 'customers', strategy: 'auth0', enabled_clients },
        { name: 'staff', strategy: 'auth0', enabled_clients },
        { name: 'strangers', strategy: 'auth0', enabled_clients: [strangersOnly.name] },
      ],
      tenant: { brute_force_protection: { max_attempts: 3 } },
    }),
  });
  subjects.customers = await signUp(both, passwords.customers, { connection: 'customers' });
  subjects.staff = await signUp(both, passwords.staff, { connection: 'staff' });
  subjects.employee = await signUp('staff@example.com', passwords.staff, { connection: 'staff' });
  const { client_id } = strangersOnly;
  await signUp('stranger@example.com', passwords.staff, { client_id }, { client_id });
});
afterAll(() => freehold.stop());

type Overrides = Record<string, string>;

function logIn(email: string, password: string, overrides: Overrides = {}) {
  return new Agent(freehold.issuer).logIn(authorizationUrl(freehold, pkce, overrides), email, password);
}

async function signUp(email: string, password: string, authorize: Overrides, token: Overrides = {}) {
  const url = authorizationUrl(freehold, pkce, { screen_hint: 'signup', ...authorize });
  return subjectIn(await new Agent(freehold.issuer).signUp(url, email, password), token);
}

async function subjectIn(answer: Answer, token: Overrides = {}): Promise<string> {
  const request = tokenRequest(pkce, codeOf(answer), token);
  const { id_token } = (await new Agent(freehold.issuer).postForm('/oauth/token', request)).json();
  return String(claimsOf(String(id_token)).sub);
}

const wrong = 'Wrong email or password';

test('AZ-23: a user of any database that is enabled for the client logs in on its page', async () => {
  expect(await subjectIn(await logIn('staff@example.com', passwords.staff))).toBe(subjects.employee);
  expect((await freehold.logEntries()).filter(({ type }) => type === 's').at(-1)).toMatchObject({
    connection: 'staff',
  });
  expect((await logIn('stranger@example.com', passwords.staff)).text).toContain(wrong);
});

test('AZ-23: an address that two databases know is whoever has the password', async () => {
  expect(await subjectIn(await logIn(both, passwords.customers))).toBe(subjects.customers);
  expect(await subjectIn(await logIn(both, passwords.staff))).toBe(subjects.staff);
  const types = (await freehold.logEntries()).map(({ type }) => type);
  expect(types).not.toContain('fp');
});

test('AZ-24: `connection` leaves one of them', async () => {
  expect((await logIn(both, passwords.staff, { connection: 'customers' })).text).toContain(wrong);
  expect(await subjectIn(await logIn(both, passwords.staff, { connection: 'staff' }))).toBe(subjects.staff);
});

test('AP-2: a wrong password counts in every database that it was tried in', async () => {
  // AP-3: what failed in the tests before is forgotten.
  freehold.clock.advance(31 * 86_400);
  for (const _ of [1, 2, 3]) expect((await logIn(both, 'wrong')).text).toContain(wrong);
  for (const [connection, password] of Object.entries(passwords)) {
    expect((await logIn(both, password, { connection })).status).toBe(429);
  }
  expect((await logIn(both, passwords.staff)).status).toBe(429);
});

test.each([
  ['nobody', 'nobody-at-all@example.com'],
  ['a user of the second', 'counted@example.com'],
])('AP-2: where failures of %s are counted does not tell whose user it is', async (_whose, email) => {
  if (email.startsWith('counted')) await signUp(email, passwords.staff, { connection: 'staff' });
  for (const _ of [1, 2, 3]) expect((await logIn(email, 'wrong')).text).toContain(wrong);
  for (const connection of ['customers', 'staff']) {
    expect([connection, (await logIn(email, 'wrong', { connection })).status]).toEqual([connection, 429]);
  }
});

test.each([
  ['nobody', 'nobody-here@example.com'],
  ['a user of the second', 'blocked@example.com'],
])('AP-2: whom the first database blocks is blocked on the page of both: %s', async (_whose, email) => {
  if (email.startsWith('blocked')) await signUp(email, passwords.staff, { connection: 'staff' });
  for (const _ of [1, 2, 3]) await logIn(email, 'wrong', { connection: 'customers' });
  expect((await logIn(email, 'wrong')).status).toBe(429);
});

test('SU-5: people sign up in the first database that lets them', async () => {
  await signUp('new@example.com', passwords.customers, {});
  expect((await freehold.logEntries()).filter(({ type }) => type === 'ss').at(-1)).toMatchObject({
    connection: 'customers',
  });
});
