import { beforeEach, describe, expect, test } from 'vitest';
import { client, family, identity, insertClientAndUser, refreshToken, user } from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
  });

  const insertFamily = (differs: Parameters<typeof family>[0] = {}, token = refreshToken()) =>
    opened.write(({ refreshTokens }) => refreshTokens.insertFamily(family(differs), token));
  const familyOf = async (hash: string) => (await opened.read.refreshTokens.find(hash))?.family;
  const lock = (hash: string) => opened.write(({ refreshTokens }) => refreshTokens.lock(hash));

  /** As an exchange has it. */
  const exchanged = (differs: Parameters<typeof family>[0] = {}) =>
    family({
      absolute_at: null,
      idle_at: start + 5000,
      current_token: 'token-1',
      counter: 1,
      rotating: false,
      spent_token: 'token-0',
      spent_at: start + 5,
      box: 'box',
      box_ends_at: start + 65,
      ...differs,
    });

  test('a token is found with its family, in whatever state', async () => {
    await insertFamily({ scope: ['openid', 'a b'], absolute_at: null });
    const found = { token: refreshToken(), family: family({ scope: ['openid', 'a b'], absolute_at: null }) };
    expect(await opened.read.refreshTokens.find('token-0')).toEqual(found);
    expect(await opened.read.refreshTokens.find('unknown')).toBeUndefined();
  });

  test('what an exchange depends on is read in one statement', async () => {
    await insertFamily();
    const found = { token: refreshToken(), family: family() };
    expect(await lock('token-0')).toEqual({ ...found, user: user(), connected: true });
    expect(await lock('unknown')).toBeUndefined();
    await opened.write(({ connections }) => connections.setClients('con_1', []));
    expect(await lock('token-0')).toMatchObject({ user: user(), connected: false });
  });

  test('RT-5: the family of a user who is gone is found without a user', async () => {
    await insertFamily({ user_id: 'auth0|gone' });
    expect(await lock('token-0')).toMatchObject({ token: refreshToken(), user: undefined, connected: false });
  });

  test('RR-3: a token is spent once', async () => {
    await insertFamily();
    const update = (next: ReturnType<typeof family>) =>
      opened.write(({ refreshTokens }) => refreshTokens.updateFamily(next, 'token-0'));
    expect(await update(exchanged())).toBe(true);
    expect(await update(exchanged({ current_token: 'token-2' }))).toBe(false);
    expect(await familyOf('token-0')).toEqual(exchanged());
  });

  test('RR-3: of 50 exchanges at once, through two handles, each sees what the one before it left', async () => {
    await insertFamily();
    const handles = [opened, await databases.open()];
    const attempts = Array.from({ length: 50 }, (_, index) =>
      handles[index % 2]!.write(async ({ refreshTokens }) => {
        const found = await refreshTokens.lock('token-0');
        const { counter = -1, current_token = '' } = found?.family ?? {};
        const next = exchanged({ counter: counter + 1, current_token: `next-${index}` });
        return refreshTokens.updateFamily(next, current_token);
      }),
    );
    expect(await Promise.all(attempts)).toEqual(Array(50).fill(true));
    expect((await familyOf('token-0'))?.counter).toBe(50);
  });

  test('RR-7: a revoked family is not given another token', async () => {
    await insertFamily();
    await opened.write(({ authorizations }) =>
      authorizations.revokeAuthorization('aid-1', start, start + 500, 'revoked'),
    );
    const updated = opened.write(({ refreshTokens }) => refreshTokens.updateFamily(exchanged(), 'token-0'));
    expect(await updated).toBe(false);
    expect(await familyOf('token-0')).toEqual(family({ revoked_at: start, revocation_reason: 'revoked' }));
  });

  test('RR-14: tokens before a place are forgotten, those of other families are not', async () => {
    await insertFamily();
    await insertFamily({ aid: 'aid-2' }, refreshToken({ hash: 'other', aid: 'aid-2' }));
    await opened.write(async ({ refreshTokens }) => {
      for (const n of [1, 2]) await refreshTokens.insert(refreshToken({ hash: `token-${n}`, n }));
      await refreshTokens.deleteBefore('aid-1', 2);
    });
    const known = [];
    for (const hash of ['token-0', 'token-1', 'token-2', 'other']) {
      if ((await opened.read.refreshTokens.find(hash)) !== undefined) known.push(hash);
    }
    expect(known).toEqual(['token-2', 'other']);
  });

  test('RT-14: the oldest live families beyond the limit are revoked, of this user and client only', async () => {
    await opened.write(async (stores) => {
      await stores.clients.upsert(client({ client_id: 'other' }));
      await stores.users.insert(user({ user_id: 'auth0|2' }), otherIdentity, null);
    });
    for (const n of [1, 2, 3, 4]) {
      await insertFamily(
        { aid: `a${n}`, created_at: start + n },
        refreshToken({ hash: `t${n}`, aid: `a${n}` }),
      );
    }
    const ended = { aid: 'ended', created_at: start + 9, idle_at: start + 10 };
    await insertFamily(ended, refreshToken({ hash: 'ended', aid: 'ended' }));
    const ofOther = [{ client_id: 'other' }, { user_id: 'auth0|2' }];
    for (const [n, differs] of ofOther.entries()) {
      await insertFamily({ ...differs, aid: `o${n}` }, refreshToken({ hash: `o${n}`, aid: `o${n}` }));
    }
    await opened.write((stores) =>
      stores.refreshTokens.revokeOldestFamilies('auth0|1', 'spa', 2, start + 20),
    );
    const states = await Promise.all(
      ['t1', 't2', 't3', 't4', 'ended', 'o0', 'o1'].map(async (hash) => {
        return (await opened.read.refreshTokens.find(hash))?.family.revoked_at;
      }),
    );
    expect(states).toEqual([start + 20, start + 20, null, null, null, null, null]);
  });

  test('RT-10: the siblings that do not rotate are revoked, of this user, client and audience only', async () => {
    const differing: Record<string, Parameters<typeof family>[0]> = {
      presented: {},
      sibling: {},
      rotating: { rotating: true },
      'other audience': { audience: 'https://api.example/' },
      'other client': { client_id: 'other' },
      'other user': { user_id: 'auth0|2' },
      'revoked before': { revoked_at: start - 5, revocation_reason: 'reused' },
    };
    await opened.write(({ clients }) => clients.upsert(client({ client_id: 'other' })));
    for (const [aid, differs] of Object.entries(differing)) {
      await insertFamily({ aid, rotating: false, ...differs }, refreshToken({ hash: aid, aid }));
    }
    await opened.write(({ refreshTokens }) =>
      refreshTokens.revokeNonRotatingSiblings(family({ aid: 'presented' }), start),
    );
    const revoked: Record<string, unknown> = {};
    for (const aid of Object.keys(differing)) {
      const found = await familyOf(aid);
      if (found?.revoked_at !== null) revoked[aid] = [found?.revoked_at, found?.revocation_reason];
    }
    expect(revoked).toEqual({ sibling: [start, 'migrated'], 'revoked before': [start - 5, 'reused'] });
  });

  test('RT-10: of siblings that are exchanged at once one lives on', async () => {
    const aids = ['a', 'b', 'c', 'd'];
    for (const aid of aids) await insertFamily({ aid, rotating: false }, refreshToken({ hash: aid, aid }));
    const handles = [opened, await databases.open()];
    const exchange = (aid: string, index: number) =>
      handles[index % 2]!.write(async ({ refreshTokens }) => {
        const found = await refreshTokens.lock(aid);
        if (found === undefined || found.family.revoked_at !== null) return false;
        await refreshTokens.revokeNonRotatingSiblings(found.family, start);
        return refreshTokens.updateFamily({ ...found.family, rotating: true }, 'token-0');
      });
    const exchanged = await Promise.all(aids.map(exchange));
    expect(exchanged.filter(Boolean)).toHaveLength(1);
    const living = await Promise.all(aids.map(async (aid) => (await familyOf(aid))?.revoked_at === null));
    expect(living).toEqual(exchanged);
  });
});

const otherIdentity = identity({ user_id: '2', owner: 'auth0|2', email: 'two@example.com' });
