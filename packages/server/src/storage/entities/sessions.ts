import type { SessionStore } from '../../login/ports.ts';
import type { Client } from '../../model/client.ts';
import type { Session, SessionActivity } from '../../model/session.ts';
import type { User } from '../../model/user.ts';
import type { Row } from '../codecs/codec.ts';
import { clientCodec } from '../codecs/configuration.ts';
import { sessionCodec, userCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

type SessionRow = Row<Session> & { secret: string };

const joinedSession = sessionCodec.joined('session');
const joinedUser = userCodec.joined('user');

const findBySecret = prepare((db, p: Placeholders<{ secret: string; now: number }>) =>
  db
    .selectFrom('session')
    .innerJoin('user', 'user.user_id', 'session.user_id')
    .select(joinedSession.columns)
    .select(joinedUser.columns)
    .where('session.secret', '=', p.secret)
    .where('session.expires_at', '>', p.now)
    .where('session.idle_expires_at', '>', p.now)
    .where((where) =>
      where.or([where('session.epoch', '=', where.ref('user.epoch')), where('user.blocked', '=', 1)]),
    ),
);
const insert = prepare((db, p: Placeholders<SessionRow>) =>
  db
    .insertInto('session')
    .values({ ...placeholdersOf<Session, keyof Session>(p, sessionCodec.columns), secret: p.secret }),
);
const renew = prepare((db, p: Placeholders<SessionRow>) =>
  db
    .updateTable('session')
    .set({ ...placeholdersOf<Session, keyof Session>(p, sessionCodec.columns), secret: p.secret })
    .where('sid', '=', p.sid)
    .where('user_id', '=', p.user_id),
);
const touch = prepare((db, p: Placeholders<SessionActivity & { sid: string }>) =>
  db
    .updateTable('session')
    .set({
      last_interacted_at: p.last_interacted_at,
      idle_expires_at: p.idle_expires_at,
      last_ip: p.last_ip,
      last_user_agent: p.last_user_agent,
    })
    .where('sid', '=', p.sid),
);
const recordClient = prepare((db, p: Placeholders<Tables['session_client']>) =>
  db
    .insertInto('session_client')
    .values({ sid: p.sid, client_id: p.client_id, since: p.since })
    .onConflict((conflict) => conflict.doNothing()),
);
const listClients = prepare((db, p: Placeholders<{ sid: string }>) =>
  db
    .selectFrom('client')
    .select(clientCodec.columns)
    .where('client_id', 'in', (recorded) =>
      recorded.selectFrom('session_client').select('client_id').where('sid', '=', p.sid),
    )
    .orderBy('client_id'),
);
const listOf = prepare((db, p: Placeholders<{ user_id: string }>) =>
  db.selectFrom('session').select(sessionCodec.columns).where('user_id', '=', p.user_id).orderBy('sid'),
);
const deleteSession = prepare((db, p: Placeholders<{ sid: string }>) =>
  db.deleteFrom('session').where('sid', '=', p.sid),
);
const find = prepare((db, p: Placeholders<{ sid: string; now: number }>) =>
  db
    .selectFrom('session')
    .select(sessionCodec.columns)
    .where('sid', '=', p.sid)
    .where('expires_at', '>', p.now)
    .where('idle_expires_at', '>', p.now),
);

export class SqlSessionStore implements SessionStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async findBySecret(secret: string, now: number): Promise<{ session: Session; user: User } | undefined> {
    const row = await findBySecret.first(this.#executor, { secret, now });
    return row && { session: joinedSession.decode(row), user: joinedUser.decode(row) };
  }

  async insert(session: Session, secret: string): Promise<void> {
    await insert.run(this.#executor, { ...sessionCodec.encode(session), secret });
  }

  async renew(session: Session, secret: string): Promise<void> {
    await renew.run(this.#executor, { ...sessionCodec.encode(session), secret });
  }

  async touch(sid: string, seen: SessionActivity): Promise<void> {
    await touch.run(this.#executor, { ...seen, sid });
  }

  async recordClient(sid: string, client_id: string, now: number): Promise<void> {
    await recordClient.run(this.#executor, { sid, client_id, since: now });
  }

  async listClients(sid: string): Promise<Client[]> {
    return (await listClients.all(this.#executor, { sid })).map((row) => clientCodec.decode(row));
  }

  async listOf(user_id: string): Promise<Session[]> {
    return (await listOf.all(this.#executor, { user_id })).map((row) => sessionCodec.decode(row));
  }

  async delete(sid: string): Promise<void> {
    await deleteSession.run(this.#executor, { sid });
  }

  async find(sid: string, now: number): Promise<Session | undefined> {
    const row = await find.first(this.#executor, { sid, now });
    return row && sessionCodec.decode(row);
  }
}
