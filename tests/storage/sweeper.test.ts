import { beforeEach, describe, expect, test } from 'vitest';
import { sweep } from '../../packages/server/src/storage/sweeper.ts';
import {
  authorizationCode,
  client,
  clientGrant,
  deviceCode,
  family,
  identity,
  insertClientAndUser,
  loginTransaction,
  pushedRequest,
  refreshToken,
  requester,
  resourceServer,
  session,
  successfulLogin,
  user,
  userGrant,
} from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

const day = 86_400;
const month = 30 * day;
const retention = { log_retention_days: 7 };

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
  });
  const left = async (column: string, table: string) => {
    const sql = `select ${column} as key from ${table} order by ${column}`;
    const rows = await opened.database.read.rows<{ key: string }>({ sql, parameters: [] });
    return rows.map(({ key }) => key);
  };

  test('what has expired goes; what has not stays', async () => {
    await opened.write(async (stores) => {
      for (const [key, end] of Object.entries({ ended: start, living: start + 1 })) {
        await stores.loginTransactions.insert(loginTransaction({ handle: key, expires_at: end }));
        await stores.parkedRequests.insert({ handle: key, parameters: [], expires_at: end });
        await stores.pushedRequests.insert(pushedRequest({ hash: key, expires_at: end - day }));
        await stores.sessions.insert(session({ sid: key, expires_at: end }), `secret-${key}`);
        await stores.sessions.recordClient(key, 'spa', start);
        await stores.authorizations.insertCode(authorizationCode({ hash: key, expires_at: end }));
        await stores.authorizations.revokeAuthorization(key, start, end, 'revoked');
        await stores.failedLogins.add({ key, identifier: 'identifier', ip: null }, 0, end - month);
      }
    });
    expect(await sweep(opened.database, start, retention)).toBe(7);
    for (const [column, table] of [
      ['handle', 'login_transaction'],
      ['handle', 'parked_request'],
      ['hash', 'pushed_request'],
      ['sid', 'session'],
      ['sid', 'session_client'],
      ['hash', 'authorization_code'],
      ['aid', 'revoked_authorization'],
      ['key', 'failed_login'],
    ] as const) {
      expect([table, await left(column, table)]).toEqual([table, ['living']]);
    }
    expect(await sweep(opened.database, start, retention)).toBe(0);
  });

  test('DV-7: a device code stays an hour after its end, so that the device is told; an approved one 30 days', async () => {
    await opened.write(async ({ deviceCodes }) => {
      for (const key of ['pending', 'approved']) {
        await deviceCodes.insert(deviceCode({ hash: key, user_code: key, expires_at: start }));
      }
      const approval = { scope: [], user_id: 'auth0|1', epoch: 0, sid: 'sid-1' };
      await deviceCodes.approve('approved', approval, start - 1);
    });
    await sweep(opened.database, start + 3599, retention);
    expect(await left('hash', 'device_code')).toEqual(['approved', 'pending']);
    await sweep(opened.database, start + 3600, retention);
    expect(await left('hash', 'device_code')).toEqual(['approved']);
    await sweep(opened.database, start + month - 1, retention);
    expect(await left('hash', 'device_code')).toEqual(['approved']);
    await sweep(opened.database, start + month, retention);
    expect(await left('hash', 'device_code')).toEqual([]);
  });

  test('AC-22: a redeemed code stays while its family lives, else 30 days', async () => {
    await opened.write(async ({ authorizations, refreshTokens }) => {
      for (const aid of ['with-family', 'alone']) {
        await authorizations.insertCode(authorizationCode({ hash: aid, aid }));
        await authorizations.redeemCode(aid, 'spa', start);
      }
      const living = family({ aid: 'with-family', absolute_at: null, idle_at: null });
      await refreshTokens.insertFamily(living, refreshToken({ aid: 'with-family' }));
    });
    await sweep(opened.database, start + month - 1, retention);
    expect(await left('hash', 'authorization_code')).toEqual(['alone', 'with-family']);
    await sweep(opened.database, start + month, retention);
    expect(await left('hash', 'authorization_code')).toEqual(['with-family']);
  });

  test('a family goes 30 days after its end, its tokens and its code with it; one without end stays', async () => {
    const ends: Record<string, Parameters<typeof family>[0]> = {
      absolute: { absolute_at: start, idle_at: start + 5 },
      idle: { absolute_at: null, idle_at: start },
      later: { absolute_at: start + 1, idle_at: start + 1 },
      never: { absolute_at: null, idle_at: null },
    };
    await opened.write(async ({ authorizations, refreshTokens }) => {
      for (const [aid, differs] of Object.entries(ends)) {
        await refreshTokens.insertFamily(family({ ...differs, aid }), refreshToken({ hash: aid, aid }));
      }
      await refreshTokens.insertFamily(
        family({ aid: 'revoked' }),
        refreshToken({ hash: 'r', aid: 'revoked' }),
      );
      await authorizations.revokeAuthorization('revoked', start, start + 1, 'revoked');
      await refreshTokens.insertFamily(
        family({ aid: 'moved' }),
        refreshToken({ hash: 'moved', aid: 'moved' }),
      );
      await refreshTokens.updateFamily(family({ aid: 'moved', idle_at: start + 2 }), 'token-0');
      await authorizations.insertCode(authorizationCode({ hash: 'of-idle', aid: 'idle' }));
      await authorizations.redeemCode('of-idle', 'spa', start);
    });
    await sweep(opened.database, start + month - 1, retention);
    expect(await left('aid', 'refresh_token_family')).toHaveLength(6);
    await sweep(opened.database, start + month, retention);
    expect(await left('aid', 'refresh_token_family')).toEqual(['later', 'moved', 'never']);
    expect(await left('hash', 'refresh_token')).toEqual(['later', 'moved', 'never']);
    expect(await left('hash', 'authorization_code')).toEqual([]);
  });

  test('RT-5: the families of a deleted user go 30 days later, also those without end', async () => {
    const unending = { absolute_at: null, idle_at: null };
    await opened.write(async ({ refreshTokens, users }) => {
      const bob = user({ user_id: 'auth0|2', email: 'bob@example.com' });
      await users.insert(bob, identity({ owner: 'auth0|2', user_id: '2', email: 'bob@example.com' }), null);
      for (const [aid, user_id] of Object.entries({ ada: 'auth0|1', bob: 'auth0|2' })) {
        await refreshTokens.insertFamily(
          family({ ...unending, aid, user_id }),
          refreshToken({ hash: aid, aid }),
        );
      }
    });
    const remove = () => opened.write(({ users }) => users.delete('auth0|2'));
    expect([await remove(), await remove()]).toEqual([true, false]);
    await sweep(opened.database, start + month - 1, retention);
    expect(await opened.read.refreshTokens.find('bob')).toBeDefined();
    await sweep(opened.database, start + month, retention);
    expect(await left('aid', 'refresh_token_family')).toEqual(['ada']);
  });

  test('RR-13: a box is erased when the time to ask for it is over; its family stays', async () => {
    const boxes: Record<string, number> = { over: start, open: start + 1 };
    await opened.write(async ({ refreshTokens }) => {
      for (const [aid, box_ends_at] of Object.entries(boxes)) {
        const boxed = family({ aid, box: 'box', box_ends_at, idle_at: start + 9 });
        await refreshTokens.insertFamily(boxed, refreshToken({ hash: aid, aid }));
      }
    });
    expect(await sweep(opened.database, start, retention)).toBe(1);
    const boxOf = async (hash: string) => {
      const found = await opened.read.refreshTokens.find(hash);
      return [found?.family.box, found?.family.box_ends_at];
    };
    expect(await boxOf('over')).toEqual([null, null]);
    expect(await boxOf('open')).toEqual(['box', start + 1]);
  });

  test('DR-1: an application that registered itself goes 30 days later, unless somebody wants it', async () => {
    const registration = { client_uri: 'https://app.example/' };
    await opened.write(async (stores) => {
      for (const client_id of ['unused', 'consented', 'granted', 'refreshed', 'changed']) {
        const updated_at = client_id === 'changed' ? start + 1 : start;
        await stores.clients.upsert(client({ client_id, registration, updated_at }));
      }
      await stores.resourceServers.upsert(resourceServer());
      await stores.userGrants.add(userGrant({ client_id: 'consented' }));
      await stores.clientGrants.upsert(clientGrant({ client_id: 'granted' }));
      await stores.refreshTokens.insertFamily(
        family({ client_id: 'refreshed', absolute_at: null, idle_at: null }),
        refreshToken(),
      );
    });
    const all = ['changed', 'consented', 'granted', 'refreshed', 'spa'];
    await sweep(opened.database, start + month - 1, retention);
    expect(await left('client_id', 'client')).toEqual([...all, 'unused']);
    await sweep(opened.database, start + month, retention);
    expect(await left('client_id', 'client')).toEqual(all);
  });

  test('entries of the tenant log go after log_retention_days', async () => {
    await opened.write(({ log }) => log.write(successfulLogin, requester));
    const keep = 7 * 86_400;
    expect(await sweep(opened.database, start + keep, retention)).toBe(0);
    expect(await opened.read.log.list()).toHaveLength(1);
    expect(await sweep(opened.database, start + keep + 1, retention)).toBe(1);
    expect(await opened.read.log.list()).toEqual([]);
  });

  test('however much has expired, it goes in batches', async () => {
    await opened.write(async ({ failedLogins }) => {
      for (let n = 0; n < 25; n++)
        await failedLogins.add({ key: `key-${n}`, identifier: 'identifier', ip: null }, 0, start);
    });
    expect(await sweep(opened.database, start + month, { ...retention, limit: 10 })).toBe(25);
    expect(await left('key', 'failed_login')).toEqual([]);
  });
});
