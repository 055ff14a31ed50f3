// Refresh tokens and their families. Every exchange stands in line for the row of its family; whatever may happen once
// only is one statement that says so in its `where`.
import type { RawBuilder } from 'kysely';
import type {
  PresentedRefreshToken,
  RefreshToken,
  RefreshTokenFamily,
  RefreshTokenStore,
  RevocationReason,
} from '../oauth/token/ports.ts';
import type { Row } from './codecs/codec.ts';
import { userCodec } from './codecs/login.ts';
import { refreshTokenCodec, refreshTokenFamilyCodec } from './codecs/tokens.ts';
import type { Executor } from './executor.ts';
import { type Builder, type Placeholders, placeholdersOf, prepare, rowLock } from './prepared.ts';

type FamilyRow = Row<RefreshTokenFamily> & { ends_at: number | null };

const insertFamily = prepare((db, p: Placeholders<FamilyRow>) =>
  db.insertInto('refresh_token_family').values({
    ...placeholdersOf<RefreshTokenFamily, keyof RefreshTokenFamily>(p, refreshTokenFamilyCodec.columns),
    ends_at: p.ends_at,
  }),
);
const insertToken = prepare((db, p: Placeholders<Row<RefreshToken>>) =>
  db.insertInto('refresh_token').values(placeholdersOf(p, refreshTokenCodec.columns)),
);
const deleteTokensBefore = prepare((db, p: Placeholders<{ aid: string; n: number }>) =>
  db.deleteFrom('refresh_token').where('aid', '=', p.aid).where('n', '<', p.n),
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
const joinedUser = userCodec.joined('user');
/**
 * Locks and reads in one statement: PostgreSQL reads a row again that it had to wait for, and of what is read here only
 * the family's row changes with an exchange.
 */
const lockToken = prepare((db, p: Placeholders<{ hash: string }>, engine) =>
  db
    .selectFrom('refresh_token')
    .innerJoin('refresh_token_family', 'refresh_token_family.aid', 'refresh_token.aid')
    .leftJoin('user', 'user.user_id', 'refresh_token_family.user_id')
    .select(joinedToken.columns)
    .select(joinedFamily.columns)
    .select(joinedUser.columns)
    .select((select) =>
      select
        .selectFrom('identity')
        .innerJoin('connection_client', 'connection_client.connection_id', 'identity.connection_id')
        .select('identity.connection_id')
        .whereRef('identity.owner', '=', 'refresh_token_family.user_id')
        .whereRef('connection_client.client_id', '=', 'refresh_token_family.client_id')
        .limit(1)
        .as('connection_id'),
    )
    .where('refresh_token.hash', '=', p.hash)
    .modifyEnd(rowLock(engine, 'refresh_token_family')),
);
const exchangedColumns = [
  'absolute_at',
  'idle_at',
  'current_token',
  'counter',
  'rotating',
  'spent_token',
  'spent_at',
  'box',
  'box_ends_at',
] as const;
const updateFamily = prepare((db, p: Placeholders<FamilyRow & { expected: string }>) =>
  db
    .updateTable('refresh_token_family')
    .set({
      ...placeholdersOf<RefreshTokenFamily, (typeof exchangedColumns)[number]>(p, exchangedColumns),
      ends_at: p.ends_at,
    })
    .where('aid', '=', p.aid)
    .where('current_token', '=', p.expected)
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
/** Ends, of the families that `where` will name, those that nobody has ended: no token of theirs is exchanged any more. */
export function revoking(
  db: Builder,
  now: number | RawBuilder<number>,
  reason: RevocationReason | RawBuilder<RevocationReason>,
) {
  return db
    .updateTable('refresh_token_family')
    .set({ revoked_at: now, ends_at: now, revocation_reason: reason, box: null, box_ends_at: null })
    .where('revoked_at', 'is', null);
}
export const revokeFamily = prepare(
  (db, p: Placeholders<{ aid: string; now: number; reason: RevocationReason }>) =>
    revoking(db, p.now, p.reason).where('aid', '=', p.aid),
);
const revokeAll = prepare((db, p: Placeholders<{ now: number }>) => revoking(db, p.now, 'restored'));
const revokeNonRotatingSiblings = prepare(
  (db, p: Placeholders<{ aid: string; user_id: string; client_id: string; audience: string; now: number }>) =>
    revoking(db, p.now, 'migrated')
      .where('user_id', '=', p.user_id)
      .where('client_id', '=', p.client_id)
      .where((where) => where.fn.coalesce('audience', where.val('')), '=', p.audience)
      .where('rotating', '=', 0)
      .where('online', '=', 0)
      .where('aid', '<>', p.aid),
);

export class SqlRefreshTokenStore implements RefreshTokenStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async insertFamily(family: RefreshTokenFamily, first: RefreshToken): Promise<void> {
    await insertFamily.run(this.#executor, familyRow(family));
    await this.insert(first);
  }

  async find(hash: string): Promise<{ token: RefreshToken; family: RefreshTokenFamily } | undefined> {
    const row = await findToken.first(this.#executor, { hash });
    return row && { token: joinedToken.decode(row), family: joinedFamily.decode(row) };
  }

  async lock(hash: string): Promise<PresentedRefreshToken | undefined> {
    const row = await lockToken.first(this.#executor, { hash });
    return (
      row && {
        token: joinedToken.decode(row),
        family: joinedFamily.decode(row),
        user: joinedUser.decodeOuter(row, 'user_id'),
        connected: row.connection_id !== null,
      }
    );
  }

  async updateFamily(family: RefreshTokenFamily, current_token: string): Promise<boolean> {
    const row = { ...familyRow(family), expected: current_token };
    return (await updateFamily.run(this.#executor, row)) === 1;
  }

  async insert(token: RefreshToken): Promise<void> {
    await insertToken.run(this.#executor, refreshTokenCodec.encode(token));
  }

  async deleteBefore(aid: string, n: number): Promise<void> {
    await deleteTokensBefore.run(this.#executor, { aid, n });
  }

  async revokeOldestFamilies(user_id: string, client_id: string, keep: number, now: number): Promise<void> {
    // The index alone answers this, and nearly always it ends here.
    const unrevoked = await countFamilies.first(this.#executor, { user_id, client_id });
    if (unrevoked === undefined || unrevoked.count <= keep) return;
    const oldest = await listFamiliesBeyond.all(this.#executor, { user_id, client_id, keep, now });
    for (const { aid } of oldest) await revokeFamily.run(this.#executor, { aid, now, reason: 'exceeded' });
  }

  /** Of every user; returns how many families there were. */
  async revokeAll(now: number): Promise<number> {
    return revokeAll.run(this.#executor, { now });
  }

  async revokeNonRotatingSiblings(family: RefreshTokenFamily, now: number): Promise<void> {
    const { aid, user_id, client_id, audience } = family;
    const of = { aid, user_id, client_id, audience: audience ?? '' };
    await revokeNonRotatingSiblings.run(this.#executor, { ...of, now });
  }
}

function familyRow(family: RefreshTokenFamily): FamilyRow {
  return {
    ...refreshTokenFamilyCodec.encode(family),
    ends_at: family.revoked_at ?? earlier(family.absolute_at, family.idle_at),
  };
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
