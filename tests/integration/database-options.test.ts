// What the options of a database have an effect on, wherever a password or a username is chosen (contract §3.4, UP-12, SU-4).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { authorizationUrl, codeOf, newPkce, password, sampleTenant, spa } from '../setup/flow.ts';
import { type ManagementApi, managementApi } from '../setup/management.ts';
import { linkSentTo } from '../setup/outbox.ts';
import { type Freehold, startFreehold } from '../setup/server.ts';

let freehold: Freehold;
let api: ManagementApi;
const options = {
  named: { requires_username: true, validation: { username: { min: 3, max: 6 } } },
  optional: {
    attributes: {
      email: { identifier: { active: true } },
      username: {
        identifier: { active: true },
        signup: { status: 'optional' },
        validation: { min_length: 2, max_length: 4 },
      },
    },
  },
  careful: {
    passwordPolicy: 'none',
    password_complexity_options: { min_length: 4 },
    password_no_personal_info: { enable: true },
    password_dictionary: { enable: true, dictionary: ['juniper'] },
    password_history: { enable: true, size: 3 },
  },
  closed: { disable_self_service_change_password: true },
};
type Database = keyof typeof options;

beforeAll(async () => {
  const databases = Object.entries(options).map(([name, members]) => ({
    name,
    enabled_clients: [name],
    options: members,
  }));
  const clients = Object.keys(options).map((name) => ({ ...spa, name, client_id: name }));
  freehold = await startFreehold({ tenant: sampleTenant({ clients, databases }) });
  api = await managementApi(freehold);
});
afterAll(() => freehold.stop());

const url = (database: Database, overrides: Record<string, string> = {}) =>
  authorizationUrl(freehold, newPkce(), { client_id: database, ...overrides });
async function signUpPage(database: Database, fields: Record<string, string>) {
  freehold.clock.advance(2);
  const agent = new Agent(freehold.issuer);
  const page = await agent.open(url(database, { screen_hint: 'signup' }));
  return agent.follow(await agent.submit(page, fields));
}
async function signUp(connection: Database, fields: Record<string, string>) {
  freehold.clock.advance(2);
  const body = { client_id: connection, connection, password, ...fields };
  return (await new Agent(freehold.issuer).postJson('/dbconnections/signup', body)).json();
}

describe('usernames', () => {
  test('requires_username: the page asks for one, and whoever has it logs in by it', async () => {
    const form = { email: 'ada@example.com', password };
    expect((await signUpPage('named', form)).text).toContain('Enter a username');
    expect((await signUpPage('named', { ...form, username: 'a' })).text).toContain(
      'This username is too short',
    );
    expect((await signUpPage('named', { ...form, username: 'adalove' })).text).toContain('too long');
    expect((await signUpPage('named', { ...form, username: 'a b c' })).text).toContain('made of letters');
    expect(codeOf(await signUpPage('named', { ...form, username: 'Ada-1' }))).toBeTruthy();
    expect(codeOf(await new Agent(freehold.issuer).logIn(url('named'), 'ada-1', password))).toBeTruthy();
    expect((await new Agent(freehold.issuer).open(url('named'))).text).toContain('Username or email address');
    expect((await new Agent(freehold.issuer).open(url('closed'))).text).not.toContain('Username');
  });

  test('attributes: a username that may be left out', async () => {
    const form = { email: 'bob@example.com', password };
    const page = await new Agent(freehold.issuer).open(url('optional', { screen_hint: 'signup' }));
    expect(page.text).toContain('Username (optional)');
    expect((await signUpPage('optional', { ...form, username: 'b' })).text).toContain('too short');
    expect(codeOf(await signUpPage('optional', form))).toBeTruthy();
  });

  test('the page of a database that asks for none has no field for one', async () => {
    const page = await new Agent(freehold.issuer).open(url('closed', { screen_hint: 'signup' }));
    expect(page.text).not.toContain('name="username"');
  });

  test('SU-6: the API asks for one too', async () => {
    expect(await signUp('named', { email: 'eve@example.com' })).toMatchObject({
      code: 'invalid_request',
      description: expect.stringContaining('username'),
    });
    expect(await signUp('named', { email: 'eve@example.com', username: 'much-too-long' })).toMatchObject({
      description: "Property username must be 3 to 6 letters, digits and _ + - . ! # $ ' ^ ` ~",
    });
    expect(await signUp('named', { email: 'eve@example.com', username: 'eve' })).toMatchObject({
      username: 'eve',
    });
  });
});

