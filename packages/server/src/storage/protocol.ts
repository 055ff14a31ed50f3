// The rows that every token request touches: codes, refresh tokens and what was revoked. Whatever may happen once
// only is one statement that says so in its `where`.
import { sql } from 'kysely';
import type { User } from '../model/user.ts';
import type {
  AuthorizationCode,
  AuthorizationStore,
  RefreshToken,
  RefreshTokenFamily,
} from '../oauth/ports.ts';
import type { Row } from './codec.ts';
import type { Executor } from './executor.ts';
import { type Placeholders, placeholdersOf, prepare, rowLock } from './prepared.ts';
import {
  authorizationCodeCodec,
  refreshTokenCodec,
  refreshTokenFamilyCodec,
  type Tables,
  userCodec,
} from './tables.ts';

const insertCode = prepare((db, p: Placeholders<Row<AuthorizationCode>>) =>
  db.insertInto('authorization_code').values(placeholdersOf(p, authorizationCodeCodec.columns)),
);
const redeemCode = prepare((db, p: Placeholders<{ hash: string; client_id: string; now: number }>) =>
  db
    .updateTable('authorization_code')
    .set({ redeemed_at: p.now })
    .where('hash', '=', p.hash)
    .where('client_id', '=', p.client_id)
    .where('redeemed_at', 'is', null)
    .where('expires_at', '>', p.now)
    .returning(authorizationCodeCodec.columns),
);
const findCode = prepare((db, p: Placeholders<{ hash: string }>) =>
  db.selectFrom('authorization_code').select(authorizationCodeCodec.columns).where('hash', '=', p.hash),
);

type CodeSubject = Pick<AuthorizationCode, 'user_id' | 'epoch' | 'sid' | 'client_id'>;
const findCodeSubject = prepare((db, p: Placeholders<CodeSubject>) =>
  db
    .selectFrom('user')
    .select(userCodec.columns)
    .where('user_id', '=', p.user_id)
    .where('blocked', '=', 0)
    .where('epoch', '=', p.epoch)
    .where((where) => where.exists(where.selectFrom('session').select('sid').where('sid', '=', p.sid)))
    .where((where) =>
      where.exists(
        where
          .selectFrom('identity')
          .innerJoin('connection_client', 'connection_client.connection_id', 'identity.connection_id')
          .select('identity.connection_id')
          .where('identity.owner', '=', p.user_id)
          .where('connection_client.client_id', '=', p.client_id),
      ),
    ),
);

