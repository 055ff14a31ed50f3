import { sql } from 'kysely';
import type { ExportedUserStore, ExportPage } from '../../management/jobs/ports.ts';
import type { Identity } from '../../model/user.ts';
import { identityCodec, userCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';

const joinedUser = userCodec.joined('user');

const listAfter = prepare((db, p: Placeholders<{ after: string; limit: number }>) =>
  db
    .selectFrom('user')
    .select(userCodec.columns)
    .where('user_id', '>', p.after)
    .orderBy('user_id')
    .limit(p.limit),
);
const listOfConnectionAfter = prepare(
  (db, p: Placeholders<{ connection_id: string; after: string; limit: number }>) =>
    db
      .selectFrom('identity')
      .innerJoin('user', 'user.user_id', 'identity.owner')
      .select(joinedUser.columns)
      .select('identity.user_id as key')
      .where('identity.connection_id', '=', p.connection_id)
      .where('identity.user_id', '>', p.after)
      .where('identity.profile', 'is', null)
      .orderBy('identity.user_id')
      .limit(p.limit),
);
const listIdentitiesBetween = prepare((db, p: Placeholders<{ first: string; last: string }>) =>
  db
    .selectFrom('identity')
    .select(identityCodec.columns)
    .where('owner', '>=', p.first)
    .where('owner', '<=', p.last)
    .orderBy('owner')
    .orderBy(sql`case when profile is null then 0 else 1 end`)
    .orderBy('connection_id')
    .orderBy('user_id'),
);

export class SqlExportedUserStore implements ExportedUserStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async listAfter({ connection_id, after, limit }: ExportPage): ReturnType<ExportedUserStore['listAfter']> {
    const found =
      connection_id === null
        ? (await listAfter.all(this.#executor, { after, limit })).map((row) => ({
            user: userCodec.decode(row),
            key: row.user_id,
          }))
        : (await listOfConnectionAfter.all(this.#executor, { connection_id, after, limit })).map((row) => ({
            user: joinedUser.decode(row),
            key: row.key,
          }));
    const identities = await this.#listIdentitiesOf(found.map(({ user }) => user.user_id));
    return {
      items: found.map(({ user }) => ({ user, identities: identities.get(user.user_id) ?? [] })),
      next: found.length < limit ? undefined : found.at(-1)?.key,
    };
  }

  /** `user_ids`: in their order. */
  async #listIdentitiesOf(user_ids: readonly string[]): Promise<Map<string, Identity[]>> {
    const [first, last] = [user_ids[0], user_ids.at(-1)];
    if (first === undefined || last === undefined) return new Map();
    const rows = await listIdentitiesBetween.all(this.#executor, { first, last });
    return Map.groupBy(
      rows.map((row) => identityCodec.decode(row)),
      ({ owner }) => owner,
    );
  }
}
