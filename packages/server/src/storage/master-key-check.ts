// Whether the master key given is the one that sealed what the database holds, and how it is changed (contract
// KY-1). The first start leaves a sealed constant; every later one opens it.
import { sql } from 'kysely';
import type { Encryption, SealedPlace } from '../runtime/cryptography/encryption.ts';
import { acquireLock, type Database, type Executor } from './executor.ts';
import { builders, type Placeholders, prepare } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Every column that holds sealed values, and the column that names the row. */
export const sealedColumns = [
  { table: 'authentication_method', column: 'totp_secret', key: 'id' },
  { table: 'client', column: 'client_secret', key: 'client_id' },
  { table: 'connection', column: 'secrets', key: 'id' },
  { table: 'delivery', column: 'content', key: 'id' },
  { table: 'invitation', column: 'ticket', key: 'id' },
  { table: 'login_transaction', column: 'identifier', key: 'handle' },
  { table: 'resource_server', column: 'signing_secret', key: 'id' },
  { table: 'signing_key', column: 'private_key', key: 'kid' },
] as const;

const placeOfCheck: SealedPlace = { table: 'master_key', column: 'sealed', row: 'check' };
const checkText = 'freehold';

const find = prepare((db, _: Placeholders<object>) =>
  db.selectFrom('master_key').select(['key_id', 'sealed']),
);
const insert = prepare((db, p: Placeholders<Tables['master_key']>) =>
  db.insertInto('master_key').values({ key_id: p.key_id, sealed: p.sealed }),
);
const remove = prepare((db, _: Placeholders<object>) => db.deleteFrom('master_key'));

/** Whether a master key has sealed anything here: then no other may be made. */
export async function hasSecrets(database: Database): Promise<boolean> {
  return (await find.first(database.read, {})) !== undefined;
}

/** Throws WrongMasterKey or SealedValueDamaged. */
export async function checkMasterKey(database: Database, encryption: Encryption): Promise<void> {
  await database.transaction(async (executor) => {
    // Of two processes that start at once on an empty database, the second finds the first one's check.
    await acquireLock(executor, 'masterKey');
    const found = await find.first(executor, {});
    if (found === undefined) await insertCheck(executor, encryption);
    else encryption.open(placeOfCheck, found.sealed);
  });
}

/**
 * Seals every secret with another master key, all or none. No server may run meanwhile: one that knows only the old
 * key would go on sealing with it.
 * Throws WrongMasterKey or SealedValueDamaged.
 */
export async function rewrap(database: Database, from: Encryption, to: Encryption): Promise<number> {
  return database.transaction(async (executor) => {
    await acquireLock(executor, 'masterKey');
    const found = await find.first(executor, {});
    if (found !== undefined) from.open(placeOfCheck, found.sealed);
    let rewrapped = 0;
    for (const place of sealedColumns) rewrapped += await rewrapColumn(executor, place, from, to);
    await remove.run(executor, {});
    await insertCheck(executor, to);
    return rewrapped;
  });
}

async function insertCheck(executor: Executor, encryption: Encryption): Promise<void> {
  const sealed = encryption.seal(placeOfCheck, checkText);
  await insert.run(executor, { key_id: encryption.keyId, sealed });
}

async function rewrapColumn(
  executor: Executor,
  { table, column, key }: (typeof sealedColumns)[number],
  from: Encryption,
  to: Encryption,
): Promise<number> {
  const builder = builders[executor.engine];
  const select = sql`select ${sql.ref(key)} as id, ${sql.ref(column)} as sealed
    from ${sql.table(table)} where ${sql.ref(column)} is not null`.compile(builder);
  const rows = await executor.rows<{ id: string; sealed: string }>(select);
  for (const { id, sealed } of rows) {
    const place = { table, column, row: id };
    const resealed = to.seal(place, from.open(place, sealed));
    const update = sql`update ${sql.table(table)} set ${sql.ref(column)} = ${resealed}
      where ${sql.ref(key)} = ${id}`.compile(builder);
    await executor.changes(update);
  }
  return rows.length;
}
