// Identities, each with the password that proves it: what connections know of a user.
import { sql } from 'kysely';
import type { IdentityKey, IdentityStore } from '../../login/ports.ts';
import { type Identity, isPrimary, normalizedEmail } from '../../model/user.ts';
import type { Row } from '../codecs/codec.ts';
import { identityCodec } from '../codecs/login.ts';
import type { Executor } from '../executor.ts';
import { type Placeholders, prepare } from '../prepared.ts';
import type { Tables } from '../tables.ts';

const find = prepare((db, p: Placeholders<IdentityKey>) =>
  db
    .selectFrom('identity')
    .select(identityCodec.columns)
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id),
);
const findNamed = prepare((db, p: Placeholders<Pick<Identity, 'provider' | 'user_id'>>) =>
  db
    .selectFrom('identity')
    .select(identityCodec.columns)
    .where('provider', '=', p.provider)
    .where('user_id', '=', p.user_id),
);
const findRival = prepare((db, p: Placeholders<Row<Identity>>) =>
  db
    .selectFrom('identity')
    .select('user_id')
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '<>', p.user_id)
    .where((or) =>
      or.or([
        or('email', '=', p.email),
        or('username', '=', p.username),
        or('phone_number', '=', p.phone_number),
      ]),
    )
    .limit(1),
);
const update = prepare((db, p: Placeholders<Row<Identity>>) =>
  db
    .updateTable('identity')
    .set({
      owner: p.owner,
      email: p.email,
      username: p.username,
      phone_number: p.phone_number,
      profile: p.profile,
    })
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id),
);
type NewPassword = IdentityKey & Pick<Tables['identity'], 'password_set_at'> & { hash: string };
const setPassword = prepare((db, p: Placeholders<NewPassword>) =>
  db
    .updateTable('identity')
    .set({ password_hash: p.hash, password_set_at: p.password_set_at })
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id),
);
const replacePassword = prepare((db, p: Placeholders<IdentityKey & { hash: string; replaces: string }>) =>
  db
    .updateTable('identity')
    .set({ password_hash: p.hash })
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id)
    .where('password_hash', '=', p.replaces),
);
type Kept = IdentityKey & { now: number };
const keepPassword = prepare((db, p: Placeholders<Kept>) =>
  db
    .insertInto('earlier_password')
    .columns(['connection_id', 'user_id', 'hash', 'replaced_at'])
    .expression((identities) =>
      identities
        .selectFrom('identity')
        .select(['connection_id', 'user_id', 'password_hash', sql<number>`${p.now}`.as('replaced_at')])
        .where('connection_id', '=', p.connection_id)
        .where('user_id', '=', p.user_id)
        .where('password_hash', 'is not', null),
    )
    .onConflict((conflict) =>
      conflict.columns(['connection_id', 'user_id', 'hash']).doUpdateSet({ replaced_at: p.now }),
    ),
);
const listEarlier = prepare((db, p: Placeholders<IdentityKey & { limit: number }>) =>
  db
    .selectFrom('earlier_password')
    .select('hash')
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id)
    .orderBy('replaced_at', 'desc')
    .orderBy('hash')
    .limit(p.limit),
);
const forgetEarlier = prepare((db, p: Placeholders<IdentityKey & { limit: number }>) =>
  db
    .deleteFrom('earlier_password')
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id)
    .where('hash', 'not in', (latest) =>
      latest
        .selectFrom('earlier_password')
        .select('hash')
        .where('connection_id', '=', p.connection_id)
        .where('user_id', '=', p.user_id)
        .orderBy('replaced_at', 'desc')
        .orderBy('hash')
        .limit(p.limit),
    ),
);
const findPassword = prepare((db, p: Placeholders<IdentityKey>) =>
  db
    .selectFrom('identity')
    .select('password_hash')
    .where('connection_id', '=', p.connection_id)
    .where('user_id', '=', p.user_id),
);
const raiseEpoch = prepare((db, p: Placeholders<{ owner: string; now: number }>) =>
  db
    .updateTable('user')
    .set((set) => ({ epoch: set('epoch', '+', 1), last_password_reset: p.now, updated_at: p.now }))
    .where('user_id', '=', p.owner),
);
const verifyEmailOfUser = prepare((db, p: Placeholders<{ owner: string; email: string; now: number }>) =>
  db
    .updateTable('user')
    .set({ email_verified: 1, updated_at: p.now })
    .where('user_id', '=', p.owner)
    .where('email', '=', p.email),
);

export class SqlIdentityStore implements IdentityStore {
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.#executor = executor;
  }

  async find({ connection_id, user_id }: IdentityKey): Promise<Identity | undefined> {
    const row = await find.first(this.#executor, { connection_id, user_id });
    return row && identityCodec.decode(row);
  }

  async findNamed(provider: string, user_id: string): Promise<Identity | undefined> {
    const row = await findNamed.first(this.#executor, { provider, user_id });
    return row && identityCodec.decode(row);
  }

  async update(identity: Identity): Promise<boolean> {
    const row = identityRow(identity);
    if ((await findRival.first(this.#executor, row)) !== undefined) return false;
    await update.run(this.#executor, row);
    return true;
  }

  async changePassword(
    { connection_id, user_id, owner }: Identity,
    hash: string,
    now: number,
    history: number,
  ): Promise<void> {
    // The new one is the first of them.
    const limit = Math.max(history - 1, 0);
    if (limit > 0) await keepPassword.run(this.#executor, { connection_id, user_id, now });
    await forgetEarlier.run(this.#executor, { connection_id, user_id, limit });
    await setPassword.run(this.#executor, { connection_id, user_id, hash, password_set_at: now });
    await raiseEpoch.run(this.#executor, { owner, now });
  }

  async listPasswordHashes({ connection_id, user_id }: IdentityKey, limit: number): Promise<string[]> {
    const present = (await findPassword.first(this.#executor, { connection_id, user_id }))?.password_hash;
    const earlier = await listEarlier.all(this.#executor, { connection_id, user_id, limit });
    const hashes = earlier.map(({ hash }) => hash);
    return (present == null ? hashes : [present, ...hashes]).slice(0, limit);
  }

  async setPasswordHash(
    { connection_id, user_id }: IdentityKey,
    hash: string,
    { replaces }: { replaces: string },
  ): Promise<boolean> {
    return (await replacePassword.run(this.#executor, { connection_id, user_id, hash, replaces })) === 1;
  }

  async verifyEmail(identity: Identity, email: string, now: number): Promise<boolean> {
    const { owner, profile } = identity;
    if (isPrimary(identity))
      return (await verifyEmailOfUser.run(this.#executor, { owner, email, now })) === 1;
    if (profile?.email !== email) return false;
    await update.run(
      this.#executor,
      identityRow({ ...identity, profile: { ...profile, email_verified: true } }),
    );
    return true;
  }
}

export function identityRow({ email, username, ...identity }: Identity): Row<Identity> {
  return identityCodec.encode({
    ...identity,
    email: email === null ? null : normalizedEmail(email),
    username: username === null ? null : normalizedEmail(username),
  });
}
