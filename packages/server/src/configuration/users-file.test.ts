import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigurationError } from './findings.ts';
import { parseUsersFile } from './users-file.ts';

const bcrypt = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy';
const parse = (text: string) => parseUsersFile(text, 'users.json');
const users = (...entries: unknown[]) => parse(JSON.stringify(entries));

/** `path text` of every problem. */
function problemsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path, text }) => `${path} ${text}`);
    throw error;
  }
  return [];
}
const problems = (...entries: unknown[]) => problemsOf(JSON.stringify(entries));

test('the members of a bulk import are taken over', () => {
  const profile = {
    email: 'Ada@example.com',
    email_verified: true,
    username: 'ada',
    phone_number: '+351912345678',
    phone_verified: false,
    name: 'Ada F',
    given_name: 'Ada',
    family_name: 'F',
    nickname: 'ada',
    picture: 'https://example.com/ada.png',
    blocked: true,
    user_metadata: { a: { b: [1] } },
    app_metadata: { plan: 'x' },
  };
  const file = users({ ...profile, user_id: 'ada', password_hash: bcrypt });
  expect(file.users).toEqual([{ path: [0], profile: { ...profile, id: 'ada' }, password: { hash: bcrypt } }]);
  expect(file.warnings).toEqual([]);
});

test.each([
  ['ada', 'ada'],
  ['auth0|ada', 'ada'],
  [undefined, undefined],
])('UP-1: user_id %j is the id %j', (user_id, id) => {
  expect(users({ user_id, email: 'a@b.c' }).users[0]?.profile.id).toBe(id);
});

test('a password in clear is an extension', () => {
  expect(users({ email: 'a@b.c', password: 'x' }).users[0]?.password).toEqual({ clear: 'x' });
  expect(users({ email: 'a@b.c' }).users[0]?.password).toBeUndefined();
});

test('custom_password_hash and times are warnings, told once', () => {
  const more = { custom_password_hash: { algorithm: 'md5' }, created_at: 'x' };
  const file = users({ email: 'a@b.c', ...more }, { email: 'b@b.c', ...more });
  expect(file.warnings.map(({ path }) => path)).toEqual(['[0].custom_password_hash', '[0].created_at']);
  expect(file.users).toHaveLength(2);
});

test('every problem is found at once, with index and fix', () => {
  expect(problems({ email: 'a' }, { email: 'a@b.c', passwd: 'x' }, {}, 7)).toEqual([
    '[0].email must be an e-mail address',
    '[1].passwd is no known key: take it out; did you mean password?',
    '[2] has neither email nor username: give one',
    '[3] must be keys with values',
  ]);
});

test.each([
  [{ password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' }, 'bcrypt'],
  [{ password_hash: bcrypt.replace('$10$', '$31$') }, 'cost of at most 15'],
  [{ password_hash: bcrypt, password: 'x' }, 'one of them'],
  [{ password: '' }, 'must not be empty'],
  [{ password: 'ü'.repeat(513) }, '1024 bytes'],
  [{ user_id: 'google-oauth2|1' }, 'auth0|'],
  [{ email_verified: 'yes' }, 'must be a boolean'],
  [{ username: 'ada@example.com' }, 'must not be an e-mail address'],
  [{ username: 'ada lovelace' }, 'letters, digits'],
  [{ name: 'a\0b' }, 'NUL'],
  [{ user_metadata: { a: '\ud800' } }, 'well-formed'],
  [{ user_metadata: [] }, 'must be keys with values'],
  [{ picture: 'javascript:x' }, 'http or https URL'],
])('%j is refused', (members, words) => {
  expect(problems({ email: 'a@b.c', ...members }).join()).toContain(words);
});

test('UP-5: two users of one e-mail address, username or id are refused, whatever the case', () => {
  expect(problems({ email: 'a@b.c' }, { email: 'A@B.C' })).toEqual([
    '[1].email repeats "a@b.c": each may stand once',
  ]);
  expect(problems({ username: 'ada' }, { username: 'Ada' })).toHaveLength(1);
  expect(problems({ email: 'a@b.c', user_id: 'x' }, { email: 'b@b.c', user_id: 'auth0|x' })).toHaveLength(1);
});

test.each(['', '{', '[{"email":"a@b.c",}]', '{}', 'null', '"x"'])('%j is no users file', (text) => {
  expect(problemsOf(text)).toHaveLength(1);
});

test('whatever the text, the only exception is a ConfigurationError', () => {
  const key = fc.constantFrom(
    'email',
    'username',
    'user_id',
    'password',
    'user_metadata',
    'name',
    '__proto__',
  );
  const entry = fc.dictionary(
    fc.oneof(key, fc.string()),
    fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' })),
  );
  fc.assert(fc.property(fc.string(), (text) => void problemsOf(text)));
  fc.assert(fc.property(fc.array(entry), (entries) => void problems(...entries)));
});

test('nesting without bottom is no exception', () => {
  const depth = 5000;
  const metadata = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  expect(problemsOf(`[{"email":"a@b.c","user_metadata":${metadata}}]`)).toEqual([]);
});

test('the example of the repository parses without a warning', () => {
  const example = readFileSync(new URL('../../../../examples/users.json', import.meta.url), 'utf8');
  expect(parse(example).warnings).toEqual([]);
});

test.each([
  ['[{"password":my-secret}]', " is not valid JSON: Unexpected token 'm'"],
  ['my-secret', " is not valid JSON: Unexpected token 'm'"],
  [
    '[{"password":"my-secret"} x]',
    " is not valid JSON: Expected ',' or ']' after array element in JSON at position 26 (line 1 column 27)",
  ],
])('broken JSON is told without a word of it: %s', (text, problem) => {
  expect(problemsOf(text)).toEqual([problem]);
});
