import { beforeEach, describe, expect, test } from 'vitest';
import {
  authorizationCode,
  family,
  identity,
  insertClientAndUser,
  refreshToken,
  session,
  user,
} from './builders.ts';
import { engines, type OpenedDatabase, start, useDatabase } from './databases.ts';

describe.each(engines)('$name', ({ create }) => {
  const databases = useDatabase(create);
  let opened: OpenedDatabase;
  beforeEach(async () => {
    opened = databases.current;
    await insertClientAndUser(opened);
  });

  const insertFamily = (differs: Parameters<typeof family>[0] = {}, token = refreshToken()) =>
    opened.write((stores) => stores.refreshTokens.insertFamily(family(differs), token));

  describe('authorization codes', () => {
    const code = authorizationCode();
    beforeEach(() => opened.write((stores) => stores.authorizations.insertCode(code)));

    const redeem = (client_id: string, now: number, at = opened) =>
      at.write((stores) => stores.authorizations.redeemCode(code.hash, client_id, now));

    test('AC-22: a code is redeemed with everything it is bound to', async () => {
      expect(await redeem('spa', start + 59)).toEqual({ ...code, redeemed_at: start + 59 });
    });

    test('AC-22: another client neither burns the code nor learns of it', async () => {
      expect(await redeem('other', start)).toBeUndefined();
      expect(await opened.read.authorizations.findCode(code.hash)).toEqual(code);
    });

    test('AC-13: a code is refused from the second on in which it expires', async () => {
      expect(await redeem('spa', start + 60)).toBeUndefined();
    });

    test('AC-11: the spent row stays, so that a replay is seen', async () => {
      await redeem('spa', start);
      expect(await redeem('spa', start + 1)).toBeUndefined();
      expect(await opened.read.authorizations.findCode(code.hash)).toEqual({ ...code, redeemed_at: start });
    });

    test('of 50 redemptions at once, through two handles, one succeeds', async () => {
      const handles = [opened, await databases.open()];
      const attempts = Array.from({ length: 50 }, (_, index) => redeem('spa', start, handles[index % 2]));
      const redeemed = (await Promise.all(attempts)).filter((found) => found !== undefined);
      expect(redeemed).toHaveLength(1);
    });

    test('a redemption that is rolled back leaves the code unredeemed', async () => {
      const failing = opened.write(async (stores) => {
        await stores.authorizations.redeemCode(code.hash, 'spa', start);
        throw new Error('later');
      });
      await expect(failing).rejects.toThrow('later');
      expect(await redeem('spa', start)).toBeDefined();
    });

    test('an unknown code is not found', async () => {
      expect(await opened.read.authorizations.findCode('unknown')).toBeUndefined();
    });
  });

  describe('revocation', () => {
    const subject = { sub: 'auth0|1', ep: 0, client_id: 'spa', aid: 'aid-1' };
    const revokedAids = async () => {
      const sql = 'select aid from revoked_authorization order by aid';
      const rows = await opened.database.read.rows<{ aid: string }>({ sql, parameters: [] });
      return rows.map(({ aid }) => aid);
    };

    test('RR-6: revoking the authorization ends the family and erases its box', async () => {
      await insertFamily({ box: 'boxed', box_ends_at: start + 60 });
      await opened.write((stores) =>
        stores.authorizations.revokeAuthorization('aid-1', start + 1, start + 500, 'reused'),
      );
      const found = await opened.read.refreshTokens.find('token-0');
      expect(found?.family).toEqual(family({ revoked_at: start + 1, revocation_reason: 'reused' }));
      expect(await revokedAids()).toEqual(['aid-1']);
    });

    test('a second revocation keeps the first time and the later end', async () => {
      await insertFamily();
      const revoke = (now: number, until: number) =>
        opened.write((stores) => stores.authorizations.revokeAuthorization('aid-1', now, until, 'revoked'));
      await revoke(start + 1, start + 500);
      await revoke(start + 2, start + 400);
      expect((await opened.read.refreshTokens.find('token-0'))?.family.revoked_at).toBe(start + 1);
      const rows = await opened.database.read.rows({
        sql: 'select aid, until from revoked_authorization',
        parameters: [],
      });
      expect(rows).toEqual([{ aid: 'aid-1', until: start + 500 }]);
    });

    test('RV-5: every family of this user, client and audience ends; those of another audience live', async () => {
      const audiences = [null, 'https://api.example/', null];
      const of = { user_id: 'auth0|1', client_id: 'spa' };
      for (const [n, audience] of audiences.entries()) {
        await insertFamily({ aid: `a${n}`, audience }, refreshToken({ hash: `t${n}`, aid: `a${n}` }));
      }
      await opened.write(({ authorizations }) =>
        authorizations.revokeAuthorizations({ ...of, audience: '' }, start, start + 9),
      );
      expect(await revokedAids()).toEqual(['a0', 'a2']);
      await opened.write(({ authorizations }) =>
        authorizations.revokeAuthorizations({ ...of, audience: 'https://api.example/' }, start, start + 9),
      );
      expect(await revokedAids()).toEqual(['a0', 'a1', 'a2']);
    });

    const code = { user_id: 'auth0|1', epoch: 0, sid: 'sid-1', client_id: 'spa', aid: 'aid-1' };

    test('AC-22: the user of a code is found while epoch, session and connection stand', async () => {
      await opened.write((stores) => stores.sessions.insert(session(), 'secret'));
      expect(await opened.read.authorizations.findCodeSubject(code)).toEqual(user());
      const ended = [{ user_id: 'auth0|9' }, { epoch: 1 }, { sid: 'gone' }, { client_id: 'gone' }];
      for (const differs of ended) {
        expect(await opened.read.authorizations.findCodeSubject({ ...code, ...differs })).toBeUndefined();
      }
      await opened.write((stores) => stores.connections.setClients('con_1', []));
      expect(await opened.read.authorizations.findCodeSubject(code)).toBeUndefined();
    });

    test('AT-14: the user of a code is found until its authorization is taken back', async () => {
      await opened.write((stores) => stores.sessions.insert(session(), 'secret'));
      await opened.write(({ authorizations }) =>
        authorizations.revokeAuthorization('aid-1', start, start + 9, 'revoked'),
      );
      expect(await opened.read.authorizations.findCodeSubject(code)).toBeUndefined();
      expect(await opened.read.authorizations.findCodeSubject({ ...code, aid: 'aid-2' })).toEqual(user());
    });

    test('AT-14: the subject of a token is found while user, epoch, client and authorization stand', async () => {
      expect(await opened.read.authorizations.findTokenSubject(subject)).toEqual(user());
    });

    test.each([
      ['the user is gone', { sub: 'auth0|9' }],
      ['the epoch has risen', { ep: -1 }],
      ['the client is gone', { client_id: 'gone' }],
    ])('AT-14: no subject once %s', async (_, differs) => {
      expect(await opened.read.authorizations.findTokenSubject({ ...subject, ...differs })).toBeUndefined();
    });

    test('AT-14: no subject once the authorization is revoked', async () => {
      await opened.write((stores) =>
        stores.authorizations.revokeAuthorization('aid-1', start, start + 500, 'revoked'),
      );
      expect(await opened.read.authorizations.findTokenSubject(subject)).toBeUndefined();
    });

    test('AT-14: no subject once the user is blocked', async () => {
      await opened.write(({ users }) =>
        users.insert(user({ user_id: 'auth0|2', blocked: true }), otherIdentity, null),
      );
      const blocked = { ...subject, sub: 'auth0|2' };
      expect(await opened.read.authorizations.findTokenSubject(blocked)).toBeUndefined();
    });
  });
});

const otherIdentity = identity({ user_id: '2', owner: 'auth0|2', email: 'two@example.com' });
