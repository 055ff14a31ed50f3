import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Listed, Page } from '../../management/pagination.ts';
import type {
  Metadata,
  RefreshTokenDetails,
  RefreshTokenDetailsStore,
} from '../../management/sessions/ports.ts';
import type { AuthorizationFilter } from '../../oauth/ports.ts';
import { refreshTokenFamilyCodec } from '../codecs/tokens.ts';
import type { Executor } from '../executor.ts';
import { listed, pageParameters } from '../pages.ts';
import { type Builder, runOnce, selectOnce } from '../prepared.ts';
import { revokeFamiliesOf } from '../revoked-authorizations.ts';

const joined = refreshTokenFamilyCodec.joined('refresh_token_family');

function selectLive(db: Builder, now: number) {
  return db
    .selectFrom('refresh_token_family')
    .innerJoin('user', (join) =>
      join
        .onRef('user.user_id', '=', 'refresh_token_family.user_id')
        .onRef('user.epoch', '=', 'refresh_token_family.epoch'),
    )
    .where('refresh_token_family.revoked_at', 'is', null)
    .where((or) =>
      or.or([or('refresh_token_family.ends_at', 'is', null), or('refresh_token_family.ends_at', '>', now)]),
    );
}

function selectDetails(db: Builder, now: number) {
  return selectLive(db, now)
    .leftJoin('session', 'session.sid', 'refresh_token_family.sid')
    .leftJoin('refresh_token', 'refresh_token.hash', 'refresh_token_family.current_token')
    .select(joined.columns)
    .select([
      'refresh_token_family.refresh_token_metadata',
      'refresh_token.issued_at',
      'session.initial_ip',
      'session.initial_user_agent',
      'session.last_ip',
      'session.last_user_agent',
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectDetails>['execute']>>[number];

export class SqlRefreshTokenDetailsStore implements RefreshTokenDetailsStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(aid: string, now: number): Promise<RefreshTokenDetails | undefined> {
    const [row] = await selectOnce(this.#executor, (db) =>
      selectDetails(db, now).where('refresh_token_family.aid', '=', aid),
    );
    return row && detailsOf(row);
  }

  async list(
    { user_id, client_id }: Pick<AuthorizationFilter, 'user_id' | 'client_id'>,
    page: Page,
    now: number,
  ): Promise<Listed<RefreshTokenDetails>> {
    const { limit, offset, after } = pageParameters(page);
    const rows = await selectOnce(this.#executor, (db) =>
      selectDetails(db, now)
        .where(ofUser(user_id, client_id))
        .where('refresh_token_family.aid', '>', after)
        .orderBy('refresh_token_family.aid')
        .limit(limit)
        .offset(offset),
    );
    return listed(rows, page, {
      decode: detailsOf,
      keyOf: ({ refresh_token_family_aid }) => refresh_token_family_aid,
      count: async () => {
        const [counted] = await selectOnce(this.#executor, (db) =>
          selectLive(db, now)
            .where(ofUser(user_id, client_id))
            .select((select) => select.fn.countAll<number>().as('count')),
        );
        return counted;
      },
    });
  }

  async setMetadata(aid: string, metadata: Metadata | null): Promise<boolean> {
    const refresh_token_metadata = metadata === null ? null : JSON.stringify(metadata);
    const changed = await runOnce(this.#executor, (db) =>
      db.updateTable('refresh_token_family').set({ refresh_token_metadata }).where('aid', '=', aid),
    );
    return changed === 1;
  }

  async revokeOffline(of: AuthorizationFilter, now: number, until: number): Promise<void> {
    await revokeFamiliesOf(this.#executor, of, now, until, 'offline');
  }
}

/** By the index over the unrevoked families of a user, of which those of one client are a part. */
function ofUser(user_id: string, client_id: string | undefined): RawBuilder<SqlBool> {
  const client = client_id === undefined ? sql`` : sql` and refresh_token_family.client_id = ${client_id}`;
  return sql`refresh_token_family.user_id = ${user_id}${client} and refresh_token_family.online = 0`;
}

function detailsOf(row: Row): RefreshTokenDetails {
  const { initial_ip, initial_user_agent, last_ip, last_user_agent } = row;
  const hasDevice =
    initial_ip !== null && initial_user_agent !== null && last_ip !== null && last_user_agent !== null;
  return {
    family: joined.decode(row),
    refresh_token_metadata:
      row.refresh_token_metadata === null ? null : JSON.parse(row.refresh_token_metadata),
    issued_at: row.issued_at,
    device: hasDevice ? { initial_ip, initial_user_agent, last_ip, last_user_agent } : undefined,
  };
}
