import { sql } from 'kysely';
import type { ConfiguredUserStore } from '../../configuration/ports.ts';
import type { LoginUserStore } from '../../login/ports.ts';
import { type Identity, normalizedEmail, type User } from '../../model/user.ts';
import type { Clock } from '../../runtime/clock.ts';
import { identityCodec, type UserSearch, userCodec, userSearch, userSearchCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, placeholdersOf, prepare, rowLock } from '../prepared.ts';
import { searchable } from '../searchable.ts';
import type { Tables } from '../tables.ts';
import { identityRow } from './identities.ts';

const find = prepare((db, p: Placeholders<{ user_id: string }>) =>
  db.selectFrom('user').select(userCodec.columns).where('user_id', '=', p.user_id),
);
const lock = prepare((db, p: Placeholders<{ user_id: string }>, engine) =>
  db
    .selectFrom('user')
    .select(userCodec.columns)
    .where('user_id', '=', p.user_id)
    .modifyEnd(rowLock(engine, 'user')),
);
const listByEmail = prepare((db, p: Placeholders<{ email: string; email_search: string }>) =>
  db
    .selectFrom('user')
    .select(userCodec.columns)
    .where('email_search', '=', p.email_search)
    .where('email', '=', p.email)
    .orderBy('user_id'),
);
/** An identifier may be the e-mail address of one user and the username of another: the address goes before. */
const findIdentity = prepare((db, p: Placeholders<{ connection_id: string; identifier: string }>) =>
  db
    .selectFrom('identity')
    .select(identityCodec.columns)
    .select('password_hash')
    .where('connection_id', '=', p.connection_id)
    .where((or) =>
      or.or([
        or('email', '=', p.identifier),
        or('username', '=', p.identifier),
        or('phone_number', '=', p.identifier),
      ]),
    )
    .orderBy((by) => by.case().when('email', '=', p.identifier).then(0).else(1).end())
    .limit(1),
);
const findIdentityById = prepare((db, p: Placeholders<{ connection_id: string; user_id: string }>) =>
  db
    .selectFrom('identity')
    .select(identityCodec.columns)
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id),
);
const insertUser = prepare((db, p: Placeholders<Tables['user']>) =>
  db
    .insertInto('user')
    .values({
      ...placeholdersOf<User, keyof User>(p, userCodec.columns),
      ...placeholdersOf<UserSearch, keyof UserSearch>(p, userSearchCodec.columns),
    })
    .onConflict((conflict) => conflict.doNothing()),
);
const insertIdentity = prepare((db, p: Placeholders<Tables['identity']>) =>
  db
    .insertInto('identity')
    .values({
      ...placeholdersOf<Identity, keyof Identity>(p, identityCodec.columns),
      password_hash: p.password_hash,
      password_set_at: p.password_set_at,
    })
    .onConflict((conflict) => conflict.doNothing()),
);
/** What logins write is left to them. */
const update = prepare((db, p: Placeholders<Tables['user']>) => {
  const {
    user_id: _id,
    created_at: _made,
    last_login: _at,
    last_ip: _from,
    logins_count: _count,
    ...set
  } = placeholdersOf<User, keyof User>(p, userCodec.columns);
  return db
    .updateTable('user')
    .set({ ...set, ...placeholdersOf<UserSearch, keyof UserSearch>(p, userSearchCodec.columns) })
    .where('user_id', '=', p.user_id);
});
const deleteUser = prepare((db, p: Placeholders<{ user_id: string }>) =>
  db.deleteFrom('user').where('user_id', '=', p.user_id),
);
/** The sweeper deletes them: until then whoever holds their tokens is told why they are refused (RT-5). */
const endFamiliesOf = prepare((db, p: Placeholders<{ user_id: string; now: number }>) =>
  db
    .updateTable('refresh_token_family')
    .set({ ends_at: p.now })
    .where('user_id', '=', p.user_id)
    .where('revoked_at', 'is', null)
    .where((or) => or.or([or('ends_at', 'is', null), or('ends_at', '>', p.now)])),
);
const recordLogin = prepare((db, p: Placeholders<{ user_id: string; now: number; ip: string }>) =>
  db
    .updateTable('user')
    .set((set) => ({ last_login: p.now, last_ip: p.ip, logins_count: set('logins_count', '+', 1) }))
    .where('user_id', '=', p.user_id),
);
/** The primary identity is the one that the user is named after. */
const listIdentities = prepare((db, p: Placeholders<{ owner: string }>) =>
  db
    .selectFrom('identity')
    .select(identityCodec.columns)
    .where('owner', '=', p.owner)
    .orderBy(sql`case when provider || '|' || user_id = owner then 0 else 1 end`)
    .orderBy('connection_id')
    .orderBy('user_id'),
);
const listPermissions = prepare((db, p: Placeholders<{ user_id: string; audience: string }>) =>
  db
    .selectFrom('user_permission')
    .select('permission_name')
    .where('user_id', '=', p.user_id)
    .where('resource_server_identifier', '=', p.audience)
    .union(
      db
        .selectFrom('role_permission')
        .innerJoin('user_role', 'user_role.role_id', 'role_permission.role_id')
        .select('permission_name')
        .where('user_role.user_id', '=', p.user_id)
        .where('resource_server_identifier', '=', p.audience),
    )
    .orderBy('permission_name'),
);
const findEnabledConnection = prepare((db, p: Placeholders<{ user_id: string; client_id: string }>) =>
  db
    .selectFrom('identity')
    .innerJoin('connection_client', 'connection_client.connection_id', 'identity.connection_id')
    .select('identity.connection_id')
    .where('identity.owner', '=', p.user_id)
    .where('connection_client.client_id', '=', p.client_id)
    .limit(1),
);
const assignRole = prepare((db, p: Placeholders<Tables['user_role']>) =>
  db
    .insertInto('user_role')
    .values({ user_id: p.user_id, role_id: p.role_id })
    .onConflict((conflict) => conflict.doNothing()),
);
const countWithRole = prepare((db, p: Placeholders<{ role_id: string }>) =>
  db
    .selectFrom('user_role')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('role_id', '=', p.role_id),
);

