import type { ConnectionUserStore } from '../../management/connections/ports.ts';
import type { Identity } from '../../model/user.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';

type IdentityKey = Pick<Identity, 'connection_id' | 'provider' | 'user_id' | 'owner'>;

const list = prepare((db, p: Placeholders<{ connection_id: string; limit: number }>) =>
  db
    .selectFrom('identity')
    .select(['connection_id', 'provider', 'user_id', 'owner'])
    .where('connection_id', '=', p.connection_id)
    .orderBy('user_id')
    .limit(p.limit),
);
const unlink = prepare((db, p: Placeholders<Pick<Identity, 'connection_id' | 'user_id'>>) =>
  db.deleteFrom('identity').where('connection_id', '=', p.connection_id).where('user_id', '=', p.user_id),
);
/** From those who have a permission there, who are few, to whose users they are. */
const listWithPermissionAt = prepare((db, p: Placeholders<{ connection_id: string; audience: string }>) =>
  db
    .selectFrom('user_permission')
    .innerJoin('identity', 'identity.owner', 'user_permission.user_id')
    .select('identity.owner')
    .where('resource_server_identifier', '=', p.audience)
    .where('connection_id', '=', p.connection_id)
    .union(
      db
        .selectFrom('role_permission')
        .innerJoin('user_role', 'user_role.role_id', 'role_permission.role_id')
        .innerJoin('identity', 'identity.owner', 'user_role.user_id')
        .select('identity.owner')
        .where('resource_server_identifier', '=', p.audience)
        .where('connection_id', '=', p.connection_id),
    ),
);

/** Users, as those of a connection. */
export class SqlConnectionUserStore implements ConnectionUserStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  list(connection_id: string, limit: number): Promise<IdentityKey[]> {
    return list.all(this.#executor, { connection_id, limit });
  }

  async unlink({ connection_id, user_id }: Pick<Identity, 'connection_id' | 'user_id'>): Promise<void> {
    await unlink.run(this.#executor, { connection_id, user_id });
  }

  async has(connection_id: string): Promise<boolean> {
    return (await list.first(this.#executor, { connection_id, limit: 1 })) !== undefined;
  }

  async listWithPermissionAt(connection_id: string, audience: string): Promise<string[]> {
    const rows = await listWithPermissionAt.all(this.#executor, { connection_id, audience });
    return rows.map(({ owner }) => owner);
  }
}
