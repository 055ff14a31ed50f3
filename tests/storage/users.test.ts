// Users as they are changed: in one statement, under a lock, with what is theirs.
import { beforeEach, describe, expect, test } from 'vitest';
import { identity, insertClientAndUser, user } from './builders.ts';
import { engines, start, useDatabase } from './databases.ts';

const bob = { user_id: 'auth0|2', email: 'bob@example.com' };
const bobsIdentity = { user_id: '2', owner: 'auth0|2', email: 'bob@example.com' };
const profile = {
  email: 'bob@example.com',
  email_verified: false,
  username: null,
  phone_number: null,
  phone_verified: false,
  name: 'Bob',
  given_name: null,
  family_name: null,
  middle_name: null,
  nickname: 'bob',
  picture: 'https://cdn.example/bob.png',
  epoch: 3,
  created_at: start,
};

describe.each(engines)('users on $name', ({ create }) => {
  const databases = useDatabase(create);
  const write: typeof databases.current.write = (work) => databases.current.write(work);
  const find = (user_id: string) => databases.current.read.users.find(user_id);

  beforeEach(async () => {
    await insertClientAndUser(databases.current);
    await write(({ users }) => users.insert(user(bob), identity(bobsIdentity), '$argon2id$bob'));
  });

  test('every member that is no matter of logins is changed, and found by', async () => {
    await write(({ users }) => users.recordLogin('auth0|1', start + 1, '192.0.2.7'));
    const changed = user({
      email: 'new@example.com',
      email_verified: true,
      username: 'ada',
      name: '⁧שלום⁩ <script>',
      nickname: '👩‍🚀',
      given_name: 'x'.repeat(150),
      user_metadata: { a: { b: [1, null] } },
      app_metadata: { plan: 'x'.repeat(10_000) },
      blocked: true,
      blocked_set_at: start + 2,
      multifactor: ['guardian'],
      multifactor_last_modified: start + 2,
      epoch: 7,
      updated_at: start + 2,
      last_password_reset: start + 2,
      last_login: null,
    });
    await write(({ users }) => users.update(changed));
    const logins = { last_login: start + 1, last_ip: '192.0.2.7', logins_count: 1 };
    expect(await find('auth0|1')).toEqual({ ...changed, ...logins });
    expect(await databases.current.read.users.listByEmail('new@example.com')).toHaveLength(1);
    expect(await databases.current.read.users.listByEmail('ada@example.com')).toEqual([]);
    expect(await databases.current.read.users.listByEmail('NEW@example.com')).toEqual([]);
  });

  test('of 10 changes at once none is lost', async () => {
    const handles = [databases.current, await databases.open()];
    const add = (n: number) =>
      handles[n % 2]!.write(async ({ users }) => {
        const found = (await users.lock('auth0|1'))!;
        await users.update({ ...found, app_metadata: { ...found.app_metadata, [`n${n}`]: n } });
      });
    await Promise.all(Array.from({ length: 10 }, (_, n) => add(n)));
    expect(Object.keys((await find('auth0|1'))!.app_metadata)).toHaveLength(10);
  });

  test('an identifier that the connection knows already is not taken over, by however many', async () => {
    const take = (email: string) =>
      write(({ identities }) => identities.update(identity({ ...bobsIdentity, email })));
    expect(await take('ada@example.com')).toBe(false);
    expect(await databases.current.read.users.findByIdentifier('con_1', 'bob@example.com')).toBeDefined();
    const handles = [databases.current, await databases.open()];
    const both = [
      identity({ email: 'new@example.com' }),
      identity({ ...bobsIdentity, email: 'new@example.com' }),
    ];
    const taken = await Promise.all(
      both.map((changed, n) => handles[n]!.write(({ identities }) => identities.update(changed))),
    );
    expect(taken.toSorted()).toEqual([false, true]);
  });

  test('UP-8: an identity moves to another user with its password, and survives its own', async () => {
    await write(async ({ users, identities }) => {
      await identities.update(identity({ ...bobsIdentity, owner: 'auth0|1', profile }));
      await users.delete('auth0|2');
    });
    expect(await databases.current.read.users.findByIdentifier('con_1', 'bob@example.com')).toMatchObject({
      user: { user_id: 'auth0|1', email: 'ada@example.com' },
      identity: { owner: 'auth0|1', profile },
      password_hash: '$argon2id$bob',
    });
    expect(await databases.current.read.users.findByIdentifier('con_1', 'ada@example.com')).toMatchObject({
      password_hash: '$argon2id$hash',
    });
    expect(await databases.current.read.users.listIdentities('auth0|1')).toHaveLength(2);
    expect(await databases.current.read.identities.findNamed('auth0', '2')).toMatchObject({
      owner: 'auth0|1',
    });
    const again = await write(({ users }) => users.insert(user(bob), identity(bobsIdentity), null));
    expect(again).toBe(false);
    expect(await find('auth0|2')).toBeUndefined();
  });

  test('EM-3: the address of a linked identity is verified without the user’s', async () => {
    const linked = identity({ ...bobsIdentity, owner: 'auth0|1', profile });
    const verify = (email: string) =>
      write(({ identities }) => identities.verifyEmail(linked, email, start + 1));
    await write(({ identities }) => identities.update(linked));
    expect([await verify('ada@example.com'), await verify('bob@example.com')]).toEqual([false, true]);
    expect(await databases.current.read.identities.find(linked)).toMatchObject({
      profile: { email_verified: true },
    });
    expect(await find('auth0|1')).toMatchObject({ email_verified: false });
  });

  test('what was counted for an identifier is listed with where it came from', async () => {
    await write(async ({ failedLogins }) => {
      await failedLogins.add({ key: 'b', identifier: 'ada', ip: '192.0.2.2' }, 0, start);
      await failedLogins.add({ key: 'a', identifier: 'ada', ip: '192.0.2.1' }, 0, start + 1);
      await failedLogins.add({ key: 'c', identifier: 'bob', ip: null }, 0, start + 1);
    });
    const list = (since: number) => databases.current.read.failedLogins.listOf('ada', since);
    expect(await list(0)).toEqual([
      { key: 'a', failures: 1, ip: '192.0.2.1' },
      { key: 'b', failures: 1, ip: '192.0.2.2' },
    ]);
    expect(await list(start + 1)).toHaveLength(1);
  });
});