export class SqlUserStore implements LoginUserStore, ConfiguredUserStore {
  readonly #executor: Executor;
  readonly #clock: Clock;

  constructor(executor: Executor, clock: Clock) {
    this.#executor = executor;
    this.#clock = clock;
  }

  async find(user_id: string): Promise<User | undefined> {
    const row = await find.first(this.#executor, { user_id });
    return row && userCodec.decode(row);
  }

  async lock(user_id: string): Promise<User | undefined> {
    const row = await lock.first(this.#executor, { user_id });
    return row && userCodec.decode(row);
  }

  async listByEmail(email: string): Promise<User[]> {
    const rows = await listByEmail.all(this.#executor, { email, email_search: searchable(email) });
    return rows.map((row) => userCodec.decode(row));
  }

  async findByIdentifier(
    connection_id: string,
    identifier: string,
  ): Promise<{ user: User; identity: Identity; password_hash: string | null } | undefined> {
    const row = await findIdentity.first(this.#executor, {
      connection_id,
      identifier: normalizedEmail(identifier),
    });
    const user = row && (await this.find(row.owner));
    return user && { user, identity: identityCodec.decode(row), password_hash: row.password_hash };
  }

  async findByIdentity(
    connection_id: string,
    user_id: string,
  ): Promise<{ user: User; identity: Identity } | undefined> {
    const row = await findIdentityById.first(this.#executor, { connection_id, user_id });
    const user = row && (await this.find(row.owner));
    return user && { user, identity: identityCodec.decode(row) };
  }

  async listIdentities(user_id: string): Promise<Identity[]> {
    return (await listIdentities.all(this.#executor, { owner: user_id })).map((row) =>
      identityCodec.decode(row),
    );
  }

  async listPermissions(user_id: string, audience: string): Promise<string[]> {
    const rows = await listPermissions.all(this.#executor, { user_id, audience });
    return rows.map(({ permission_name }) => permission_name);
  }

  async hasConnectionOf(user_id: string, client_id: string): Promise<boolean> {
    return (await findEnabledConnection.first(this.#executor, { user_id, client_id })) !== undefined;
  }

  async insert(user: User, identity: Identity, password_hash: string | null): Promise<boolean> {
    if ((await insertUser.run(this.#executor, userRow(user))) === 0) return false;
    const row = {
      ...identityRow(identity),
      password_hash,
      password_set_at: password_hash === null ? null : this.#clock.now(),
    };
    if ((await insertIdentity.run(this.#executor, row)) === 1) return true;
    await deleteUser.run(this.#executor, { user_id: user.user_id });
    return false;
  }

  async restore(user: User): Promise<void> {
    await insertUser.run(this.#executor, userRow(user));
  }

  async update(user: User): Promise<void> {
    await update.run(this.#executor, userRow(user));
  }

  /** With everything that is the user's; false if there was no such user. */
  async delete(user_id: string): Promise<boolean> {
    await endFamiliesOf.run(this.#executor, { user_id, now: this.#clock.now() });
    return (await deleteUser.run(this.#executor, { user_id })) === 1;
  }

  async recordLogin(user_id: string, now: number, ip: string): Promise<void> {
    await recordLogin.run(this.#executor, { user_id, now, ip });
  }

  async assignRole(user_id: string, role_id: string): Promise<void> {
    await assignRole.run(this.#executor, { user_id, role_id });
  }

  async countWithRole(role_id: string): Promise<number> {
    return (await countWithRole.first(this.#executor, { role_id }))?.count ?? 0;
  }
}

function userRow(user: User): Tables['user'] {
  return {
    ...userCodec.encode(user),
    ...userSearch(user),
  };
}
