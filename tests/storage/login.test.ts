import { beforeEach, describe, expect, test } from 'vitest';
import { SqlUserGrantStore } from '../../packages/server/src/storage/entities/user-grants.ts';
import type { Executor } from '../../packages/server/src/storage/executor.ts';
import {
  identity,
  insertClientAndUser,
  loginTransaction,
  pushedRequest,
  requester,
  session,
  successfulLogin,
  user,
  userGrant,
} from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
  });

  describe('login transactions', () => {
    beforeEach(() => opened.write((stores) => stores.loginTransactions.insert(loginTransaction())));

    test('a transaction is found as it was put, its request with it', async () => {
      expect(await opened.read.loginTransactions.find('handle-1')).toEqual(loginTransaction());
      expect(await opened.read.loginTransactions.find('unknown')).toBeUndefined();
    });

    test('LT-2: acts are recorded, and taken back with null', async () => {
      const record = (acts: { user_id?: string | null; sid?: string; authenticated_at?: number }) =>
        opened.write((stores) => stores.loginTransactions.record('handle-1', acts));
      expect(await record({ user_id: 'auth0|1', sid: 'sid-1', authenticated_at: start })).toBe(true);
      expect(await record({ user_id: null })).toBe(true);
      expect(await record({})).toBe(true);
      expect(await opened.read.loginTransactions.find('handle-1')).toEqual(
        loginTransaction({ user_id: null, sid: 'sid-1', authenticated_at: start }),
      );
    });

    test('UL-3, PW-20: who somebody says they are is kept sealed, and taken away', async () => {
      const record = (identifier: string | null) =>
        opened.write((stores) => stores.loginTransactions.record('handle-1', { identifier }));
      expect(await record('ada@example.com')).toBe(true);
      expect(await opened.read.loginTransactions.find('handle-1')).toEqual(
        loginTransaction({ identifier: 'ada@example.com' }),
      );
      const [row] = await opened.database.read.rows<{ identifier: string }>({
        sql: 'select identifier from login_transaction',
        parameters: [],
      });
      expect(row?.identifier).not.toContain('ada');
      expect(await record(null)).toBe(true);
      expect(await opened.read.loginTransactions.find('handle-1')).toEqual(loginTransaction());
    });

    test('LT-2: of 20 attempts to finish a transaction one succeeds, and nothing is recorded after it', async () => {
      const handles = [opened, await databases.open()];
      const attempts = Array.from({ length: 20 }, (_, index) =>
        handles[index % 2]!.write((stores) => stores.loginTransactions.finish('handle-1', start + index)),
      );
      expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
      const late = opened.write((stores) => stores.loginTransactions.record('handle-1', { sid: 'late' }));
      expect(await late).toBe(false);
      expect((await opened.read.loginTransactions.find('handle-1'))?.sid).toBeNull();
    });
  });

  test('LT-3: the parameters of a parked request come back in order until they expire', async () => {
    const parameters: [string, string][] = [
      ['state', 'b\0'],
      ['state', 'a'],
    ];
    await opened.write(({ parkedRequests }) =>
      parkedRequests.insert({ handle: 'parked', parameters, expires_at: start + 10 }),
    );
    expect(await opened.read.parkedRequests.find('parked', start + 9)).toEqual(parameters);
    expect(await opened.read.parkedRequests.find('parked', start + 10)).toBeUndefined();
  });

  describe('pushed requests', () => {
    beforeEach(() => opened.write(({ pushedRequests }) => pushedRequests.insert(pushedRequest())));
    const find = (now: number) => opened.read.pushedRequests.find('pushed-1', now);

    test('PA-4: one is found as it was put, until it expires or is spent', async () => {
      expect(await find(start + 29)).toEqual(pushedRequest());
      expect(await find(start + 30)).toBeUndefined();
      expect(await opened.write(({ pushedRequests }) => pushedRequests.spend('pushed-1', start))).toBe(true);
      expect(await find(start)).toBeUndefined();
    });

    test('PA-4: it becomes one browser’s, and stays that; once spent it is nobody’s', async () => {
      const bind = (browser: string) =>
        opened.write(({ pushedRequests }) => pushedRequests.bind('pushed-1', browser));
      const browsers = ['browser-1', 'browser-2', 'browser-3'];
      const bound = await Promise.all(browsers.map(bind));
      expect(bound.filter(Boolean)).toHaveLength(1);
      const owner = browsers[bound.indexOf(true)] ?? '';
      expect((await find(start))?.browser).toBe(owner);
      expect(await bind(owner)).toBe(true);
      await opened.write(({ pushedRequests }) => pushedRequests.spend('pushed-1', start));
      expect(await bind(owner)).toBe(false);
    });

    test('PA-4: of 20 attempts to spend it one succeeds, expired or not', async () => {
      const handles = [opened, await databases.open()];
      const attempts = Array.from({ length: 20 }, (_, index) =>
        handles[index % 2]!.write(({ pushedRequests }) => pushedRequests.spend('pushed-1', start + 100)),
      );
      expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1);
    });
  });

  describe('sessions', () => {
    beforeEach(() => opened.write((stores) => stores.sessions.insert(session(), 'secret-1')));
    const find = (secret: string, now = start) => opened.read.sessions.findBySecret(secret, now);

    test('a session is found by its secret, with its user', async () => {
      expect(await find('secret-1')).toEqual({ session: session(), user: user() });
      expect(await find('sid-1')).toBeUndefined();
    });

    test('SE-2: a session ends at its idle and at its absolute end', async () => {
      expect(await find('secret-1', start + 99)).toBeDefined();
      expect(await find('secret-1', start + 100)).toBeUndefined();
      const seen = { idle_expires_at: start + 5000, last_interacted_at: start + 50 };
      await opened.write(({ sessions }) =>
        sessions.touch('sid-1', { ...seen, last_ip: '192.0.2.9', last_user_agent: 'B' }),
      );
      expect((await find('secret-1', start + 999))?.session).toEqual(
        session({ ...seen, last_ip: '192.0.2.9', last_user_agent: 'B' }),
      );
      expect(await find('secret-1', start + 1000)).toBeUndefined();
    });

    test('SE-4: a renewed session keeps its sid, and its old secret opens nothing', async () => {
      const renewed = session({ authenticated_at: start + 7, expires_at: start + 2000 });
      await opened.write((stores) => stores.sessions.renew(renewed, 'secret-2'));
      expect(await find('secret-1')).toBeUndefined();
      expect((await find('secret-2'))?.session).toEqual(renewed);
    });

    test('SE-4: a session is not renewed for another user', async () => {
      const stolen = session({ user_id: 'auth0|2' });
      await opened.write((stores) => stores.sessions.renew(stolen, 'secret-2'));
      expect(await find('secret-2')).toBeUndefined();
      expect((await find('secret-1'))?.session).toEqual(session());
    });

    test('SE-10: a session records the clients that it served, each once', async () => {
      for (const client_id of ['spa', 'spa', 'other']) {
        await opened.write((stores) => stores.sessions.recordClient('sid-1', client_id, start));
      }
      const served = await opened.database.read.rows({
        sql: 'select client_id from session_client order by client_id',
        parameters: [],
      });
      expect(served).toEqual([{ client_id: 'other' }, { client_id: 'spa' }]);
    });

    test('a deleted session does not exist, nor do its clients', async () => {
      await opened.write((stores) => stores.sessions.recordClient('sid-1', 'spa', start));
      expect(await opened.read.sessions.find('sid-1', start)).toBeDefined();
      await opened.write((stores) => stores.sessions.delete('sid-1'));
      expect(await opened.read.sessions.find('sid-1', start)).toBeUndefined();
      expect(
        await opened.database.read.rows({ sql: 'select sid from session_client', parameters: [] }),
      ).toEqual([]);
    });
  });

  describe('users', () => {
    test('UP-5: a user is found by e-mail or username of the connection, in whatever case', async () => {
      const bob = user({ user_id: 'auth0|b', username: 'bob', email: null });
      await opened.write((stores) =>
        stores.users.insert(
          bob,
          identity({ user_id: 'b', owner: 'auth0|b', email: null, username: 'Bob' }),
          null,
        ),
      );
      const find = (identifier: string, connection_id = 'con_1') =>
        opened.read.users.findByIdentifier(connection_id, identifier);
      expect(await find('Ada@Example.com')).toEqual({
        user: user(),
        identity: identity(),
        password_hash: '$argon2id$hash',
      });
      expect(await find('BOB')).toMatchObject({ user: { user_id: 'auth0|b' }, password_hash: null });
      expect(await find('ada@example.com', 'con_2')).toBeUndefined();
      expect(await find('nobody')).toBeUndefined();
    });

    test('PL-1: a user is found by the telephone number of the connection, and of no other', async () => {
      const ofConnection = { user_id: 's', owner: 'sms|s', email: null, phone_number: '+15550100' };
      await opened.write((stores) =>
        stores.users.insert(
          user({ user_id: 'sms|s', email: null, phone_number: '+15550100' }),
          identity({ ...ofConnection, provider: 'sms' }),
          null,
        ),
      );
      const find = (identifier: string, connection_id = 'con_1') =>
        opened.read.users.findByIdentifier(connection_id, identifier);
      expect(await find('+15550100')).toMatchObject({
        user: { user_id: 'sms|s' },
        identity: { phone_number: '+15550100' },
      });
      expect(await find('+1555010')).toBeUndefined();
      expect(await find('+15550100', 'con_2')).toBeUndefined();
    });

    test('the e-mail address of one user goes before the same username of another', async () => {
      await opened.write((stores) =>
        stores.users.insert(
          user({ user_id: 'auth0|2', email: null }),
          identity({ user_id: '2', owner: 'auth0|2', email: null, username: 'ada@example.com' }),
          null,
        ),
      );
      const found = await opened.read.users.findByIdentifier('con_1', 'ada@example.com');
      expect(found?.user.user_id).toBe('auth0|1');
    });

    test.each([
      ['user_id', user(), identity({ user_id: '2', email: 'new@example.com' })],
      ['e-mail address', user({ user_id: 'auth0|2' }), identity({ user_id: '2', owner: 'auth0|2' })],
      [
        'username',
        user({ user_id: 'auth0|2' }),
        identity({ user_id: '2', owner: 'auth0|2', email: null, username: 'ADA' }),
      ],
      [
        'telephone number',
        user({ user_id: 'auth0|2' }),
        identity({ user_id: '2', owner: 'auth0|2', email: null, phone_number: '+15550100' }),
      ],
    ])('a user whose %s is taken is not inserted, and nothing changes', async (_, taken, ofConnection) => {
      await opened.write((stores) =>
        stores.users.insert(
          user({ user_id: 'auth0|3', username: 'ada' }),
          identity({
            user_id: '3',
            owner: 'auth0|3',
            email: null,
            username: 'ada',
            phone_number: '+15550100',
          }),
          null,
        ),
      );
      const inserted = opened.write((stores) =>
        stores.users.insert({ ...taken, name: 'Mallory' }, ofConnection, '$argon2id$other'),
      );
      expect(await inserted).toBe(false);
      const names = await opened.database.read.rows({ sql: 'select name from "user"', parameters: [] });
      expect(names).toEqual([{ name: 'Ada Lovelace' }, { name: 'Ada Lovelace' }]);
      expect(await opened.read.users.findByIdentifier('con_1', 'ada@example.com')).toMatchObject({
        password_hash: '$argon2id$hash',
      });
    });

    test('of 10 sign-ups at once with one e-mail address, one succeeds', async () => {
      const handles = [opened, await databases.open()];
      const signUps = Array.from({ length: 10 }, (_, n) =>
        handles[n % 2]!.write((stores) =>
          stores.users.insert(
            user({ user_id: `auth0|n${n}` }),
            identity({ user_id: `n${n}`, owner: `auth0|n${n}`, email: 'new@example.com' }),
            null,
          ),
        ),
      );
      expect((await Promise.all(signUps)).filter(Boolean)).toHaveLength(1);
    });

    test('a password hash is replaced, unless another has taken its place meanwhile', async () => {
      const hashNow = async () =>
        (await opened.read.users.findByIdentifier('con_1', 'ada@example.com'))?.password_hash;
      const replace = (replaces: string, hash: string) =>
        opened.write((stores) => stores.identities.setPasswordHash(identity(), hash, { replaces }));
      expect(await replace('$argon2id$hash', '$argon2id$second')).toBe(true);
      expect(await hashNow()).toBe('$argon2id$second');
      expect(await replace('$argon2id$hash', '$argon2id$third')).toBe(false);
      expect(await hashNow()).toBe('$argon2id$second');
    });

    test('a login counts and is remembered', async () => {
      await opened.write((stores) => stores.users.recordLogin('auth0|1', start + 5, '192.0.2.7'));
      await opened.write((stores) => stores.users.recordLogin('auth0|1', start + 6, '192.0.2.8'));
      expect(await opened.read.users.find('auth0|1')).toEqual(
        user({ last_login: start + 6, last_ip: '192.0.2.8', logins_count: 2 }),
      );
      expect(await opened.read.users.find('unknown')).toBeUndefined();
    });

    test('UP-3: identities are listed, the primary one first', async () => {
      await opened.write((stores) =>
        stores.users.insert(
          user({ user_id: 'auth0|9' }),
          identity({ user_id: '9', owner: 'auth0|9', email: null }),
          null,
        ),
      );
      const linked = identity({ connection_id: 'con_0', user_id: '0', email: null, isSocial: true });
      await opened.write(async (stores) => {
        await stores.connections.upsert({
          ...(await stores.connections.find('con_1'))!,
          id: 'con_0',
          name: 'a',
          realms: ['a'],
        });
      });
      await opened.database.transaction((executor) =>
        executor.changes({
          sql: `insert into identity (connection_id, user_id, owner, connection, provider, "isSocial")
            values ('con_0', '0', 'auth0|1', 'Username-Password-Authentication', 'auth0', 1)`,
          parameters: [],
        }),
      );
      expect(await opened.read.users.listIdentities('auth0|1')).toEqual([identity(), linked]);
    });
  });

  test('AP-1: failures are counted, start again after the window, and are cleared', async () => {
    const add = (now: number, since: number) =>
      opened.write((stores) =>
        stores.failedLogins.add({ key: 'key', identifier: 'identifier', ip: '192.0.2.1' }, since, now),
      );
    expect(await opened.read.failedLogins.count('key', 0)).toBe(0);
    await Promise.all(Array.from({ length: 9 }, () => add(start, start - 100)));
    expect(await opened.read.failedLogins.count('key', start)).toBe(9);
    expect(await opened.read.failedLogins.count('key', start + 1)).toBe(0);
    await add(start + 200, start + 100);
    expect(await opened.read.failedLogins.count('key', start)).toBe(1);
    await opened.write((stores) => stores.failedLogins.clear('key'));
    expect(await opened.read.failedLogins.count('key', 0)).toBe(0);
  });

  test('RFC 8628 §5.1: of tries at once no more are taken than the limit, and one that was given back is free', async () => {
    const take = (now: number) =>
      opened.write((stores) =>
        stores.failedLogins.take({ key: 'key', identifier: 'key', ip: null }, 5, now - 100, now),
      );
    const taken = await Promise.all(Array.from({ length: 40 }, () => take(start)));
    expect(taken.filter(Boolean)).toHaveLength(5);
    await opened.write((stores) => stores.failedLogins.giveBack('key'));
    expect([await take(start), await take(start + 100)]).toEqual([true, false]);
    expect(await take(start + 101)).toBe(true);
    expect(await opened.read.failedLogins.count('key', start)).toBe(1);
  });

  test('AT-14: a session ends when the epoch of its user rises, and none begins in an epoch gone by', async () => {
    await opened.write((stores) => stores.sessions.insert(session({ sid: 'ended' }), 'ended'));
    expect(await opened.read.sessions.findBySecret('ended', start)).toBeDefined();
    await opened.database.transaction((executor) =>
      executor.changes({ sql: 'update "user" set epoch = epoch + 1', parameters: [] }),
    );
    await opened.write((stores) => stores.sessions.insert(session({ sid: 'late' }), 'late'));
    await opened.write((stores) => stores.sessions.insert(session({ sid: 'new', epoch: 1 }), 'new'));
    for (const secret of ['ended', 'late'])
      expect(await opened.read.sessions.findBySecret(secret, start)).toBeUndefined();
    expect((await opened.read.sessions.findBySecret('new', start))?.session.epoch).toBe(1);
    const block = (blocked: number) =>
      opened.database.transaction((executor) =>
        executor.changes({ sql: `update "user" set blocked = ${blocked}`, parameters: [] }),
      );
    await block(1);
    expect((await opened.read.sessions.findBySecret('ended', start))?.user.blocked).toBe(true);
    await block(0);
    expect(await opened.read.sessions.findBySecret('ended', start)).toBeUndefined();
  });

  test('LG-1: no entry of the tenant log is longer than its places allow, whatever a stranger sends', async () => {
    const long = 'x'.repeat(5000);
    const event = { ...successfulLogin, description: long, user_name: long, audience: long };
    await opened.write(({ log }) =>
      log.write(
        { ...event, scope: [long], details: { body: { inner: long } } },
        { ...requester, hostname: long },
      ),
    );
    const [entry] = await opened.read.log.list();
    const cut = (length: number) => 'x'.repeat(length);
    expect(entry).toMatchObject({
      description: cut(1000),
      user_name: cut(254),
      audience: cut(400),
      scope: [cut(400)],
      details: { body: { inner: cut(400) } },
      hostname: cut(400),
    });
  });

  test('AP-3: all keys of one identifier are cleared, and no others', async () => {
    await opened.write(async ({ failedLogins }) => {
      for (const key of ['here', 'there'])
        await failedLogins.add({ key, identifier: 'ada', ip: null }, 0, start);
      await failedLogins.add({ key: 'other', identifier: 'bob', ip: null }, 0, start);
    });
    const clear = () => opened.write((stores) => stores.failedLogins.clearAllOf('ada'));
    expect(await clear()).toBe(2);
    expect(await clear()).toBe(0);
    expect(await opened.read.failedLogins.count('here', 0)).toBe(0);
    expect(await opened.read.failedLogins.count('other', 0)).toBe(1);
  });

  test('CN-1: consents of one user, client and audience add up; each audience has its own', async () => {
    const add = (scope: string[], audience = '') =>
      opened.write((stores) => stores.userGrants.add(userGrant({ id: `g-${scope}`, scope, audience })));
    await Promise.all([
      add(['openid']),
      add(['email', 'openid']),
      add(['profile']),
      add(['a'], 'https://api/'),
    ]);
    const found = await opened.read.userGrants.find('auth0|1', 'spa', '');
    expect(found?.scope.toSorted()).toEqual(['email', 'openid', 'profile']);
    await opened.write((stores) => stores.userGrants.delete('auth0|1', 'spa', ''));
    expect(await opened.read.userGrants.find('auth0|1', 'spa', '')).toBeUndefined();
    expect((await opened.read.userGrants.find('auth0|1', 'spa', 'https://api/'))?.scope).toEqual(['a']);
    await opened.write((stores) => stores.userGrants.deleteAllOf('auth0|1'));
    expect(await opened.read.userGrants.find('auth0|1', 'spa', 'https://api/')).toBeUndefined();
  });

  test('CN-1: a consent that is deleted while it is added to is another one', async () => {
    await opened.write((stores) => stores.userGrants.add(userGrant({ scope: ['openid'] })));
    await opened.database.transaction(async (executor) => {
      let isFirst = true;
      const raced: Executor = {
        engine: executor.engine,
        rows: (statement) => executor.rows(statement),
        async changes(statement) {
          const changed = await executor.changes(statement);
          if (isFirst) await executor.changes({ sql: 'delete from user_grant', parameters: [] });
          isFirst = false;
          return changed;
        },
      };
      await new SqlUserGrantStore(raced).add(userGrant({ id: 'g-2', scope: ['email'] }));
    });
    const found = await opened.read.userGrants.find('auth0|1', 'spa', '');
    expect([found?.id, found?.scope]).toEqual(['g-2', ['email']]);
  });

  test('log entries sort by time and by order of writing, and outlive user and client', async () => {
    const write = (description: string) =>
      opened.write((stores) => stores.log.write({ ...successfulLogin, description }, requester));
    await write('first');
    await write('second');
    opened.clock.advance(1);
    await write('third');
    await opened.write((stores) => stores.log.write({ type: 'f' }, { ...requester, auth0_client: 'c' }));
    await opened.database.transaction((executor) =>
      executor.changes({ sql: 'delete from "user"', parameters: [] }),
    );
    const rows = await opened.database.read.rows<{ entry: string }>({
      sql: 'select date, type, user_id, client_id, connection_id, ip, entry from log order by log_id',
      parameters: [],
    });
    const columns = { type: 's', user_id: 'auth0|1', client_id: 'spa', connection_id: null, ip: '192.0.2.1' };
    const entry = { user_agent: 'A', hostname: 'id.example' };
    expect(rows.map((row) => ({ ...row, entry: JSON.parse(row.entry) }))).toEqual([
      { ...columns, date: start * 1000, entry: { ...entry, description: 'first' } },
      { ...columns, date: start * 1000, entry: { ...entry, description: 'second' } },
      { ...columns, date: (start + 1) * 1000, entry: { ...entry, description: 'third' } },
      {
        ...columns,
        type: 'f',
        user_id: null,
        client_id: null,
        date: (start + 1) * 1000,
        entry: { ...entry, auth0_client: 'c' },
      },
    ]);
  });
});
