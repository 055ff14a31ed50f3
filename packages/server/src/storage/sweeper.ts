// Deletes what nobody can ask for any more, a bounded batch at a time, so that no request waits long for it.

import { longestAccessTokenLifetime } from '../model/resource-server.ts';
import { firstLogId } from './entities/log.ts';
import { keepStatistics } from './entities/statistics.ts';
import type { Database } from './executor.ts';
import { type Placeholders, prepare } from './prepared.ts';

type Bounds = Placeholders<{ before: number; limit: number }>;

const day = 86_400;
/** AP-3: failures are forgotten 30 days after the last one. */
const failuresKeptFor = 30 * day;

const loginTransactions = prepare((db, p: Bounds) =>
  db
    .deleteFrom('login_transaction')
    .where('handle', 'in', (expired) =>
      expired
        .selectFrom('login_transaction')
        .select('handle')
        .where('expires_at', '<=', p.before)
        .limit(p.limit),
    ),
);
const parkedRequests = prepare((db, p: Bounds) =>
  db
    .deleteFrom('parked_request')
    .where('handle', 'in', (expired) =>
      expired
        .selectFrom('parked_request')
        .select('handle')
        .where('expires_at', '<=', p.before)
        .limit(p.limit),
    ),
);
const pushedRequests = prepare((db, p: Bounds) =>
  db
    .deleteFrom('pushed_request')
    .where('hash', 'in', (expired) =>
      expired.selectFrom('pushed_request').select('hash').where('expires_at', '<=', p.before).limit(p.limit),
    ),
);
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
/** Its refresh tokens, spent or not, go with it. */
const endedFamilies = prepare((db, p: Bounds) =>
  db
    .deleteFrom('refresh_token_family')
    .where('aid', 'in', (ended) =>
      ended.selectFrom('refresh_token_family').select('aid').where('ends_at', '<=', p.before).limit(p.limit),
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
const revokedAuthorizations = prepare((db, p: Bounds) =>
  db
    .deleteFrom('revoked_authorization')
    .where('aid', 'in', (ended) =>
      ended.selectFrom('revoked_authorization').select('aid').where('until', '<=', p.before).limit(p.limit),
    ),
);
const tickets = prepare((db, p: Bounds) =>
  db
    .deleteFrom('ticket')
    .where('hash', 'in', (expired) =>
      expired.selectFrom('ticket').select('hash').where('expires_at', '<=', p.before).limit(p.limit),
    ),
);
const invitations = prepare((db, p: Bounds) =>
  db
    .deleteFrom('invitation')
    .where('id', 'in', (expired) =>
      expired.selectFrom('invitation').select('id').where('expires_at', '<=', p.before).limit(p.limit),
    ),
);
const jobs = prepare((db, p: Bounds) =>
  db
    .deleteFrom('job')
    .where('id', 'in', (ended) =>
      ended.selectFrom('job').select('id').where('expires_at', '<=', p.before).limit(p.limit),
    ),
);
const oneTimePasswords = prepare((db, p: Bounds) =>
  db
    .deleteFrom('one_time_password')
    .where('key', 'in', (expired) =>
      expired
        .selectFrom('one_time_password')
        .select('key')
        .where('expires_at', '<=', p.before)
        .limit(p.limit),
    ),
);
const messageCounts = prepare((db, p: Bounds) =>
  db
    .deleteFrom('message_count')
    .where('key', 'in', (ended) =>
      ended.selectFrom('message_count').select('key').where('until', '<=', p.before).limit(p.limit),
    ),
);
const usedIdentifiers = prepare((db, p: Bounds) =>
  db
    .deleteFrom('used_identifier')
    .where('hash', 'in', (ended) =>
      ended.selectFrom('used_identifier').select('hash').where('until', '<=', p.before).limit(p.limit),
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
const approvedDeviceCodes = prepare((db, p: Bounds) =>
  db
    .deleteFrom('device_code')
    .where('hash', 'in', (ended) =>
      ended.selectFrom('device_code').select('hash').where('expires_at', '<=', p.before).limit(p.limit),
    ),
);
const sessions = prepare((db, p: Bounds) =>
  db
    .deleteFrom('session')
    .where('sid', 'in', (expired) =>
      expired.selectFrom('session').select('sid').where('expires_at', '<=', p.before).limit(p.limit),
    ),
);
const failedLogins = prepare((db, p: Bounds) =>
  db
    .deleteFrom('failed_login')
    .where('key', 'in', (forgotten) =>
      forgotten
        .selectFrom('failed_login')
        .select('key')
        .where('last_failed_at', '<=', p.before)
        .limit(p.limit),
    ),
);

/** What nobody has sent by then is of a kind that this version does not know. */
const deliveriesKeptFor = 7 * day;
const deliveries = prepare((db, p: Bounds) =>
  db
    .deleteFrom('delivery')
    .where('id', 'in', (old) =>
      old.selectFrom('delivery').select('id').where('created_at', '<=', p.before).limit(p.limit),
    ),
);

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
  { statement: loginTransactions, keptFor: 0 },
  { statement: parkedRequests, keptFor: 0 },
  // PA-4: a login that it began takes as long as logins may, and spends it at its end.
  { statement: pushedRequests, keptFor: day },
  { statement: unredeemedCodes, keptFor: 0 },
  { statement: boxes, keptFor: 0 },
  { statement: endedFamilies, keptFor: longestAccessTokenLifetime },
  { statement: redeemedCodes, keptFor: longestAccessTokenLifetime },
  { statement: unapprovedDeviceCodes, keptFor: 3600 },
  { statement: approvedDeviceCodes, keptFor: longestAccessTokenLifetime },
  { statement: revokedAuthorizations, keptFor: 0 },
  { statement: usedIdentifiers, keptFor: 0 },
  { statement: tickets, keptFor: 0 },
  { statement: jobs, keptFor: 0 },
  // Whoever invited somebody sees for a while that the link was not used in time.
  { statement: invitations, keptFor: 30 * day },
  { statement: oneTimePasswords, keptFor: 0 },
  { statement: messageCounts, keptFor: 0 },
  { statement: sessions, keptFor: 0 },
  { statement: failedLogins, keptFor: failuresKeptFor },
  { statement: deliveries, keptFor: deliveriesKeptFor },
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
