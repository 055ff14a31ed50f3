// What the Management API tells of sessions, refresh tokens and grants, and what it takes back (AT-14), on both engines.
import { beforeEach, describe, expect, test } from 'vitest';
import type { AuthorizationFilter } from '../../packages/server/src/oauth/ports.ts';
import {
  authorizationCode,
  deviceCode,
  family,
  identity,
  insertClientAndUser,
  refreshToken,
  session,
  user,
  userGrant,
} from './builders.ts';
import { engines, start, useDatabase } from './databases.ts';

const page = { limit: 50, offset: 0, after: undefined, counted: true };
const ada = 'auth0|1';
const bob = 'auth0|2';

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  beforeEach(async () => {
    await insertClientAndUser(databases.current);
    const of = { user_id: '2', owner: bob, email: 'bob@example.com' };
    await databases.current.write((stores) =>
      stores.users.insert(user({ user_id: bob }), identity(of), null),
    );
  });

  describe('sessions', () => {
    beforeEach(() =>
      databases.current.write(async ({ sessions }) => {
        await sessions.insert(session({ sid: 'a' }), 'a');
        await sessions.insert(session({ sid: 'b', connection_id: 'con_gone' }), 'b');
        await sessions.insert(session({ sid: 'expired', expires_at: start }), 'c');
        await sessions.insert(session({ sid: 'idle', idle_expires_at: start }), 'd');
        await sessions.insert(session({ sid: 'old', epoch: -1 }), 'e');
        await sessions.insert(session({ sid: 'other', user_id: bob }), 'f');
        await sessions.recordClient('a', 'spa', start + 1);
        await sessions.recordClient('a', 'first', start);
      }),
    );

    test('those are told that live, by id', async () => {
      const { sessionDetails } = databases.current.read;
      const { items, total, next } = await sessionDetails.list(ada, page, start);
      expect([total, next]).toEqual([2, undefined]);
      expect(items).toEqual([
        {
          session: session({ sid: 'a' }),
          session_metadata: null,
          strategy: 'auth0',
          clients: ['first', 'spa'],
        },
        {
          session: session({ sid: 'b', connection_id: 'con_gone' }),
          session_metadata: null,
          strategy: null,
          clients: [],
        },
      ]);
      const first = await sessionDetails.list(ada, { ...page, limit: 1 }, start);
      expect([first.items.length, first.next]).toEqual([1, 'a']);
      const second = await sessionDetails.list(ada, { ...page, limit: 1, after: 'a' }, start);
      expect([second.items[0]?.session.sid, second.next]).toEqual(['b', undefined]);
      expect(await sessionDetails.find('a', start)).toEqual(items[0]);
      for (const sid of ['expired', 'idle', 'old', 'nothing'])
        expect(await sessionDetails.find(sid, start)).toBeUndefined();
    });

    test('metadata is kept beside the session', async () => {
      const { current } = databases;
      expect(await current.write((stores) => stores.sessionDetails.setMetadata('a', { k: 'v' }, start))).toBe(
        true,
      );
      expect(await current.write((stores) => stores.sessionDetails.setMetadata('z', null, start))).toBe(
        false,
      );
      await current.write(({ sessions }) => sessions.touch('a', session({ last_ip: '192.0.2.9' })));
      expect(await current.read.sessionDetails.find('a', start)).toMatchObject({
        session_metadata: { k: 'v' },
        session: { last_ip: '192.0.2.9' },
      });
    });
  });

  describe('refresh tokens', () => {
    const families = [
      family({ aid: 'a', current_token: 'ta', sid: 'sid-1', audience: 'https://api.example/' }),
      family({ aid: 'b', current_token: 'tb', sid: 'sid-2', absolute_at: null, idle_at: null }),
      family({ aid: 'online', current_token: 'to', online: true }),
      family({ aid: 'ended', current_token: 'te', idle_at: start }),
      family({ aid: 'old', current_token: 'tl', epoch: -1 }),
      family({ aid: 'other', current_token: 'tx', user_id: bob }),
    ];
    beforeEach(() =>
      databases.current.write(async ({ refreshTokens, sessions, authorizations, deviceCodes }) => {
        await sessions.insert(session(), 'secret');
        for (const each of families) {
          await refreshTokens.insertFamily(each, refreshToken({ hash: each.current_token, aid: each.aid }));
          const { aid, sid, user_id, audience } = each;
          await authorizations.insertCode(
            authorizationCode({ hash: `c-${aid}`, aid, sid, user_id, audience }),
          );
        }
        await authorizations.insertCode(authorizationCode({ hash: 'c', aid: 'without' }));
        const approved = { approved_at: start, user_id: ada, epoch: 0, sid: 'sid-2' };
        await deviceCodes.insert(deviceCode({ ...approved, aid: 'device' }));
        await deviceCodes.insert(deviceCode({ hash: 'd', user_code: 'd', aid: 'undecided' }));
      }),
    );
    const live = async () => {
      const { refreshTokenDetails } = databases.current.read;
      const found: string[] = [];
      for (const { aid } of families) if (await refreshTokenDetails.find(aid, start)) found.push(aid);
      return found;
    };
    const refused = async () => {
      const { authorizations } = databases.current.read;
      const found: string[] = [];
      for (const [aid, sub] of [
        ...families.map((each) => [each.aid, each.user_id]),
        ['without', ada],
        ['device', ada],
        ['undecided', ada],
      ] as const) {
        if (!(await authorizations.findTokenSubject({ sub, ep: 0, client_id: 'spa', aid }))) found.push(aid);
      }
      return found;
    };

    test('those are told that can be exchanged, with the device behind them, by id', async () => {
      const { refreshTokenDetails } = databases.current.read;
      const { items, total } = await refreshTokenDetails.list({ user_id: ada }, page, start);
      expect(total).toBe(2);
      const device = {
        initial_ip: '192.0.2.1',
        initial_user_agent: 'A',
        last_ip: '192.0.2.1',
        last_user_agent: 'A',
      };
      expect(items).toEqual([
        { family: families[0], refresh_token_metadata: null, issued_at: start, device },
        { family: families[1], refresh_token_metadata: null, issued_at: start, device: undefined },
      ]);
      const next = await refreshTokenDetails.list(
        { user_id: ada, client_id: 'spa' },
        { ...page, after: 'a' },
        start,
      );
      expect([next.items.map((item) => item.family.aid), next.total]).toEqual([['b'], 2]);
      expect((await refreshTokenDetails.list({ user_id: ada, client_id: 'no' }, page, start)).total).toBe(0);
      expect(await live()).toEqual(['a', 'b', 'online', 'other']);
    });

    test('metadata is kept beside the family', async () => {
      const { current } = databases;
      const set = (aid: string) =>
        current.write((stores) => stores.refreshTokenDetails.setMetadata(aid, { k: 'v' }));
      expect([await set('a'), await set('nothing')]).toEqual([true, false]);
      expect((await current.read.refreshTokenDetails.find('a', start))?.refresh_token_metadata).toEqual({
        k: 'v',
      });
    });

    test.each<[string, Omit<AuthorizationFilter, 'user_id'>, string[], string[]]>([
      ['all', {}, ['other'], ['a', 'b', 'online', 'ended', 'old', 'without', 'device']],
      ['a session’s', { sid: 'sid-2' }, ['a', 'online', 'other'], ['b', 'device']],
      ['an API’s', { client_id: 'spa', audience: 'https://api.example/' }, ['b', 'online', 'other'], ['a']],
      ['another client’s', { client_id: 'no' }, ['a', 'b', 'online', 'other'], []],
    ])('AT-14: what is taken back: %s', async (_which, filter, lives, refuses) => {
      const until = start + 100;
      const of = { user_id: ada, ...filter };
      await databases.current.write((stores) => stores.authorizations.revokeAuthorizations(of, start, until));
      await databases.current.write((stores) => stores.authorizations.revokeAuthorizations(of, start, 1));
      expect([await live(), await refused()]).toEqual([lives, refuses]);
    });

    test('AT-14: a code that is redeemed while it is taken back gives nothing that lives', async () => {
      const { current } = databases;
      const aids = Array.from({ length: 10 }, (_, index) => `raced-${index}`);
      const redeem = (aid: string) =>
        current.write(async ({ authorizations, refreshTokens }) => {
          const code = await authorizations.redeemCode(aid, 'spa', start);
          if (code === undefined || !(await authorizations.findCodeSubject(code))) return;
          await refreshTokens.insertFamily(
            family({ aid, current_token: aid }),
            refreshToken({ hash: aid, aid }),
          );
        });
      const takeBack = () =>
        current.write((stores) =>
          stores.authorizations.revokeAuthorizations({ user_id: ada }, start, start + 100),
        );
      await current.write(async ({ authorizations }) => {
        for (const aid of aids) await authorizations.insertCode(authorizationCode({ hash: aid, aid }));
      });
      await Promise.all(aids.map((aid, index) => (index === 3 ? takeBack() : redeem(aid))));
      for (const aid of aids)
        expect(await current.read.refreshTokenDetails.find(aid, start), aid).toBeUndefined();
    });

    test('what lives with its session, and what has no refresh token, is not taken back with refresh tokens', async () => {
      const of = { user_id: ada, audience: '' };
      await databases.current.write((stores) =>
        stores.refreshTokenDetails.revokeOffline(of, start, start + 100),
      );
      expect([await live(), await refused()]).toEqual([
        ['a', 'online', 'other'],
        ['b', 'ended', 'old'],
      ]);
    });
  });

  test('grants are listed by id, and by user, client or audience', async () => {
    const { current } = databases;
    await current.write(async ({ userGrants }) => {
      await userGrants.add(userGrant({ id: 'g2' }));
      await userGrants.add(userGrant({ id: 'g1', audience: 'https://api.example/' }));
      await userGrants.add(userGrant({ id: 'g3', user_id: bob }));
    });
    const list = async (filter: Record<string, string>, differs = {}) => {
      const { items, total, next } = await current.read.grantList.list(filter, { ...page, ...differs });
      return [items.map(({ id }) => id), total, next];
    };
    expect(await list({})).toEqual([['g1', 'g2', 'g3'], 3, undefined]);
    expect(await list({}, { limit: 1, offset: 1 })).toEqual([['g2'], 3, 'g2']);
    expect(await list({ user_id: ada, audience: '' })).toEqual([['g2'], 1, undefined]);
    expect(await list({ client_id: 'nobody' })).toEqual([[], 0, undefined]);
    expect(await current.read.grantList.find('g2')).toEqual(userGrant({ id: 'g2' }));
    await current.write(({ grantList }) => grantList.delete('g2'));
    expect(await current.read.grantList.find('g2')).toBeUndefined();
  });
});
