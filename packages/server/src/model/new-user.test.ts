import { expect, test } from 'vitest';
import { systemRandom } from '../runtime/random.ts';
import { gravatar, newUser } from './new-user.ts';

const connection = { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0' as const };
const make = (profile: Parameters<typeof newUser>[0]) =>
  newUser(profile, connection, 1_800_000_000, systemRandom);

test('UP-1: a user of the connection email is email| and 24 hexadecimal digits', () => {
  const email = { id: 'con_2', name: 'email', strategy: 'email' as const };
  const { user, identity } = newUser({ email: 'Ada@example.com' }, email, 1_800_000_000, systemRandom);
  expect(user).toMatchObject({ user_id: expect.stringMatching(/^email\|[0-9a-f]{24}$/), nickname: 'ada' });
  expect(identity).toMatchObject({ provider: 'email', connection: 'email', email: 'ada@example.com' });
});

test('UP-1: user_id is auth0| and 24 hexadecimal digits; the identity has the part without provider', () => {
  const { user, identity } = make({ email: 'ada@example.com' });
  expect(user.user_id).toMatch(/^auth0\|[0-9a-f]{24}$/);
  expect(identity).toMatchObject({
    provider: 'auth0',
    user_id: user.user_id.slice('auth0|'.length),
    owner: user.user_id,
    connection: 'Username-Password-Authentication',
    isSocial: false,
  });
});

test('UP-1: a given id is kept', () => {
  expect(make({ id: 'ada', email: 'ada@example.com' }).user.user_id).toBe('auth0|ada');
});

test('UP-4: name is the e-mail address and nickname its local part', () => {
  const { user } = make({ email: 'ada.b@example.com' });
  expect(user).toMatchObject({ name: 'ada.b@example.com', nickname: 'ada.b', email_verified: false });
});

test('UP-4: picture is the Gravatar of the e-mail address, with its first letters to fall back on', () => {
  // MD5 of "auth0user@example.com", by md5sum.
  expect(gravatar(' Auth0User@example.com')).toBe(
    'https://s.gravatar.com/avatar/a81ad1c05053b56cc146b328f8e96f1b?s=480&r=pg&d=https%3A%2F%2Fcdn.auth0.com%2Favatars%2Fau.png',
  );
});

test('UP-4: what is given is kept', () => {
  const given = { name: 'Ada', nickname: 'a', picture: 'https://example.com/a.png', given_name: 'Ada' };
  expect(make({ email: 'ada@example.com', ...given }).user).toMatchObject(given);
});

test('UP-4: a user without e-mail address is named by the username', () => {
  const { user } = make({ username: 'ada' });
  expect(user).toMatchObject({ email: null, username: 'ada', name: 'ada', nickname: 'ada' });
});

test('UP-5: e-mail address and username are saved in lower case, in the user and in the identity', () => {
  const { user, identity } = make({ email: 'Ada@Example.COM', username: 'Ada' });
  expect(user).toMatchObject({ email: 'ada@example.com', username: 'ada' });
  expect(identity).toMatchObject({ email: 'ada@example.com', username: 'ada' });
});
