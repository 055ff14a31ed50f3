// Deletes what nobody can ask for any more, a bounded batch at a time, so that no request waits long for it.
import { sql } from 'kysely';
import { longestAccessTokenLifetime } from '../model/resource-server.ts';
import { firstLogId } from './entities/log.ts';
import { keepStatistics } from './entities/statistics.ts';
import type { Database } from './executor.ts';
import { type Placeholders, prepare } from './prepared.ts';
import type { Tables } from './tables.ts';

type Bounds = Placeholders<{ before: number; limit: number }>;

const day = 86_400;
/** AP-3: failures are forgotten 30 days after the last one. */
const failuresKeptFor = 30 * day;

/** Rows of this table, by its key, whose time in this column has come. */
function deleteEnded<Table extends keyof Tables>(
  table: Table,
  key: keyof Tables[Table] & string,
  time: keyof Tables[Table] & string,
) {
  const name: keyof Tables = table;
  return prepare((db, p: Bounds) =>
    db
      .deleteFrom(name)
      .where(
        sql.ref(key),
        'in',
        sql`(select ${sql.ref(key)} from ${sql.table(name)} where ${sql.ref(time)} <= ${p.before} limit ${p.limit})`,
      ),
  );
}

const unredeemedCodes = prepare((db, p: Bounds) =>
  db
    .deleteFrom('authorization_code')
    .where('hash', 'in', (expired) =>
      expired
        .selectFrom('authorization_code')
        .select('hash')
        .where('redeemed_at', 'is', null)
        .where('expires_at', '<=', p.before)
        .limit(p.limit),
    ),
);
/** AC-22: "The spent row is kept until the last token of its aid expires." */
const redeemedCodes = prepare((db, p: Bounds) =>
  db.deleteFrom('authorization_code').where('hash', 'in', (redeemed) =>
    redeemed
      .selectFrom('authorization_code')
      .select('hash')
      .where('redeemed_at', '<=', p.before)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('refresh_token_family')
              .select('refresh_token_family.aid')
              .whereRef('refresh_token_family.aid', '=', 'authorization_code.aid'),
          ),
        ),
      )
      .limit(p.limit),
  ),
);
/** RR-13: "Erased … at spent_at + W." */
const boxes = prepare((db, p: Bounds) =>
  db
    .updateTable('refresh_token_family')
    .set({ box: null, box_ends_at: null })
    .where('aid', 'in', (ended) =>
      ended
        .selectFrom('refresh_token_family')
        .select('aid')
        .where('box_ends_at', '<=', p.before)
        .limit(p.limit),
    ),
);
/** DV-7: an expired code is kept for an hour, so that its device is told. */
const unapprovedDeviceCodes = prepare((db, p: Bounds) =>
  db
    .deleteFrom('device_code')
    .where('hash', 'in', (expired) =>
      expired
        .selectFrom('device_code')
        .select('hash')
        .where('approved_at', 'is', null)
        .where('expires_at', '<=', p.before)
        .limit(p.limit),
    ),
);

/** What nobody has sent by then is of a kind that this version does not know. */
const deliveriesKeptFor = 7 * day;

/**
 * DR-1: anybody may register an application, as often as they like. One that nobody consents to, and that no
 * administrator gave anything, is forgotten: whoever means it registers it anew.
 */
const registrationsKeptFor = 30 * day;
const unusedRegistrations = prepare((db, p: Bounds) =>
  db.deleteFrom('client').where('client_id', 'in', (unused) =>
    unused
      .selectFrom('client')
      .select('client_id')
      .where('registration', 'is not', null)
      .where('updated_at', '<=', p.before)
      .where((where) =>
        where.not(
          where.or(
            (['user_grant', 'refresh_token_family', 'client_grant'] as const).map((table) =>
              where.exists(
                where
                  .selectFrom(table)
                  .select(`${table}.client_id`)
                  .whereRef(`${table}.client_id`, '=', 'client.client_id'),
              ),
            ),
          ),
        ),
      )
      .limit(p.limit),
  ),
);

const logEntries = prepare((db, p: Placeholders<{ before: string; limit: number }>) =>
  db
    .deleteFrom('log')
    .where('log_id', 'in', (old) =>
      old.selectFrom('log').select('log_id').where('log_id', '<', p.before).limit(p.limit),
    ),
);

/** Each with the time, in seconds, that its rows stay beyond their end. Families go before the codes that wait. */
const sweeps = [
  { statement: deleteEnded('login_transaction', 'handle', 'expires_at'), keptFor: 0 },
  { statement: deleteEnded('parked_request', 'handle', 'expires_at'), keptFor: 0 },
  // PA-4: a login that it began takes as long as logins may, and spends it at its end.
  { statement: deleteEnded('pushed_request', 'hash', 'expires_at'), keptFor: day },
  { statement: unredeemedCodes, keptFor: 0 },
  { statement: boxes, keptFor: 0 },
  // Their refresh tokens, spent or not, go with them.
  { statement: deleteEnded('refresh_token_family', 'aid', 'ends_at'), keptFor: longestAccessTokenLifetime },
  { statement: redeemedCodes, keptFor: longestAccessTokenLifetime },
  { statement: unapprovedDeviceCodes, keptFor: 3600 },
  { statement: deleteEnded('device_code', 'hash', 'expires_at'), keptFor: longestAccessTokenLifetime },
  { statement: deleteEnded('revoked_authorization', 'aid', 'until'), keptFor: 0 },
  { statement: deleteEnded('used_identifier', 'hash', 'until'), keptFor: 0 },
  { statement: deleteEnded('ticket', 'hash', 'expires_at'), keptFor: 0 },
  { statement: deleteEnded('job', 'id', 'expires_at'), keptFor: 0 },
  // Whoever invited somebody sees for a while that the link was not used in time.
  { statement: deleteEnded('invitation', 'id', 'expires_at'), keptFor: 30 * day },
  { statement: deleteEnded('one_time_password', 'key', 'expires_at'), keptFor: 0 },
  { statement: deleteEnded('message_count', 'key', 'until'), keptFor: 0 },
  { statement: deleteEnded('session', 'sid', 'expires_at'), keptFor: 0 },
  { statement: deleteEnded('failed_login', 'key', 'last_failed_at'), keptFor: failuresKeptFor },
  { statement: deleteEnded('delivery', 'id', 'created_at'), keptFor: deliveriesKeptFor },
  { statement: unusedRegistrations, keptFor: registrationsKeptFor },
];

export interface SweepOptions {
  log_retention_days: number;
  /** Rows a batch. */
  limit?: number;
}

/** How many rows were deleted or emptied, not counting those that went with them. Each batch is a transaction of its own. */
export async function sweep(
  database: Database,
  now: number,
  { log_retention_days, limit = 500 }: SweepOptions,
): Promise<number> {
  let total = 0;
  for (const { statement, keptFor } of sweeps) {
    total += await deleteAll(limit, () =>
      database.transaction((executor) => statement.run(executor, { before: now - keptFor, limit })),
    );
  }
  const uncounted = await keepStatistics(database, now);
  const before = firstLogId(Math.min(now - log_retention_days * day, uncounted) * 1000);
  total += await deleteAll(limit, () =>
    database.transaction((executor) => logEntries.run(executor, { before, limit })),
  );
  return total;
}

async function deleteAll(limit: number, deleteBatch: () => Promise<number>): Promise<number> {
  let total = 0;
  let deleted: number;
  do {
    deleted = await deleteBatch();
    total += deleted;
  } while (deleted === limit);
  return total;
}