const insertFamily = prepare((db, p: Placeholders<Tables['refresh_token_family']>) =>
  db.insertInto('refresh_token_family').values({
    ...placeholdersOf<RefreshTokenFamily, keyof RefreshTokenFamily>(p, refreshTokenFamilyCodec.columns),
    ends_at: p.ends_at,
  }),
);
const insertToken = prepare((db, p: Placeholders<Row<RefreshToken>>) =>
  db.insertInto('refresh_token').values(placeholdersOf(p, refreshTokenCodec.columns)),
);
const findLatestCounter = prepare((db, p: Placeholders<{ aid: string }>) =>
  db.selectFrom('refresh_token').select('n').where('aid', '=', p.aid).orderBy('n', 'desc').limit(1),
);
const joinedToken = refreshTokenCodec.joined('refresh_token');
const joinedFamily = refreshTokenFamilyCodec.joined('refresh_token_family');
const findToken = prepare((db, p: Placeholders<{ hash: string }>) =>
  db
    .selectFrom('refresh_token')
    .innerJoin('refresh_token_family', 'refresh_token_family.aid', 'refresh_token.aid')
    .select(joinedToken.columns)
    .select(joinedFamily.columns)
    .where('refresh_token.hash', '=', p.hash),
);
const lockFamilyOf = prepare((db, p: Placeholders<{ hash: string }>, engine) =>
  db
    .selectFrom('refresh_token_family')
    .select('aid')
    .where('aid', '=', (token) => token.selectFrom('refresh_token').select('aid').where('hash', '=', p.hash))
    .modifyEnd(rowLock(engine)),
);
const spendToken = prepare((db, p: Placeholders<{ hash: string; successor: string; now: number }>) =>
  db
    .updateTable('refresh_token')
    .set({ spent_at: p.now, successor: p.successor })
    .where('hash', '=', p.hash)
    .where('spent_at', 'is', null)
    .where('superseded_at', 'is', null),
);
const setFamilyLifetime = prepare(
  (
    db,
    p: Placeholders<Pick<Tables['refresh_token_family'], 'aid' | 'absolute_at' | 'idle_at' | 'ends_at'>>,
  ) =>
    db
      .updateTable('refresh_token_family')
      .set({ absolute_at: p.absolute_at, idle_at: p.idle_at, ends_at: p.ends_at })
      .where('aid', '=', p.aid)
      .where('revoked_at', 'is', null),
);
const countFamilies = prepare((db, p: Placeholders<{ user_id: string; client_id: string }>) =>
  db
    .selectFrom('refresh_token_family')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('user_id', '=', p.user_id)
    .where('client_id', '=', p.client_id)
    .where('revoked_at', 'is', null),
);
const listFamiliesBeyond = prepare(
  (db, p: Placeholders<{ user_id: string; client_id: string; keep: number; now: number }>) =>
    db
      .selectFrom('refresh_token_family')
      .select('aid')
      .where('user_id', '=', p.user_id)
      .where('client_id', '=', p.client_id)
      .where('revoked_at', 'is', null)
      .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', p.now)]))
      .orderBy('created_at', 'desc')
      .orderBy('aid', 'desc')
      // SQLite takes an offset only after a limit.
      .limit(1_000_000)
      .offset(p.keep),
);
const listFamiliesOf = prepare(
  (db, p: Placeholders<{ user_id: string; client_id: string; audience: string }>) =>
    db
      .selectFrom('refresh_token_family')
      .select('aid')
      .where('user_id', '=', p.user_id)
      .where('client_id', '=', p.client_id)
      .where((where) => where.fn.coalesce('audience', where.val('')), '=', p.audience)
      .where('revoked_at', 'is', null)
      .orderBy('aid'),
);
const revokeFamily = prepare((db, p: Placeholders<{ aid: string; now: number }>) =>
  db
    .updateTable('refresh_token_family')
    .set({ revoked_at: p.now, ends_at: p.now })
    .where('aid', '=', p.aid)
    .where('revoked_at', 'is', null),
);
const eraseBoxes = prepare((db, p: Placeholders<{ aid: string }>) =>
  db.updateTable('refresh_token').set({ box: null }).where('aid', '=', p.aid).where('box', 'is not', null),
);

const revokeAuthorization = prepare((db, p: Placeholders<Tables['revoked_authorization']>) =>
  db
    .insertInto('revoked_authorization')
    .values({ aid: p.aid, until: p.until })
    .onConflict((conflict) =>
      conflict
        .column('aid')
        .doUpdateSet({ until: sql<number>`excluded.until` })
        .where('revoked_authorization.until', '<', p.until),
    ),
);
const findRevoked = prepare((db, p: Placeholders<{ aid: string }>) =>
  db.selectFrom('revoked_authorization').select('aid').where('aid', '=', p.aid),
);
const findTokenSubject = prepare(
  (db, p: Placeholders<{ sub: string; ep: number; client_id: string; aid: string }>) =>
    db
      .selectFrom('user')
      .select(userCodec.columns)
      .where('user_id', '=', p.sub)
      .where('blocked', '=', 0)
      .where('epoch', '=', p.ep)
      .where((where) =>
        where.exists(where.selectFrom('client').select('client_id').where('client_id', '=', p.client_id)),
      )
      .where((where) =>
        where.not(
          where.exists(where.selectFrom('revoked_authorization').select('aid').where('aid', '=', p.aid)),
        ),
      ),
);

