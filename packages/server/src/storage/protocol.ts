// Authorizations: their codes, and what was revoked of them. Whatever may happen once only is one statement that says
// so in its `where`.
import type { User } from '../model/user.ts';
import type { AuthorizationCode, AuthorizationFilter, AuthorizationStore } from '../oauth/ports.ts';
import type { RevocationReason } from '../oauth/token/ports.ts';
import type { Row } from './codecs/codec.ts';
import { userCodec } from './codecs/login.ts';
import { authorizationCodeCodec } from './codecs/tokens.ts';
import type { Executor } from './executor.ts';
import { type Placeholders, placeholdersOf, prepare } from './prepared.ts';
import { revokeFamily } from './refresh-tokens.ts';
import { revokeAuthorization, revokeAuthorizationsOf } from './revoked-authorizations.ts';

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

type CodeSubject = Pick<AuthorizationCode, 'user_id' | 'epoch' | 'sid' | 'client_id' | 'aid'>;
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
    )
    .where((where) =>
      where.not(
        where.exists(where.selectFrom('revoked_authorization').select('aid').where('aid', '=', p.aid)),
      ),
    ),
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

  async findCodeSubject({ user_id, epoch, sid, client_id, aid }: CodeSubject): Promise<User | undefined> {
    const row = await findCodeSubject.first(this.#executor, { user_id, epoch, sid, client_id, aid });
    return row && userCodec.decode(row);
  }

  async findCode(hash: string): Promise<AuthorizationCode | undefined> {
    const row = await findCode.first(this.#executor, { hash });
    return row && authorizationCodeCodec.decode(row);
  }

  async revokeAuthorization(
    aid: string,
    now: number,
    until: number,
    reason: RevocationReason,
  ): Promise<void> {
    await revokeFamily.run(this.#executor, { aid, now, reason });
    await revokeAuthorization.run(this.#executor, { aid, until });
  }

  async revokeAuthorizations(of: AuthorizationFilter, now: number, until: number): Promise<void> {
    await revokeAuthorizationsOf(this.#executor, of, now, until);
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
}