describe('passwords', () => {
  test('the page says what is asked, and what is wrong', async () => {
    const page = await signUpPage('careful', { email: 'grace@example.com', password: 'abc' });
    expect(page.text).toContain('At least 4 characters');
    expect(page.text).toContain('No part of your name or email address');
    expect(page.text).toContain('Something that few people use');
    // Whoever is new has had none.
    expect(page.text).not.toContain('your last 3 passwords');
    expect(page.text).toContain('This password is too short');
  });

  test.each([
    ['Juniper', 'PasswordDictionaryError', 'Password is too common'],
    ['password123', 'PasswordDictionaryError', 'Password is too common'],
    ['x-henry-x', 'PasswordNoUserInfoError', 'Password contains user information'],
    ['abc', 'PasswordStrengthError', { rules: expect.any(Array), verified: false }],
  ])('SU-4: %s is refused as %s', async (typed, name, description) => {
    const refused = await signUp('careful', { email: 'henry@example.com', password: typed });
    expect(refused).toMatchObject({
      code: 'invalid_password',
      name,
      description,
      policy: expect.any(String),
    });
  });

  test('password_history: none of the last three, by link or by an administrator', async () => {
    const email = 'iris@example.com';
    const { _id } = await signUp('careful', { email, password: 'first-one' });
    const path = `/users/auth0%7C${_id}`;
    const set = async (typed: string) => {
      freehold.clock.advance(1);
      const { status, body } = await api.patch(path, { password: typed });
      return status === 200 ? 'set' : body.message;
    };
    const usedBefore = 'PasswordHistoryError: Password has previously been used';
    expect(await set('first-one')).toBe(usedBefore);
    expect([await set('second-one'), await set('third-one')]).toEqual(['set', 'set']);
    expect([await set('first-one'), await set('second-one')]).toEqual([usedBefore, usedBefore]);

    const body = { client_id: 'careful', email, connection: 'careful' };
    freehold.clock.advance(1);
    await new Agent(freehold.issuer).postJson('/dbconnections/change_password', body);
    const agent = new Agent(freehold.issuer);
    const page = await agent.open(await linkSentTo(freehold, email));
    expect(page.text).toContain('Something else than your last 3 passwords');
    const refused = await agent.submit(page, { password: 'second-one' });
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining('used this password before'),
    ]);
    expect((await agent.submit(refused, { password: 'fourth-one' })).text).toContain(
      'Your password is changed',
    );

    // The first is the fourth from the end now.
    expect([await set('second-one'), await set('first-one')]).toEqual([usedBefore, 'set']);
    expect(JSON.stringify(await freehold.logEntries())).not.toContain('second-one');
  });
});

describe('disable_self_service_change_password', () => {
  test('the login page has no way to another password, and the API refuses one', async () => {
    expect((await new Agent(freehold.issuer).open(url('closed'))).text).not.toContain('Forgot password?');
    expect((await new Agent(freehold.issuer).open(url('careful'))).text).toContain('Forgot password?');
    const body = { client_id: 'closed', email: 'ada@example.com', connection: 'closed' };
    const answer = await new Agent(freehold.issuer).postJson('/dbconnections/change_password', body);
    expect([answer.status, answer.json().code]).toEqual([400, 'change_password_disabled']);
  });
});
