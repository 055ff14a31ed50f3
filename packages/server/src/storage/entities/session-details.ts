import { sql } from 'kysely';
import type { Listed, Page } from '../../management/pagination.ts';
import type { Metadata, SessionDetails, SessionDetailsStore } from '../../management/sessions/ports.ts';
import { sessionCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { listed, type PageParameters, pageParameters } from '../pages.ts';
import { type Builder, type Placeholders, prepare, selectOnce } from '../prepared.ts';

const joined = sessionCodec.joined('session');

function selectDetails(db: Builder) {
  return db
    .selectFrom('session')
    .innerJoin('user', (join) =>
      join.onRef('user.user_id', '=', 'session.user_id').onRef('user.epoch', '=', 'session.epoch'),
    )
    .leftJoin('connection', 'connection.id', 'session.connection_id')
    .select(joined.columns)
    .select(['session.session_metadata', 'connection.strategy']);
}

const find = prepare((db, p: Placeholders<{ sid: string; now: number }>) =>
  selectDetails(db)
    .where('session.sid', '=', p.sid)
    .where('session.expires_at', '>', p.now)
    .where('session.idle_expires_at', '>', p.now),
);
const list = prepare((db, p: Placeholders<{ user_id: string; now: number } & PageParameters>) =>
  selectDetails(db)
    .where('session.user_id', '=', p.user_id)
    .where('session.expires_at', '>', p.now)
    .where('session.idle_expires_at', '>', p.now)
    .where('session.sid', '>', p.after)
    .orderBy('session.sid')
    .limit(p.limit)
    .offset(p.offset),
);
const count = prepare((db, p: Placeholders<{ user_id: string; now: number }>) =>
  db
    .selectFrom('session')
    .innerJoin('user', (join) =>
      join.onRef('user.user_id', '=', 'session.user_id').onRef('user.epoch', '=', 'session.epoch'),
    )
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('session.user_id', '=', p.user_id)
    .where('session.expires_at', '>', p.now)
    .where('session.idle_expires_at', '>', p.now),
);
const setMetadata = prepare(
  (db, p: Placeholders<{ sid: string; session_metadata: string | null; now: number }>) =>
    db
      .updateTable('session')
      .set({ session_metadata: p.session_metadata, updated_at: p.now })
      .where('sid', '=', p.sid),
);

type Row = Awaited<ReturnType<typeof find.all>>[number];

export class SqlSessionDetailsStore implements SessionDetailsStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find(sid: string, now: number): Promise<SessionDetails | undefined> {
    const row = await find.first(this.#executor, { sid, now });
    return row && (await this.#detailed([row]))[0];
  }

  async list(user_id: string, page: Page, now: number): Promise<Listed<SessionDetails>> {
    const rows = await list.all(this.#executor, { user_id, now, ...pageParameters(page) });
    const { items, ...rest } = await listed(rows, page, {
      decode: (row) => row,
      keyOf: ({ session_sid }) => session_sid,
      count: () => count.first(this.#executor, { user_id, now }),
    });
    return { items: await this.#detailed(items), ...rest };
  }

  async setMetadata(sid: string, metadata: Metadata | null, now: number): Promise<boolean> {
    const session_metadata = metadata === null ? null : JSON.stringify(metadata);
    return (await setMetadata.run(this.#executor, { sid, session_metadata, now })) === 1;
  }

  async #detailed(rows: readonly Row[]): Promise<SessionDetails[]> {
    if (rows.length === 0) return [];
    const sids = rows.map(({ session_sid }) => session_sid);
    const served = await selectOnce(
      this.#executor,
      sql<{ sid: string; client_id: string }>`select sid, client_id from session_client
        where sid in (${sql.join(sids)}) order by since, client_id`,
    );
    const clients = Map.groupBy(served, ({ sid }) => sid);
    return rows.map((row) => ({
      session: joined.decode(row),
      session_metadata: row.session_metadata === null ? null : JSON.parse(row.session_metadata),
      strategy: row.strategy,
      clients: (clients.get(row.session_sid) ?? []).map(({ client_id }) => client_id),
    }));
  }
}
