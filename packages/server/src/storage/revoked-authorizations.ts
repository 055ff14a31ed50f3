// AT-14: taking back what a user was given: codes and approvals that wait, refresh tokens, and the tokens of today.
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { AuthorizationFilter } from '../oauth/ports.ts';
import type { Executor } from './executor.ts';
import { type Placeholders, prepare, rowLock, runOnce, selectOnce } from './prepared.ts';
import { revoking } from './refresh-tokens.ts';
import type { Tables } from './tables.ts';

export async function revokeAuthorizationsOf(
  executor: Executor,
  of: AuthorizationFilter,
  now: number,
  until: number,
): Promise<void> {
  const codes = sql`from authorization_code where ${filtered(of)}`;
  // Each by an index of its own: codes that wait are few, and those that were redeemed are found by their user.
  const waiting = sql`${codes} and redeemed_at is null and expires_at > ${now}`;
  const redeemed = sql`${codes} and redeemed_at is not null`;
  const ofDevices = sql`from device_code where ${filtered(of)} and approved_at is not null`;
  // Whoever redeems one of them now is waited for: the refresh token that comes of it is revoked with the others.
  const { engine } = executor;
  await selectOnce(executor, sql`select aid ${waiting} ${rowLock(engine, 'authorization_code')}`);
  await selectOnce(executor, sql`select aid ${ofDevices} ${rowLock(engine, 'device_code')}`);
  for (const which of [waiting, redeemed, ofDevices])
    await takeBack(executor, sql`select aid, cast(${until} as bigint) ${which}`);
  await revokeFamiliesOf(executor, of, now, until, 'all');
}

/** `offline`: those that do not live with their session. */
export async function revokeFamiliesOf(
  executor: Executor,
  of: AuthorizationFilter,
  now: number,
  until: number,
  which: 'all' | 'offline',
): Promise<void> {
  const meant = which === 'offline' ? sql<SqlBool>`${filtered(of)} and online = 0` : filtered(of);
  const families = sql`from refresh_token_family where ${meant} and revoked_at is null`;
  await takeBack(executor, sql`select aid, cast(${until} as bigint) ${families}`);
  await runOnce(executor, (db) => revoking(db, now, 'revoked').where(meant));
}

/** Where it is taken back already, for as long as anybody said. */
const forLongest = sql`on conflict (aid) do update set until = excluded.until
  where revoked_authorization.until < excluded.until`;

export const revokeAuthorization = prepare((db, p: Placeholders<Tables['revoked_authorization']>) => ({
  compile: () =>
    sql`insert into revoked_authorization (aid, until) values (${p.aid}, ${p.until})
      ${forLongest}`.compile(db),
}));

/** `authorizations`: a select of ids, each with the time until which its tokens are refused. */
async function takeBack(executor: Executor, authorizations: RawBuilder<unknown>): Promise<void> {
  await runOnce(executor, (db) => ({
    compile: () =>
      sql`insert into revoked_authorization (aid, until) ${authorizations} ${forLongest}`.compile(db),
  }));
}

function filtered({ user_id, client_id, audience, sid }: AuthorizationFilter): RawBuilder<SqlBool> {
  const conditions = [
    sql`user_id = ${user_id}`,
    ...(client_id === undefined ? [] : [sql`client_id = ${client_id}`]),
    ...(audience === undefined ? [] : [sql`coalesce(audience, '') = ${audience}`]),
    ...(sid === undefined ? [] : [sql`sid = ${sid}`]),
  ];
  return sql`${sql.join(conditions, sql` and `)}`;
}