export class SqlAuthorizationStore implements AuthorizationStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insertCode(code: AuthorizationCode): Promise<void> {
    await insertCode.run(this.#executor, authorizationCodeCodec.encode(code));
  }

  async redeemCode(hash: string, client_id: string, now: number): Promise<AuthorizationCode | undefined> {
    const row = await redeemCode.first(this.#executor, { hash, client_id, now });
    return row && authorizationCodeCodec.decode(row);
  }

  async findCodeSubject({ user_id, epoch, sid, client_id }: CodeSubject): Promise<User | undefined> {
    const row = await findCodeSubject.first(this.#executor, { user_id, epoch, sid, client_id });
    return row && userCodec.decode(row);
  }

  async findCode(hash: string): Promise<AuthorizationCode | undefined> {
    const row = await findCode.first(this.#executor, { hash });
    return row && authorizationCodeCodec.decode(row);
  }

  async insertFamily(family: RefreshTokenFamily, first: RefreshToken): Promise<void> {
    await insertFamily.run(this.#executor, {
      ...refreshTokenFamilyCodec.encode(family),
      ends_at: family.revoked_at ?? earlier(family.absolute_at, family.idle_at),
    });
    await this.insertRefreshToken(first);
  }

  async findRefreshToken(
    hash: string,
  ): Promise<{ token: RefreshToken; family: RefreshTokenFamily } | undefined> {
    const row = await findToken.first(this.#executor, { hash });
    return row && { token: joinedToken.decode(row), family: joinedFamily.decode(row) };
  }

  async lockFamilyOf(hash: string): Promise<void> {
    await lockFamilyOf.first(this.#executor, { hash });
  }

  async spendRefreshToken(hash: string, successor: string, now: number): Promise<boolean> {
    return (await spendToken.run(this.#executor, { hash, successor, now })) === 1;
  }

  async insertRefreshToken(token: RefreshToken): Promise<void> {
    await insertToken.run(this.#executor, refreshTokenCodec.encode(token));
  }

  async findLatestCounter(aid: string): Promise<number | undefined> {
    return (await findLatestCounter.first(this.#executor, { aid }))?.n;
  }

  async setFamilyLifetime(aid: string, absolute_at: number | null, idle_at: number | null): Promise<void> {
    const ends_at = earlier(absolute_at, idle_at);
    await setFamilyLifetime.run(this.#executor, { aid, absolute_at, idle_at, ends_at });
  }

  async revokeOldestFamilies(user_id: string, client_id: string, keep: number, now: number): Promise<void> {
    // The index alone answers this, and nearly always it ends here.
    const unrevoked = await countFamilies.first(this.#executor, { user_id, client_id });
    if (unrevoked === undefined || unrevoked.count <= keep) return;
    const oldest = await listFamiliesBeyond.all(this.#executor, { user_id, client_id, keep, now });
    for (const { aid } of oldest) await this.#revokeFamily(aid, now);
  }

  async revokeAuthorization(aid: string, now: number, until: number): Promise<void> {
    await this.#revokeFamily(aid, now);
    await revokeAuthorization.run(this.#executor, { aid, until });
  }

  async revokeFamiliesOf(
    user_id: string,
    client_id: string,
    audience: string,
    now: number,
    until: number,
  ): Promise<void> {
    const families = await listFamiliesOf.all(this.#executor, { user_id, client_id, audience });
    for (const { aid } of families) await this.revokeAuthorization(aid, now, until);
  }

  async findTokenSubject(token: {
    sub: string;
    ep: number;
    client_id: string;
    aid: string;
  }): Promise<User | undefined> {
    const row = await findTokenSubject.first(this.#executor, token);
    return row && userCodec.decode(row);
  }

  async isAuthorizationRevoked(aid: string): Promise<boolean> {
    return (await findRevoked.first(this.#executor, { aid })) !== undefined;
  }

  async #revokeFamily(aid: string, now: number): Promise<void> {
    await revokeFamily.run(this.#executor, { aid, now });
    await eraseBoxes.run(this.#executor, { aid });
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
